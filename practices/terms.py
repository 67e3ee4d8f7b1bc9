"""Which terms there are, which pages carry them, and how often: each answered with one SQL statement.

The vocabularies live in a dozen tables. A statement over all of them keeps the number of queries of a page constant.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection
from django.db.models import CharField, Exists, F, Model, OuterRef, QuerySet, Value
from taggit.models import Tag
from wagtail.models import Page

from practices.models import (
    SCHEMES,
    LessonAddressee,
    PracticeCluster,
    PracticeCostBearer,
    PracticeFieldOfAction,
    PracticePage,
    PracticeTag,
    PracticeTargetGroup,
    PracticeWorkArea,
    ProjectObstacle,
    ProjectProfilePage,
    ProjectSuccessFactor,
    ToolPage,
)

FREE_TAGS = "schlagwort"

# scheme: the table that assigns its terms to practices, with the columns of page and term
ASSIGNMENTS: dict[str, tuple[type[Model], str, str]] = {
    "cluster": (PracticeCluster, "content_object", "tag"),
    "kostentraeger": (PracticeCostBearer, "content_object", "tag"),
    "handlungsfeld": (PracticeFieldOfAction, "content_object", "tag"),
    "zielgruppe": (PracticeTargetGroup, "content_object", "tag"),
    "arbeitsbereich": (PracticeWorkArea, "content_object", "tag"),
    "gelingensfaktor": (ProjectSuccessFactor, "project", "term"),
    "hemmnis": (ProjectObstacle, "project", "term"),
    "experimentierfeld": (ProjectProfilePage, "pk", "experiment_field"),
    "verstetigung": (ProjectProfilePage, "pk", "continuation"),
    "pdca": (ProjectProfilePage, "pk", "phase"),
    "werkzeugart": (ToolPage, "pk", "kind"),
    "adressat": (LessonAddressee, "content_object", "tag"),
    FREE_TAGS: (PracticeTag, "content_object", "tag"),
}


class TermRef(NamedTuple):
    """A term as a page shows it."""

    scheme: str
    key: str
    label: str


class TermRow(NamedTuple):
    """A term of a vocabulary with its place in the tree; `former_keys` belong to terms that were merged into it."""

    scheme: str
    key: str
    label: str
    notation: str
    note: str
    broader: str | None
    order: int
    former_keys: tuple[str, ...] = ()


def all_terms() -> list[TermRow]:
    """Return every current term of every vocabulary in editors' order."""
    parts = [
        model.objects.order_by()
        .annotate(of_scheme=_text(scheme), above=F("broader__slug"), follower=F("merged_into__slug"))
        .values_list("of_scheme", "slug", "name", "notation", "note", "above", "order", "follower")
        for scheme, model in SCHEMES.items()
    ]
    rows = sorted(_union(parts), key=lambda row: (row[6], row[2]))
    former = defaultdict(list)
    for scheme, key, *_names, follower in rows:
        former[scheme, follower].append(key)
    return [
        TermRow(scheme, key, label, notation, note, above, order, tuple(former[scheme, key]))
        for scheme, key, label, notation, note, above, order, follower in rows
        if follower is None
    ]


def terms_of(page_ids: Iterable[int], schemes: Iterable[str] = tuple(ASSIGNMENTS)) -> dict[int, list[TermRef]]:
    """Return the terms and free tags of the practices with `page_ids`, in editors' order; on request those of some `schemes`."""
    found = defaultdict(list)
    rows = sorted(_union(assignment_rows(list(page_ids), schemes)), key=lambda row: (row[2], row[3]))
    for scheme, page, _rank, label, key in rows:
        found[page].append(TermRef(scheme, key, label))
    return found


def carriers(scheme: str, term_ids: Iterable[int]) -> list[int]:
    """Return the ids of the practices that carry any of the terms or free tags with `term_ids`."""
    model, page, term = ASSIGNMENTS[scheme]
    return list(model._default_manager.filter(**{f"{term}__in": list(term_ids)}).values_list(page, flat=True))


def assignment_rows(page_ids: list[int], schemes: Iterable[str] = tuple(ASSIGNMENTS)) -> list[QuerySet]:
    """Return a query for each of `schemes`: (scheme, page, rank, label, key) of what the pages with `page_ids` carry."""
    assignments = {scheme: ASSIGNMENTS[scheme] for scheme in schemes}
    return [
        model._default_manager.filter(**{f"{page}__in": page_ids, f"{term}__isnull": False})
        .order_by()
        .annotate(
            of_scheme=_text(scheme),
            of_page=F(page),
            rank=Value(0) if scheme == FREE_TAGS else F(f"{term}__order"),
            of_label=F(f"{term}__name"),
            of_key=F(f"{term}__slug"),
        )
        .values_list("of_scheme", "of_page", "rank", "of_label", "of_key")
        for scheme, (model, page, term) in assignments.items()
    ]


def readable_tags(slugs: Iterable[str], user) -> QuerySet[Tag]:
    """Return those of the free tags with `slugs` that some practice carries which `user` may read."""
    readable = PracticePage.objects.visible_to(user).filter(tagged_items__tag=OuterRef("pk"))
    return Tag.objects.filter(Exists(readable), slug__in=list(slugs))


def with_broader(terms: Iterable[TermRow]) -> list[tuple[str, str, str]]:
    """Return (scheme, key, broader key) for each of `terms` and each term above it, at any distance."""
    above = {(term.scheme, term.key): term.broader for term in terms}
    pairs = []
    for scheme, key in above:
        broader = above[scheme, key]
        while broader is not None:
            pairs.append((scheme, key, broader))
            broader = above.get((scheme, broader))
    return pairs


def with_narrower(scheme: str, keys: Iterable[str], terms: Iterable[TermRow]) -> set[str]:
    """Return `keys` of `scheme` and the keys of all terms below them; free tags have none."""
    wanted = set(keys)
    return wanted | {key for of, key, broader in with_broader(terms) if of == scheme and broader in wanted}


def carry(scheme: str, keys: Iterable[str]) -> Exists:
    """Return the condition on practices that they carry one of the terms or free tags with `keys`."""
    model, page, term = ASSIGNMENTS[scheme]
    return Exists(model._default_manager.filter(**{page: OuterRef("pk"), f"{term}__slug__in": keys}))


def usage_counts(visible: QuerySet[Page], terms: Iterable[TermRow]) -> dict[tuple[str, str], int]:
    """Return for each (scheme, key) in use how many of the `visible` practices carry it or a term narrower than it."""
    assigned, parameters = _compile(_union([_assigned(scheme) for scheme in SCHEMES]))
    pages, page_parameters = _compile(visible.order_by().values("pk"))
    lifted = with_broader(terms)
    tables = f"WITH assigned(scheme, term, page) AS ({assigned}), visible(page) AS ({pages})"
    carried = "SELECT scheme, term, page FROM assigned"
    if lifted:
        tables += f", lifted(scheme, term, broader) AS (VALUES {', '.join(['(%s, %s, %s)'] * len(lifted))})"
        carried += (
            " UNION ALL SELECT assigned.scheme, lifted.broader, assigned.page FROM assigned"
            " JOIN lifted ON lifted.scheme = assigned.scheme AND lifted.term = assigned.term"
        )
    rows = select_rows(
        f"{tables} SELECT scheme, term, COUNT(DISTINCT carried.page) FROM ({carried}) AS carried"  # noqa: S608 - see select_rows
        " JOIN visible ON visible.page = carried.page GROUP BY scheme, term",
        (*parameters, *page_parameters, *(value for row in lifted for value in row)),
    )
    return {(scheme, key): count for scheme, key, count in rows}


def _assigned(scheme: str) -> QuerySet:
    model, page, term = ASSIGNMENTS[scheme]
    return (
        model._default_manager.filter(**{f"{term}__isnull": False})
        .order_by()
        .annotate(of_scheme=_text(scheme), of_key=F(f"{term}__slug"), of_page=F(page))
        .values_list("of_scheme", "of_key", "of_page")
    )


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())


def _union(parts: list[QuerySet]) -> QuerySet:
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def _compile(queryset: QuerySet) -> tuple[str, tuple]:
    return queryset.query.get_compiler(connection=connection).as_sql()


def select_rows(sql: str, parameters: tuple) -> list[tuple]:
    """Run a SELECT composed of compiled querysets; every value is in `parameters`, never in `sql`."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
