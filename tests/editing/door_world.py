"""A small platform with one of everything that an address of the admin may be about, and somebody of each role.

Letters are those of the matrix of rights: C contributes to the organisation that owns what is here, D to another one; R reviews,
E edits, A administrates, S runs the platform, N is signed in without a role, "-" is not signed in.
"""

from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model

from editing.organisation_groups import group_of
from editing.roles import ADMINISTRATORS, EDITORS, REVIEWERS
from practices.services.find_pages import practice_index
from tests.editing.door_things import things_of_media, things_of_pages, things_of_the_platform
from tests.editing.signing_in import person
from tests.factories import OrganisationFactory

ROLES = "-NCDREAS"


@dataclass
class World:
    """What there is: people by the letter of their role, everything else by name."""

    people: dict[str, User]
    things: dict[str, Model] = field(default_factory=dict)

    def key(self, name: str, letter: str) -> str:
        """Return the key of a thing as an address has it; "self" is who visits."""
        if name == "self":
            return str(self.people[letter].pk if letter in self.people else 0)
        return str((self.things.get(name) or self.term("practices", name)).pk)

    def term(self, app: str, model: str) -> Model:
        """Return one row of a vocabulary, or of whatever else is edited as a snippet."""
        return apps.get_model(app, model)._default_manager.order_by("pk").first()


def build_world() -> World:
    """Make everything; to be called in a transaction that is taken back."""
    section = practice_index()
    own = OrganisationFactory(parent=section, title="Nord")
    foreign = OrganisationFactory(parent=section, title="Süd")
    world = World(_people(own, foreign))
    author = world.people["C"]
    world.things |= {"organisation": own, "foreign_organisation": foreign}
    world.things |= things_of_pages(own, author) | _accounts() | things_of_media(own, author)
    world.things |= things_of_the_platform(world.people, own)
    return world


def _people(own, foreign) -> dict[str, User]:
    roles = {"R": REVIEWERS, "E": EDITORS, "A": ADMINISTRATORS}
    people = {letter: person(f"rolle-{letter}", *[roles[letter]] if letter in roles else []) for letter in "NCDREA"}
    people["C"].groups.add(group_of(own))
    people["D"].groups.add(group_of(foreign))
    people["S"] = person("rolle-S", is_superuser=True)
    return people


def _accounts() -> dict[str, Model]:
    """Somebody without a role, somebody who may do more than administrators, and somebody who runs the platform."""
    technicians = Group.objects.create(name="Technik")
    technicians.permissions.add(*Permission.objects.filter(codename__in=["change_site", "change_group"]))
    accounts = {
        "other": person("andere", REVIEWERS),
        "above": person("technik", "Technik"),
        "superuser": person("chefin", is_superuser=True),
    }
    for account in accounts.values():
        Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return {**accounts, "group": technicians, "editors": Group.objects.get(name=EDITORS)}
