"""What readers of the public pages are promised: they answer, they show everything, and their cost does not grow."""

import html5lib
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageViewRestriction

from practices.models import OrganisationPage, PracticePage
from tests.practices.rich_practices import (
    ADDRESSES,
    make_many_projects,
    make_practices,
    publish_under_fixed_addresses,
)

QUERY_LIMIT = 15
SEARCH_QUERY_LIMIT = 12


@pytest.fixture
def practices(site, reindex):
    """The four rich practices under addresses that do not depend on numbering."""
    made = publish_under_fixed_addresses(make_practices(site))
    reindex()
    return made


def count_queries(client) -> dict[str, int]:
    """Return the number of SQL queries of each page; what is made once, such as renditions, is made before."""
    counts = {}
    for name, address in ADDRESSES.items():
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts[name] = len(captured)
    return counts


@pytest.mark.one_database
def test_cost_is_bounded_and_does_not_grow(practices, client, reindex):
    few = count_queries(client)
    limits = {name: SEARCH_QUERY_LIMIT if name.startswith("search") else QUERY_LIMIT for name in few}
    assert {name: count for name, count in few.items() if count > limits[name]} == {}
    make_many_projects(1_000, like=practices["projekt"])
    reindex()
    assert count_queries(client) == few


def test_markup_is_valid(practices, client):
    for address in ADDRESSES.values():
        markup = client.get(address).content.decode()
        html5lib.HTMLParser(strict=True).parse(markup)
        document = html5lib.parse(markup, namespaceHTMLElements=False)
        ids = [element.get("id") for element in document.iter() if element.get("id")]
        assert sorted(ids) == sorted(set(ids)), address
        assert len(document.findall(".//h1")) == 1, address


def test_relations_are_shown_from_both_ends(practices, client):
    pairs = [("projekt", other) for other in ("werkzeug", "mitschnitt", "erkenntnis")]
    for one, other in [*pairs, *((other, one) for one, other in pairs)]:
        assert practices[other].title in client.get(practices[one].url).content.decode(), (one, other)


def test_a_project_shows_its_funding_notice(practices, client):
    shown = client.get(practices["projekt"].url).content.decode()
    assert "Kofinanziert von der Europäischen Union" in shown
    assert "th-funding__emblem" in shown


def test_images_carry_their_credit(practices, client):
    assert "Bild: Testquelle" in client.get(practices["projekt"].url).content.decode()


def test_a_recording_offers_transcript_and_chapters(practices, client):
    shown = client.get(practices["mitschnitt"].url).content.decode()
    assert "Wir beginnen." in shown
    assert "1:05" in shown


def test_every_type_has_a_preview(practices, rf):
    for page in PracticePage.objects.filter(pk__in=[page.pk for page in practices.values()]).specific():
        page.title = "Noch nicht gespeichert"
        response = page.make_preview_request(rf.get("/"))
        assert response.status_code == 200
        assert "Noch nicht gespeichert" in response.content.decode()


def test_a_preview_shows_unsaved_terms_and_partners(practices):
    page = PracticePage.objects.get(pk=practices["projekt"].pk).specific
    page.clusters.clear()
    page.partners.clear()
    shown = page.make_preview_request().content.decode()
    assert "th-chip--cluster" not in shown.split('<div class="th-columns">')[0]
    assert "Partnerin West" not in shown


def test_a_restricted_partner_is_not_named(practices, client):
    partner = OrganisationPage.objects.get(title="Partnerin West")
    PageViewRestriction.objects.create(page=partner, restriction_type=PageViewRestriction.LOGIN)
    assert "Partnerin West" not in client.get(practices["projekt"].get_url()).content.decode()


def test_an_unknown_address_answers_in_german(client, site):
    response = client.get("/praxis/gibt-es-nicht/")
    assert response.status_code == 404
    assert "Diese Seite gibt es nicht" in response.content.decode()


ODD_QUERIES = [
    "seite=9999999999",
    "seite=-1",
    "seite=abc",
    "q=" + "x" * 10_000,
    "q=%00",
    "q=%22",
    "q=%F0%9F%98%80%E2%80%AE",
    "typ=quatsch",
    "cluster=quatsch",
    "traeger=' OR 1=1",
    "sort=quatsch",
    "&".join(f"cluster=c{number}" for number in range(500)),
]


def test_odd_queries_are_answered(practices, client):
    assert [query for query in ODD_QUERIES if client.get(f"/suche/?{query}").status_code != 200] == []


def test_unknown_topics_are_not_found(client, site):
    for address in ("/themen/quatsch/", "/themen/handlungsfeld/quatsch/", "/themen/quatsch/quatsch/"):
        assert client.get(address).status_code == 404


def test_a_selection_by_owner_and_type(practices, client):
    owner = practices["projekt"].organisation.key
    shown = client.get(reverse("search"), {"traeger": owner, "typ": "werkzeug"}).content.decode()
    assert "1 Treffer" in shown
    assert practices["werkzeug"].title in shown
