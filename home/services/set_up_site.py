"""Lay the ground every installation needs: start page, practice section, editorial organisation, standard pages."""

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Page, Site, Workflow, WorkflowContentType

from feeds.models import NewsletterIntroduction
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
    _name_in_german()
    _allow_synonyms()
    _allow_newsletter()
    _allow_delivery()
    _allow_imports()


def _create_home() -> HomePage:
    """Replace the page a fresh Wagtail brings along."""
    root = Page.get_first_root_node()
    Page.objects.child_of(root).filter(slug="home").delete()
    root = Page.get_first_root_node()
    return root.add_child(instance=HomePage(title="Gute Praxis weitergeben", slug="start", lead=LEAD))


def _name_in_german() -> None:
    """Wagtail creates its groups and workflow with English names."""
    for model, english, german in (
        (Group, "Editors", "Redaktion"),
        (Group, "Moderators", "Freigabe"),
        (Workflow, "Moderators approval", "Freigabe"),
    ):
        model.objects.filter(name=english).update(name=german)


def _allow_synonyms() -> None:
    """Whoever edits learns from what is searched for, and may add the words people use."""
    permissions = Permission.objects.filter(content_type__app_label="search", content_type__model="synonymgroup")
    for group in Group.objects.filter(name__in=("Redaktion", "Freigabe")):
        group.permissions.add(*permissions)


def _allow_newsletter() -> None:
    """Whoever edits may write the introduction to the weekly digest; it goes online by the same review as pages."""
    permissions = Permission.objects.filter(
        content_type__app_label="feeds", content_type__model="newsletterintroduction"
    )
    for name, codenames in {
        "Redaktion": ("add", "change", "view"),
        "Freigabe": ("add", "change", "view", "delete", "publish", "lock", "unlock"),
    }.items():
        for group in Group.objects.filter(name=name):
            group.permissions.add(
                *permissions.filter(codename__in=[f"{codename}_newsletterintroduction" for codename in codenames])
            )
    review = Workflow.objects.filter(name="Freigabe").first()
    if review:
        content_type = ContentType.objects.get_for_model(NewsletterIntroduction)
        WorkflowContentType.objects.get_or_create(content_type=content_type, defaults={"workflow": review})


def _allow_delivery() -> None:
    """Whoever approves what goes online may also look at what goes out by mail, stop it and send it again."""
    permissions = Permission.objects.filter(
        content_type__app_label="feeds", codename__in=("view_digestrun", "change_digestrun")
    )
    for group in Group.objects.filter(name="Freigabe"):
        group.permissions.add(*permissions)


def _allow_imports() -> None:
    """Whoever approves what goes online may also put many pages online at once."""
    for group in Group.objects.filter(name="Freigabe"):
        group.permissions.add(*Permission.objects.filter(content_type__app_label="editing", codename="add_import"))
