"""What the templates of the four practice types and of an organisation are given: typed, in few queries."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.timezone import localdate

from practices.cards import CARD_FIELDS, OrganisationLink, PracticeCard, make_card, make_cards, organisation_links
from practices.models import (
    SCHEMES,
    CreditedDocument,
    FundingProgramme,
    IndicatorValue,
    OrganisationPage,
    PracticePage,
    ProjectIndicator,
    ProjectProfilePage,
)
from practices.models.shared import StructuredPage
from practices.related import RelatedRow, draft_rows, related_rows
from practices.similar import similar_ids
from practices.terms import FREE_TAGS, TermRef

SIMILAR_SHOWN = 3
SIMILAR_ASKED = 12
HISTORY_SHOWN = 10


class Partner(NamedTuple):
    organisation: OrganisationLink
    role: str


class Chapter(NamedTuple):
    start: int
    title: str
    practice: PracticeCard | None


class Indicator(NamedTuple):
    indicator: ProjectIndicator
    values: list[IndicatorValue]


class Change(NamedTuple):
    """When something changed for readers, and what; the first entry of all says nothing."""

    day: date
    note: str


class Factor(NamedTuple):
    text: str
    term: TermRef | None


@dataclass(frozen=True)
class PracticeView:
    """A practice with everything around it, ready to be shown."""

    owner: OrganisationLink | None
    terms: dict[str, list[TermRef]]
    partners: list[Partner]
    success_factors: list[Factor]
    obstacles: list[Factor]
    chapters: list[Chapter]
    indicators: list[Indicator]
    documents: list[CreditedDocument]
    similar: list[PracticeCard]
    history: list[Change]
    related: dict[str, list[PracticeCard]] = field(default_factory=dict)

    @property
    def leading_terms(self) -> list[TermRef]:
        """The two vocabularies by which readers know their way around."""
        return [*self.terms["cluster"], *self.terms["handlungsfeld"]]

    @property
    def talks(self) -> list[PracticeCard]:
        """Every recording that presents the practice, as a whole or in a chapter, once."""
        talks = [*self.related["recordings"], *self.related["shown_in"]]
        return list({card.page_id: card for card in talks}.values())


def present_practice(page: PracticePage, request: HttpRequest) -> PracticeView:
    """Return the view of `page` for the reader of `request`; previews show the unsaved state."""
    preview = getattr(request, "is_preview", False)
    rows = draft_rows(page) if preview else related_rows(page.pk)
    terms = {scheme: [TermRef(scheme, row.key, row.text) for row in rows[scheme]] for scheme in (*SCHEMES, FREE_TAGS)}
    every_term = [term for group in terms.values() for term in group]
    alike = similar_ids(page.pk or 0, every_term, request.user, SIMILAR_ASKED)
    cards, organisations = _fetch(page, rows, alike, request)

    def shown(relation: str) -> list[PracticeCard]:
        return [cards[row.target] for row in rows[relation] if row.target in cards]

    _with_programme(page)
    related = {name: shown(name) for name in CARD_RELATIONS}
    already = {card.page_id for group in related.values() for card in group}
    return PracticeView(
        owner=organisations.get(page.path[: -page.steplen]) if page.path else None,
        terms=terms,
        partners=[
            Partner(organisations[row.target], row.text) for row in rows["partners"] if row.target in organisations
        ],
        success_factors=[_factor(row, "gelingensfaktor") for row in rows["success_factors"]],
        obstacles=[_factor(row, "hemmnis") for row in rows["obstacles"]],
        indicators=_draft_indicators(page) if preview else _indicators(page),
        documents=_documents(page),
        chapters=[Chapter(row.position, row.text, cards.get(row.target)) for row in rows["chapters"]],
        similar=[cards[other] for other in alike if other in cards and other not in already][:SIMILAR_SHOWN],
        history=[_change(row) for row in rows["history"][:HISTORY_SHOWN]],
        related=related,
    )


CARD_RELATIONS = (
    "tools",
    "used_by",
    "recordings",
    "recorded_projects",
    "evidence",
    "contradicting",
    "lessons",
    "contradicted_lessons",
    "shown_in",
)


def present_organisation(page: OrganisationPage, request: HttpRequest) -> dict:
    """Return the documents of an organisation and its practices by type, as "partner" those of others with its part."""
    own = PracticePage.objects.child_of(page) if page.pk else PracticePage.objects.none()
    partner = PracticePage.objects.filter(partners__organisation=page.pk)
    pages = (own | partner).visible_to(request.user).newest().only(*CARD_FIELDS).distinct()
    grouped: dict[str, list[PracticeCard]] = {}
    for practice, card in zip(pages, make_cards(pages, request, with_terms=False), strict=True):
        belongs = practice.path.startswith(page.path)
        grouped.setdefault(card.type_key if belongs else "partner", []).append(card)
    return {"practices": grouped, "documents": _documents(page), "selection": urlencode({"traeger": page.key})}


def _fetch(page: PracticePage, rows: dict[str, list[RelatedRow]], alike: list[int], request: HttpRequest):
    """Fetch all practices and organisations that the page names, each kind with one query."""
    wanted = {row.target for name in (*CARD_RELATIONS, "chapters") for row in rows[name] if row.target} | set(alike)
    practices = PracticePage.objects.filter(pk__in=wanted).visible_to(request.user).only(*CARD_FIELDS) if wanted else []
    practices = list(practices)
    paths = {other.path[: -other.steplen] for other in (page, *practices) if other.path}
    organisations = organisation_links(paths, [row.target for row in rows["partners"] if row.target], request)
    cards = {
        other.pk: make_card(other, organisations.get(other.path[: -other.steplen]), [], request) for other in practices
    }
    return cards, organisations


def _indicators(page: PracticePage) -> list[Indicator]:
    """Return the stored indicators of a project, each with its values by half-year."""
    if not isinstance(page, ProjectProfilePage):
        return []
    values = IndicatorValue.objects.filter(indicator__project=page).select_related("indicator")
    ordered = values.order_by("indicator__sort_order", "indicator__pk", "half_year")
    return [Indicator(*group) for group in _grouped((value.indicator, value) for value in ordered)]


def _draft_indicators(page: PracticePage) -> list[Indicator]:
    """Return the same for a page that is being edited."""
    indicators = page.indicators.all() if isinstance(page, ProjectProfilePage) else []
    return [Indicator(indicator, list(indicator.values.all())) for indicator in indicators]


def _grouped(pairs) -> list[tuple[ProjectIndicator, list[IndicatorValue]]]:
    groups: dict[ProjectIndicator, list[IndicatorValue]] = {}
    for indicator, value in pairs:
        groups.setdefault(indicator, []).append(value)
    return list(groups.items())


def _with_programme(page: PracticePage) -> None:
    """Fetch the programme of a project together with its emblem."""
    if isinstance(page, ProjectProfilePage) and page.programme_id:
        page.programme = FundingProgramme.objects.select_related("emblem").get(pk=page.programme_id)


def _documents(page: StructuredPage) -> list[CreditedDocument]:
    """Return the documents to download; those a recording names by fields of its own come with the same query."""
    listed = [block["value"]["document"] for block in page.documents.raw_data]
    named = [name for name in ("captions", "slides") if getattr(page, f"{name}_id", None)]
    wanted = {*listed, *(getattr(page, f"{name}_id") for name in named)} - {None}
    found = CreditedDocument.objects.in_bulk(wanted) if wanted else {}
    for name in named:
        setattr(page, name, found.get(getattr(page, f"{name}_id")))
    return [found[pk] for pk in listed if pk in found]


def _change(row: RelatedRow) -> Change:
    at = datetime.fromisoformat(row.key)
    # SQLite keeps times in UTC, without saying so.
    return Change(localdate(at if at.tzinfo else at.replace(tzinfo=UTC)), row.text)


def _factor(row: RelatedRow, scheme: str) -> Factor:
    return Factor(row.text, TermRef(scheme, row.key, row.text) if row.key else None)
