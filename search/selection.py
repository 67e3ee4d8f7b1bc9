"""From a selection to practices, by the database alone."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q

from practices.models import PRACTICE_TYPES, SCHEMES, OrganisationPage, PracticePage
from practices.querysets import PracticeQuerySet
from practices.terms import ASSIGNMENTS, FREE_TAGS, TermRow, with_broader
from search.params import OWNER, TAG, TERM_PARAMETERS, TYPE, SearchParams


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
        else:
            scheme = FREE_TAGS if name == TAG else TERM_PARAMETERS[name]
            pages = pages.filter(_carries(scheme, _with_narrower(scheme, values, terms)))
    return pages.order_by("title", "pk") if params.sort == "titel" else pages.newest()


def _carries(scheme: str, keys: set[str]) -> Exists:
    model, page, term = ASSIGNMENTS[scheme]
    return Exists(model._default_manager.filter(**{page: OuterRef("pk"), f"{term}__slug__in": keys}))


def _with_narrower(scheme: str, keys: Iterable[str], terms: Iterable[TermRow]) -> set[str]:
    wanted = set(keys)
    if scheme not in SCHEMES:
        return wanted
    return wanted | {key for of, key, broader in with_broader(terms) if of == scheme and broader in wanted}
