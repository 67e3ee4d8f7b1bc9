"""The four roles, as groups of Wagtail, and who has them.

Contributors belong to the group of their organisation and write below it; expert reviewers check and comment; editors
publish; administrators take care of vocabularies, accounts and settings.
"""

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from practices.models import FieldOfAction, PracticePage

REVIEWERS = "Fachprüfung"
EDITORS = "Redaktion"
ADMINISTRATORS = "Verwaltung"

_EVERYTHING = Q(review_scope=None) | Q(review_scope__fields_of_action=None)


def has_role(user, *names: str) -> bool:
    """Return whether `user` is active and belongs to one of the groups `names`; superusers have every role.

    The groups are asked for once and kept with `user`, as Django keeps permissions: pages of the admin ask a dozen times.
    """
    if not user.is_active or user.is_superuser:
        return user.is_active
    return not _groups_of(user).keys().isdisjoint(names)


def contributes(user) -> bool:
    """Return whether `user` belongs to the group of an organisation."""
    return any(_groups_of(user).values())


def _groups_of(user) -> dict[str, bool]:
    """Return the names of the groups of `user`, and of each whether it is that of an organisation."""
    if not hasattr(user, "_role_groups"):
        groups = user.groups.values_list("name", "organisation_group")
        user._role_groups = {name: organisation is not None for name, organisation in groups}
    return user._role_groups


def editors() -> QuerySet:
    """Return the active accounts that publish."""
    return get_user_model().objects.filter(is_active=True, groups__name=EDITORS).distinct()


def reviewers() -> QuerySet:
    """Return the active expert reviewers."""
    return get_user_model().objects.filter(is_active=True, groups__name=REVIEWERS).distinct()


def reviewers_for(page: PracticePage) -> QuerySet:
    """Return the active expert reviewers of one of `page`'s fields of action, and those who review everything."""
    fields = [term.pk for term in page.fields_of_action.all()]
    return reviewers().filter(_EVERYTHING | Q(review_scope__fields_of_action__in=fields))


def not_reviewed_by(people: QuerySet) -> QuerySet[PracticePage]:
    """Return the practices for which none of the reviewers `people` is asked."""
    if people.filter(_EVERYTHING).exists():
        return PracticePage.objects.none()
    fields = FieldOfAction.objects.filter(review_scopes__user__in=people)
    return PracticePage.objects.exclude(pk__in=PracticePage.objects.filter(fields_of_action__in=fields))
