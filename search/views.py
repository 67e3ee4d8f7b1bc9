"""The search page and the topics: every list is the presentation of a selection."""

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from practices.cards import CARD_FIELDS, make_cards
from practices.models import PRACTICE_TYPES, SCHEMES, PracticePage
from practices.terms import TermRow, all_terms, usage_counts
from search.params import TYPE, SearchParams
from search.selection import select_practices

PER_PAGE = 20
SORT_LABELS = {"neu": "Neueste", "titel": "Titel"}


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """List the practices of the selection in the query string."""
    params = SearchParams.parse(request.GET)
    terms = all_terms()
    context = _results(params, terms, request) | {
        "params": params,
        "types": [
            (key, model._meta.verbose_name_plural, key in params.filters.get(TYPE, ()))
            for key, model in PRACTICE_TYPES.items()
        ],
        "kept": [(name, value) for name, value in params.pairs() if name != TYPE],
        "sorts": [
            (label, f"?{params.sorted_by(sort).to_query()}", params.sort == sort) for sort, label in SORT_LABELS.items()
        ],
        "chips": _chips(params, terms),
    }
    return render(request, "search/search.html", context)


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """List every vocabulary with its terms and how often each is used."""
    return render(request, "search/topics.html", {"schemes": _schemes(list(SCHEMES), all_terms(), request.user)})


@require_safe
def scheme(request: HttpRequest, scheme: str) -> HttpResponse:
    """List one vocabulary."""
    if scheme not in SCHEMES:
        raise Http404
    return render(request, "search/scheme.html", {"scheme": _schemes([scheme], all_terms(), request.user)[0]})


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
    context = _results(params, terms, request) | {
        "term": term,
        "scheme_label": SCHEMES[scheme]._meta.verbose_name_plural,
        "narrower": [other for other in terms if other.scheme == scheme and other.broader == key],
        "cost_bearers": term.cost_bearers.current() if scheme == "cluster" else [],
        "search_query": params.on_page(1).to_query(),
    }
    return render(request, "search/topic.html", context)


def _results(params: SearchParams, terms: list[TermRow], request: HttpRequest) -> dict:
    """Return the context every list of results shares; a page beyond the last one shows the last one."""
    pages = select_practices(params, request.user, terms).only(*CARD_FIELDS)
    page: Page = Paginator(pages, PER_PAGE).get_page(params.page)
    return {
        "results_page": page,
        "cards": make_cards(page.object_list, request),
        "total": page.paginator.count,
        "previous": f"?{params.on_page(page.number - 1).to_query()}" if page.has_previous() else None,
        "next": f"?{params.on_page(page.number + 1).to_query()}" if page.has_next() else None,
    }


def _schemes(names: list[str], terms: list[TermRow], user) -> list[dict]:
    counts = usage_counts(PracticePage.objects.visible_to(user), terms)
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


def _chips(params: SearchParams, terms: list[TermRow]) -> list[dict]:
    """Return the selected filters, each with the address of the selection without it."""
    labels = {(SCHEMES[term.scheme].parameter, term.key): term.label for term in terms}
    labels |= {(TYPE, key): model.type_label for key, model in PRACTICE_TYPES.items()}
    return [
        {"label": labels.get((name, value), value), "remove": f"?{params.without(name, value).to_query()}"}
        for name, value in params.pairs()
    ]
