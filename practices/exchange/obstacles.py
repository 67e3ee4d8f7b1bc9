"""What speaks against a line though it is right: somebody works on its page, or readers would hardly find it."""

from collections.abc import Container

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q

from practices.completeness import REQUIRED_TERMS
from practices.exchange.problems import Problem
from practices.exchange.reader import Line
from practices.exchange.schema import Practice
from practices.models import OrganisationPage, PracticePage
from practices.services.pages_at_work import busy_pages, is_locked_by_others

_WAIT = "Bitte warten Sie, bis das erledigt ist, oder nehmen Sie die Zeile heraus."
_BUSY = f"Diese Seite wird gerade geprüft, oder ihre Veröffentlichung ist geplant. {_WAIT}"
_LOCKED = f"Diese Seite hat jemand für andere gesperrt. {_WAIT}"
_DRAFT = (
    "Diese Seite hat einen Entwurf, der noch nicht veröffentlicht ist; er ginge verloren. Bitte veröffentlichen Sie ihn "
    "zuerst, oder lesen Sie die Datei als Entwurf ein."
)


def find_obstacles(lines: list[Line], publish: bool, user: AbstractBaseUser | None) -> list[Problem]:
    """Return a problem for each of `lines` whose page somebody is at, so that `user` may not write over it.

    With `publish`, drafts of live pages are in the way as well: what is published is the page that readers see, changed.
    """
    reasons = _reasons(publish, user)
    return [Problem(line.number, "key", reasons[line.record.key]) for line in lines if line.record.key in reasons]


def find_gaps(lines: list[Line], known: Container[str]) -> list[Problem]:
    """Return a warning for each term that those of `lines` lack which would be published; the form asks for it.

    `known` are the keys of the pages there are: they keep what a line says nothing about.
    """
    return [
        Problem(line.number, hint.field, f"Fehlt zum Finden: {hint.text}", is_warning=True)
        for line in lines
        if isinstance(line.record, Practice)
        for hint in REQUIRED_TERMS
        if not getattr(line.record, hint.field) and not (hint.field in line.kept and line.record.key in known)
    ]


def _reasons(publish: bool, user: AbstractBaseUser | None) -> dict[str, str]:
    """Return by key why a page is to be left alone; few are, so their number is not bounded."""
    busy, reasons = busy_pages(), {}
    drafted = Q(live=True, has_unpublished_changes=True) if publish else Q()
    for model in (OrganisationPage, PracticePage):
        for page in model.objects.filter(Q(locked=True) | Q(pk__in=busy) | drafted):
            if page.pk in busy:
                reasons[page.key] = _BUSY
            elif is_locked_by_others(page, user):
                reasons[page.key] = _LOCKED
            elif publish and page.live and page.has_unpublished_changes:
                reasons[page.key] = _DRAFT
    return reasons
