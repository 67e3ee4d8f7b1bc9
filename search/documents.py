"""From practices in the database to documents of the index, a batch at a time with a constant number of queries.

Rebuilding and updating both come through here, so they can not disagree.
"""

import hashlib
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from wagtail.models import PageViewRestriction

from practices.models import (
    PRACTICE_TYPES,
    SCHEMES,
    OrganisationPage,
    PracticePage,
    PracticePartner,
    ProjectIndicator,
    ProjectObstacle,
    ProjectSuccessFactor,
    RecordingChapter,
)
from practices.terms import FREE_TAGS, TermRow, all_terms, terms_of, with_broader
from practices.visibility import ANONYMOUS, public_documents, visible_pages
from search.analysis.edition import edition
from search.analysis.folding import fold
from search.analysis.text import Streams, analyse
from search.analysis.tokens import clean_text
from search.engines.protocol import IndexDocument
from search.lexicon import LEXICON

PUBLIC = "public"
_BREAK = re.compile(r"</(?:p|h3|li|ul|ol)>|<br\s*/?>")
_TAG = re.compile(r"<[^>]*>")
_MAX_TITLE_ORDER = 200
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# Freshness 0 belongs to what was confirmed before 2015; each year adds this much (see engines.protocol.FRESHNESS).
_FRESH_FROM = date(2015, 1, 1)
_FRESHNESS_PER_YEAR = 0.02

# Texts in the body of each type, in their order on the page.
BODY_FIELDS = {
    "projekt": ("situation", "goals", "approach", "results", "participation", "refinancing", "costs", "transfer_tips"),
    "werkzeug": ("description", "prerequisites", "data_protection", "accessibility", "price", "hosting", "effort"),
    "mitschnitt": ("description", "series"),
    "erkenntnis": ("context", "recommendation"),
}


@dataclass
class _Content:
    """What a practice says, by zone, in plain text; `passages` are (seconds, text)."""

    page: PracticePage
    changed_at: datetime
    summary: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    attached: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    passages: list[tuple[int, str]] = field(default_factory=list)
    keywords: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def make_documents(page_ids: Iterable[int]) -> list[IndexDocument]:
    """Return the documents of those practices with `page_ids` that are live; whatever is missing must not be found."""
    contents = _collect(list(page_ids))
    texts = [_zones(content) for content in contents]
    LEXICON.learn_texts(text for zones in texts for text in zones.values())
    return [_make_document(content, zones) for content, zones in zip(contents, texts, strict=True)]


@cache
def document_edition() -> str:
    """Return a name for the rules by which documents are made now, those of the analysis included."""
    sources = [Path(__file__), *sorted((Path(__file__).parent / "engines").glob("*.py"))]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources) + edition().encode()).hexdigest()[:12]


def plain_text(markup: str) -> str:
    """Return rich text, which was cleaned when it was stored, as plain text with a line for each paragraph."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", markup))).strip()


def _collect(page_ids: list[int]) -> list[_Content]:
    contents: dict[int, _Content] = {}
    for model in PRACTICE_TYPES.values():
        pages = model.objects.filter(pk__in=page_ids, live=True).with_changed_at()
        if model.type_key == "projekt":
            pages = pages.select_related("programme")
        contents |= {page.pk: _own_content(page) for page in pages}
    ids = list(contents)
    _add_terms(contents, ids)
    _add_organisations(contents, ids)
    _add_rows(contents, ids)
    _add_document_titles(contents)
    _add_audiences(contents)
    return list(contents.values())


def _own_content(page) -> _Content:
    kind = page.type_key
    content = _Content(
        page, page.changed_at or _NEVER, summary=[page.summary, page.easy_summary, getattr(page, "statement", "")]
    )
    content.body = [plain_text(getattr(page, name)) for name in BODY_FIELDS[kind]]
    content.keywords["typ"] = [kind]
    content.terms.append(page.type_label)
    if kind == "projekt":
        content.body += [str(block.value) for block in page.benefits]
        content.terms += [page.place, page.region]
        if page.programme:
            content.terms += [page.programme.name, page.programme.funder]
        content.keywords["region"] = [page.region] if page.region else []
    if kind == "mitschnitt":
        content.body += [block.value[part] or "" for block in page.speakers for part in ("name", "organisation")]
        content.passages = [(cue["start"], clean_text(cue["text"])) for cue in page.cues]
        content.attached = [text for _start, text in content.passages]
    return content


def _add_terms(contents: dict[int, _Content], ids: list[int]) -> None:
    """Facets carry terms and everything above them: who asks for a term means its narrower terms, too."""
    rows = {(term.scheme, term.key): term for term in all_terms()}
    above = defaultdict(list)
    for scheme, key, broader in with_broader(rows.values()):
        above[scheme, key].append(broader)
    for page_id, terms in terms_of(ids).items():
        content = contents[page_id]
        for term in terms:
            parameter = FREE_TAGS if term.scheme == FREE_TAGS else SCHEMES[term.scheme].parameter
            content.keywords[parameter] += [term.key, *above[term.scheme, term.key]]
            content.names.append(term.label)
            for key in [term.key, *above[term.scheme, term.key]]:
                row: TermRow | None = rows.get((term.scheme, key))
                content.terms += [row.label, row.notation] if row else [term.label]


def _add_organisations(contents: dict[int, _Content], ids: list[int]) -> None:
    """The owner is above the practice in the tree, and not named while it is a draft; nor are partners not everybody may read."""
    paths = {page_id: content.page.path[: -content.page.steplen] for page_id, content in contents.items()}
    owned = OrganisationPage.objects.filter(path__in=set(paths.values())).order_by()
    owners = {row.path: row for row in owned.values_list("path", "live", "title", "key", "region", named=True)}
    for page_id, content in contents.items():
        if owner := owners.get(paths[page_id]):
            named = [owner.title] if owner.live else []
            content.terms += named
            content.names += named
            content.keywords["traeger"] = [owner.key]
            content.keywords["region"] = content.keywords["region"] or ([owner.region] if owner.region else [])
    # Only those that are partners here: asked which of all pages may be read, a large site takes as long for every batch.
    partners = visible_pages(OrganisationPage.objects.filter(partnerships__practice__in=ids), ANONYMOUS)
    named_partners = PracticePartner.objects.filter(practice__in=ids, organisation__in=partners.order_by())
    for page_id, title in named_partners.values_list("practice", "organisation__title"):
        contents[page_id].body.append(title)


def _add_rows(contents: dict[int, _Content], ids: list[int]) -> None:
    for model in (ProjectSuccessFactor, ProjectObstacle):
        for page_id, statement in model.objects.filter(project__in=ids).values_list("project", "statement"):
            contents[page_id].body.append(statement)
    for page_id, name in ProjectIndicator.objects.filter(project__in=ids).values_list("project", "name"):
        contents[page_id].body.append(name)
    for page_id, title in RecordingChapter.objects.filter(recording__in=ids).values_list("recording", "title"):
        contents[page_id].body.append(title)


def _add_document_titles(contents: dict[int, _Content]) -> None:
    """Titles of documents in restricted collections stay out."""
    wanted = {
        page_id: [block["value"]["document"] for block in content.page.documents.raw_data]
        for page_id, content in contents.items()
    }
    ids = {pk for named in wanted.values() for pk in named if pk}
    titles = dict(public_documents(ids).values_list("pk", "title"))
    for page_id, named in wanted.items():
        contents[page_id].body += [titles[pk] for pk in named if pk in titles]


def _add_audiences(contents: dict[int, _Content]) -> None:
    """A document names the restrictions that lie on it; `readable_by` keeps out those closed to a reader."""
    restrictions = list(PageViewRestriction.objects.values_list("page__path", "pk"))
    for content in contents.values():
        path = content.page.path
        closed = sorted(pk for above, pk in restrictions if path.startswith(above))
        content.keywords["audience"] = [restriction_token(pk) for pk in closed] or [PUBLIC]


def restriction_token(restriction_id: int) -> str:
    """Return how the index names a restriction."""
    return f"restriction-{restriction_id}"


def _zones(content: _Content) -> dict[str, str]:
    return {
        "title": clean_text(content.page.title),
        "summary": _paragraphs(content.summary),
        "terms": _paragraphs(dict.fromkeys(content.terms)),
        "body": _paragraphs(content.body),
        "attached": _paragraphs(content.attached),
        "names": _paragraphs([content.page.title, *dict.fromkeys(content.names)]),
    }


def _paragraphs(texts: Iterable[str]) -> str:
    return clean_text("\n".join(text.strip() for text in texts if text and text.strip()))


def _make_document(content: _Content, zones: dict[str, str]) -> IndexDocument:
    page = content.page
    streams = {zone: analyse(text, LEXICON) for zone, text in zones.items()}
    source = json.dumps(
        {**{zone: zones[zone] for zone in ("title", "summary", "body")}, "passages": content.passages},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    keywords = {name: sorted(set(values)) for name, values in content.keywords.items()}
    integers = {
        "newest": _in_order(page.first_published_at or _NEVER, page),
        "changed": _in_order(content.changed_at, page),
        **_years(page),
    }
    freshness = _freshness(page)
    named = json.dumps(
        [document_edition(), source, zones["terms"], keywords, integers, round(freshness, 4)], sort_keys=True
    )
    return IndexDocument(
        page_id=page.pk,
        digest=hashlib.sha256(named.encode()).hexdigest()[:24],
        texts={name: " ".join(tokens) for name, tokens in _text_fields(streams)},
        keywords=keywords,
        integers=integers,
        title_order=f"{fold(zones['title'].lower())[:_MAX_TITLE_ORDER]}\x1f{page.pk:012d}",
        freshness=freshness,
        source=source,
    )


def _text_fields(streams: dict[str, Streams]) -> Iterator[tuple[str, Iterable[str]]]:
    zones = ("title", "summary", "terms", "body", "attached")
    for zone in zones:
        yield zone, streams[zone].stems
    yield "exact_title", streams["title"].exact
    yield "exact", [token for zone in zones for token in streams[zone].exact]
    yield "loose_title", streams["title"].loose
    yield "loose", [token for zone in zones for token in streams[zone].loose]
    yield "names", streams["names"].exact


def _in_order(moment: datetime, page: PracticePage) -> int:
    """Return a number that orders by `moment` and, where that is the same, by page."""
    return int(moment.timestamp()) * 10_000_000 + page.pk % 10_000_000


def _years(page: PracticePage) -> dict[str, int]:
    """Return the years a practice spans: those of the project or of the talk, else of its publication."""
    first = getattr(page, "start", None) or getattr(page, "end", None) or getattr(page, "date", None)
    last = getattr(page, "end", None) or first
    if first is None:
        first = last = page.first_published_at
    return {"year_from": first.year, "year_to": last.year} if first and last else {}


def _freshness(page: PracticePage) -> float:
    """Return how fresh a practice is; what was archived is as old as can be."""
    if page.archive_reason:
        return 0.0
    confirmed = page.last_confirmed or (page.last_published_at and page.last_published_at.date())
    days = (confirmed - _FRESH_FROM).days if confirmed else 0
    return round(max(days, 0) / 365.25 * _FRESHNESS_PER_YEAR, 4)
