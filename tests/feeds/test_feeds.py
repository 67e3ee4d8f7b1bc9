"""What the feeds of a selection say: valid, the same in both formats, and nothing that not everybody may read."""

import json
import re

import feedparser
import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction

from practices.models import Cluster, PracticePage
from practices.services.merge_terms import merge_terms
from search.rebuild import rebuild
from tests.factories import OrganisationFactory, ProjectFactory
from tests.feeds.conftest import change
from tests.practices.rich_practices import FILM, make_document, make_practices

DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")  # RFC 3339, section 5.6
FORMATS = ["feed_atom", "feed_json"]


def read_atom(client, query=""):
    response = client.get(f"{reverse('feed_atom')}?{query}")
    assert response.status_code == 200
    feed = feedparser.parse(response.content, response_headers={"content-type": response.headers["Content-Type"]})
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def read_json(client, query=""):
    response = client.get(f"{reverse('feed_json')}?{query}")
    assert response.status_code == 200
    return json.loads(response.content)


@pytest.fixture
def practices(built, site):
    """One practice of each kind, told of as changed, on each engine in turn."""
    made = make_practices(site)
    rebuild()
    return made


def test_atom_has_all_that_the_standard_asks_for(client, practices):
    feed = read_atom(client)
    assert feed.version == "atom10"
    assert feed.feed.title == "Alle Beiträge – TransferHub"
    assert feed.feed.id.startswith("tag:")
    assert DATE.fullmatch(feed.feed.updated)
    assert {link.rel for link in feed.feed.links} == {"alternate", "self", "first", "last"}
    assert len({entry.id for entry in feed.entries}) == len(feed.entries) == 4
    for entry in feed.entries:
        assert entry.title and entry.summary and entry.link.startswith("http")
        assert DATE.fullmatch(entry.updated) and DATE.fullmatch(entry.published)
        assert entry.author_detail.name == "Werkstatt Süd"
        assert entry.author_detail.href.startswith("http")
        assert [content.type for content in entry.content] == ["text/html"]


def test_atom_names_terms_by_vocabulary_key_and_label(client, practices, settings):
    entry = next(entry for entry in read_atom(client).entries if entry.title == practices["projekt"].title)
    term = practices["projekt"].clusters.first()
    scheme = settings.WAGTAILADMIN_BASE_URL + reverse("scheme", args=["cluster"])
    tags = {(tag.scheme, tag.term, tag.label) for tag in entry.tags}
    assert (scheme, term.slug, term.name) in tags
    assert "projekt" in {tag.term for tag in entry.tags}


def test_a_recording_brings_its_video_slides_and_captions(client, practices):
    entry = next(entry for entry in read_atom(client, "typ=mitschnitt").entries)
    files = {(file.type, file.length) for file in entry.enclosures}
    assert ("video/webm", str(len(FILM.read_bytes()))) in files
    assert {kind for kind, _length in files} >= {"video/webm", "application/pdf", "text/vtt"}
    for file in entry.enclosures:
        address = re.sub(r"^https?://[^/]+", "", file.href)
        response = client.get(address)
        assert response.status_code == 200
        assert len(response.getvalue()) == int(file.length)


def test_an_entry_says_what_was_changed_and_nothing_in_it_is_html(client, built, organisation):
    page = ProjectFactory(parent=organisation, title="A <b>&</b> B", summary="<script>alert(1)</script>", live=False)
    page.save_revision().publish()
    change(page, note="<i>Zahlen</i> für 2026")
    rebuild()
    entry = read_atom(client).entries[0]
    [item] = read_json(client)["items"]
    assert "&lt;i&gt;Zahlen&lt;/i&gt; für 2026" in item["content_html"]
    assert "<script" not in item["content_html"] and "<script" not in entry.content[0].value
    assert item["title"] == "A <b>&</b> B"


def test_json_feed_has_all_that_the_standard_asks_for(client, practices):
    feed = read_json(client)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["language"] == "de"
    assert all(isinstance(feed[name], str) and feed[name] for name in ("title", "home_page_url", "feed_url", "icon"))
    assert len({item["id"] for item in feed["items"]}) == 4
    for item in feed["items"]:
        assert all(
            isinstance(item[name], str) and item[name] for name in ("id", "url", "title", "content_html", "summary")
        )
        assert DATE.fullmatch(item["date_published"]) and DATE.fullmatch(item["date_modified"])
        assert item["authors"][0]["name"] == "Werkstatt Süd"
        assert item["tags"] and all(isinstance(tag, str) for tag in item["tags"])
        for file in item["attachments"]:
            assert file["url"].startswith("http") and "/" in file["mime_type"] and file["size_in_bytes"] > 0
        assert {"scheme", "key", "label"} == set(item["_transferhub"]["terms"][0])


@pytest.mark.parametrize(
    "query", ["", "typ=projekt&typ=werkzeug", "q=Sätzen", "cluster=arbeit", "traeger=werkstatt-sud"]
)
def test_both_formats_hold_what_the_page_holds_in_its_order(client, practices, query):
    page = client.get(f"/suche/?{query}&sort=geaendert")
    shown = [card.title for card in page.context["cards"]]
    assert [entry.title for entry in read_atom(client, query).entries] == shown
    assert [item["title"] for item in read_json(client, query)["items"]] == shown


def test_identities_stay_when_a_practice_is_renamed_and_moved(client, practices, site):
    before = read_atom(client, "typ=projekt").entries[0]
    page = PracticePage.objects.get(pk=practices["projekt"].pk).specific
    page.title, page.slug = "Ganz anders", "ganz-anders"
    page.save_revision().publish()
    PracticePage.objects.get(pk=page.pk).move(OrganisationFactory(parent=site, title="Neue Trägerin"), "last-child")
    rebuild()
    after = read_atom(client, "typ=projekt").entries[0]
    assert after.id == before.id == read_json(client, "typ=projekt")["items"][0]["id"]
    assert after.title == "Ganz anders"
    assert after.link != before.link


def test_a_feed_is_the_same_in_any_order_of_parameters(client, practices):
    queries = ["cluster=arbeit&typ=projekt&typ=werkzeug", "typ=werkzeug&typ=projekt&cluster=arbeit&sort=titel&x=1"]
    first, second = (client.get(f"/suche/feed.atom?{query}").content for query in queries)
    assert first == second


def test_a_feed_of_a_merged_term_goes_on(client, practices):
    old, new = Cluster.objects.all()[:2]
    before = read_atom(client, f"cluster={old.slug}")
    merge_terms(old, new)
    rebuild()
    after = read_atom(client, f"cluster={old.slug}")
    assert {entry.id for entry in after.entries} == {entry.id for entry in before.entries}


def test_the_identity_of_a_feed_stays_when_its_term_is_merged(client, practices):
    old, new = Cluster.objects.get(slug="arbeit"), Cluster.objects.exclude(slug="arbeit").first()
    before = read_atom(client, "cluster=arbeit").feed
    merge_terms(old, new)
    after = read_atom(client, "cluster=arbeit").feed
    assert after.id == before.id
    assert after.title != before.title


def test_a_minor_change_moves_nothing(client, built, organisation):
    pages = [ProjectFactory(parent=organisation, title=title, live=False) for title in ("Erstes", "Zweites")]
    for page in pages:
        page.save_revision().publish()
    rebuild()
    before = read_atom(client).entries
    change(pages[0], note="Tippfehler", notify=False)
    rebuild()
    after = read_atom(client).entries
    assert [(entry.id, entry.updated) for entry in after] == [(entry.id, entry.updated) for entry in before]
    assert "Tippfehler" not in after[1].content[0].value


CANARY = "Wolkenkuckucksheim"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("depth", [0, 1])
def test_documents_of_restricted_collections_are_not_offered(client, built, organisation, name, depth):
    above = Collection.get_first_root_node().add_child(name="Intern")
    collection = above.add_child(name="Darin") if depth else above
    document = make_document(CANARY, f"{CANARY}.pdf")
    ProjectFactory(parent=organisation, title="Öffentlich", documents=[("document", {"document": document})])
    rebuild()
    assert CANARY in client.get(reverse(name)).content.decode()
    document.collection = collection
    document.save()
    CollectionViewRestriction.objects.create(collection=above, restriction_type=CollectionViewRestriction.LOGIN)
    client.force_login(User.objects.create_superuser("chefin"))
    body = client.get(reverse(name)).content.decode()
    assert "Öffentlich" in body
    assert CANARY not in body


@pytest.mark.parametrize("name", FORMATS)
def test_an_organisation_that_is_not_public_is_not_named(client, built, site, name):
    organisation = OrganisationFactory(parent=site, title=CANARY, slug="neutral")
    ProjectFactory(parent=organisation, title="Öffentlich")
    rebuild()
    organisation.unpublish()
    body = client.get(reverse(name)).content.decode()
    assert "Öffentlich" in body
    assert CANARY not in body
