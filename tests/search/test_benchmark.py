"""The benchmark asks the engines as the search page does; what it calls may have changed since it was last run."""

import pytest

from bench.corpus import KINDS, Query
from bench.own_engine import OwnEngine
from tests.factories import ToolFactory

WORDS = {
    "any": ("Lötstation", "Tonstudio", "Nähwerkstatt"),
    "phrase": ("mobile", "Lötstation"),
    "fuzzy": ("Lötstatoin",),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_query_is_asked_and_answered(built, organisation, reindex, kind):
    page = ToolFactory(parent=organisation, title="Die mobile Lötstation")
    reindex()
    engine = OwnEngine(built, "ours")
    engine.build([])
    found = engine.ask(Query(kind, WORDS.get(kind, ("Lötstation",))))
    assert (found.ids, found.total) == ([page.pk], 1)
    assert "<mark>Lötstation</mark>" in found.highlights[0][0]
