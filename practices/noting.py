"""Notes that content changed: a new version of it, and in the outbox the practices that may read otherwise.

They stand in the transaction of the change itself. Whoever writes much for one change gathers what is noted meanwhile.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from practices.models.content_change import ContentChange
from practices.models.content_version import ContentVersion

# The ids of practices noted since `noted_at_once` began, one list for each note; None where each is written as it comes.
_gathered: ContextVar[list[list[int]] | None] = ContextVar("gathered", default=None)


def note_change(page_ids: Iterable[int]) -> None:
    """Note that something changed, and with it perhaps the practices with `page_ids`."""
    gathered = _gathered.get()
    if gathered is None:
        ContentVersion.raise_number()
        ContentChange.record(page_ids)
    else:
        gathered.append(list(page_ids))


@contextmanager
def noted_at_once() -> Iterator[list[list[int]]]:
    """Note what is written meanwhile at the end: one new version, each practice once.

    Gives what was gathered, for who knows that no reader sees any of it and empties it. Belongs into one transaction.
    """
    gathered: list[list[int]] = []
    token = _gathered.set(gathered)
    try:
        yield gathered
    finally:
        _gathered.reset(token)
    if gathered:
        note_change(page_id for page_ids in gathered for page_id in page_ids)
