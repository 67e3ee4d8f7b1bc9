"""From a page to a line of the exchange format."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils import timezone
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from practices.exchange.catalogue import FACTOR_ROWS, PAGE_MODELS, TERM_ROWS
from practices.exchange.fields import Rich, as_number
from practices.exchange.files import StoredFile
from practices.exchange.schema import PAGE_FIELDS, RECORD_TYPES, SINGLE_TERMS, compact
from practices.models import (
    LessonEvidence,
    LessonPage,
    OrganisationPage,
    PracticePage,
    ProjectProfilePage,
    RecordingPage,
    ToolPage,
)
from practices.rich_links import naming_all_links
from practices.richtext import clean_plain_text, clean_rich_text

COMMON_RELATIONS = [
    "image",
    "cluster_items__tag",
    "cost_bearer_items__tag",
    "field_of_action_items__tag",
    "target_group_items__tag",
    "work_area_items__tag",
    "tagged_items__tag",
]
RELATIONS = {
    OrganisationPage: COMMON_RELATIONS,
    ProjectProfilePage: [
        *COMMON_RELATIONS,
        "partners__organisation",
        "programme",
        "phase",
        "experiment_field",
        "continuation",
        "success_factor_items__term",
        "obstacle_items__term",
        "tool_items__tool",
        "recording_items__recording",
        "indicators__values",
    ],
    ToolPage: [*COMMON_RELATIONS, "partners__organisation", "kind"],
    RecordingPage: [*COMMON_RELATIONS, "partners__organisation", "video", "captions", "slides", "chapters__practice"],
    LessonPage: [*COMMON_RELATIONS, "partners__organisation", "addressee_items__tag", "evidence_items__project"],
}
TYPE_NAMES = {model: name for name, model in PAGE_MODELS.items()}


@dataclass(frozen=True)
class Exporter:
    """Describes pages. `path_of` says under which path a line names a stored file."""

    path_of: Callable[[StoredFile], str]
    owners: dict[str, str]

    def describe_all(self, pages: Iterable[Page]) -> Iterator[dict]:
        """Yield a line for each of `pages`, all of one type, with a constant number of queries."""
        pages = list(pages)
        if pages:
            prefetch_related_objects(pages, *RELATIONS[type(pages[0])])
        return (self.describe(page) for page in pages)

    def describe(self, page: Page) -> dict:
        """Return the line for `page` as it is in memory: JSON values in the order of the schema, nothing empty."""
        name = TYPE_NAMES[type(page)]
        values = {
            "type": name,
            "organisation": self.owners.get(page.path[: -page.steplen]),
            "published": _date(page.first_published_at and timezone.localdate(page.first_published_at)),
            "contact": {part: _plain(getattr(page, f"contact_{part}")) for part in ("name", "role", "email")},
            "image": self._image(page.image),
            "documents": [
                self._document(block.value["document"]) for block in page.documents if block.value["document"]
            ],
            "links": [_link(block.value) for block in page.links],
            "tags": sorted(item.tag.name for item in page.tagged_items.all()),
        }
        if isinstance(page, PracticePage):
            values["partners"] = _partners(page)
        if type(page) in DETAILS:
            values |= DETAILS[type(page)](page, self.path_of)
        fields = RECORD_TYPES[name].model_fields
        return compact(
            {field: values[field] if field in values else _simple(page, field, info) for field, info in fields.items()}
        )

    def _image(self, image) -> dict | None:
        return image and {
            "path": self.path_of(image),
            "alt": _plain(image.default_alt_text),
            "credit": _plain(image.credit),
        }

    def _document(self, document) -> dict:
        return {"title": _plain(document.title), "path": self.path_of(document), "credit": _plain(document.credit)}


def owner_keys() -> dict[str, str]:
    """Return the key of every organisation by its path in the page tree."""
    return dict(OrganisationPage.objects.values_list("path", "key"))


def _simple(page: Page, field: str, info):
    """Return what a line says in a field that the page has under the same name, or that of PAGE_FIELDS."""
    if field in TERM_ROWS:
        return sorted(item.tag.slug for item in getattr(page, TERM_ROWS[field]).all())
    if field in FACTOR_ROWS:
        items = getattr(page, FACTOR_ROWS[field]).all()
        return [item.term.slug if item.term else _plain(item.statement) for item in items]
    value = getattr(page, PAGE_FIELDS.get(field, field))
    if field in SINGLE_TERMS:
        return value and value.slug
    if isinstance(value, str):
        return _rich(value) if any(isinstance(mark, Rich) for mark in info.metadata) else _plain(value)
    return _date(value) if hasattr(value, "isoformat") else value


def _partners(page) -> list[dict]:
    return [{"organisation": item.organisation.key, "role": _plain(item.role)} for item in page.partners.all()]


def _project(page, path_of) -> dict:
    return {
        "programme": page.programme and _plain(page.programme.name),
        "funder": page.programme and _plain(page.programme.funder),
        "funding_eur": None if page.funding_eur is None else as_number(page.funding_eur),
        "benefits": [_plain(block.value) for block in page.benefits],
        "tools": [item.tool.key for item in page.tool_items.all()],
        "recordings": [item.recording.key for item in page.recording_items.all()],
        "indicators": [_indicator(indicator) for indicator in page.indicators.all()],
    }


def _indicator(indicator) -> dict:
    values = list(indicator.values.all())
    return {
        "name": _plain(indicator.name),
        "unit": _plain(indicator.unit),
        "targets": {value.half_year: as_number(value.target) for value in values if value.target is not None},
        "actuals": {value.half_year: as_number(value.actual) for value in values if value.actual is not None},
    }


def _recording(page, path_of) -> dict:
    chapters = sorted(page.chapters.all(), key=lambda chapter: (chapter.start, chapter.title))
    return {
        "speakers": [{part: _plain(block.value[part]) for part in ("name", "organisation")} for block in page.speakers],
        "video": path_of(page.video) if page.video else page.video_url,
        "captions": page.captions and path_of(page.captions),
        "slides": page.slides and path_of(page.slides),
        "chapters": [
            {
                "start": chapter.start,
                "title": _plain(chapter.title),
                "practice": chapter.practice and chapter.practice.key,
            }
            for chapter in chapters
        ],
    }


def _lesson(page, path_of) -> dict:
    keys: dict[str, list[str]] = {stance: [] for stance in LessonEvidence.Stance.values}
    for item in page.evidence_items.all():
        keys[item.stance].append(item.project.key)
    return {
        "evidence": keys[LessonEvidence.Stance.SUPPORTS],
        "contradicting": keys[LessonEvidence.Stance.CONTRADICTS],
    }


DETAILS = {
    ProjectProfilePage: _project,
    RecordingPage: _recording,
    LessonPage: _lesson,
}


def _link(value) -> dict:
    return {"label": _plain(value["label"]), "url": value["url"], "accessed": _date(value["accessed"])}


def _date(value) -> str | None:
    return value.isoformat() if value else None


def _plain(text: str | None) -> str:
    return clean_plain_text(text or "").value


def _rich(markup: str) -> str:
    """Links to pages become addresses, because ids mean nothing elsewhere."""
    if "linktype" in markup:
        with naming_all_links():
            markup = expand_db_html(markup)
    return clean_rich_text(markup).value
