"""Pages that somebody is working on: an import does not write over them."""

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q

from practices.exchange.problems import Problem
from practices.exchange.reader import Line
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
