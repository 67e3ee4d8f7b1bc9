"""Bring what a line says onto a page in memory. Nothing is saved here but new tags, programmes and files."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from taggit.models import Tag
from wagtail.models import Page

from practices.exchange.catalogue import FACTOR_ROWS, TERM_ROWS, Catalogue
from practices.exchange.fields import is_address
from practices.exchange.files import FileStore
from practices.exchange.schema import (
    FACTORS,
    PAGE_FIELDS,
    SINGLE_TERMS,
    TERM_LISTS,
    Indicator,
    Lesson,
    Organisation,
    Practice,
    Project,
    Record,
    Recording,
    Tool,
)
from practices.models import (
    FundingProgramme,
    IndicatorValue,
    LessonEvidence,
    PracticePartner,
    ProjectIndicator,
    ProjectRecording,
    ProjectTool,
    RecordingChapter,
)
from practices.models.funding import default_statement

PLAIN_FIELDS: dict[type, list[str]] = {
    Record: ["title", "summary", "easy_summary", "licence", "change_note"],
    Practice: ["archive_reason"],
    Organisation: ["place", "region", "url", "association", "employees"],
    Project: [
        *("place", "region", "start", "end", "eu_funded", "funding_eur", "refinancing", "situation", "goals"),
        *("approach", "results", "participation", "costs", "transfer_tips"),
    ],
    Tool: ["description", "url", "price", "data_protection", "accessibility", "hosting", "effort", "prerequisites"],
    Recording: ["date", "series", "duration_s", "description"],
    Lesson: ["statement", "context", "recommendation", "level"],
}


@dataclass
class Filler:
    """Fills pages in from records whose keys and files were checked. `page_ids` has the page of every key."""

    catalogue: Catalogue
    page_ids: dict[str, int]
    files: FileStore
    tags: dict[str, Tag] = field(default_factory=dict)

    def fill_in(self, page: Page, record: Record, kept: frozenset[str] = frozenset()) -> None:
        """Give `page` everything `record` says but in the fields `kept`; what the record leaves out becomes empty."""
        for name in {name for kind in type(record).mro() for name in PLAIN_FIELDS.get(kind, [])} - kept:
            setattr(page, PAGE_FIELDS.get(name, name), getattr(record, name))
        for name, fill in {**COMMON, **DETAILS.get(type(record), {})}.items():
            if name in type(record).model_fields and name not in kept:
                fill(self, page, record)
        self._fill_in_terms(page, record, kept)

    def _contact(self, page: Page, record: Record) -> None:
        for part in ("name", "role", "email"):
            setattr(page, f"contact_{part}", getattr(record.contact, part))

    def _links(self, page, record: Record) -> None:
        page.links = [("link", link.model_dump()) for link in record.links]

    def _image(self, page, record: Record) -> None:
        page.image = record.image and self.files.image(record.image.path, record.image.alt, record.image.credit)

    def _documents(self, page, record: Record) -> None:
        page.documents = [
            ("document", {"document": self.files.document(document.path, document.title, document.credit)})
            for document in record.documents
        ]

    def _partners(self, page, record: Practice) -> None:
        page.partners = self._rows(
            PracticePartner,
            ({"organisation_id": self.page_ids[part.organisation], "role": part.role} for part in record.partners),
        )

    def _fill_in_terms(self, page: Page, record: Record, kept: frozenset[str]) -> None:
        fields = type(record).model_fields.keys() - kept
        for name, scheme in TERM_LISTS.items():
            if name in fields:
                terms = [self.catalogue.terms[scheme][key] for key in getattr(record, name)]
                _set_tags(page, name, TERM_ROWS[name], terms)
        for name, scheme in SINGLE_TERMS.items():
            if name in fields:
                key = getattr(record, name)
                setattr(page, name, self.catalogue.terms[scheme][key] if key else None)
        for name, scheme in FACTORS.items():
            if name in fields:
                known = self.catalogue.terms[scheme]
                model = type(page)._meta.get_field(FACTOR_ROWS[name]).related_model
                factors = (
                    {"term": known[text]} if text in known else {"statement": text} for text in getattr(record, name)
                )
                setattr(page, FACTOR_ROWS[name], self._rows(model, factors))
        if "tags" in fields:
            _set_tags(page, "tags", "tagged_items", [self._tag(name) for name in record.tags])

    def _tag(self, name: str) -> Tag:
        if name not in self.tags:
            self.tags[name] = Tag.objects.filter(name=name).first() or Tag.objects.create(name=name)
        return self.tags[name]

    def _rows(self, model: type, values) -> list:
        return [model(sort_order=order, **value) for order, value in enumerate(values)]

    def _programme(self, page, record: Project) -> None:
        page.programme = _programme(record, page.eu_funded)

    def _benefits(self, page, record: Project) -> None:
        page.benefits = [("benefit", text) for text in record.benefits]

    def _tools(self, page, record: Project) -> None:
        page.tool_items = self._rows(ProjectTool, ({"tool_id": self.page_ids[key]} for key in record.tools))

    def _recordings(self, page, record: Project) -> None:
        ids = ({"recording_id": self.page_ids[key]} for key in record.recordings)
        page.recording_items = self._rows(ProjectRecording, ids)

    def _indicators(self, page, record: Project) -> None:
        page.indicators = [_indicator(order, indicator) for order, indicator in enumerate(record.indicators)]

    def _video(self, page, record: Recording) -> None:
        elsewhere = record.video and is_address(record.video)
        page.video_url = record.video if elsewhere else ""
        page.video = None
        if record.video and not elsewhere:
            page.video = self.files.video(record.video, _credit(page), record.duration_s)

    def _captions(self, page, record: Recording) -> None:
        page.captions = record.captions and self.files.attachment(record.captions, _credit(page))

    def _slides(self, page, record: Recording) -> None:
        page.slides = record.slides and self.files.attachment(record.slides, _credit(page))

    def _speakers(self, page, record: Recording) -> None:
        page.speakers = [("speaker", speaker.model_dump()) for speaker in record.speakers]

    def _chapters(self, page, record: Recording) -> None:
        page.chapters = [
            RecordingChapter(
                start=chapter.start,
                title=chapter.title,
                practice_id=self.page_ids[chapter.practice] if chapter.practice else None,
            )
            for chapter in record.chapters
        ]

    def _evidence(self, page, record: Lesson) -> None:
        self._set_evidence(page, LessonEvidence.Stance.SUPPORTS, record.evidence)

    def _contradicting(self, page, record: Lesson) -> None:
        self._set_evidence(page, LessonEvidence.Stance.CONTRADICTS, record.contradicting)

    def _set_evidence(self, page, stance: str, keys: list[str]) -> None:
        """Replace the evidence of one stance; a project that changes sides is named once. Support comes first."""
        ids = [self.page_ids[key] for key in keys]
        rows = [LessonEvidence(project_id=pk, stance=stance) for pk in ids]
        others = [row for row in page.evidence_items.all() if row.stance != stance and row.project_id not in ids]
        rows = sorted([*rows, *others], key=lambda row: row.stance == LessonEvidence.Stance.CONTRADICTS)
        for order, row in enumerate(rows):
            row.sort_order = order
        page.evidence_items = rows


# How a page comes to have what is more than a plain value, by the field that says so.
Fill = Callable[[Filler, Page, Any], None]
COMMON: dict[str, Fill] = {
    "contact": Filler._contact,
    "links": Filler._links,
    "image": Filler._image,
    "documents": Filler._documents,
    "partners": Filler._partners,
}
DETAILS: dict[type[Record], dict[str, Fill]] = {
    Project: {
        "programme": Filler._programme,
        "benefits": Filler._benefits,
        "tools": Filler._tools,
        "recordings": Filler._recordings,
        "indicators": Filler._indicators,
    },
    Recording: {
        "video": Filler._video,
        "captions": Filler._captions,
        "slides": Filler._slides,
        "speakers": Filler._speakers,
        "chapters": Filler._chapters,
    },
    Lesson: {"evidence": Filler._evidence, "contradicting": Filler._contradicting},
}


def _credit(page: Page) -> str:
    return page.get_parent().title


def _set_tags(page: Page, name: str, rows: str, tags: list) -> None:
    through = type(page)._meta.get_field(name).remote_field.through
    setattr(page, rows, [through(tag=tag) for tag in tags])


def _indicator(order: int, indicator: Indicator) -> ProjectIndicator:
    row = ProjectIndicator(sort_order=order, name=indicator.name, unit=indicator.unit)
    row.values = [
        IndicatorValue(
            half_year=half_year, target=indicator.targets.get(half_year), actual=indicator.actuals.get(half_year)
        )
        for half_year in sorted({*indicator.targets, *indicator.actuals})
    ]
    return row


def _programme(record: Project, eu_funded: bool) -> FundingProgramme | None:
    """Return the programme by its name and funder; a new one gets the usual notice."""
    if not record.programme and not record.funder:
        return None
    kind = FundingProgramme.Kind.EU if eu_funded else FundingProgramme.Kind.OTHER
    statement = default_statement(kind, record.programme, record.funder)
    programme, _created = FundingProgramme.objects.get_or_create(
        name=record.programme, funder=record.funder, defaults={"kind": kind, "statement": statement}
    )
    return programme
