"""Nothing leaks: every role looks on every surface for the words of pages in every state.

What is seen has to equal what may be seen: more is a leak, less a page that its readers do not find.
"""

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import URLResolver, get_resolver

from feeds.announcing import announce
from feeds.planning import plan
from feeds.sending import send_due
from practices.models import Cluster
from search.indexing import drain
from tests.feeds.factories import SubscriptionFactory
from tests.leaks.media_surfaces import FOR_MEDIA
from tests.leaks.surfaces import FOR_EDITORS, FOR_READERS, Surface, words_in
from tests.leaks.world import PUBLIC, ROLES, ROOM, World, may_read, word

# Addresses that show no page's words, and why; those that do are on a surface above.
LOOKED_AT = {
    "wagtaildocs_serve", "sitemap", "media", "practices", "practice", "organisations", "vocabularies", "suggestions",
    "search", "topics", "scheme", "topic", "feed_atom", "feed_json", "subscribe", "wagtail_serve",
}  # fmt: skip
SHOW_NOTHING = {
    "healthz": "numbers alone",
    "readyz": "numbers alone",
    "robots": "a fixed text",
    "openapi-json": "a description of the API",
    "openapi-view": "a description of the API",
    "api-root": "nothing but 404",
    "wagtaildocs_authenticate_with_password": "takes a password",
    "wagtailcore_authenticate_with_password": "takes a password",
    "subscription_requested": "a fixed text",
    "subscription_link": "asks for an address",
    "subscription_confirm": "names the selection alone",
    "subscription_leave": "a fixed text",
    "subscription_manage": "names the selections alone",
    "subscription_change": "leads back",
    "subscription_export": "what one entered oneself",
    "outbox": "mails, on the machine itself alone; what is in mails is looked at below",
    "outbox_mail": "as above",
    "outbox_html": "as above",
    "freshness": "the page's own owner asked by mail; tests/editing/test_freshness.py",
    "partner_reading": "a secret link to one draft; tests/editing/test_partner_links.py",
    "partner_file": "the files of that draft; tests/editing/test_partner_files.py",
}


@pytest.fixture
def world(built, site) -> World:
    return World(site)


def client_of(world: World, role: str) -> Client:
    client = Client()
    if role != "anonym":
        client.force_login(world.people[role])
    return client


def mistakes(world: World, surfaces: list[Surface], roles: tuple[str, ...]) -> dict[tuple[str, str], set[str]]:
    """Return what is seen wrongly, or wrongly not, by role and surface."""
    found = {}
    for role in roles:
        client = client_of(world, role)
        found |= {(role, surface.name): surface.mistakes(client, world, role) for surface in surfaces}
    return {where: states for where, states in found.items() if states}


def counts(client: Client) -> set[int]:
    """Return every number by which the search says how many of the pages there are."""
    found = client.get("/api/v1/suche?typ=mitschnitt").json()
    cluster = Cluster.objects.first().slug
    [of_type] = [value["count"] for value in found["facets"]["typ"] if value["key"] == "mitschnitt"]
    [of_cluster] = [value["count"] for value in found["facets"]["cluster"] if value["key"] == cluster]
    [terms] = [each["terms"] for each in client.get("/api/v1/vokabulare").json() if each["scheme"] == "cluster"]
    return {found["total"], of_type, of_cluster, *(term["count"] for term in terms if term["key"] == cluster)}


def test_everybody_sees_what_they_may_and_nothing_else(world, reindex):
    world.become()
    reindex()
    assert mistakes(world, FOR_READERS + FOR_EDITORS + FOR_MEDIA, ROLES) == {}
    for role in ROLES:
        assert counts(client_of(world, role)) == {len(may_read(role))}, role


def test_nothing_leaks_while_the_worker_stands_still(world, reindex):
    reindex()
    world.become()
    assert mistakes(world, FOR_READERS, ("anonym", "ohne", "mitglied")) == {}
    for role in ("anonym", "ohne", "mitglied"):
        assert counts(client_of(world, role)) == {len(may_read(role))}, role


def test_who_leaves_a_group_sees_its_pages_no_more(world, reindex):
    world.become()
    reindex()
    client = client_of(world, "mitglied")
    assert client.get(world.pages["gruppe"].get_url()).status_code == 200
    world.people["mitglied"].groups.remove(Group.objects.get(name=ROOM))
    wrong = {surface.name: surface.mistakes(client, world, "ohne") for surface in FOR_READERS}
    assert {name: states for name, states in wrong.items() if states} == {}


def test_mails_tell_of_what_is_public_and_name_what_was_taken_down(world, reindex):
    reindex()
    SubscriptionFactory(position=0)
    world.become()
    drain()
    announce()
    list(plan())
    list(send_due())
    [message] = mail.outbox
    text = f"{message.subject}{message.body}{message.alternatives[0][0]}"
    for state in ("zurueckgezogen", "geloescht"):
        assert word(state, "titel") in text
        text = text.replace(word(state, "titel"), "")
    assert words_in(text) == PUBLIC


def test_mails_leave_out_what_was_hidden_after_they_were_planned(world, reindex):
    reindex()
    SubscriptionFactory(position=0)
    drain()
    announce()
    list(plan())
    world.become()
    list(send_due())
    [message] = mail.outbox
    assert words_in(f"{message.subject}{message.body}{message.alternatives[0][0]}") == PUBLIC


def test_every_address_is_looked_at_or_shows_nothing():
    def names(resolver, prefix=""):
        for pattern in resolver.url_patterns:
            address = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from names(pattern, address)
            elif not address.removeprefix("^").startswith(("verwaltung/", "konto/", "_util/login/")):
                yield pattern.name

    assert set(names(get_resolver())) == LOOKED_AT | set(SHOW_NOTHING)
