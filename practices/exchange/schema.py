"""The lines of the exchange format, one model for each type, with the limits of the page models."""

import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from practices.exchange.fields import (
    Amount,
    EasySummary,
    Email,
    FilePath,
    HalfYear,
    Key,
    Label,
    Level,
    LicenceCode,
    Line,
    RichText,
    Sentence,
    Short,
    Statement,
    Summary,
    Tag,
    Term,
    Unit,
    Url,
    VideoPlace,
)

# Which vocabulary the terms of a field come from.
TERM_LISTS = {
    "clusters": "cluster",
    "cost_bearers": "kostentraeger",
    "fields_of_action": "handlungsfeld",
    "target_groups": "zielgruppe",
    "work_areas": "arbeitsbereich",
    "addressees": "adressat",
}
SINGLE_TERMS = {
    "phase": "pdca",
    "experiment_field": "experimentierfeld",
    "continuation": "verstetigung",
    "kind": "werkzeugart",
}
FACTORS = {"success_factors": "gelingensfaktor", "obstacles": "hemmnis"}
# Wagtail pages have a `url` of their own: their address on this site.
PAGE_FIELDS = {"url": "website"}


class Part(BaseModel):
    """Refuses fields it does not know and values of another type."""

    model_config = ConfigDict(extra="forbid")


class Image(Part):
    path: FilePath
    alt: Label
    credit: Label


class Document(Part):
    title: Label
    path: FilePath
    credit: Label


class Link(Part):
    label: Label
    url: Url = ""
    accessed: datetime.date | None = None


class Contact(Part):
    name: Line = ""
    role: Line = ""
    email: Email = ""


class Partner(Part):
    organisation: Key
    role: Line = ""


class Indicator(Part):
    name: Label
    unit: Unit = ""
    targets: dict[HalfYear, Amount] = {}
    actuals: dict[HalfYear, Amount] = {}


class Speaker(Part):
    name: Line = ""
    organisation: Line = ""


class Chapter(Part):
    start: int = Field(ge=0, le=24 * 3600)
    title: Label
    practice: Key | None = None


class Record(Part):
    """What every type has."""

    type: str
    key: Key
    title: Label
    summary: Summary
    easy_summary: EasySummary = ""
    clusters: list[Term] = []
    cost_bearers: list[Term] = []
    fields_of_action: list[Term] = []
    target_groups: list[Term] = []
    work_areas: list[Term] = []
    tags: list[Tag] = []
    licence: LicenceCode = ""
    image: Image | None = None
    documents: list[Document] = []
    links: list[Link] = []
    contact: Contact = Contact()
    published: datetime.date | None = None
    change_note: Short = ""


class Organisation(Record):
    type: Literal["organisation"]
    place: Line = ""
    region: Line = ""
    url: Url = ""
    association: Line = ""
    employees: int | None = Field(default=None, ge=0, le=2_000_000_000)


class Practice(Record):
    """What every practice has: an owner, partners, and a reason once it is archived."""

    organisation: Key | None = None
    partners: list[Partner] = []
    archive_reason: Short = ""


class Project(Practice):
    type: Literal["project"]
    organisation: Key
    place: Line = ""
    region: Line = ""
    start: datetime.date | None = None
    end: datetime.date | None = None
    programme: Line = ""
    funder: Line = ""
    eu_funded: bool = False
    funding_eur: Amount | None = Field(default=None, ge=0)
    phase: Term | None = None
    experiment_field: Term | None = None
    continuation: Term | None = None
    refinancing: RichText = ""
    situation: RichText = ""
    goals: RichText = ""
    approach: RichText = ""
    results: RichText = ""
    participation: RichText = ""
    success_factors: list[Sentence] = []
    obstacles: list[Sentence] = []
    costs: RichText = ""
    benefits: list[Sentence] = []
    transfer_tips: RichText = ""
    tools: list[Key] = []
    recordings: list[Key] = []
    indicators: list[Indicator] = []


class Tool(Practice):
    type: Literal["tool"]
    kind: Term | None = None
    description: RichText = ""
    url: Url = ""
    price: Short = ""
    data_protection: RichText = ""
    accessibility: RichText = ""
    hosting: Short = ""
    effort: Short = ""
    prerequisites: RichText = ""


class Recording(Practice):
    type: Literal["recording"]
    date: datetime.date | None = None
    series: Line = ""
    speakers: list[Speaker] = []
    duration_s: int | None = Field(default=None, ge=0, le=24 * 3600)
    video: VideoPlace | None = None
    captions: FilePath | None = None
    chapters: list[Chapter] = []
    slides: FilePath | None = None
    description: RichText = ""


class Lesson(Practice):
    type: Literal["lesson"]
    statement: Statement = ""
    context: RichText = ""
    recommendation: RichText = ""
    addressees: list[Term] = []
    level: Level = ""
    evidence: list[Key] = []
    contradicting: list[Key] = []


RECORD_TYPES: dict[str, type[Record]] = {
    "organisation": Organisation,
    "project": Project,
    "tool": Tool,
    "recording": Recording,
    "lesson": Lesson,
}

# The objects inside a line.
PARTS: dict[str, type[Part]] = {
    "image": Image,
    "documents": Document,
    "links": Link,
    "contact": Contact,
    "partners": Partner,
    "indicators": Indicator,
    "speakers": Speaker,
    "chapters": Chapter,
}


def compact(value):
    """Return `value` without anything empty at any depth, so that a left-out field equals an empty one; 0 stays."""
    if isinstance(value, dict):
        parts = {name: compact(part) for name, part in value.items()}
        return {name: part for name, part in parts.items() if part not in (None, "", [], {}) and part is not False}
    if isinstance(value, list):
        return [compact(part) for part in value]
    return value


def as_dict(record: Record) -> dict:
    """Return `record` as the exchange format writes it: JSON values in stable order, nothing empty."""
    return compact(record.model_dump(mode="json"))
