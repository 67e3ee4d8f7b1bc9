"""The search page and the topics: every list is the presentation of a selection."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from practices.models import SCHEMES
from practices.terms import TermRow, all_terms
from search.find import count_terms, find
from search.params import SearchParams
from search.presenters import results_context, search_context
from search.statistics import note_search


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """List the practices of the selection in the query string."""
    terms = all_terms()
    params = SearchParams.parse(request.GET).with_current_keys(terms)
    found = find(params, request.user, terms)
    if not found.is_reduced:
        note_search(params, was_found=bool(found.total) and found.correction is None)
    return render(request, "search/search.html", search_context(params, found, terms, request))


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """List every vocabulary with its terms and how often each is used."""
    return render(request, "search/topics.html", {"schemes": _schemes(list(SCHEMES), request.user)})


@require_safe
def scheme(request: HttpRequest, scheme: str) -> HttpResponse:
    """List one vocabulary."""
    if scheme not in SCHEMES:
        raise Http404
    return render(request, "search/scheme.html", {"scheme": _schemes([scheme], request.user)[0]})


@require_safe
def topic(request: HttpRequest, scheme: str, key: str) -> HttpResponse:
    """Show a term with its practices; a merged term leads to its successor for good."""
    if scheme not in SCHEMES:
        raise Http404
    term = SCHEMES[scheme].objects.select_related("broader", "merged_into").filter(slug=key).first()
    if term is None:
        raise Http404
    if term.merged_into:
        return redirect("topic", scheme=scheme, key=term.merged_into.slug, permanent=True)
    terms = all_terms()
    params = SearchParams.for_term(scheme, key, SearchParams.parse(request.GET).page)
    found = find(params, request.user, terms, facets=())
    context = results_context(params, found, request) | {
        "term": term,
        "scheme_label": SCHEMES[scheme]._meta.verbose_name_plural,
        "narrower": [other for other in terms if other.scheme == scheme and other.broader == key],
        "cost_bearers": term.cost_bearers.current() if scheme == "cluster" else [],
    }
    return render(request, "search/topic.html", context)


def _schemes(names: list[str], user) -> list[dict]:
    terms = all_terms()
    counts = count_terms(user, terms)
    return [
        {
            "key": name,
            "label": SCHEMES[name]._meta.verbose_name_plural,
            "terms": [
                (term, counts.get((name, term.key), 0), _narrower(term, terms, counts))
                for term in terms
                if term.scheme == name and term.broader is None
            ],
        }
        for name in names
    ]


def _narrower(term: TermRow, terms: list[TermRow], counts: dict) -> list[tuple[TermRow, int]]:
    return [
        (other, counts.get((other.scheme, other.key), 0))
        for other in terms
        if other.scheme == term.scheme and other.broader == term.key
    ]
