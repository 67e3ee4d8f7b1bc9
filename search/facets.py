"""The facets: each is one object with four duties.

It reads its part of the selection (form field), turns it into a clause for the engine, names the field whose values the
engine counts, and presents the counts with labels. `present` always lists what is selected, even at 0.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from practices.models import PRACTICE_TYPES, SCHEMES, OrganisationPage
from practices.terms import TermRow, readable_tags
from practices.visibility import visible_pages
from search.engines.protocol import AllOf, Among, Between, Node
from search.params import OWNER, REGION, TAG, TERM_PARAMETERS, TYPE, SearchParams

SHOWN_AT_ONCE = 8
MOST_OPTIONS = 60
_OPEN = (TYPE, "handlungsfeld", "zielgruppe")


@dataclass(frozen=True)
class Labels:
    """What a facet may need to present itself: the current terms, and who asks."""

    terms: Sequence[TermRow]
    user: object


@dataclass(frozen=True, slots=True)
class Option:
    """A value as a form offers it."""

    value: str
    label: str
    count: int
    selected: bool
    narrower: tuple["Option", ...] = ()
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class PresentedFacet:
    """A facet as a page shows it; `more` are options that a list shows only when asked."""

    name: str
    label: str
    kind: str = "choices"
    is_open: bool = False
    options: Sequence[Option] = ()
    more: Sequence[Option] = ()
    from_value: str = ""
    to_value: str = ""
    error: str = ""

    def all_options(self) -> Iterable[Option]:
        """Yield every option, narrower ones after their broader one."""
        yield from _with_narrower((*self.options, *self.more))


@dataclass(frozen=True)
class Facet:
    """Choices among values of one keyword field."""

    name: str
    label: str

    @property
    def aggregation(self) -> str | None:
        """The field whose values are counted; None where nothing is."""
        return self.name

    def selected(self, params: SearchParams) -> tuple[str, ...]:
        """Return what is chosen."""
        return params.filters.get(self.name, ())

    def clause(self, params: SearchParams) -> Node | None:
        """Return what the engine has to match; None where nothing is chosen."""
        values = self.selected(params)
        return Among(self.name, values) if values else None

    def present(self, params: SearchParams, counts: Mapping[str, int], labels: Labels) -> PresentedFacet:
        """Return the facet for people: options with counts, the selected ones even at 0."""
        selected = self.selected(params)
        names = self.names({*counts, *selected}, labels)
        options = [
            Option(value, names[value], counts.get(value, 0), value in selected)
            for value in names
            if value in selected or counts.get(value)
        ]
        return self.arrange([*self.sort(options), *_unknown(selected, names)], bool(selected))

    def names(self, values: Iterable[str], labels: Labels) -> dict[str, str]:
        """Return labels for `values`; a value without one is not offered."""
        return {value: value for value in values}

    def sort(self, options: list[Option]) -> list[Option]:
        """Bring options into the order in which they are offered: frequent ones first."""
        return sorted(options, key=lambda option: (-option.count, option.label))

    def arrange(self, options: Sequence[Option], is_used: bool) -> PresentedFacet:
        """Return the facet with its first options at once; what is selected is always among them."""
        first: list[Option] = []
        more: list[Option] = []
        for place, option in enumerate(options):
            (first if place < SHOWN_AT_ONCE or _has_selection(option) else more).append(option)
        more = more[: MOST_OPTIONS - len(first)]
        return PresentedFacet(self.name, self.label, "choices", is_used or self.name in _OPEN, first, more)


class TypeFacet(Facet):
    """The four kinds of practice, in fixed order."""

    def names(self, values, labels):
        return {key: model.type_label for key, model in PRACTICE_TYPES.items()}

    def sort(self, options):
        return options


@dataclass(frozen=True)
class TermFacet(Facet):
    """A vocabulary, as a tree of two levels in editors' order."""

    scheme: str = ""

    def present(self, params, counts, labels):
        selected = self.selected(params)
        below: dict[str | None, list[TermRow]] = defaultdict(list)
        for term in labels.terms:
            if term.scheme == self.scheme:
                below[term.broader].append(term)
        known = {term.key for terms in below.values() for term in terms}
        return self.arrange([*self._options(None, below, counts, selected), *_unknown(selected, known)], bool(selected))

    def _options(self, broader: str | None, below, counts, selected) -> Iterator[Option]:
        for term in below.get(broader, ()):
            narrower = tuple(self._options(term.key, below, counts, selected))
            option = Option(term.key, term.label, counts.get(term.key, 0), term.key in selected, narrower)
            if option.count or _has_selection(option):
                yield option


class OwnerFacet(Facet):
    """The organisations that own the practices."""

    def names(self, values, labels):
        visible = visible_pages(OrganisationPage.objects.filter(key__in=list(values)), labels.user)
        return dict(visible.values_list("key", "title"))


class TagFacet(Facet):
    """Free tags."""

    def names(self, values, labels):
        return dict(readable_tags(values, labels.user).values_list("slug", "name"))


class YearsFacet(Facet):
    """The span of years a practice overlaps."""

    @property
    def aggregation(self):
        return None

    def clause(self, params):
        if params.years is None:
            return None
        first, last = params.years
        bounds = [Between("year_to", low=first)] if first is not None else []
        bounds += [Between("year_from", high=last)] if last is not None else []
        return AllOf(tuple(bounds))

    def present(self, params, counts, labels):
        typed = [value for value in (params.from_year, params.to_year) if value]
        first, last = params.years or (None, None)
        error = ""
        if len([year for year in (first, last) if year is not None]) < len(typed):
            error = "Bitte schreiben Sie Jahre mit vier Ziffern, zum Beispiel 2024."
        elif first and last and first > last:
            error = "Das erste Jahr liegt nach dem letzten. Bitte tauschen Sie die beiden."
        return PresentedFacet(
            self.name,
            self.label,
            "years",
            bool(typed),
            from_value=params.from_year,
            to_value=params.to_year,
            error=error,
        )


def _unknown(selected: Iterable[str], known: Container[str]) -> list[Option]:
    """Return options for selected values that there are not, or not for this reader, so that they can be taken back."""
    return [Option(value, value, 0, True, is_known=False) for value in selected if value not in known]


def _with_narrower(options: Iterable[Option]) -> Iterator[Option]:
    for option in options:
        yield option
        yield from _with_narrower(option.narrower)


def _has_selection(option: Option) -> bool:
    return any(other.selected for other in _with_narrower((option,)))


FACETS: tuple[Facet, ...] = (
    TypeFacet(TYPE, "Art"),
    *(
        TermFacet(parameter, str(SCHEMES[scheme]._meta.verbose_name), scheme)
        for parameter, scheme in TERM_PARAMETERS.items()
    ),
    Facet(REGION, "Bundesland oder Region"),
    OwnerFacet(OWNER, "Organisation"),
    TagFacet(TAG, "Schlagwort"),
    YearsFacet("zeit", "Zeitraum"),
)
COUNTED = tuple(facet.aggregation for facet in FACETS if facet.aggregation)


def clauses(params: SearchParams) -> dict[str, Node]:
    """Return the clause of every facet in which something is chosen, by its name."""
    found = {facet.name: facet.clause(params) for facet in FACETS}
    return {name: clause for name, clause in found.items() if clause is not None}
