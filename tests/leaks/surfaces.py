"""Every way on which somebody may come across the words of a page, and what they may see there."""

import html
import io
import json
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote

from django.test import Client
from django.urls import reverse

from practices.models import Cluster, PracticePage
from tests.leaks.world import (
    EVERY_WORD,
    STATES,
    World,
    everybody,
    may_edit,
    may_export,
    may_fetch,
    may_fetch_documents,
    may_read,
    word,
)

Look = Callable[[Client, World], Iterable[set[str]]]


@dataclass(frozen=True)
class Surface:
    """A place to look at; what is seen there is what is `allowed` for a role, or some of it."""

    name: str
    look: Look
    allowed: Callable[[str], frozenset[str]] = may_read
    is_complete: bool = True

    def mistakes(self, client: Client, world: World, role: str) -> set[str]:
        """Return the states seen that should not be, and those that should be and are not."""
        found, allowed = set().union(*self.look(client, world)), self.allowed(role)
        return found ^ allowed if self.is_complete else found - allowed


def words_in(text: str, asked: str = "") -> set[str]:
    """Return the states whose words stand in `text`; what was `asked` is echoed rightly."""
    plain = html.unescape(unquote(text)).casefold()
    return {state for state, words in EVERY_WORD.items() if any(one in plain for one in words if one != asked)}


def seen(response, asked: str = "") -> set[str]:
    """Return the states whose words stand in the body or the headers of a response."""
    body = b"".join(response)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(map(book.read, book.namelist()))
    text = body.decode(errors="replace")
    if response.headers.get("Content-Type", "").endswith("json"):
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return words_in(f"{text} {response.headers}", asked)


def addresses(*paths: str) -> Look:
    return lambda client, world: (seen(client.get(path)) for path in paths)


def pages(client: Client, world: World) -> Iterable[set[str]]:
    for page in world.pages.values():
        current = PracticePage.objects.filter(pk=page.pk).first() or page
        yield seen(client.get(current.get_url()))


def details(client: Client, world: World) -> Iterable[set[str]]:
    for page in world.pages.values():
        yield seen(client.get(f"/api/v1/praxis/{page.key}"), page.key)


def drafts(client: Client, world: World) -> Iterable[set[str]]:
    for page in world.pages.values():
        yield seen(client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])))


def files(kind: str) -> Look:
    """Return how to fetch all files of a kind. Their names are asked for; a picture holds no words, so it counts itself."""

    def fetch(client: Client, world: World) -> Iterable[set[str]]:
        for state, addresses_of in world.files.items():
            response = client.get(addresses_of[kind])
            words = seen(response, word(state, "dateiname"))
            yield {state} if kind == "bild" and response.status_code == 200 else words

    return fetch


def asking(address: str, *parts: str) -> Look:
    """Return how to search at `address` for the words in `parts` of everything."""

    def ask(client: Client, world: World) -> Iterable[set[str]]:
        for state in EVERY_WORD:
            for part in parts:
                asked = word(state, part)
                yield seen(client.get(f"{address}{asked}"), asked)

    return ask


def mistyping(client: Client, world: World) -> Iterable[set[str]]:
    """Two letters changed places; what is proposed instead is a word that is there."""
    for state in EVERY_WORD:
        asked = word(state, "titel")
        yield seen(client.get(f"/suche/?q={asked[:4]}{asked[5]}{asked[4]}{asked[6:]}"))


def beginning(client: Client, world: World) -> Iterable[set[str]]:
    """The first letters are typed, and suggestions appear."""
    for state in EVERY_WORD:
        for part in ("titel", "tag"):
            yield seen(client.get(f"/api/v1/vorschlaege?q={quote(word(state, part)[:-3])}"))


def similar(client: Client, world: World) -> Iterable[set[str]]:
    page = world.pages["oeffentlich"]
    yield seen(client.get(page.get_url()))
    yield seen(client.get(f"/api/v1/praxis/{page.key}"))


def topics(client: Client, world: World) -> Iterable[set[str]]:
    for path in ("", "cluster/", f"cluster/{Cluster.objects.first().slug}/"):
        yield seen(client.get(f"/themen/{path}"))


def feeds_of_tags(client: Client, world: World) -> Iterable[set[str]]:
    for state in STATES:
        asked = word(state, "tag")
        yield seen(client.get(f"/suche/feed.atom?schlagwort={asked}"), asked)


def sitemap(client: Client, world: World) -> Iterable[set[str]]:
    listed = client.get("/sitemap.xml").content.decode()
    yield {state for state in STATES if f"/{state}-seite/" in listed}


FOR_READERS = [
    Surface("page", pages),
    Surface(
        "start, organisations", addresses("/", "/praxis/", "/praxis/werkstatt/", "/praxis/raum/"), is_complete=False
    ),
    Surface("list", addresses("/suche/?anzahl=50")),
    Surface("list of the type", addresses("/suche/?typ=mitschnitt&anzahl=50")),
    Surface("topics", topics, is_complete=False),
    Surface("hits, highlights, passages", asking("/suche/?q=", "titel", "rede")),
    Surface("corrections", mistyping, is_complete=False),
    Surface("suggestions", beginning),
    Surface("similar practice", similar, is_complete=False),
    Surface("hits of the API", asking("/api/v1/suche?q=", "text", "tag")),
    Surface("list of the API", addresses("/api/v1/praxis?anzahl=50")),
    Surface("practice of the API", details),
    Surface("API beside", addresses("/api/v1/organisationen", "/api/v1/vokabulare"), is_complete=False),
    Surface("Atom", addresses("/suche/feed.atom"), everybody),
    Surface("JSON Feed", addresses("/suche/feed.json"), everybody),
    Surface("feeds of a tag", feeds_of_tags, everybody),
    Surface("form for subscribing", addresses("/abo/?typ=mitschnitt"), is_complete=False),
    Surface("sitemap", sitemap, everybody),
    Surface("document", files("inhalt"), may_fetch_documents),
    Surface("video", files("film"), may_fetch),
    Surface("picture", files("bild"), may_fetch),
]
FOR_EDITORS = [
    Surface("draft", drafts, may_edit),
    Surface("workbook", addresses("/verwaltung/tabellen-import/inhalte/"), may_export),
]
