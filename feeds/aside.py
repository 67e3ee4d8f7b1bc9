"""Waiting for a server in a thread, so that the worker does other things meanwhile."""

import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future, wait
from typing import TypeVar

Answer = TypeVar("Answer")
# Most servers answer at once: so long (in seconds) is waited here, before others have their turn.
_AT_ONCE = 0.05
LOOK_AGAIN_AFTER = 0.05


def do_aside(ask: Callable[[], Answer]) -> Future[Answer]:
    """Return what `ask`, begun in a thread, is going to answer or raise. It must not use the database."""
    answer: Future[Answer] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except Exception as error:  # noqa: BLE001 - it is raised where the answer is read
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return answer


def until_answered(answer: Future) -> Generator[float]:
    """Yield after how many seconds to look again, as long as there is no `answer`."""
    while not wait([answer], timeout=_AT_ONCE).done:
        yield LOOK_AGAIN_AFTER
