"""A recording for each state a page can be in, with words of its own wherever a word can stand, and people to look for them."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from editing.organisation_groups import group_of
from editing.roles import EDITORS, REVIEWERS
from practices.models import Cluster, CreditedMedia, FieldOfAction, OrganisationPage, PracticePage, RecordingPage
from tests.factories import OrganisationFactory, RecordingFactory
from tests.practices.recordings import mp4
from tests.practices.rich_practices import make_document, make_image

ROOM = "Raum"
CUES = "WEBVTT\n\n00:00.000 --> 00:05.000\nGuten Tag, {}.\n"
# Where words stand. Those in files have surfaces of their own; the others are read on pages.
ON_PAGES = ("titel", "worum", "text", "tag", "rede", "anlage", "bild")
IN_FILES = ("dateiname", "inhalt", "film")


def word(state: str, part: str) -> str:
    """Return the word that stands in `part` of the recording in `state` and nowhere else."""
    return f"xq{state}{part}qx"


def _restrict(page: Page, kind: str = PageViewRestriction.GROUPS) -> None:
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind)
    if kind == PageViewRestriction.GROUPS:
        restriction.groups.add(Group.objects.get(name=ROOM))


def _at(page: Page, **when) -> None:
    """Publish `page` within the hours given, as the worker does."""
    for name, hours in when.items():
        setattr(page, name, timezone.now() + timedelta(hours=hours))
    page.save_revision().publish()
    Page.objects.filter(pk=page.pk, expire_at__lt=timezone.now()).update(live=False, expired=True)


def _revise(page: Page) -> None:
    for name, part in (("title", "titel"), ("summary", "worum"), ("description", "text")):
        setattr(page, name, word("revision", part))
    page.tags.add(word("revision", "tag"))
    page.save_revision()


def _close_collection(page: RecordingPage) -> None:
    closed = Collection.get_first_root_node().add_child(name=ROOM)
    restriction = CollectionViewRestriction.objects.create(collection=closed, restriction_type="groups")
    restriction.groups.add(Group.objects.get(name=ROOM))
    for block in page.documents:
        document = block.value["document"]
        document.collection = closed
        document.save()


def _move_into_a_room(page: Page) -> None:
    page.move(OrganisationPage.objects.get(title=ROOM), "last-child")


STATES: dict[str, Callable[[RecordingPage], object]] = {
    "oeffentlich": lambda page: None,
    "geaendert": _revise,
    "sammlung": _close_collection,
    "angemeldet": lambda page: _restrict(page, PageViewRestriction.LOGIN),
    "gruppe": _restrict,
    "verschoben": _move_into_a_room,
    "entwurf": lambda page: None,
    "geplant": lambda page: None,
    "abgelaufen": lambda page: _at(page, go_live_at=-2, expire_at=-1),
    "zurueckgezogen": lambda page: page.unpublish(),
    "geloescht": lambda page: page.delete(),
}
NEVER_LIVE = ("entwurf", "geplant")
PUBLIC = frozenset({"oeffentlich", "geaendert", "sammlung"})
IN_THE_ROOM = frozenset({"gruppe", "verschoben"})
EVERY_WORD = {state: [word(state, part) for part in (*ON_PAGES, *IN_FILES)] for state in (*STATES, "revision")}
ROLES = ("anonym", "ohne", "mitglied", "andere", "eigene", "pruefung", "redaktion", "verwaltung")
KEEP_MEDIA = frozenset({"eigene", "redaktion", "verwaltung"})


def may_read(role: str) -> frozenset[str]:
    """Return the states in which somebody in `role` reads a page."""
    if role == "anonym":
        return PUBLIC
    return PUBLIC | {"angemeldet"} | (IN_THE_ROOM if role in {"mitglied", "verwaltung"} else frozenset())


def may_edit(role: str) -> frozenset[str]:
    """Return the states in which somebody in `role` sees the draft of a page."""
    there = frozenset(EVERY_WORD) - {"geloescht"}
    if role in {"redaktion", "verwaltung"}:
        return there
    return there - {"verschoben"} if role == "eigene" else frozenset()


def may_export(role: str) -> frozenset[str]:
    """Return the states in which a page is in the workbook for somebody in `role`: what is live, for those who import."""
    live = PUBLIC | IN_THE_ROOM | {"angemeldet"}
    return live if role in {"redaktion", "verwaltung"} else frozenset()


def may_fetch(role: str) -> frozenset[str]:
    """Return the states in which somebody in `role` gets the picture and the video of a page: who reads it, and whose it is."""
    return may_read(role) | (frozenset(STATES) if role in KEEP_MEDIA else frozenset())


def may_fetch_documents(role: str) -> frozenset[str]:
    """Return the same for documents, of which some are in a closed collection."""
    return may_fetch(role) - (frozenset() if role in {"mitglied", "verwaltung"} else {"sammlung"})


def everybody(role: str) -> frozenset[str]:
    """Return what is shown to whoever asks."""
    return PUBLIC


class World:
    """Everything there is, public at first but for what never was; `become` brings each page into its state."""

    def __init__(self, section: Page):
        Group.objects.create(name=ROOM)
        self.organisation = OrganisationFactory(parent=section, title="Werkstatt")
        _restrict(OrganisationFactory(parent=section, title=ROOM))
        other = OrganisationFactory(parent=section, title="Andere")
        groups = {
            "ohne": [],
            "mitglied": [Group.objects.get(name=ROOM)],
            "andere": [group_of(other)],
            "eigene": [group_of(self.organisation)],
            "pruefung": [Group.objects.get(name=REVIEWERS)],
            "redaktion": [Group.objects.get(name=EDITORS)],
            "verwaltung": [],
        }
        self.people: dict[str, User | AnonymousUser] = {"anonym": AnonymousUser()}
        for role, own in groups.items():
            self.people[role] = User.objects.create_user(role, is_superuser=role == "verwaltung")
            self.people[role].groups.set(own)
        self.pages = {state: self._make(state) for state in STATES}
        self.files = {state: _files(page) for state, page in self.pages.items()}

    def become(self) -> None:
        for state, enter in STATES.items():
            enter(PracticePage.objects.get(pk=self.pages[state].pk).specific)
        call_command("publish_scheduled", verbosity=0)

    def _make(self, state: str) -> RecordingPage:
        words = {part: word(state, part) for part in (*ON_PAGES, *IN_FILES)}
        image = make_image(words["bild"])
        image.description = words["bild"]
        image.save()
        image.tags.add(words["bild"])
        page = RecordingFactory(
            parent=self.organisation,
            slug=f"{state}-seite",
            live=False,
            title=words["titel"],
            summary=words["worum"],
            description=f"<p>{words['text']}</p>",
            image=image,
            documents=[
                ("document", {"document": make_document(words["anlage"], f"{words['dateiname']}.pdf", words["inhalt"])})
            ],
            captions=make_document(f"Untertitel {words['anlage']}", f"{state}.vtt", CUES.format(words["rede"])),
            video=CreditedMedia.objects.create(
                title=words["bild"],
                type="video",
                credit="Testquelle",
                duration=5,
                file=ContentFile(mp4(words["film"].encode()), name=f"{state}.mp4"),
            ),
        )
        page.video.tags.add(words["bild"])
        page.tags.add(words["tag"])
        page.clusters.set(Cluster.objects.all()[:1])
        page.fields_of_action.set(FieldOfAction.objects.all()[:1])
        page.change_note, page.notify_followers = words["text"], True
        if state == "geplant":
            page.go_live_at = timezone.now() + timedelta(days=1)
        revision = page.save_revision()
        if state not in NEVER_LIVE or state == "geplant":
            revision.publish()
        return RecordingPage.objects.get(pk=page.pk)


def _files(page: RecordingPage) -> dict[str, str]:
    """Return the address of each kind of file of `page`."""
    document = page.get_latest_revision_as_object().documents[0].value["document"]
    return {"inhalt": document.url, "film": page.video.url, "bild": page.image.get_rendition("width-100").url}
