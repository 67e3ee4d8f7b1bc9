"""From a selection to practices by the database alone: what answers while no engine does."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, TruncDate

from practices.models import PRACTICE_TYPES, OrganisationPage, PracticePage
from practices.querysets import PracticeQuerySet
from practices.terms import FREE_TAGS, TermRow, carry, with_narrower
from search.params import OWNER, REGION, TAG, TERM_PARAMETERS, TYPE, SearchParams
from search.queries import plain_words

_MOST_WORDS = 10


def select_practices(params: SearchParams, user, terms: Iterable[TermRow]) -> PracticeQuerySet:
    """Return the practices of a selection that `user` may read, sorted as asked; a term includes its narrower terms."""
    pages = PracticePage.objects.visible_to(user)
    for word, is_excluded in plain_words(params.q)[:_MOST_WORDS]:
        has_word = Q(title__icontains=word) | Q(summary__icontains=word)
        pages = pages.exclude(has_word) if is_excluded else pages.filter(has_word)
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
            without_own = Q(projectprofilepage=None) | Q(projectprofilepage__region="")
            pages = pages.with_owner_path().filter(own | without_own & Exists(owners))
        else:
            scheme = FREE_TAGS if name == TAG else TERM_PARAMETERS[name]
            pages = pages.filter(carry(scheme, with_narrower(scheme, values, terms)))
    if params.years:
        pages = _overlapping(pages, *params.years)
    match params.sort:
        case "titel":
            return pages.order_by("title", "pk")
        case "geaendert":
            return pages.with_changed_at().order_by(F("changed_at").desc(nulls_last=True), "-pk")
    return pages.newest()


def _overlapping(pages: PracticeQuerySet, first: int | None, last: int | None) -> PracticeQuerySet:
    """Return practices whose span overlaps the years: that of the project or of the talk, else of their publication."""
    start, end = "projectprofilepage__start", "projectprofilepage__end"
    otherwise = ["recordingpage__date", TruncDate("first_published_at")]
    pages = pages.annotate(span_start=Coalesce(start, end, *otherwise), span_end=Coalesce(end, start, *otherwise))
    if first is not None:
        pages = pages.filter(span_end__year__gte=first)
    if last is not None:
        pages = pages.filter(span_start__year__lte=last)
    return pages
