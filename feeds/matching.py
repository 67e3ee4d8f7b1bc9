"""Which practices belong to which selections, asked of the index, so that mails hold what the page shows."""

from collections.abc import Collection, Iterable, Sequence

from feeds.selections import read
from practices.models import ContentVersion, PracticePage
from practices.terms import TermRow
from practices.visibility import ANONYMOUS
from search.find import Members


def readable(page_ids: Collection[int]) -> set[int]:
    """Return those of the practices with `page_ids` that everybody may read now; the database says so."""
    return set(PracticePage.objects.visible_to(ANONYMOUS).filter(pk__in=page_ids).values_list("pk", flat=True))


class _Memory:
    """What was asked of the index for one state of the content: planning and batch after batch of mails ask the same.

    The version of the content rises when a page changes and once more when the index has it.
    """

    def __init__(self) -> None:
        self._version: int | None = None
        self._pages: set[int] = set()
        self._members = Members(())

    def members(self, page_ids: set[int]) -> Members:
        """Return what knows of the practices with `page_ids`, and maybe of others."""
        version = ContentVersion.current()
        if version != self._version or not page_ids <= self._pages:
            self._pages = page_ids if version != self._version else self._pages | page_ids
            self._version, self._members = version, Members(self._pages)
        return self._members


MEMORY = _Memory()


def held_by(queries: Iterable[str], page_ids: set[int], terms: Sequence[TermRow]) -> dict[str, set[int]]:
    """Return for each of `queries` which of the practices with `page_ids` it holds, as the index says.

    Raises EngineUnavailable where it can not be asked.
    """
    members = MEMORY.members(page_ids)
    return {query: members.of(read(query, terms)) & page_ids for query in queries}
