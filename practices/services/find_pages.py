"""The two fixed points of the page tree."""

from practices.models import OrganisationPage, PracticeIndexPage


class SiteIncomplete(LookupError):
    """A page every other page depends on is missing."""


def practice_index() -> PracticeIndexPage:
    """Return the section all organisations live in; raises SiteIncomplete with the remedy where it is missing."""
    index = PracticeIndexPage.objects.first()
    if index is None:
        raise SiteIncomplete("Der Praxisbereich fehlt. Bitte rufen Sie zuerst „manage.py set_up_site“ auf.")
    return index


def editorial_organisation() -> OrganisationPage:
    """Return the organisation that owns what belongs to none; raises SiteIncomplete with the remedy where it is missing."""
    organisation = OrganisationPage.objects.filter(is_editorial=True).first()
    if organisation is None:
        raise SiteIncomplete(
            "Die redaktionelle Organisation fehlt. Bitte rufen Sie „manage.py set_up_site“ auf oder kreuzen Sie bei einer "
            "Organisation „Redaktion dieser Plattform“ an."
        )
    return organisation
