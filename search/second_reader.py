"""A second process that reads words: a word takes milliseconds, and a first index needs tens of thousands of them.

It imports the analysis alone and therefore stays small.
"""

import contextlib
import logging
import os
import signal
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from search.analysis.compounds import Morphology, read_word

logger = logging.getLogger(__name__)

# For fewer words the process is not started, which takes a second; and with fewer it ends and gives its memory back.
_WORTH_STARTING = 1000
_WORTH_SHARING = 100


class SecondReader:
    """Reads words together with a process that starts when there is much to do and ends when there is little, or with `close`."""

    def __init__(self) -> None:
        self._other: Connection | None = None
        self._process: BaseProcess | None = None
        self._alone = os.cpu_count() == 1

    def read(self, forms: Sequence[str]) -> dict[str, Morphology]:
        """Return the morphology of each of `forms`, words in lower case.

        Should the other process be lost, this one goes on alone.
        """
        if self._alone or len(forms) < (_WORTH_STARTING if self._other is None else _WORTH_SHARING):
            self.close()
            return read_words(forms)
        theirs, ours = forms[::2], forms[1::2]
        try:
            if self._other is None:
                self._other = self._start()
            self._other.send(theirs)
            return read_words(ours) | self._other.recv()
        except (OSError, EOFError) as error:
            logger.warning("the second process that reads words is lost, going on without it: %r", error)
            self._alone = True
            return read_words(forms)

    def close(self) -> None:
        """Let the other process end, and wait for it."""
        if self._other is not None and self._process is not None:
            self._other.close()
            self._process.join()
            self._other = self._process = None

    def _start(self) -> Connection:
        # Not forked: this process may have threads, those of the index for one.
        context = get_context("spawn")
        here, there = context.Pipe()
        self._process = context.Process(target=_read_what_comes, args=(there,), daemon=True)
        self._process.start()
        there.close()
        return here


def read_words(forms: Sequence[str]) -> dict[str, Morphology]:
    """Return the morphology of each of `forms`, words in lower case."""
    return {form: read_word(form) for form in forms}


def _read_what_comes(connection: Connection) -> None:
    """Answer until the other end is closed, which it also is when its process was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(EOFError, OSError):
        while True:
            connection.send(read_words(connection.recv()))
