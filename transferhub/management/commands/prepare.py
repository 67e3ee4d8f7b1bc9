"""Bring a data folder to the state `make run` promises."""

import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand

from practices.models import OrganisationPage

EXAMPLE = settings.BASE_DIR / "practices" / "example" / "content.jsonl"
DEMO_ACCOUNTS = (("verwaltung", "Administration", None), ("redaktion", "Redaktion", "Freigabe"))


class Command(BaseCommand):
    help = "Lädt Vokabulare, Synonyme, Grundseiten und – einmalig – Beispielinhalte und Vorführ-Zugänge; baut den Suchindex."

    def handle(self, *args, **options) -> None:
        call_command("load_terms", verbosity=0, stdout=self.stdout)
        call_command("set_up_site", stdout=self.stdout)
        call_command("load_synonyms", stdout=self.stdout)
        # Before the example content: its import brings the index up to date by itself, but needs one to be there.
        call_command("search_rebuild", if_needed=True, stdout=self.stdout)
        if not OrganisationPage.objects.filter(is_editorial=False).exists() and EXAMPLE.exists():
            call_command("import_practices", str(EXAMPLE), publish=True, stdout=self.stdout)
        if not get_user_model().objects.exists():
            self._create_demo_accounts()

    def _create_demo_accounts(self) -> None:
        """Create an administrator and an editor; their passwords are shown now and stored only as hashes."""
        self.stdout.write("\n  Demo accounts (shown this once):")
        for name, role, group in DEMO_ACCOUNTS:
            password = secrets.token_urlsafe(12)
            users = get_user_model().objects
            if group is None:
                users.create_superuser(name, password=password, first_name=role)
            else:
                users.create_user(name, password=password, first_name=role).groups.add(Group.objects.get(name=group))
            self.stdout.write(f"    {name:<12} {password}")
        self.stdout.write("")
