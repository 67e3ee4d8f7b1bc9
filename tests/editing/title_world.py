"""Pages in every state, with words of their own in title, slug and the title of their draft, and people who look for them.

Letters are those of the doors, where C contributes to the organisation that owns the pages, D to another one, and R has to review
two of them. Beside them M contributes to two other organisations, Q reviews but has nothing to, X does both and is of D's
organisation.
"""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.models import Group, User
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Workflow

from editing.models import ReviewScope
from editing.organisation_groups import group_of
from editing.roles import REVIEWERS
from practices.models import FieldOfAction, OrganisationPage, ProjectProfilePage, ProjectTool, ToolPage
from practices.services.find_pages import practice_index
from tests.editing.door_world import World, build_world
from tests.editing.signing_in import person
from tests.factories import OrganisationFactory, ProjectFactory, ToolFactory

LOW = ("D", "M", "R", "Q", "X")
PEOPLE = ("C", *LOW, "E", "A", "S")
PARTS = TITLE, SLUG, DRAFT = "titel", "slug", "entwurf"
COMMON = "Zebra"


def word(state: str, part: str) -> str:
    """Return the word that stands in `part` of the page in `state` and nowhere else."""
    return f"xq{state}{part}qx"


def _retitle(page: Page, author: User) -> None:
    page.title = f"{COMMON} {word(page.slug[2:-6], DRAFT)}"
    page.save_revision(user=author, log_action=True)


def _publish(page: Page, author: User, **times) -> None:
    for name, hours in times.items():
        setattr(page, name, timezone.now() + timedelta(hours=hours))
    page.save_revision(user=author, log_action=True).publish()


def _published(page: Page, author: User) -> None:
    _publish(page, author)


def _changed(page: Page, author: User) -> None:
    _publish(page, author)
    _retitle(page, author)


def _scheduled(page: Page, author: User) -> None:
    _publish(page, author, go_live_at=24)


def _restrict(page: Page) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type="groups")


def _restricted(page: Page, author: User) -> None:
    _changed(page, author)
    _restrict(page)


def _expired(page: Page, author: User) -> None:
    _publish(page, author, go_live_at=-2, expire_at=-1)
    Page.objects.filter(pk=page.pk).update(live=False, expired=True)


def _unpublished(page: Page, author: User) -> None:
    _publish(page, author)
    ToolPage.objects.get(pk=page.pk).unpublish()


def _review(page: Page, author: User) -> None:
    page.save_revision(user=author, log_action=True)
    Workflow.objects.get(name="Fachprüfung und Freigabe").start(page, author)


def _changed_in_review(page: Page, author: User) -> None:
    _changed(page, author)
    _review(page, author)


def _draft(page: Page, author: User) -> None:
    page.save_revision(user=author, log_action=True)


def _deleted(page: Page, author: User) -> None:
    _published(page, author)
    page.delete()


STATES: dict[str, Callable[[ToolPage, User], None]] = {
    "live": _published,
    "geaendert": _changed,
    "unterentwurf": _changed,
    "entwurf": _draft,
    "geplant": _scheduled,
    "zu": _restricted,
    "unterzu": _changed,
    "abgelaufen": _expired,
    "weg": _unpublished,
    "geloescht": _deleted,
    "pruefung": _review,
    "livepruefung": _changed_in_review,
}
#: The section above all organisations, and the organisations above the pages of two of the states.
ABOVE = ("bereich", "orgentwurf", "orgzu")
_PLACES = "page draft reviewed_page planned_page closed_page locked_page page_with_workflow alias".split()
_READ = ("live", "geaendert", "unterentwurf", "livepruefung")
_WAITING = ("pruefung", "livepruefung")


def may_see(letter: str) -> set[str]:
    """Return the words that somebody may come across."""
    everything = {word(state, part) for state in (*STATES, *ABOVE) for part in PARTS}
    if letter in "EAS":
        return everything
    own = {state for state in STATES if not state.startswith("unter")} if letter == "C" else set()
    drafts = own | set(_WAITING if letter == "R" else ())
    seen = {word(state, part) for state in drafts for part in PARTS}
    # Above a page that is read stands the organisation whose title nobody published; its slug is in the page's address.
    read = {word(state, part) for state in (*_READ, "bereich") for part in (TITLE, SLUG)} | {word("orgentwurf", SLUG)}
    return seen | read


class TitleWorld:
    """The platform of the doors, and pages in every state in the organisation of C."""

    def __init__(self) -> None:
        self.doors = build_world()
        author = self.author = self.doors.people["C"]
        fields = self._fields = list(FieldOfAction.objects.order_by("pk")[:2])
        self._add_people(fields[1])
        self.above = self._make_above(author)
        self.pages = {state: self._make(state) for state in STATES}
        self.own = self._make_own()

    def _add_people(self, field: FieldOfAction) -> None:
        elsewhere = self.doors.things["foreign_organisation"]
        groups = {"M": [group_of(elsewhere), group_of(OrganisationFactory(parent=practice_index(), title="West"))]}
        reviewers = Group.objects.get(name=REVIEWERS)
        groups |= {"Q": [reviewers], "X": [reviewers, group_of(elsewhere)]}
        for letter, own in groups.items():
            someone = self.doors.people[letter] = person(f"rolle-{letter}")
            someone.groups.set(own)
            if letter in "QX":
                ReviewScope.objects.create(user=someone).fields_of_action.add(field)

    def _make_above(self, author: User) -> dict[str, Page]:
        section = practice_index()
        Page.objects.filter(pk=section.pk).update(
            title=word("bereich", TITLE), draft_title=word("bereich", DRAFT), has_unpublished_changes=True
        )
        made = {"bereich": section.specific}
        for state in ("orgentwurf", "orgzu"):
            made[state] = OrganisationFactory(
                parent=section, title=word(state, TITLE), slug=word(state, SLUG), live=state == "orgzu"
            )
            made[state].save_revision(user=author, log_action=True)
            Page.objects.filter(pk=made[state].pk).update(draft_title=word(state, DRAFT))
        _restrict(made["orgzu"])
        return made

    def _make(self, state: str) -> ToolPage:
        parent = self.above.get(state.replace("unter", "org"), self.doors.things["organisation"])
        former = self.doors.people["D"]  # who once wrote here
        page = ToolFactory(
            parent=OrganisationPage.objects.get(pk=parent.pk),
            title=f"{COMMON} {word(state, TITLE)}",
            slug=word(state, SLUG),
            live=False,
            owner=former,
        )
        page.fields_of_action.add(self._fields[0])
        page.tags.add(f"zebratag{state}")
        page.save()
        STATES[state](page, self.author if state in _WAITING else former)
        return page

    def _make_own(self) -> ProjectProfilePage:
        """A project of D's organisation that refers to all of them, as an earlier version did not."""
        page = ProjectFactory(parent=self.doors.things["foreign_organisation"], title="Eigenes", slug="eigenes")
        page.save_revision(user=self.doors.people["D"], log_action=True)
        page.tool_items = [ProjectTool(tool=tool) for tool in self.there()]
        page.save()
        page.save_revision(user=self.doors.people["D"], log_action=True)
        return page

    def there(self) -> list[ToolPage]:
        """Return those of the pages that nobody deleted."""
        return list(ToolPage.objects.filter(pk__in=[page.pk for page in self.pages.values() if page.pk]))

    def named(self) -> dict[str, Page]:
        """Return every page that an address may name, with those above and one that refers to all of them."""
        there = {page.pk for page in self.there()}
        pages = {state: page for state, page in self.pages.items() if page.pk in there}
        return pages | self.above | {"eigenes": self.own}

    def about(self, page: Page) -> World:
        """Return the world of the doors, in which every page that an address names is `page`."""
        kinds = (*_PLACES, "organisation", "foreign_organisation")
        things = self.doors.things | dict.fromkeys(kinds, page)
        if newest := page.latest_revision:
            things |= {"revision": newest}
        if state := page.workflow_states.first():
            things |= {"workflow_state": state, "task_state": state.current_task_state}
        return World(self.doors.people, things)
