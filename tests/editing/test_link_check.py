"""Links to other sites are tried page by page, and what failed twice is reported until it works again."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone
from wagtail.models import Page

from editing.link_check import check_links, links_of, reported_links
from editing.models import BrokenLink, LinkCheck
from editing.web_addresses import CannotTell, fault_of
from home.models import StandardPage
from tests.editing.web_server import serving
from tests.factories import OrganisationFactory, ToolFactory
from transferhub.management.commands.work import Job

GONE = "Die Seite gibt es dort nicht mehr (404)."


@pytest.fixture
def server(organisation, settings):
    """A site that stands for all others, when all links there were have just been tried."""
    settings.CHECK_LINKS = True
    LinkCheck.objects.bulk_create([LinkCheck(page=page, checked_at=timezone.now()) for page in Page.objects.all()])
    with serving() as server:
        yield server


def check(server, resolve=lambda host, port: "127.0.0.1") -> int:
    """Let the worker try the links of one page, and return how many there were."""
    before = len(server.asked)
    Job("checking links", 60, partial(check_links, partial(fault_of, resolve=resolve))).finish()
    return len(server.asked) - before


def days_pass(page, number: int) -> None:
    LinkCheck.objects.filter(page=page).update(checked_at=timezone.now() - timedelta(days=number, minutes=1))


def add_tool(organisation, url: str, **fields):
    return ToolFactory(parent=organisation, links=[("link", {"label": "Mehr", "url": url})], **fields)


def test_links_are_found_wherever_they_stand(organisation):
    page = ToolFactory(
        parent=organisation,
        website="https://projekt.example/",
        description='<p><a href="https://ziel.example/a?b=1&amp;c=2">Ziele</a> <a linktype="page" id="1">Seite</a></p>',
        links=[
            ("link", {"label": "Bericht", "url": "https://bericht.example/"}),
            ("link", {"label": "Buch", "url": ""}),
            ("link", {"label": "Noch einmal", "url": "https://projekt.example/"}),
            ("link", {"label": "Diese Plattform", "url": "http://localhost/praxis/"}),
            ("link", {"label": "Vertippt", "url": "http://[bericht"}),
            ("link", {"label": "Post", "url": "mailto:info@bericht.example"}),
        ],
    )
    assert sorted(links_of(page)) == [
        "http://[bericht",
        "https://bericht.example/",
        "https://projekt.example/",
        "https://ziel.example/a?b=1&c=2",
    ]


def test_organisations_have_links_too(site, server):
    page = OrganisationFactory(parent=site, website=server.url("/weg"))
    server.answers["/weg"] = 404
    assert check(server) == 1
    assert BrokenLink.objects.get().page_id == page.pk


def test_standard_pages_have_links_too(site, server):
    page = StandardPage.objects.first()
    page.body = [("text", f'<p><a href="{server.url("/weg")}">Dort</a></p>')]
    page.save_revision().publish()
    server.answers["/weg"] = 404
    assert check(server) == 1
    assert BrokenLink.objects.get().page_id == page.pk


def test_what_fails_once_is_not_reported_yet(organisation, server):
    page = add_tool(organisation, server.url("/weg"))
    server.answers["/weg"] = 404
    assert check(server) == 1
    assert list(reported_links()) == []
    assert check(server) == 0
    days_pass(page, 1)
    check(server)
    (link,) = reported_links()
    assert (link.page_id, link.url, link.fault, link.failures) == (page.pk, server.url("/weg"), GONE, 2)
    assert link.since < LinkCheck.objects.get(page=page).checked_at


def test_what_works_again_is_forgotten(organisation, server):
    page = add_tool(organisation, server.url("/weg"))
    server.answers["/weg"] = 503
    check(server)
    del server.answers["/weg"]
    days_pass(page, 1)
    check(server)
    assert not BrokenLink.objects.exists()


def test_what_works_is_tried_once_a_month(organisation, server):
    page = add_tool(organisation, server.url("/da"))
    check(server)
    for days, number in ((29, 0), (30, 1)):
        days_pass(page, days)
        assert check(server) == number


def test_a_new_text_is_tried_at_once(organisation, server):
    page = add_tool(organisation, server.url("/da"))
    check(server)
    page.save_revision().publish()
    assert check(server) == 1


@pytest.mark.parametrize("live", [True, False])
def test_drafts_are_left_alone(organisation, server, live):
    add_tool(organisation, server.url("/da"), live=live)
    assert check(server) == live


def test_a_page_without_links_does_not_hold_up_the_others(organisation, server):
    ToolFactory(parent=organisation)
    add_tool(organisation, server.url("/da"))
    assert sorted([check(server), check(server), check(server)]) == [0, 0, 1]


def test_without_names_all_stays_as_it_is(organisation, server):
    def away(host, port):
        raise CannotTell

    page = add_tool(organisation, server.url("/weg"))
    server.answers["/weg"] = 404
    check(server)
    days_pass(page, 1)
    check(server, away)
    assert BrokenLink.objects.get().failures == 1


def test_it_can_be_switched_off(organisation, server, settings):
    settings.CHECK_LINKS = False
    add_tool(organisation, server.url("/da"))
    assert check(server) == 0
    assert server.asked == []
