"""What the templates of the four practice types and of an organisation are given: typed, and at most ten queries."""

from dataclasses import dataclass, field
from typing import NamedTuple

from django.http import HttpRequest

from practices.cards import CARD_FIELDS, OrganisationLink, PracticeCard, make_card, make_cards, organisation_links
from practices.models import SCHEMES, OrganisationPage, PracticePage
from practices.related import RelatedRow, draft_rows, related_rows
from practices.terms import FREE_TAGS, TermRef, most_alike, terms_of

SIMILAR_SHOWN = 3
SIMILAR_ASKED = 12


class Partner(NamedTuple):
    organisation: OrganisationLink
    role: str


class Chapter(NamedTuple):
    start: int
    title: str
    practice: PracticeCard | None


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
    similar: list[PracticeCard]
    related: dict[str, list[PracticeCard]] = field(default_factory=dict)


def present_practice(page: PracticePage, request: HttpRequest) -> PracticeView:
    """Return the view of `page` for the reader of `request`; previews show the unsaved state."""
    preview = getattr(request, "is_preview", False)
    rows = draft_rows(page) if preview else related_rows(page.pk)
    terms = draft_terms(page) if preview else terms_of([page.pk])[page.pk]
    alike = most_alike(page.pk or 0, terms, SIMILAR_ASKED)
    cards, organisations = _fetch(page, rows, alike, request)

    def shown(relation: str) -> list[PracticeCard]:
        return [cards[row.target] for row in rows[relation] if row.target in cards]

    related = {name: shown(name) for name in CARD_RELATIONS}
    already = {card.page_id for group in related.values() for card in group}
    return PracticeView(
        owner=organisations.get(page.path[: -page.steplen]) if page.path else None,
        terms=_by_scheme(terms),
        partners=[
            Partner(organisations[row.target], row.text) for row in rows["partners"] if row.target in organisations
        ],
        success_factors=[_factor(row, "gelingensfaktor") for row in rows["success_factors"]],
        obstacles=[_factor(row, "hemmnis") for row in rows["obstacles"]],
        chapters=[Chapter(row.position, row.text, cards.get(row.target)) for row in rows["chapters"]],
        similar=[cards[other] for other in alike if other in cards and other not in already][:SIMILAR_SHOWN],
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


def present_organisation(page: OrganisationPage, request: HttpRequest) -> dict[str, list[PracticeCard]]:
    """Return the practices of an organisation by type, and as "partner" those of others that it takes part in."""
    own = PracticePage.objects.child_of(page) if page.pk else PracticePage.objects.none()
    partner = PracticePage.objects.filter(partners__organisation=page.pk)
    pages = (own | partner).visible_to(request.user).newest().only(*CARD_FIELDS).distinct()
    grouped: dict[str, list[PracticeCard]] = {}
    for practice, card in zip(pages, make_cards(pages, request, with_terms=False), strict=True):
        belongs = practice.path.startswith(page.path)
        grouped.setdefault(card.type_key if belongs else "partner", []).append(card)
    return grouped


def draft_terms(page: PracticePage) -> list[TermRef]:
    """Return the terms of a page that is being edited, from its own unsaved state."""
    found = []
    for name in ("clusters", "cost_bearers", "fields_of_action", "target_groups", "work_areas", "addressees"):
        if hasattr(page, name):
            found += [TermRef(term.scheme, term.slug, term.name) for term in getattr(page, name).all()]
    for name in ("phase", "experiment_field", "continuation", "kind"):
        if term := getattr(page, name, None):
            found.append(TermRef(term.scheme, term.slug, term.name))
    return found + [TermRef(FREE_TAGS, tag.slug, tag.name) for tag in page.tags.all()]


def _fetch(page: PracticePage, rows: dict[str, list[RelatedRow]], alike: list[int], request: HttpRequest):
    """Fetch all practices and organisations that the page names, each kind with one query."""
    wanted = {row.target for name in (*CARD_RELATIONS, "chapters") for row in rows[name] if row.target} | set(alike)
    practices = PracticePage.objects.filter(pk__in=wanted).visible_to(request.user).only(*CARD_FIELDS) if wanted else []
    practices = list(practices)
    paths = {other.path[: -other.steplen] for other in (page, *practices) if other.path}
    organisations = organisation_links(paths, [row.target for row in rows["partners"]], request)
    cards = {
        other.pk: make_card(other, organisations.get(other.path[: -other.steplen]), [], request) for other in practices
    }
    return cards, organisations


def _by_scheme(terms: list[TermRef]) -> dict[str, list[TermRef]]:
    grouped: dict[str, list[TermRef]] = {scheme: [] for scheme in (*SCHEMES, FREE_TAGS)}
    for term in terms:
        grouped[term.scheme].append(term)
    return grouped


def _factor(row: RelatedRow, scheme: str) -> Factor:
    return Factor(row.text, TermRef(scheme, row.key, row.text) if row.key else None)
