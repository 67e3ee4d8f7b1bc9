"""What is already there and can be referred to by key, loaded once for a whole import."""

from dataclasses import dataclass
from functools import cached_property

from taggit.models import Tag

from practices.models import (
    SCHEMES,
    LessonPage,
    OrganisationPage,
    ProjectProfilePage,
    RecordingPage,
    Term,
    ToolPage,
)
from practices.services.find_pages import editorial_organisation

PAGE_MODELS = {
    "organisation": OrganisationPage,
    "project": ProjectProfilePage,
    "tool": ToolPage,
    "recording": RecordingPage,
    "lesson": LessonPage,
}
TYPE_LABELS = {
    "organisation": "Organisation",
    "project": "Projekt",
    "tool": "Werkzeug",
    "recording": "Mitschnitt",
    "lesson": "Erkenntnis",
}

# The rows in which a page keeps the terms of a field.
TERM_ROWS = {
    "clusters": "cluster_items",
    "cost_bearers": "cost_bearer_items",
    "fields_of_action": "field_of_action_items",
    "target_groups": "target_group_items",
    "work_areas": "work_area_items",
    "addressees": "addressee_items",
}
FACTOR_ROWS = {"success_factors": "success_factor_items", "obstacles": "obstacle_items"}


@dataclass(frozen=True)
class Catalogue:
    """The terms by scheme and key, the type of every page's key, the free tags by their name in lower case.

    A merged term's key leads to its successor.
    """

    terms: dict[str, dict[str, Term]]
    types: dict[str, str]
    tags: dict[str, str]

    @cached_property
    def editorial_key(self) -> str:
        """The key of the organisation that owns what belongs to none; raises SiteIncomplete where there is none."""
        return editorial_organisation().key


def load_catalogue() -> Catalogue:
    """Return what the database holds, in one query for each vocabulary and type of page."""
    terms = {scheme: _terms(model) for scheme, model in SCHEMES.items()}
    types = {key: name for name, model in PAGE_MODELS.items() for key in model.objects.values_list("key", flat=True)}
    tags = {name.lower(): name for name in Tag.objects.order_by("-pk").values_list("name", flat=True)}
    return Catalogue(terms, types, tags)


def _terms(model: type[Term]) -> dict[str, Term]:
    by_id = {term.pk: term for term in model.objects.all()}
    return {term.slug: _successor(term, by_id) for term in by_id.values()}


def _successor(term: Term, by_id: dict[int, Term]) -> Term:
    while term.merged_into_id:
        term = by_id[term.merged_into_id]
    return term
