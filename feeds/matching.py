"""Which practices belong to which selections, asked of the index, so that mails hold what the page shows."""

from collections.abc import Collection, Iterable, Sequence

from feeds.selections import read
from practices.models import PracticePage
from practices.terms import TermRow
from practices.visibility import ANONYMOUS
from search.find import Members


def readable(page_ids: Collection[int]) -> set[int]:
    """Return those of the practices with `page_ids` that everybody may read now; the database says so."""
    return set(PracticePage.objects.visible_to(ANONYMOUS).filter(pk__in=page_ids).values_list("pk", flat=True))


def held_by(queries: Iterable[str], members: Members, terms: Sequence[TermRow]) -> dict[str, set[int]]:
    """Return for each of `queries` which of `members` it holds, as the index says.

    Raises EngineUnavailable where it can not be asked.
    """
    return {query: members.of(read(query, terms)) for query in queries}
