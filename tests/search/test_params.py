"""Every query string becomes a selection, and every selection one canonical query string."""

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from practices.terms import TermRow
from search.params import FILTERS, MAX_QUERY_LENGTH, MAX_VALUES, SearchParams

queries = st.lists(st.tuples(st.sampled_from([*FILTERS, "q", "sort", "seite", "utm_source"]), st.text(max_size=300)))


def parse(pairs) -> SearchParams:
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    return SearchParams.parse(query)


@given(queries)
def test_the_canonical_query_says_the_same(pairs):
    params = parse(pairs)
    again = SearchParams.parse(QueryDict(params.to_query()))
    assert again.to_query() == params.to_query()


@given(queries)
def test_nothing_gets_too_long(pairs):
    params = parse(pairs)
    assert len(params.q) <= MAX_QUERY_LENGTH
    assert all(len(values) <= MAX_VALUES for values in params.filters.values())
    assert "\x00" not in params.to_query()


def test_order_and_pages_are_no_part_of_a_selection():
    one = parse([("q", "Sucht"), ("typ", "projekt"), ("sort", "titel"), ("seite", "3"), ("anzahl", "50")])
    assert one.as_selection().to_query() == "q=Sucht&typ=projekt"


def test_a_merged_term_leads_to_its_successor():
    row = TermRow("handlungsfeld", "neu", "Neu", "", "", None, 1, former_keys=("alt", "aelter"))
    params = parse([("handlungsfeld", key) for key in ("alt", "neu", "aelter", "anders")])
    assert params.with_current_keys([row]).filters == {"handlungsfeld": ("neu", "anders")}


def test_unknown_parameters_are_ignored():
    assert parse([("utm_source", "x"), ("q", "a")]).to_query() == "q=a"


def test_order_and_repetition_do_not_matter():
    one = parse([("typ", "projekt"), ("cluster", "b"), ("cluster", "a"), ("cluster", "a")])
    assert one.to_query() == "typ=projekt&cluster=a&cluster=b"


def test_a_value_can_be_taken_out():
    params = parse([("cluster", "a"), ("cluster", "b"), ("seite", "3")])
    assert params.without("cluster", "a").to_query() == "cluster=b"
    assert params.without("cluster", "a").without("cluster", "b").to_query() == ""
