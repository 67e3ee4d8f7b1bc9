"""The read API: what the pages show, for programs. Its parameters are those of /suche/."""

from datetime import date, datetime

from django.http import Http404, HttpRequest
from django.urls import reverse
from ninja import NinjaAPI, Schema
from wagtail.rich_text import expand_db_html

from practices.cards import make_cards
from practices.models import SCHEMES, OrganisationPage, PracticePage
from practices.terms import TermRef, all_terms, terms_of
from practices.visibility import visible_pages
from search.documents import BODY_FIELDS
from search.facets import Labels
from search.find import count_terms, find
from search.params import FILTERS, FROM, SORTS, TO, SearchParams
from search.presenters import HitCard, hit_cards, notice, present_facets
from search.suggestions import suggest

api = NinjaAPI(
    title="TransferHub",
    version="1",
    urls_namespace="api-1",
    description="Praxis der Freien Wohlfahrtspflege: Suche, Praxis, Organisationen und Vokabulare, nur lesend.",
)


def _parameter(name: str, description: str, schema: dict) -> dict:
    return {"in": "query", "name": name, "required": False, "description": description, "schema": schema}


PARAMETERS = [
    _parameter("q", 'Wörter; "…" für Wortgruppen, -Wort schließt aus, Wort* für Wortanfänge', {"type": "string"}),
    *(
        _parameter(name, "Mehrfach angegeben: eines davon", {"type": "array", "items": {"type": "string"}})
        for name in FILTERS
    ),
    _parameter(FROM, "Ab diesem Jahr", {"type": "integer"}),
    _parameter(TO, "Bis zu diesem Jahr", {"type": "integer"}),
    _parameter("sort", "Reihenfolge", {"type": "string", "enum": list(SORTS)}),
    _parameter("seite", "Seite, ab 1", {"type": "integer"}),
    _parameter("anzahl", "Treffer auf einer Seite, höchstens 100", {"type": "integer"}),
]


class PassageOut(Schema):
    kind: str
    label: str
    url: str
    snippet: str


class HitOut(Schema):
    key: str
    type: str
    title: str
    url: str
    summary: str
    organisation: str | None
    score: float
    highlights: list[str]
    passages: list[PassageOut]
    last_published: datetime | None


class FacetValueOut(Schema):
    key: str
    label: str
    count: int
    selected: bool


class SearchOut(Schema):
    total: int
    took_ms: float
    engine: str
    suggestion: str | None
    hint: str | None
    hits: list[HitOut]
    facets: dict[str, list[FacetValueOut]]
    next: str | None


class PracticeOut(Schema):
    key: str
    type: str
    title: str
    url: str
    summary: str
    organisation: str | None
    published: datetime | None
    last_published: datetime | None
    terms: dict[str, list[str]]


class PracticePageOut(Schema):
    total: int
    items: list[PracticeOut]
    next: str | None


class DetailOut(PracticeOut):
    easy_summary: str
    licence: str
    last_confirmed: date | None
    texts: dict[str, str]


class OrganisationOut(Schema):
    key: str
    title: str
    url: str
    summary: str
    place: str
    region: str


class TermOut(Schema):
    key: str
    label: str
    notation: str
    broader: str | None
    url: str
    count: int


class VocabularyOut(Schema):
    scheme: str
    parameter: str
    label: str
    terms: list[TermOut]


class SuggestionOut(Schema):
    kind: str
    label: str
    url: str


class SuggestionsOut(Schema):
    suggestions: list[SuggestionOut]


@api.get("/suche", response=SearchOut, summary="Suchen und filtern", openapi_extra={"parameters": PARAMETERS})
def search(request: HttpRequest):
    """Return one page of the selection in the query string, with counts for every facet."""
    terms = all_terms()
    params = SearchParams.parse(request.GET).with_current_keys(terms)
    found = find(params, request.user, terms)
    facets = present_facets(params, found, Labels(terms, request.user))
    cards = hit_cards(found, request)
    hint = notice(params, found, facets)
    return {
        "total": found.total,
        "took_ms": found.took_ms,
        "engine": found.engine,
        "suggestion": found.correction or found.meant,
        "hint": hint.text if hint else None,
        "hits": [_hit(card, hit.score, hit.page, request) for card, hit in zip(cards, found.hits, strict=True)],
        "facets": {
            facet.name: [
                {"key": option.value, "label": option.label, "count": option.count, "selected": option.selected}
                for option in facet.all_options()
            ]
            for facet in facets
            if facet.kind == "choices"
        },
        "next": _next(request, "search", params, found.reachable),
    }


@api.get("/praxis", response=PracticePageOut, summary="Praxis auflisten", openapi_extra={"parameters": PARAMETERS})
def practices(request: HttpRequest):
    """Return the practices of the selection in the query string, in its order, without words marked."""
    terms = all_terms()
    params = SearchParams.parse(request.GET).with_current_keys(terms)
    found = find(params, request.user, terms, facets=())
    pages = [hit.page for hit in found.hits]
    return {
        "total": found.total,
        "items": _practices(pages, request),
        "next": _next(request, "practices", params, found.reachable),
    }


@api.get("/praxis/{key}", response=DetailOut, summary="Eine Praxis")
def practice(request: HttpRequest, key: str):
    """Return one practice with its texts as HTML."""
    if "\x00" in key:  # which PostgreSQL refuses to look for
        raise Http404
    page = PracticePage.objects.visible_to(request.user).filter(key=key).first()
    if page is None:
        raise Http404
    specific = page.specific
    return _practices([page], request)[0] | {
        "easy_summary": specific.easy_summary,
        "licence": specific.licence,
        "last_confirmed": specific.last_confirmed,
        "texts": {
            name: expand_db_html(getattr(specific, name))
            for name in BODY_FIELDS[specific.type_key]
            if getattr(specific, name)
        },
    }


@api.get("/organisationen", response=list[OrganisationOut], summary="Organisationen")
def organisations(request: HttpRequest):
    """Return every organisation."""
    pages = visible_pages(OrganisationPage.objects.all(), request.user).order_by("title")
    return [
        {
            "key": page.key,
            "title": page.title,
            "url": request.build_absolute_uri(page.get_url(request)),
            "summary": page.summary,
            "place": page.place,
            "region": page.region,
        }
        for page in pages
    ]


@api.get("/vokabulare", response=list[VocabularyOut], summary="Vokabulare mit allen Begriffen")
def vocabularies(request: HttpRequest):
    """Return every vocabulary with its terms and how many practices each has."""
    terms = all_terms()
    counts = count_terms(request.user, terms)
    return [
        {
            "scheme": scheme,
            "parameter": model.parameter,
            "label": str(model._meta.verbose_name_plural),
            "terms": [
                {
                    "key": term.key,
                    "label": term.label,
                    "notation": term.notation,
                    "broader": term.broader,
                    "url": request.build_absolute_uri(reverse("topic", args=[scheme, term.key])),
                    "count": counts.get((scheme, term.key), 0),
                }
                for term in terms
                if term.scheme == scheme
            ],
        }
        for scheme, model in SCHEMES.items()
    ]


@api.get("/vorschlaege", response=SuggestionsOut, summary="Vorschläge beim Tippen")
def suggestions(request: HttpRequest, q: str = ""):
    """Return what begins with the words of `q`."""
    found = suggest(q, request, all_terms())
    return {"suggestions": [{"kind": item.kind, "label": item.label, "url": item.url} for item in found]}


def _hit(card: HitCard, score: float, page: PracticePage, request: HttpRequest) -> dict:
    return {
        "key": page.key,
        "type": card.type_key,
        "title": card.title,
        "url": request.build_absolute_uri(card.url),
        "summary": card.summary,
        "organisation": card.organisation and card.organisation.title,
        "score": round(score, 4),
        "highlights": [str(highlight) for highlight in (card.title_html, *card.highlights) if "<mark>" in highlight],
        "passages": [
            {
                "kind": passage.kind,
                "label": passage.label,
                "url": request.build_absolute_uri(passage.url),
                "snippet": str(passage.snippet),
            }
            for passage in card.passages
        ],
        "last_published": page.last_published_at,
    }


def _practices(pages: list[PracticePage], request: HttpRequest) -> list[dict]:
    cards = make_cards(pages, request, with_terms=False)
    terms = terms_of([page.pk for page in pages])
    return [
        {
            "key": page.key,
            "type": card.type_key,
            "title": page.title,
            "url": request.build_absolute_uri(card.url),
            "summary": page.summary,
            "organisation": card.organisation and card.organisation.title,
            "published": page.first_published_at,
            "last_published": page.last_published_at,
            "terms": _by_scheme(terms.get(page.pk, [])),
        }
        for page, card in zip(pages, cards, strict=True)
    ]


def _by_scheme(terms: list[TermRef]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for term in terms:
        found.setdefault(term.scheme, []).append(term.key)
    return found


def _next(request: HttpRequest, name: str, params: SearchParams, reachable: int) -> str | None:
    if params.page * params.per_page >= reachable:
        return None
    query = params.on_page(params.page + 1).to_query()
    return request.build_absolute_uri(f"{reverse(f'api-1:{name}')}?{query}")
