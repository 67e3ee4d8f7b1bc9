"""From a selection to practices by the database alone: what answers while no engine does."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, OuterRef, Q

from practices.models import PRACTICE_TYPES, OrganisationPage, PracticePage
from practices.querysets import PracticeQuerySet
from practices.terms import FREE_TAGS, TermRow, carry, with_narrower
from search.params import OWNER, REGION, TAG, TERM_PARAMETERS, TYPE, SearchParams


def select_practices(params: SearchParams, user, terms: Iterable[TermRow]) -> PracticeQuerySet:
    """Return the practices of a selection that `user` may read, sorted as asked; a term includes its narrower terms."""
    pages = PracticePage.objects.visible_to(user)
    for word in params.q.split()[:10]:
        pages = pages.filter(Q(title__icontains=word) | Q(summary__icontains=word))
    for name, values in params.filters.items():
        if name == TYPE:
            models = [PRACTICE_TYPES[value] for value in values if value in PRACTICE_TYPES]
            pages = pages.filter(content_type__in=ContentType.objects.get_for_models(*models).values())
        elif name == OWNER:
            owners = OrganisationPage.objects.filter(key__in=values, path=OuterRef("owner_path"))
            pages = pages.with_owner_path().filter(Exists(owners))
        elif name == REGION:
            owners = OrganisationPage.objects.filter(region__in=values, path=OuterRef("owner_path"))
            own = Q(projectprofilepage__region__in=values)
            pages = pages.with_owner_path().filter(own | Exists(owners))
        else:
            scheme = FREE_TAGS if name == TAG else TERM_PARAMETERS[name]
            pages = pages.filter(carry(scheme, with_narrower(scheme, values, terms)))
    if params.years:
        pages = pages.filter(_overlaps(*params.years))
    match params.sort:
        case "titel":
            return pages.order_by("title", "pk")
        case "geaendert":
            return pages.with_changed_at().order_by(F("changed_at").desc(nulls_last=True), "-pk")
    return pages.newest()


def _overlaps(first: int | None, last: int | None) -> Q:
    """Projects that end before or begin after the years asked for are left out; other practice has no span."""
    overlaps = Q()
    if first:
        overlaps &= Q(projectprofilepage__end=None) | Q(projectprofilepage__end__year__gte=first)
    if last:
        overlaps &= Q(projectprofilepage__start=None) | Q(projectprofilepage__start__year__lte=last)
    return overlaps
