"""The search page: what it says, what it links to, and that nothing typed can break it."""

from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from practices.models import FieldOfAction, ProjectProfilePage, ToolPage
from search.engines import current_engine
from search.engines.protocol import EngineUnavailable
from search.params import FILTERS, SORTS
from tests.factories import OrganisationFactory, ProjectFactory, ToolFactory
from tests.search.hostile import SELECTIONS, TEXTS, encode


@pytest.fixture
def shown(client, organisation, reindex):
    """A function that gives the search page of a query string as text; two practices are there."""
    ProjectFactory(parent=organisation, title="Geräteverleih im Quartier", summary="Wir verleihen <Laptops> & mehr.")
    ToolFactory(parent=organisation, title="Ausleihliste")
    reindex()
    return lambda query="": unescape(client.get(f"/suche/?{query}").content.decode())


def test_words_are_marked_and_everything_else_is_escaped(shown, client):
    raw = client.get("/suche/?q=Laptops+Quartier").content.decode()
    assert "&lt;<mark>Laptops</mark>&gt; &amp; mehr" in raw
    assert "Geräteverleih im <mark>Quartier</mark>" in raw


def test_the_headline_counts(shown):
    assert "1 Treffer für „Geräteverleih“" in shown("q=Geräteverleih")
    assert "2 Treffer</h2>" in shown()


def test_a_chip_takes_one_filter_away(shown):
    page = shown("q=Quartier&typ=projekt&typ=werkzeug")
    assert 'href="?q=Quartier&typ=werkzeug"' in page
    assert 'href="?q=Quartier&typ=projekt"' in page


def test_zero_hits_offer_fewer_filters(shown):
    page = shown("q=Quartier&typ=werkzeug")
    assert "Keine Treffer für „Quartier“" in page
    assert "Ohne „Werkzeug“" in page


@pytest.mark.parametrize(
    ("narrowing", "label"), [("von=2090", "ab 2090"), ("bis=1991", "bis 1991"), ("traeger=haus-sued", "Haus Süd")]
)
def test_zero_hits_call_a_filter_to_leave_out_as_its_chip_does(shown, organisation, narrowing, label):
    OrganisationFactory(parent=organisation.get_parent(), title="Haus Süd")
    assert f"Ohne „{label}“" in shown(f"q=Quartier&{narrowing}")


def test_of_several_filters_those_are_offered_to_be_left_out_that_stand_in_the_way(shown):
    page = shown("q=Quartier&typ=werkzeug&von=1990")
    assert "Ohne „Werkzeug“" not in page
    assert "Ohne alle Filter" in page
    page = shown("q=Quartier&typ=werkzeug&typ=mitschnitt")
    assert "Ohne „Mitschnitt“" not in page
    assert 'href="?q=Quartier"' in page


def test_zero_hits_offer_no_fewer_filters_where_there_is_nothing_without_them_either(shown):
    assert "Ohne alle Filter" not in shown("q=Xylophonorchester&typ=werkzeug&typ=mitschnitt")


def test_zero_hits_after_a_correction_offer_fewer_filters(shown):
    page = shown("q=Ausleihlitse&typ=mitschnitt")
    assert "Für „Ausleihlitse“ gibt es keine Treffer. Gesucht wurde „Ausleihliste“." in page
    assert "Ohne „Mitschnitt“" in page


def test_a_word_that_nobody_wrote_is_no_typing_error(shown, organisation, reindex):
    ProjectFactory(parent=organisation, title="Schulen")
    reindex()
    page = shown("q=Schulden")
    assert "Keine Treffer für „Schulden“" in page
    assert 'Meinten Sie <a href="?q=Schulen">Schulen</a>?' in page


def test_a_region_is_known_though_nothing_is_found_there(shown, organisation, reindex):
    ProjectFactory(parent=organisation, title="Etwas", region="Thüringen")
    reindex()
    assert "Diesen Filter gibt es nicht" not in shown("q=Quartier&region=Thüringen")
    assert "Diesen Filter gibt es nicht: gibt-es-nicht." in shown("q=Quartier&traeger=gibt-es-nicht")


def test_zero_hits_offer_terms_with_a_word_of_the_query(shown, organisation, reindex):
    page = ProjectFactory(parent=organisation)
    page.fields_of_action.set(FieldOfAction.objects.filter(slug="suchthilfe"))
    page.save()
    reindex()
    assert "/themen/handlungsfeld/suchthilfe/" in shown("q=Suchthilfeverbandswesen")


def test_a_correction_is_said(shown):
    page = shown("q=Ausleihlitse")
    assert "Für „Ausleihlitse“ gibt es keine Treffer. Gezeigt werden Treffer für „Ausleihliste“." in page


def test_an_unknown_value_gives_a_hint(shown):
    assert "Diesen Filter gibt es nicht: mondfahrt" in shown("cluster=mondfahrt")


def test_a_year_that_is_none_is_shown_again_with_a_hint(shown):
    page = shown("von=letztes")
    assert 'value="letztes"' in page
    assert "Jahre mit vier Ziffern" in page


def test_without_an_engine_the_page_says_so(shown, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise EngineUnavailable("down for the test")

    monkeypatch.setattr(type(current_engine()), "ask", refuse)
    page = shown("q=Geräteverleih")
    assert "Die Suche arbeitet gerade eingeschränkt" in page
    assert "Geräteverleih im Quartier" in page


@pytest.mark.parametrize("name", [*FILTERS, "von", "bis"])
def test_without_an_engine_every_filter_still_holds(shown, client, monkeypatch, name):
    def refuse(*_args, **_kwargs):
        raise EngineUnavailable("down for the test")

    monkeypatch.setattr(type(current_engine()), "ask", refuse)
    assert "2 Treffer</h2>" in shown()
    value = {"von": "3000", "bis": "1000"}.get(name, "gibt-es-nicht")
    ProjectProfilePage.objects.update(start="2020-01-01", end="2021-01-01")
    ToolPage.objects.all().delete()
    assert "Keine Treffer" in shown(f"{name}={value}")


@pytest.mark.parametrize("query", ["", "q=Quartier", "q=Quartier&typ=projekt&von=2020", "q=gibtesnirgends&typ=projekt"])
def test_a_page_costs_at_most_twelve_queries(shown, client, query):
    shown(query)
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/suche/?{query}")
    assert len(captured) <= 12, [entry["sql"][:120] for entry in captured]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize("address", ["/suche/", "/api/v1/suche", "/api/v1/vorschlaege"])
def test_hostile_words_are_words(shown, client, address, text):
    response = client.get(f"{address}?{encode([('q', text)])}")
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("query", SELECTIONS, ids=range(len(SELECTIONS)))
def test_hostile_numbers_and_masses_are_answered(shown, client, query):
    assert client.get(f"/suche/?{query}").status_code == 200


names = st.sampled_from(["q", *FILTERS, "von", "bis", "sort", "seite", "anzahl", "unbekannt"])
values = st.one_of(
    st.text(max_size=60), st.sampled_from(["projekt", "arbeit", "2024", "1", *SORTS, '"a b"', "-x", "x*"])
)


@given(pairs=st.lists(st.tuples(names, values), max_size=12))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_query_string_is_answered(shown, pairs):
    query = encode(pairs)
    assert Client().get(f"/suche/?{query}").status_code == 200
    answer = Client().get(f"/api/v1/suche?{query}")
    assert answer.status_code == 200
    assert answer.json()["engine"] == current_engine().name
