"""Suggestions while somebody types: titles, terms, organisations and tags of practices the reader may see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.urls import reverse

from practices.cards import CARD_FIELDS
from practices.models import SCHEMES, OrganisationPage, PracticePage
from practices.terms import TermRow, readable_tags
from practices.visibility import visible_pages
from search.analysis.folding import fold
from search.analysis.tokens import clean_text, tokenise
from search.audience import readable_by
from search.engines import current_engine
from search.engines.protocol import AllOf, Beginning, EngineUnavailable, Node, Question, Term
from search.params import OWNER, TAG, TERM_PARAMETERS, SearchParams

MOST = 8
_MOST_OF_A_KIND = 3
_MOST_WORDS = 6
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`kind` is praxis, thema, organisation or schlagwort; `url` leads to it."""

    kind: str
    label: str
    url: str


def suggest(text: str, request, terms: Sequence[TermRow]) -> list[Suggestion]:
    """Return what begins with the words of `text`; every suggestion leads to a practice. Nothing where no engine answers."""
    words = [fold(token.form) for token in tokenise(clean_text(text[: 4 * 50]))][:_MOST_WORDS]
    if not words or len("".join(words)) < _SHORTEST:
        return []
    always = readable_by(request.user)
    try:
        names = current_engine().ask(
            Question(_begin("names", words), always, facets=(*TERM_PARAMETERS, OWNER, TAG), limit=0)
        )
        titles = current_engine().ask(Question(_begin("exact_title", words), always, sort="neu", limit=_MOST_OF_A_KIND))
    except EngineUnavailable:
        return []
    found: list[Suggestion] = []
    for kind in (
        _terms(words, names.counts, terms),
        _organisations(words, names.counts.get(OWNER, {}), request),
        _tags(words, names.counts.get(TAG, {}), request),
        _titles(words, [hit.page_id for hit in titles.hits], request),
    ):
        found += islice(kind, _MOST_OF_A_KIND)
    return found[:MOST]


def _begin(field: str, words: Sequence[str]) -> Node:
    """Return the documents in whose `field` each of `words` begins a word; what is shorter is one: SGB 2."""
    return AllOf(tuple(Beginning(field, word) if len(word) >= _SHORTEST else Term(field, word) for word in words))


def begins(label: str, words: Sequence[str]) -> bool:
    """Return whether each of `words` (folded) is the beginning of a word of `label`."""
    forms = [fold(token.form) for token in tokenise(clean_text(label))]
    return all(any(form.startswith(word) for form in forms) for word in words)


def _terms(words, counts, terms) -> Iterator[Suggestion]:
    for term in terms:
        if counts.get(SCHEMES[term.scheme].parameter, {}).get(term.key) and begins(term.label, words):
            yield Suggestion("thema", term.label, reverse("topic", args=[term.scheme, term.key]))


def _organisations(words, counts, request) -> Iterator[Suggestion]:
    pages = visible_pages(OrganisationPage.objects.filter(key__in=list(counts)), request.user)
    for page in pages.only("title", "slug", "url_path", "path", "live").order_by("title"):
        if begins(page.title, words):
            yield Suggestion("organisation", page.title, page.get_url(request))


def _tags(words, counts, request) -> Iterator[Suggestion]:
    for slug, name in readable_tags(counts, request.user).order_by("name").values_list("slug", "name"):
        if begins(name, words):
            address = SearchParams(filters={TAG: (slug,)}).to_query()
            yield Suggestion("schlagwort", name, f"{reverse('search')}?{address}")


def _titles(words, ids, request) -> Iterator[Suggestion]:
    for page in PracticePage.objects.visible_to(request.user).filter(pk__in=ids).newest().only(*CARD_FIELDS):
        if begins(page.title, words):
            yield Suggestion("praxis", page.title, page.get_url(request))
