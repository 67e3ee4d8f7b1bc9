"""Every way on which the admin may show images, documents and recordings, and what each role may come across there."""

from collections.abc import Callable, Iterable

from django.db.models import Model
from django.test import Client
from django.urls import reverse

from practices.models import CreditedDocument, CreditedImage, CreditedMedia
from tests.leaks.surfaces import Look, Surface, addresses, seen
from tests.leaks.world import STATES, World, word

#: Of each state the same is asked; these differ in who reads the page.
_SOME = ("oeffentlich", "gruppe", "entwurf")
_ALL = frozenset(STATES)
_NONE: frozenset[str] = frozenset()


def _of(model: type[Model], state: str) -> Iterable[int]:
    """Return the ids of the media of `model` that carry the words of `state`."""
    words = [word(state, "bild"), word(state, "anlage")]
    return model._default_manager.filter(title__in=words).values_list("pk", flat=True)


def may_keep(role: str) -> frozenset[str]:
    """Return the states whose media somebody in `role` finds in lists of what they may change; nobody here added any."""
    return _ALL if role in {"redaktion", "verwaltung"} else _NONE


def may_choose(role: str) -> frozenset[str]:
    """Return the states whose media somebody in `role` may choose: contributors those of their organisation."""
    return _ALL if role == "eigene" else may_keep(role)


def _some(allowed: Callable[[str], frozenset[str]]) -> Callable[[str], frozenset[str]]:
    return lambda role: allowed(role) & frozenset(_SOME)


def _whoever_keeps_pages(role: str) -> frozenset[str]:
    """Return what stands on pages about one medium, which name the pages that use it, and drafts of these."""
    return may_keep(role) | ({"revision"} if may_keep(role) else _NONE)


def pages_of(name: str, query: str = "", most: int = 1) -> Look:
    """Return how to turn over the pages of a list, `most` of them."""

    def turn(client: Client, world: World) -> Iterable[set[str]]:
        for page in range(1, most + 1):
            yield seen(client.get(f"{reverse(name)}?p={page}&{query}"))

    return turn


def listed(name: str) -> Look:
    """Return how to read a list of the API to its end."""

    def read(client: Client, world: World) -> Iterable[set[str]]:
        for offset in (0, 20):
            yield seen(client.get(f"{reverse(name)}?limit=20&offset={offset}"))

    return read


def each(model: type[Model], *names: str) -> Look:
    """Return how to open the pages with these names about media of `model`."""

    def open_each(client: Client, world: World) -> Iterable[set[str]]:
        for state in _SOME:
            for pk in _of(model, state):
                for name in names:
                    yield seen(client.get(reverse(name, args=[pk])))

    return open_each


def marked(model: type[Model], name: str, *args: str) -> Look:
    """Return how to name the numbers of many media in one address."""

    def mark(client: Client, world: World) -> Iterable[set[str]]:
        numbers = "&".join(f"id={pk}" for state in _SOME for pk in _of(model, state))
        yield seen(client.get(f"{reverse(name, args=args)}?{numbers}"))

    return mark


def found(model: type[Model], name: str) -> Look:
    """Return how to have the API find media by their numbers."""

    def find(client: Client, world: World) -> Iterable[set[str]]:
        for state in _SOME:
            for pk in _of(model, state):
                yield seen(client.get(f"{reverse(name)}?id={pk}", follow=True))

    return find


def searched(name: str, part: str) -> Look:
    """Return how to search in a dialogue for words of media; what was asked is echoed rightly."""

    def search(client: Client, world: World) -> Iterable[set[str]]:
        for state in _SOME:
            asked = word(state, part)
            answer = client.get(f"{reverse(name)}?q={asked}")
            shown = answer.content.decode().casefold().count(asked)
            yield seen(answer, asked) | ({state} if shown > 1 else set())

    return search


_MANY = "wagtail_bulk_action"
_IMAGE = ("wagtailimages:edit", "wagtailimages:image_usage", "wagtailimages:delete")
_CHOSEN_IMAGE = ("wagtailimages_chooser:chosen", "wagtailimages_chooser:select_format")
_SOME_CHOSEN = _some(may_choose)

FOR_MEDIA = [
    Surface("images to choose", pages_of("wagtailimages_chooser:choose"), may_choose),
    Surface("images to choose, as a list", pages_of("wagtailimages_chooser:choose_results", "layout=list"), may_choose),
    Surface("documents to choose", pages_of("wagtaildocs_chooser:choose", most=3), may_choose),
    Surface("recordings to choose", pages_of("wagtailmedia:chooser", "q=", most=3), may_choose),
    Surface("recordings to choose, first", addresses("/verwaltung/media/chooser/"), may_choose, is_complete=False),
    Surface("images to search", searched("wagtailimages_chooser:choose_results", "bild"), _SOME_CHOSEN),
    Surface("documents to search", searched("wagtaildocs_chooser:choose_results", "anlage"), _SOME_CHOSEN),
    Surface("recordings to search", searched("wagtailmedia:chooser", "bild"), _SOME_CHOSEN),
    Surface("images", pages_of("wagtailimages:index"), may_keep),
    Surface("documents", pages_of("wagtaildocs:index"), may_keep),
    Surface("recordings", pages_of("wagtailmedia:index"), may_keep),
    Surface("images of the API", listed("wagtailadmin_api:images:listing"), may_choose),
    Surface("documents of the API", listed("wagtailadmin_api:documents:listing"), may_choose),
    Surface("image of the API", each(CreditedImage, "wagtailadmin_api:images:detail"), _SOME_CHOSEN),
    Surface("document of the API", each(CreditedDocument, "wagtailadmin_api:documents:detail"), _SOME_CHOSEN),
    Surface("image found by the API", found(CreditedImage, "wagtailadmin_api:images:find"), _SOME_CHOSEN),
    Surface("document found by the API", found(CreditedDocument, "wagtailadmin_api:documents:find"), _SOME_CHOSEN),
    Surface("image chosen", each(CreditedImage, *_CHOSEN_IMAGE), _SOME_CHOSEN),
    Surface("document chosen", each(CreditedDocument, "wagtaildocs_chooser:chosen"), _SOME_CHOSEN),
    Surface("recording chosen", each(CreditedMedia, "wagtailmedia:media_chosen"), _SOME_CHOSEN),
    Surface("images chosen", marked(CreditedImage, "wagtailimages_chooser:chosen_multiple"), _SOME_CHOSEN),
    Surface("documents chosen", marked(CreditedDocument, "wagtaildocs_chooser:chosen_multiple"), _SOME_CHOSEN),
    Surface("image", each(CreditedImage, *_IMAGE), _whoever_keeps_pages, is_complete=False),
    Surface(
        "document",
        each(CreditedDocument, "wagtaildocs:edit", "wagtaildocs:document_usage"),
        _whoever_keeps_pages,
        is_complete=False,
    ),
    Surface(
        "recording",
        each(CreditedMedia, "wagtailmedia:edit", "wagtailmedia:media_usage"),
        _whoever_keeps_pages,
        is_complete=False,
    ),
    Surface(
        "many images", marked(CreditedImage, _MANY, "practices", "creditedimage", "add_to_collection"), _SOME_CHOSEN
    ),
    Surface(
        "many documents",
        marked(CreditedDocument, _MANY, "practices", "crediteddocument", "add_to_collection"),
        _SOME_CHOSEN,
    ),
]
