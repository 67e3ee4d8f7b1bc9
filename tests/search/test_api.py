"""The read API: shapes that programs rely on, and that it shows no more than the pages do."""

import pytest
from django.contrib.auth.models import User
from wagtail.models import PageViewRestriction

from practices.models import FieldOfAction
from tests.factories import OrganisationFactory, ProjectFactory


@pytest.fixture
def api(client, organisation, reindex):
    """A function that gets an address of the API; there are two practices, one with a term and a tag."""
    page = ProjectFactory(parent=organisation, title="Geräteverleih", summary="Laptops für alle.", key="verleih")
    page.fields_of_action.set(FieldOfAction.objects.filter(slug="suchthilfe"))
    page.tags.add("Gerätepool")
    page.save_revision().publish()
    ProjectFactory(parent=organisation, title="Telefonkette", key="kette")
    reindex()
    return lambda address, **query: client.get(f"/api/v1/{address}", query).json()


def test_a_search_answers_in_the_agreed_shape(api):
    found = api("suche", q="Geräteverleih")
    assert found.keys() == {"total", "took_ms", "engine", "suggestion", "hint", "hits", "facets", "next"}
    assert (found["total"], found["engine"], found["suggestion"], found["next"]) == (1, "embedded", None, None)
    (hit,) = found["hits"]
    assert hit.keys() == {
        "key", "type", "title", "url", "summary", "organisation", "score", "highlights", "passages", "last_published",
    }  # fmt: skip
    assert (hit["key"], hit["type"], hit["organisation"]) == ("verleih", "projekt", "Werkstatt Nord")
    assert hit["highlights"] == ["<mark>Geräteverleih</mark>"]
    value = next(value for value in found["facets"]["handlungsfeld"] if value["key"] == "suchthilfe")
    assert value == {"key": "suchthilfe", "label": value["label"], "count": 1, "selected": False}


def test_pages_follow_each_other(api, client):
    first = api("suche", anzahl=1, sort="titel")
    second = client.get(first["next"]).json()
    assert [hit["key"] for page in (first, second) for hit in page["hits"]] == ["verleih", "kette"]
    assert second["next"] is None


def test_at_most_a_hundred_hits_at_once(api):
    assert "anzahl=100" not in (api("suche", anzahl=5000)["next"] or "")


def test_a_typing_error_is_reported_as_suggestion(api):
    assert api("suche", q="Telefonkete")["suggestion"] == "Telefonkette"


def test_what_there_is_not_is_hinted_at(api):
    found = api("suche", handlungsfeld="gibt-es-nicht")
    assert (found["total"], found["hint"]) == (
        0,
        "Diesen Filter gibt es nicht: gibt-es-nicht. Bitte entfernen Sie ihn.",
    )
    assert api("suche", von="letztes")["hint"] == "Bitte schreiben Sie Jahre mit vier Ziffern, zum Beispiel 2024."


def test_practices_and_one_practice(api, client):
    assert [item["key"] for item in api("praxis", sort="titel")["items"]] == ["verleih", "kette"]
    assert api("praxis/verleih")["terms"] == {"handlungsfeld": ["suchthilfe"], "schlagwort": ["gerätepool"]}
    assert client.get("/api/v1/praxis/gibt-es-nicht").status_code == 404
    assert client.get("/api/v1/praxis/a%00b").status_code == 404


def test_organisations_and_vocabularies(api):
    assert "Werkstatt Nord" in [organisation["title"] for organisation in api("organisationen")]
    fields = next(vocabulary for vocabulary in api("vokabulare") if vocabulary["scheme"] == "handlungsfeld")
    assert next(term["count"] for term in fields["terms"] if term["key"] == "suchthilfe") == 1


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("gerätev", "praxis"), ("gerätep", "schlagwort"), ("sucht", "thema"), ("werkst", "organisation")],
)
def test_suggestions_of_every_kind(api, typed, kind):
    assert kind in [suggestion["kind"] for suggestion in api("vorschlaege", q=typed)["suggestions"]]


def test_titles_and_numbers_of_laws_are_suggested(api, organisation, reindex):
    for number in range(25):
        ProjectFactory(parent=organisation, title=f"Etwas {number}").tags.add("Lotsendienst")
    ProjectFactory(parent=organisation, title="Lotsen im Quartier", first_published_at="2001-01-01T00:00Z")
    ProjectFactory(parent=organisation, title="Arbeit nach SGB II")
    reindex()
    assert "Lotsen im Quartier" in [item["label"] for item in api("vorschlaege", q="lots")["suggestions"]]
    assert "Arbeit nach SGB II" in [item["label"] for item in api("vorschlaege", q="sgb 2")["suggestions"]]


def test_one_letter_suggests_nothing(api):
    assert api("vorschlaege", q="g") == {"suggestions": []}


def test_the_description_names_every_parameter(api):
    operation = api("openapi.json")["paths"]["/api/v1/suche"]["get"]
    assert {
        "q",
        "typ",
        "cluster",
        "phase",
        "region",
        "traeger",
        "schlagwort",
        "von",
        "bis",
        "sort",
        "seite",
        "anzahl",
    } <= {parameter["name"] for parameter in operation["parameters"]}


SECRET = "Wolkenkuckucksheim"


@pytest.mark.parametrize("kind", ["restricted", "draft", "unpublished", "below a restricted organisation"])
@pytest.mark.parametrize(
    "address",
    [
        f"/suche/?q={SECRET}",
        "/suche/",
        "/themen/",
        "/themen/handlungsfeld/wohnungslosenhilfe/",
        "/",
        f"/api/v1/suche?q={SECRET}",
        "/api/v1/suche",
        "/api/v1/praxis",
        "/api/v1/praxis/geheim",
        "/api/v1/organisationen",
        "/api/v1/vokabulare",
        f"/api/v1/vorschlaege?q={SECRET[:6]}",
        f"/suche/?q={SECRET[:-2]}xm",
        "/sitemap.xml",
    ],
)
def test_what_a_reader_may_not_see_is_nowhere(client, site, reindex, kind, address):
    """Neither in hits, marked pieces, facets, counts, suggestions nor corrections."""
    organisation = OrganisationFactory(parent=site, title=f"Organisation {SECRET}")
    page = ProjectFactory(
        parent=organisation,
        title=f"Projekt {SECRET}",
        summary=SECRET,
        key="geheim",
        region=f"Region {SECRET}",
        approach=f"<p>{SECRET}</p>",
        live=kind != "draft",
    )
    page.tags.add(f"tag-{SECRET}")
    page.save()
    if kind == "unpublished":
        page.unpublish()
    above = organisation if kind == "below a restricted organisation" else page
    if kind == "restricted":
        organisation.title, organisation.slug, organisation.key = "Organisation", "organisation", "organisation"
        organisation.save()
    elif kind in ("draft", "unpublished"):
        organisation.unpublish()
    if kind in ("restricted", "below a restricted organisation"):
        PageViewRestriction.objects.create(page=above, restriction_type=PageViewRestriction.LOGIN)
    reindex()
    shown = client.get(address).content.decode().casefold().replace(f"q={SECRET}".casefold(), "")
    spoken = shown.replace(f"„{SECRET}“".casefold(), "").replace(f'value="{SECRET}"'.casefold(), "")
    assert SECRET.casefold() not in spoken
    if "restricted" in kind:
        client.force_login(User.objects.create_user("gast"))
        if address in (f"/suche/?q={SECRET}", f"/api/v1/suche?q={SECRET}"):
            assert f"projekt <mark>{SECRET}</mark>".casefold() in client.get(address).content.decode().casefold()
