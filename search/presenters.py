"""What the search page and the topic pages show of a selection and its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.safestring import SafeString

from practices.cards import PracticeCard, make_cards
from practices.terms import TermRow
from search.facets import FACETS, Labels, PresentedFacet
from search.find import Found, Hit
from search.highlights import best_passages, excerpts, find_spots, mark
from search.lexicon import LEXICON
from search.params import SearchParams
from search.ways_on import ways_on

SORT_LABELS = {"relevanz": "Beste Treffer", "neu": "Neueste", "geaendert": "Zuletzt geändert", "titel": "Titel"}
_PAGES_BESIDE = 2


@dataclass(frozen=True, slots=True)
class Passage:
    """A place within something attached to a practice, here a moment of a recording."""

    kind: str
    label: str
    url: str
    snippet: SafeString


@dataclass(frozen=True, slots=True)
class HitCard(PracticeCard):
    """A practice as a list of hits shows it: with the words that were found."""

    title_html: SafeString | str = ""
    highlights: Sequence[SafeString] = ()
    passages: Sequence[Passage] = ()


def hit_cards(found: Found, request: HttpRequest) -> list[HitCard]:
    """Return a card for each hit, in order."""
    cards = make_cards([hit.page for hit in found.hits], request)
    if found.marks:
        texts = (hit.source[zone] for hit in found.hits if hit.source for zone in ("title", "summary", "body"))
        LEXICON.learn_texts(texts, store=False)
    return [_hit_card(card, hit, found.marks) for card, hit in zip(cards, found.hits, strict=True)]


def _hit_card(card: PracticeCard, hit: Hit, marks: Mapping[str, float]) -> HitCard:
    known = {entry.name: getattr(card, entry.name) for entry in fields(card)}
    if not marks or not hit.source:
        return HitCard(**known, title_html=card.title)
    title, summary = hit.source["title"], hit.source["summary"]
    return HitCard(
        **known,
        title_html=mark(title, find_spots(title, marks)),
        highlights=excerpts(f"{summary}\n{hit.source['body']}", marks),
        passages=[
            Passage("minute", f"ab {start // 60}:{start % 60:02d} Min.", f"{card.url}#t={start}", snippet)
            for start, snippet in best_passages(hit.source["passages"], marks)
        ],
    )


def results_context(params: SearchParams, found: Found, request: HttpRequest) -> dict[str, Any]:
    """Return what every list of hits needs: cards and pages; a page beyond the last one shows the last one."""
    page = Paginator(range(found.reachable), params.per_page).get_page(params.page)
    return {
        "params": params,
        "selection": params.as_selection().to_query(),
        "results_page": page,
        "pages": _pages(params, page),
        "cards": hit_cards(found, request),
        "total": found.total,
        "previous": f"?{params.on_page(page.number - 1).to_query()}" if page.has_previous() else None,
        "next": f"?{params.on_page(page.number + 1).to_query()}" if page.has_next() else None,
    }


def search_context(
    params: SearchParams, found: Found, terms: Sequence[TermRow], request: HttpRequest
) -> dict[str, Any]:
    """Return everything the search page shows."""
    facets = present_facets(params, found, Labels(terms, request.user))
    labels = _filter_labels(params, facets)
    chips = _chips(params, facets, labels)
    return results_context(params, found, request) | {
        "headline": _headline(params, found),
        "facets": [facet for facet in facets if facet.options or facet.kind == "years"],
        "chips": chips,
        "clear_query": f"?{params.without_filters().to_query()}" if chips else None,
        "sorts": [
            (label, f"?{params.sorted_by(sort).to_query()}", params.sort == sort)
            for sort, label in SORT_LABELS.items()
            if params.q or sort != "relevanz"
        ],
        "notice": notice(params, found, facets),
        "ways_on": ways_on(params, found, labels, terms, request.user) if not found.total else None,
        "hidden": params.kept_by_forms(),
    }


def present_facets(params: SearchParams, found: Found, labels: Labels) -> list[PresentedFacet]:
    """Return every facet with its counts and labels."""
    return [facet.present(params, found.counts.get(facet.name, {}), labels) for facet in FACETS]


def _headline(params: SearchParams, found: Found) -> str:
    number = f"{found.total:,}".replace(",", ".") + " Treffer"
    if not found.total:
        number = "Keine Treffer"
    asked = found.correction or params.q
    return f"{number} für „{asked}“" if asked else number


def _pages(params: SearchParams, page) -> list[tuple[int | None, str | None]]:
    """Return the pages to offer: the first, the last, those beside the current one; (None, None) is a gap."""
    last = page.paginator.num_pages
    shown = {1, last, *range(max(page.number - _PAGES_BESIDE, 1), min(page.number + _PAGES_BESIDE, last) + 1)}
    pages: list[tuple[int | None, str | None]] = []
    before = 0
    for number in sorted(shown):
        if number > before + 1:
            pages.append((None, None))
        pages.append((number, None if number == page.number else f"?{params.on_page(number).to_query()}"))
        before = number
    return pages


def _filter_labels(params: SearchParams, facets: Sequence[PresentedFacet]) -> dict[tuple[str, str], str]:
    """Return what every selected filter is called, by (name, value); one that no facet lists, as it stands in the address."""
    labels = {pair: pair[1] for pair in params.pairs()}
    labels |= {(facet.name, option.value): option.label for facet in facets for option in facet.all_options()}
    return labels | {
        ("von", params.from_year): f"ab {params.from_year}",
        ("bis", params.to_year): f"bis {params.to_year}",
    }


def _chips(params: SearchParams, facets: Sequence[PresentedFacet], labels: Mapping[tuple[str, str], str]) -> list[dict]:
    """Return the selected filters, each with the address of the selection without it."""
    names = {facet.name: facet.label for facet in facets} | {"von": "Zeitraum", "bis": "Zeitraum"}
    return [
        {
            "label": labels[name, value],
            "facet_label": names[name],
            "remove": f"?{params.without(name, value).to_query()}",
        }
        for name, value in params.pairs()
    ]


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence about how the search was understood."""

    kind: str
    text: str


def notice(params: SearchParams, found: Found, facets: Sequence[PresentedFacet]) -> Notice | None:
    """Return the one thing a reader most needs to know about this answer."""
    if found.is_reduced:
        return Notice(
            "reduced",
            "Die Suche arbeitet gerade eingeschränkt: Sie findet nur Wörter aus Titel und Zusammenfassung, und ohne "
            "Zahlen an den Filtern. Bitte versuchen Sie es in einigen Minuten noch einmal.",
        )
    if not found.has_words:
        return Notice(
            "invalid", "In Ihrer Suche steht kein Wort. Bitte geben Sie mindestens einen Buchstaben oder eine Zahl ein."
        )
    if params.was_cut:
        return Notice("invalid", "Ihre Suche war zu lang und wurde gekürzt. Meist genügen zwei oder drei Wörter.")
    if found.correction and found.total:
        return Notice(
            "corrected", f"Für „{params.q}“ gibt es keine Treffer. Gezeigt werden Treffer für „{found.correction}“."
        )
    if found.correction:
        return Notice("corrected", f"Für „{params.q}“ gibt es keine Treffer. Gesucht wurde „{found.correction}“.")
    if found.is_relaxed and found.total:
        return Notice(
            "relaxed",
            "Nur wenige Beiträge enthalten alle Wörter. Danach folgen Beiträge, die einen Teil davon enthalten.",
        )
    for facet in facets:
        if facet.error:
            return Notice("invalid", facet.error)
    unknown = _unknown_values(facets) if not found.total else []
    if unknown:
        return Notice("unknown_value", f"Diesen Filter gibt es nicht: {', '.join(unknown)}. Bitte entfernen Sie ihn.")
    return None


def _unknown_values(facets: Sequence[PresentedFacet]) -> list[str]:
    """Return selected values that there are not."""
    return [option.value for facet in facets for option in facet.all_options() if not option.is_known]
