"""Somebody who asks all the time while something happens."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor


@contextlib.contextmanager
def asked_meanwhile(ask: Callable[[], int]) -> Iterator[list[int]]:
    """Ask until the block ends, at least once; give the answers. What `ask` raises is raised at the end."""
    answers: list[int] = []
    done = threading.Event()

    def ask_on() -> None:
        answers.append(ask())
        while not done.is_set():
            answers.append(ask())

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask_on)
        try:
            yield answers
        finally:
            done.set()
        asking.result()
