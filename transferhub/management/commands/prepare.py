"""Bring a data folder to the state `make run` promises."""

import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand

from editing.models import OrganisationGroup
from editing.roles import EDITORS, REVIEWERS
from practices.models import OrganisationPage

EXAMPLE = settings.BASE_DIR / "practices" / "example" / "content.jsonl"


class Command(BaseCommand):
    help = "Lädt Vokabulare, Synonyme, Grundseiten und – einmalig – Beispielinhalte und Vorführ-Zugänge; baut den Suchindex."

    def handle(self, *args, **options) -> None:
        call_command("load_terms", verbosity=0, stdout=self.stdout)
        call_command("set_up_site", stdout=self.stdout)
        call_command("set_up_roles", stdout=self.stdout)
        call_command("load_synonyms", stdout=self.stdout)
        # Before the example content: its import brings the index up to date by itself, but needs one to be there.
        call_command("search_rebuild", if_needed=True, stdout=self.stdout)
        if not OrganisationPage.objects.filter(is_editorial=False).exists() and EXAMPLE.exists():
            call_command("import_practices", str(EXAMPLE), publish=True, stdout=self.stdout)
        if not get_user_model().objects.exists():
            self._create_demo_accounts()

    def _create_demo_accounts(self) -> None:
        """Create an account for each role; their passwords are shown now and stored only as hashes."""
        self.stdout.write("\n  Demo accounts (shown this once):")
        users = get_user_model().objects
        for name, role, group in demo_accounts():
            password = secrets.token_urlsafe(12)
            if group is None:
                users.create_superuser(name, password=password, first_name=role)
            else:
                users.create_user(name, password=password, first_name=role).groups.add(group)
            self.stdout.write(f"    {name:<14} {password}  {group or 'alle Rechte'}")
        self.stdout.write("")


def demo_accounts() -> list[tuple[str, str, Group | None]]:
    """Return the name, the first name and the group of each demo account; the one without a group has every right."""
    accounts: list[tuple[str, str, Group | None]] = [
        ("verwaltung", "Administration", None),
        ("redaktion", "Redaktion", Group.objects.get(name=EDITORS)),
        ("fachpruefung", "Fachprüfung", Group.objects.get(name=REVIEWERS)),
    ]
    owner = OrganisationGroup.objects.filter(organisation__is_editorial=False).order_by("organisation__title").first()
    return [*accounts, ("mitwirkung", "Mitwirkung", owner.group)] if owner else accounts
