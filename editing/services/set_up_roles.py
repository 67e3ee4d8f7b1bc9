"""Give every installation its roles: groups of Wagtail with what each of them may do."""

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.models import Collection, Page

from editing.models import OrganisationGroup
from editing.organisation_groups import allow_media_of, group_of
from editing.rights import allow_admin, allow_media, allow_pages
from editing.roles import ADMINISTRATORS, EDITORS, REVIEWERS
from practices.media_owners import common_collection
from practices.models import SCHEMES, OrganisationPage

FORMER_WRITERS = "Mitwirkende (alle Organisationen)"
# What Wagtail, and TransferHub before it had roles, called those who write and those who publish.
_FORMER = (("Editors", "Moderators"), ("Redaktion", "Freigabe"))
_PUBLISHING = ("add", "change", "publish", "lock", "unlock", "bulk_delete")
_KEEPING = ("add", "change", "choose")
_ALL = ("add", "change", "delete", "view")

# Rights on models by role: app, model, and what may be done with it.
_TELLING = {
    ("search", "synonymgroup"): _ALL,
    ("feeds", "newsletterintroduction"): (*_ALL, "publish", "lock", "unlock"),
    ("feeds", "digestrun"): ("view", "change"),
    ("editing", "import"): ("add",),
    ("practices", "fundingprogramme"): ("add", "change", "view"),
}
_RUNNING = {
    **_TELLING,
    **{("practices", model._meta.model_name): _ALL for model in SCHEMES.values()},
    ("practices", "fundingprogramme"): _ALL,
    ("home", "sitesettings"): ("change",),
    ("wagtailredirects", "redirect"): _ALL,
    ("wagtailcore", "workflow"): ("add", "change", "delete"),
    ("wagtailcore", "task"): ("add", "change", "delete"),
    ("auth", "user"): ("add", "change", "view"),
}


@transaction.atomic
def set_up_roles() -> None:
    """Create the groups that are missing and give each what its role may do; whatever it may do beyond that stays.

    Groups of installations from before there were roles are taken over with their members.
    """
    _take_over()
    root, collection = Page.get_first_root_node(), Collection.get_first_root_node()
    for name, models in ((REVIEWERS, {}), (EDITORS, _TELLING), (ADMINISTRATORS, _RUNNING)):
        group, _ = Group.objects.get_or_create(name=name)
        allow_admin(group)
        group.permissions.add(*_permissions(models))
        if name == REVIEWERS:
            allow_media(group, common_collection(), ("choose",))
        else:
            allow_pages(group, root, _PUBLISHING)
            allow_media(group, collection, _KEEPING)
    for organisation in OrganisationPage.objects.filter(contributors=None):
        group_of(organisation)
    for row in OrganisationGroup.objects.filter(organisation__media_collection=None):
        allow_media_of(row.group, row.organisation)


def _permissions(models: Mapping[tuple[str, str], Iterable[str]]) -> list[Permission]:
    wanted = Q()
    for (app, model), names in models.items():
        wanted |= Q(content_type__app_label=app, codename__in=[f"{name}_{model}" for name in names])
    return list(Permission.objects.filter(wanted)) if models else []


def _take_over() -> None:
    for writers, publishers in _FORMER:
        publishing = Group.objects.filter(name=publishers).first()
        if publishing is None:
            continue
        former = Group.objects.filter(name=writers).first()
        if former and former.user_set.exists():
            former.name = FORMER_WRITERS
            former.save()
        elif former:
            former.delete()
        publishing.name = EDITORS
        publishing.save()
