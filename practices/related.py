"""Everything that belongs to one practice and lies in rows of other tables, fetched with one SQL statement.

That is its relations to other pages, its factors and chapters, its history with the newest change first, and its terms,
each under the name of its vocabulary.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import BigIntegerField, CharField, F, Model, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from practices.models import (
    LessonEvidence,
    PracticeChange,
    PracticePage,
    PracticePartner,
    ProjectObstacle,
    ProjectRecording,
    ProjectSuccessFactor,
    ProjectTool,
    RecordingChapter,
    Term,
)
from practices.terms import FREE_TAGS, assignment_rows


class RelatedRow(NamedTuple):
    """One row: the page it points to (if any), its place in the list, and what it says."""

    relation: str
    target: int | None
    position: int
    text: str
    key: str


# relation, table, filter column, target column; position, text and key where they are not the usual ones
RELATIONS: list[tuple[str, type[Model], dict[str, str], str, str]] = [
    ("tools", ProjectTool, {}, "project", "tool"),
    ("used_by", ProjectTool, {}, "tool", "project"),
    ("recordings", ProjectRecording, {}, "project", "recording"),
    ("recorded_projects", ProjectRecording, {}, "recording", "project"),
    ("evidence", LessonEvidence, {"stance": "supports"}, "lesson", "project"),
    ("contradicting", LessonEvidence, {"stance": "contradicts"}, "lesson", "project"),
    ("lessons", LessonEvidence, {"stance": "supports"}, "project", "lesson"),
    ("contradicted_lessons", LessonEvidence, {"stance": "contradicts"}, "project", "lesson"),
]


def related_rows(page_id: int) -> dict[str, list[RelatedRow]]:
    """Return the stored rows of the practice `page_id` by relation, each list in editors' order."""
    parts = [
        _row(name, model._default_manager.filter(**{source: page_id}, **only), target)
        for name, model, only, source, target in RELATIONS
    ]
    parts += [
        _row("partners", PracticePartner.objects.filter(practice=page_id), "organisation", text="role"),
        _row(
            "chapters", RecordingChapter.objects.filter(recording=page_id), "practice", position="start", text="title"
        ),
        _row(
            "shown_in", RecordingChapter.objects.filter(practice=page_id), "recording", position="start", text="title"
        ),
        _factor("success_factors", ProjectSuccessFactor.objects.filter(project=page_id)),
        _factor("obstacles", ProjectObstacle.objects.filter(project=page_id)),
    ]
    parts.append(_history(page_id))
    parts += assignment_rows([page_id])
    grouped = defaultdict(list)
    for row in sorted(parts[0].union(*parts[1:], all=True), key=lambda row: (row[2], row[3])):
        grouped[row[0]].append(RelatedRow(*row))
    return grouped


def draft_rows(page: PracticePage) -> dict[str, list[RelatedRow]]:
    """Return the same for a page that is being edited: from its own unsaved rows. Only previews ask for it."""
    rows = defaultdict(list)

    def collect(relation, items, target, text=lambda item: "", key=lambda item: "", position=None):
        for number, item in enumerate(getattr(page, items).all() if hasattr(page, items) else []):
            place = position(item) if position else number
            rows[relation].append(RelatedRow(relation, getattr(item, target), place, text(item), key(item)))

    collect("partners", "partners", "organisation_id", text=lambda item: item.role)
    collect("tools", "tool_items", "tool_id")
    collect("recordings", "recording_items", "recording_id")
    collect("chapters", "chapters", "practice_id", text=lambda item: item.title, position=lambda item: item.start)
    for relation, items in (("success_factors", "success_factor_items"), ("obstacles", "obstacle_items")):
        collect(relation, items, "pk", text=str, key=lambda item: item.term.slug if item.term else "")
    if hasattr(page, "evidence_items"):
        for item in page.evidence_items.all():
            relation = "evidence" if item.stance == LessonEvidence.Stance.SUPPORTS else "contradicting"
            rows[relation].append(RelatedRow(relation, item.project_id, 0, "", ""))
    for term in _draft_terms(page):
        rows[term.scheme].append(RelatedRow(term.scheme, page.pk, 0, term.name, term.slug))
    for tag in page.tags.all():
        rows[FREE_TAGS].append(RelatedRow(FREE_TAGS, page.pk, 0, tag.name, tag.slug))
    return rows


def _draft_terms(page: PracticePage) -> Iterator[Term]:
    for name in ("clusters", "cost_bearers", "fields_of_action", "target_groups", "work_areas", "addressees"):
        if hasattr(page, name):
            yield from getattr(page, name).all()
    for name in ("phase", "experiment_field", "continuation", "kind"):
        if term := getattr(page, name, None):
            yield term


def _row(relation: str, rows: QuerySet, target: str, position: str = "sort_order", text: str | None = None) -> QuerySet:
    return (
        rows.order_by()
        .annotate(
            relation=_text(relation),
            target=F(f"{target}_id"),
            position=Coalesce(F(position), Value(0)),
            says=F(text) if text else _text(""),
            key=_text(""),
        )
        .values_list("relation", "target", "position", "says", "key")
    )


def _factor(relation: str, rows: QuerySet) -> QuerySet:
    return (
        rows.order_by()
        .annotate(
            relation=_text(relation),
            target=Value(None, output_field=BigIntegerField()),
            position=Coalesce(F("sort_order"), Value(0)),
            says=Coalesce(F("term__name"), F("statement")),
            key=Coalesce(F("term__slug"), _text("")),
        )
        .values_list("relation", "target", "position", "says", "key")
    )


def _history(page_id: int) -> QuerySet:
    """Return when the page went online, and every change that says what is new; the key is the time as text."""
    told = Q(kind=PracticeChange.Kind.NEW) | Q(kind=PracticeChange.Kind.UPDATED) & ~Q(note="")
    return (
        PracticeChange.objects.filter(told, page_id=page_id)
        .order_by()
        .annotate(
            relation=_text("history"),
            target=F("page_id"),
            position=-F("pk"),
            says=F("note"),
            key=Cast("at", CharField()),
        )
        .values_list("relation", "target", "position", "says", "key")
    )


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())
