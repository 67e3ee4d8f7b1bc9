"""What was changed: kinds of things by the tables that were written to, and what nobody may change whatever stands in a form."""

from collections.abc import Iterable

from django.apps import apps
from django.contrib.auth.models import Group, User
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page

from practices.models import SCHEMES, CreditedDocument, CreditedImage, CreditedMedia
from tests.editing.door_world import World

_KINDS = {
    "accounts": "auth_user account_emailaddress mfa_authenticator",
    "memberships": "auth_user_groups auth_user_user_permissions",
    "groups": "auth_group auth_group_permissions wagtailcore_grouppagepermission wagtailcore_groupcollectionpermission "
    "wagtailcore_groupsitepermission editing_organisationgroup",
    "workflows": "wagtailcore_workflow wagtailcore_task wagtailcore_workflowtask wagtailcore_workflowpage "
    "wagtailcore_workflowcontenttype editing_expertreviewtask editing_approvaltask wagtailcore_groupapprovaltask "
    "wagtailcore_groupapprovaltask_groups",
    "reviews": "wagtailcore_workflowstate wagtailcore_taskstate editing_reviewstate",
    "media": "practices_creditedimage practices_crediteddocument practices_creditedmedia",
    "uploads": "wagtailcore_uploadedfile",
    "collections": "wagtailcore_collection wagtailcore_collectionviewrestriction "
    "wagtailcore_collectionviewrestriction_groups practices_organisationcollection",
    "sites": "wagtailcore_site",
    "settings": "home_sitesettings",
    "redirects": "wagtailredirects_redirect",
    "terms": " ".join(model._meta.db_table for model in SCHEMES.values()) + " practices_cluster_cost_bearers",
    "programmes": "practices_fundingprogramme",
    "synonyms": "search_synonymgroup",
    "newsletters": "feeds_newsletterintroduction",
    "drafts": "wagtailcore_revision",
    "mails": "feeds_mail",
    "runs": "feeds_digestrun",
    "imports": "editing_import",
    "invitations": "editing_invitation editing_invitation_fields_of_action",
    "partner links": "editing_partnerlink",
    "restrictions": "wagtailcore_pageviewrestriction wagtailcore_pageviewrestriction_groups",
    "tags": "taggit_tag taggit_taggeditem",
    "own": "wagtailusers_userprofile wagtailadmin_editingsession wagtailcore_pagesubscription",
}
_KIND_OF = {table: kind for kind, tables in _KINDS.items() for table in tables.split()}
# Copies, counts, logs and sessions: they follow what was changed, or who looked.
_FOLLOWS = (
    *("django_session", "wagtailcore_modellogentry", "wagtailcore_pagelogentry", "wagtailcore_referenceindex"),
    *("wagtailsearch_", "practices_contentversion", "practices_contentchange", "practices_practicechange"),
    *("practices_creditedrendition", "practices_revisionfile"),
)
#: What looking at a page may write.
SEEN_BY_LOOKING = {"own"}


def kinds(tables: Iterable[str]) -> set[str]:
    """Return the kinds of things that rows of `tables` belong to; what is about a page and has no kind of its own is "pages"."""
    return {_KIND_OF.get(table, _rest(table)) for table in tables if not table.startswith(_FOLLOWS)}


def _rest(table: str) -> str:
    model = next((model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == table), None)
    return "pages" if model and model._meta.app_label in ("wagtailcore", "practices", "home") else table


#: Written to by a change that one of the guarded things could be part of.
GUARDED = {"accounts", "memberships", "groups", "pages", "drafts", "media"}


def guarded(letter: str, world: World) -> dict:
    """Return what `letter` may change by no form: rights of groups, accounts above theirs, and their own rights; and who
    neither edits nor administrates, no account of somebody else, no page online, nothing of others."""
    if letter == "S":
        return {}
    own = world.people[letter].pk if letter in world.people else 0
    untouched = {
        "groups": list(Group.objects.order_by("pk").values("pk", "name", "permissions")),
        "rights to pages": list(GroupPagePermission.objects.order_by("pk").values()),
        "rights to media": list(GroupCollectionPermission.objects.order_by("pk").values()),
        "who runs the platform": _rows(User.objects.filter(is_superuser=True)),
        "accounts above": _rows(User.objects.filter(pk__in=[world.things["above"].pk, world.things["superuser"].pk])),
        "own rights": list(
            User.objects.filter(pk=own).values_list("is_superuser", "is_active", "groups", "user_permissions")
        ),
    }
    return untouched if letter in "EA" else untouched | _of_others(letter, own, world)


def _of_others(letter: str, own: int, world: World) -> dict:
    others = User.objects.exclude(pk=own)
    place = {"C": "organisation", "D": "foreign_organisation"}.get(letter)
    pages = Page.objects.exclude(path__startswith=world.things[place].path) if place else Page.objects.all()
    media = {
        model.__name__: list(model.objects.exclude(uploaded_by_user=own).order_by("pk").values())
        for model in (CreditedImage, CreditedDocument, CreditedMedia)
    }
    return media | {
        "accounts of others": _rows(others),
        "pages of others": list(
            pages.order_by("pk").values_list("pk", "title", "live", "path", "owner", "latest_revision")
        ),
        "pages online": list(Page.objects.filter(live=True).order_by("pk").values_list("pk", "title", "slug")),
    }


def _rows(accounts) -> list:
    fields = [field.attname for field in User._meta.concrete_fields if field.name != "last_login"]
    return [*accounts.order_by("pk").values(*fields), *accounts.order_by("pk", "groups").values_list("pk", "groups")]
