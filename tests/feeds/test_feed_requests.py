"""How feeds are asked for: again, page by page, with anything in the query string, and while no engine answers."""

import json
import re
from datetime import timedelta

import feedparser
import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from taggit.models import Tag
from wagtail.models import PageViewRestriction

from practices.models import Cluster, ContentVersion, FieldOfAction, PracticePage, PracticeTag
from search.engines.embedded import EmbeddedEngine
from search.engines.protocol import EngineUnavailable
from search.indexing import drain
from search.rebuild import rebuild
from tests.factories import ProjectFactory
from tests.practices.rich_practices import make_document, make_many_projects

FORMATS = {"feed_atom": "application/atom+xml; charset=utf-8", "feed_json": "application/feed+json; charset=utf-8"}


@pytest.fixture
def project(organisation, reindex):
    """A project that everybody may read."""
    page = ProjectFactory(parent=organisation, title="Geräteverleih")
    page.clusters.add(Cluster.objects.get(slug="arbeit"))
    page.save_revision().publish()
    reindex()
    return PracticePage.objects.get(pk=page.pk).specific


def let_the_second_pass() -> None:
    """What changed, changed a minute ago."""
    ContentVersion.objects.update(changed_at=F("changed_at") - timedelta(minutes=1))


@pytest.mark.parametrize("name", FORMATS)
def test_a_feed_sets_no_cookie_and_says_what_it_is(client, project, name):
    response = client.get(reverse(name))
    assert response.headers["Content-Type"] == FORMATS[name]
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    head = client.head(reverse(name))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == response.headers["ETag"]
    assert client.post(reverse(name)).status_code == 405


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("query", ["", "cluster=gibtesnicht"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_nothing_is_sent_again_by_tag(client, project, name, query, encoding):
    headers = {"Accept-Encoding": encoding}
    first = client.get(f"{reverse(name)}?{query}", headers=headers)
    second = client.get(f"{reverse(name)}?{query}", headers={**headers, "If-None-Match": first.headers["ETag"]})
    assert (second.status_code, second.content) == (304, b"")


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_sent_again_by_date(client, project, name):
    let_the_second_pass()
    first = client.get(reverse(name))
    second = client.get(reverse(name), headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert (second.status_code, second.content) == (304, b"")


@pytest.mark.parametrize("header", [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")])
@pytest.mark.parametrize("kind", ["published", "restricted", "deleted", "term renamed"])
def test_every_change_is_sent(client, project, header, kind):
    let_the_second_pass()
    known = {header[1]: client.get("/suche/feed.atom").headers[header[0]]}
    if kind == "published":
        project.title = "Anderer Titel"
        project.save_revision().publish()
    elif kind == "restricted":
        PageViewRestriction.objects.create(page=project, restriction_type=PageViewRestriction.LOGIN)
    elif kind == "deleted":
        project.delete()
    else:
        term = Cluster.objects.get(slug="arbeit")
        term.name = "Arbeit und Beruf"
        term.save()
    assert client.get("/suche/feed.atom", headers=known).status_code == 200


def test_a_second_change_within_one_second_is_sent(client, project):
    """HTTP dates can not tell the two apart, so the first answer names the second before."""
    now = timezone.now()
    ContentVersion.objects.update(changed_at=now + timedelta(seconds=1))  # not over while this test runs
    response = client.get("/suche/feed.atom")
    changed_at = ContentVersion.objects.get().changed_at
    assert response.headers["Last-Modified"] == http_date(int(changed_at.timestamp()) - 1)


@pytest.fixture
def thousand(built, organisation):
    """1,003 projects of one moment, more than can be paged through."""
    first = ProjectFactory(parent=organisation, title="Das erste", key="das-erste")
    make_many_projects(1002, first)
    PracticePage.objects.update(first_published_at=first.first_published_at)
    rebuild()


def test_a_thousand_entries_page_by_page_without_gap_or_repetition(client, thousand):
    address, seen, pages = "/suche/feed.atom?anzahl=100", [], 0
    while address:
        feed = feedparser.parse(client.get(address).content)
        seen += [entry.id for entry in feed.entries]
        links = {link.rel: link.href for link in feed.feed.links}
        address = re.sub(r"^https?://[^/]+", "", links.get("next", ""))
        pages += 1
        assert ("previous" in links) == (pages > 1)
        assert links["last"].endswith("seite=10&anzahl=100")
    assert pages == 10
    assert len(seen) == len(set(seen)) == 1000

    address, items = "/suche/feed.json", []
    while address:
        page = json.loads(client.get(address).content)
        items += [item["id"] for item in page["items"]]
        assert len(page["items"]) == 50
        address = re.sub(r"^https?://[^/]+", "", page.get("next_url", ""))
    assert items == seen

    beyond = feedparser.parse(client.get("/suche/feed.atom?seite=49").content)
    assert [entry.id for entry in beyond.entries] == seen[-50:]


@pytest.mark.parametrize("name", FORMATS)
def test_no_more_than_eight_queries_for_any_number(
    client, built, organisation, name, django_assert_num_queries, django_assert_max_num_queries
):
    """Everything at once: words, terms, an organisation, free tags and documents."""
    page = ProjectFactory(
        parent=organisation,
        title="Eins von vielen",
        documents=[("document", {"document": make_document("Anlage", "anlage.pdf")})],
    )
    page.clusters.add(Cluster.objects.get(slug="arbeit"))
    page.fields_of_action.add(FieldOfAction.objects.first())
    page.tags.add("Neues")
    page.save()
    query = f"?q=vielen&cluster=arbeit&traeger={organisation.key}&schlagwort=neues&schlagwort=x&anzahl=100"
    tag = Tag.objects.get(slug="neues")

    def make_more(number):
        make_many_projects(number, page)
        pages = PracticePage.objects.filter(key__startswith="viel-")
        PracticeTag.objects.bulk_create(PracticeTag(tag=tag, content_object=other) for other in pages)
        rebuild()
        drain()

    make_more(2)
    client.get(reverse(name) + query)
    with django_assert_max_num_queries(8) as few:
        assert client.get(reverse(name) + query).content.count(b"praxis:") == 3
        spent = len(few)
    PracticePage.objects.filter(key__startswith="viel-").delete()
    make_more(99)
    client.get(reverse(name) + query)
    with django_assert_num_queries(spent):
        assert client.get(reverse(name) + query).content.count(b"praxis:") == 100


HOSTILE = [
    "q=" + "x" * 10_000,
    "q=***",
    "q=%22",
    "q=%00%01%0b%ff%fe",
    "q=%E2%80%AE%F0%9F%98%80",
    "q=<script>alert(1)</script>",
    "q=-a+-b",
    "seite=1000000000",
    "seite=-1&anzahl=0",
    "seite=%D9%A3&anzahl=x",
    "anzahl=100000",
    "typ=unbekannt",
    "cluster=%3Cb%3E&cluster=" + "&cluster=".join(map(str, range(200))),
    "traeger='%20OR%201=1--",
    "von=0000&bis=99999",
    "sort=<>&q=]]>",
    "%=%&&&=",
    "q=%ED%A0%80",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_whatever_is_asked_the_answer_is_a_feed(client, built, project, query):
    feed = feedparser.parse(client.get(f"/suche/feed.atom?{query}").content)
    assert not feed.bozo
    assert json.loads(client.get(f"/suche/feed.json?{query}").content)["version"].endswith("1.1")


def test_a_feed_survives_characters_that_xml_can_not_say(client, built, organisation):
    page = ProjectFactory(parent=organisation, title="Vor \x0b nach \ufffe Ende", summary="\x01 \x1f & <")
    page.tags.add("Ge\x02rät")
    page.save()
    rebuild()
    feed = feedparser.parse(client.get("/suche/feed.atom").content)
    assert not feed.bozo
    assert len(feed.entries) == 1
    assert len(json.loads(client.get("/suche/feed.json").content)["items"]) == 1


@pytest.mark.parametrize("name", FORMATS)
def test_without_an_engine_words_wait_and_filters_are_answered(client, organisation, reindex, name, monkeypatch):
    page = ProjectFactory(parent=organisation, title="Geräteverleih")
    page.clusters.add(Cluster.objects.get(slug="arbeit"))
    page.save()
    reindex()
    exact = client.get(f"{reverse(name)}?cluster=arbeit").content

    def fail(*args, **kwargs):
        raise EngineUnavailable("down for the test")

    monkeypatch.setattr(EmbeddedEngine, "ask", fail)
    response = client.get(f"{reverse(name)}?q=Geräteverleih")
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert client.get(f"{reverse(name)}?cluster=arbeit").content == exact


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("/", ""),
        ("/suche/?typ=projekt&seite=2&sort=titel", "typ=projekt"),
        ("/suche/?q=Ger%C3%A4teverleih", "q=Ger%C3%A4teverleih"),
        ("/themen/cluster/arbeit/", "cluster=arbeit"),
        ("organisation", "traeger=werkstatt-nord"),
    ],
)
def test_pages_lead_to_their_feeds_and_to_the_subscription(client, project, address, query):
    address = project.organisation.get_url() if address == "organisation" else address
    page = client.get(address).content.decode()
    end = f"?{query}" if query else ""
    for name, kind in FORMATS.items():
        alternate = rf'<link rel="alternate" type="{re.escape(kind.split(";")[0])}" title="[^"]+" href="([^"]+)">'
        assert re.findall(alternate, page) == [reverse(name) + end]
        assert f'href="{reverse(name)}{end}"' in page.split("<main")[1]
    assert f'href="{reverse("subscribe")}{end}"' in page.split("<main")[1]
    feed = feedparser.parse(client.get(f"{reverse('feed_atom')}{end}").content)
    assert [entry.title for entry in feed.entries] == ["Geräteverleih"]
