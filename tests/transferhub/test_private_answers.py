"""What is not for everybody is kept by nobody; what is for everybody may be kept."""

import pytest
from django.test import Client
from django.urls import reverse

from practices.models import Cluster, PracticeIndexPage, PracticePage
from tests.leaks.world import PUBLIC, STATES, World

pytestmark = pytest.mark.one_database

PRIVATE = "private, no-store"
LISTS = (
    "/",
    "/praxis/",
    "/praxis/werkstatt/",
    "/suche/",
    "/suche/?q=xqoeffentlichtitelqx",
    "/suche/?seite=99",
    "/themen/",
    "/themen/cluster/",
    "/api/v1/openapi.json",
    "/api/v1/suche",
    "/api/v1/praxis",
    "/api/v1/organisationen",
    "/api/v1/vokabulare",
    "/api/v1/vorschlaege?q=xqoe",
    "/sitemap.xml",
    "/robots.txt",
)
REFUSED = (
    "/gibt-es-nicht/",
    "/praxis/raum/",
    "/themen/nichts/",
    "/api/v1/praxis/nichts",
    "/documents/999999/a.pdf",
    "/medien/nichts.png",
)
NEVER_KEPT = ("/healthz", "/readyz", "/abo/", "/abo/postausgang/", "/konto/anmelden/", "/verwaltung/", "/_util/login/")
# The same for whoever asks, in a session or not.
SAME_FOR_ALL = ("/suche/feed.atom", "/suche/feed.json")


@pytest.fixture
def world(site, reindex):
    world = World(PracticeIndexPage.objects.get())
    world.become()
    reindex()
    return world


def kept(client: Client, address: str) -> str:
    """Return how long an answer is kept and by whom, as it says itself; PRIVATE in whichever words."""
    response = client.get(address)
    response.close()
    said = response.headers.get("Cache-Control", "")
    return PRIVATE if {"private", "no-store"} <= set(said.split(", ")) else said


def addresses(world: World, state: str) -> list[str]:
    """Return the addresses of a page in a state, of its files, and of what is said of it elsewhere."""
    page = world.pages[state]
    current = PracticePage.objects.filter(pk=page.pk).first() or page
    return [current.get_url(), f"/api/v1/praxis/{page.key}", *world.files[state].values()]


def test_answers_are_kept_by_whom_they_are_for(world):
    cluster = reverse("topic", args=["cluster", Cluster.objects.first().slug])
    of_pages = {state: addresses(world, state) for state in STATES}
    is_public = {address: state in PUBLIC for state, each in of_pages.items() for address in each}
    is_public |= dict.fromkeys((*LISTS, cluster), True) | dict.fromkeys(REFUSED, False)
    is_public[world.files["sammlung"]["inhalt"]] = False
    wrong = []
    for role in ("anonym", "ohne", "mitglied", "redaktion"):
        client = Client()
        if role != "anonym":
            client.force_login(world.people[role])
        for address, public in is_public.items():
            right = PRIVATE
            if public and address.startswith("/medien/"):
                right = "public, max-age=86400"
            elif public and role == "anonym":
                right = ""
            if (said := kept(client, address)) != right:
                wrong.append((role, address, said))
        wrong += [(role, address) for address in SAME_FOR_ALL if kept(client, address) != "public, no-cache"]
        wrong += [(role, address) for address in NEVER_KEPT if "no-store" not in kept(client, address)]
    assert wrong == []


def test_static_files_stay_for_long(client, settings, tmp_path, admin_user):
    (tmp_path / "a.0123456789ab.css").write_text("a {}")
    settings.STATIC_ROOT, settings.WHITENOISE_AUTOREFRESH, settings.WHITENOISE_IMMUTABLE_FILE_TEST = (
        tmp_path,
        True,
        "0123",
    )
    client.force_login(admin_user)
    response = client.get("/static/a.0123456789ab.css")
    response.close()
    assert response.headers["Cache-Control"] == "max-age=315360000, public, immutable"
