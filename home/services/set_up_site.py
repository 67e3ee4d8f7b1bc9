"""Lay the ground every installation needs: start page, practice section, editorial organisation, standard pages."""

from django.conf import settings
from django.db import transaction
from wagtail.models import Collection, Page, Site

from home.models import HomePage, SiteSettings, StandardPage
from home.standard_texts import STANDARD_PAGES
from practices.models import OrganisationPage, PracticeIndexPage

LEAD = (
    "Was Projekte der Freien Wohlfahrtspflege gelernt haben: wer was für wen getan hat, wer es bezahlt, "
    "was gelungen ist und was nicht – damit andere es übernehmen können."
)


@transaction.atomic
def set_up_site(hostname: str = "localhost", port: int = 80) -> None:
    """Create what is missing; whatever exists stays as it is, except that the site's address follows the arguments."""
    _name_roots()
    home = HomePage.objects.first() or _create_home()
    site, _ = Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": hostname, "port": port, "root_page": home, "site_name": settings.WAGTAIL_SITE_NAME},
    )
    SiteSettings.for_site(site)
    index = PracticeIndexPage.objects.first() or home.add_child(
        instance=PracticeIndexPage(title="Praxis", slug="praxis")
    )
    if not OrganisationPage.objects.filter(is_editorial=True).exists():
        index.add_child(
            instance=OrganisationPage(
                title="Redaktion TransferHub",
                slug="redaktion",
                key="redaktion",
                summary="Werkzeuge und Erkenntnisse, die keiner einzelnen Organisation gehören, pflegt die Redaktion.",
                is_editorial=True,
            )
        )
    for slug, (title, intro, body) in STANDARD_PAGES.items():
        if not StandardPage.objects.filter(slug=slug).exists():
            home.add_child(instance=StandardPage(title=title, slug=slug, intro=intro, body=body))


def _name_roots() -> None:
    """Give the roots that every list starts from a German name, unless they have another one already."""
    Page.objects.filter(depth=1, title="Root").update(title="Alle Seiten", draft_title="Alle Seiten")
    Collection.objects.filter(depth=1, name="Root").update(name="Alle Dateien")


def _create_home() -> HomePage:
    """Replace the page a fresh Wagtail brings along."""
    root = Page.get_first_root_node()
    Page.objects.child_of(root).filter(slug="home").delete()
    root = Page.get_first_root_node()
    return root.add_child(instance=HomePage(title="Gute Praxis weitergeben", slug="start", lead=LEAD))
