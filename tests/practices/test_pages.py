"""What readers of the public pages are promised: they answer, they show everything, and their cost does not grow."""

import html5lib
import pytest
from django.urls import reverse
from wagtail.models import PageViewRestriction

from practices.models import PracticePage
from tests.factories import ProjectFactory
from tests.practices.rich_practices import make_practices

QUERY_LIMIT = 15
ADDRESSES = {
    "home": "/",
    "organisation": "/praxis/werkstatt-sud/",
    "organisations": "/praxis/",
    "project": "/praxis/werkstatt-sud/projekt/",
    "tool": "/praxis/werkstatt-sud/werkzeug/",
    "recording": "/praxis/werkstatt-sud/mitschnitt/",
    "lesson": "/praxis/werkstatt-sud/erkenntnis/",
    "topics": "/themen/",
    "scheme": "/themen/handlungsfeld/",
    "topic": "/themen/cluster/arbeit/",
    "search": "/suche/",
    "search with words": "/suche/?q=Worum&typ=projekt&cluster=arbeit&schlagwort=gerat",
    "impressum": "/impressum/",
    "datenschutz": "/datenschutz/",
    "barrierefreiheit": "/barrierefreiheit/",
    "leichte sprache": "/leichte-sprache/",
    "hilfe": "/hilfe/",
}


@pytest.fixture
def practices(site):
    """The four rich practices under addresses that do not depend on numbering."""
    practices = make_practices(site)
    organisation = practices["projekt"].organisation
    organisation.slug = "werkstatt-sud"
    organisation.save()
    for key, page in practices.items():
        page = PracticePage.objects.get(pk=page.pk).specific
        page.slug = key
        page.save_revision().publish()
    return {key: PracticePage.objects.get(slug=key).specific for key in practices}


def count_queries(client, address, django_assert_max_num_queries) -> int:
    client.get(address)
    with django_assert_max_num_queries(QUERY_LIMIT) as captured:
        assert client.get(address).status_code == 200
    return len(captured.captured_queries)


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES.keys())
def test_cost_is_bounded_and_does_not_grow(address, practices, client, django_assert_max_num_queries):
    few = count_queries(client, address, django_assert_max_num_queries)
    project = PracticePage.objects.get(pk=practices["projekt"].pk).specific
    for number in range(25):
        project.copy(update_attrs={"slug": f"kopie-{number}", "title": f"Kopie {number}"}, copy_revisions=False)
    assert count_queries(client, address, django_assert_max_num_queries) == few


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES.keys())
def test_markup_is_valid(address, practices, client):
    markup = client.get(address).content.decode()
    html5lib.HTMLParser(strict=True).parse(markup)
    document = html5lib.parse(markup, namespaceHTMLElements=False)
    ids = [element.get("id") for element in document.iter() if element.get("id")]
    assert sorted(ids) == sorted(set(ids))
    assert len(document.findall(".//h1")) == 1


@pytest.mark.parametrize("key", ["projekt", "werkzeug", "mitschnitt", "erkenntnis"])
def test_relations_are_shown_from_both_ends(key, practices, client):
    page = practices[key]
    shown = client.get(page.url).content.decode()
    others = {"projekt": ("werkzeug", "mitschnitt", "erkenntnis")}.get(key, ("projekt",))
    assert [other for other in others if practices[other].title not in shown] == []


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


def test_a_restricted_practice_appears_nowhere(practices, client):
    page = ProjectFactory(parent=practices["projekt"].organisation, title="Geheimsache Kanarienvogel")
    page.fields_of_action.set(practices["projekt"].fields_of_action.all())
    page.clusters.set(practices["projekt"].clusters.all())
    page.save()
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    leaks = [address for address in ADDRESSES.values() if "Kanarienvogel" in client.get(address).content.decode()]
    assert leaks == []
    assert client.get(page.url).status_code == 302


def test_an_unknown_address_answers_in_german(client, site):
    response = client.get("/praxis/gibt-es-nicht/")
    assert response.status_code == 404
    assert "Diese Seite gibt es nicht" in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "seite=9999999999",
        "seite=-1",
        "seite=abc",
        "q=" + "x" * 10_000,
        "q=%00",
        "q=%22",
        "typ=quatsch",
        "cluster=quatsch",
        "traeger=' OR 1=1",
        "sort=quatsch",
        "&".join(f"cluster=c{n}" for n in range(500)),
        "q=%F0%9F%98%80%E2%80%AE",
    ],
)
def test_odd_queries_are_answered(query, practices, client):
    assert client.get(f"/suche/?{query}").status_code == 200


@pytest.mark.parametrize("address", ["/themen/quatsch/", "/themen/handlungsfeld/quatsch/", "/themen/quatsch/quatsch/"])
def test_unknown_topics_are_not_found(address, client, site):
    assert client.get(address).status_code == 404


def test_a_selection_by_owner_and_type(practices, client):
    owner = practices["projekt"].organisation.key
    shown = client.get(reverse("search"), {"traeger": owner, "typ": "werkzeug"}).content.decode()
    assert "1 Beitrag" in shown
    assert practices["werkzeug"].title in shown
