"""The sheets of a workbook and their columns: the exchange format under German headings."""

from dataclasses import dataclass
from enum import Enum

from practices.exchange.schema import FACTORS, RECORD_TYPES, SINGLE_TERMS, TERM_LISTS


class Kind(Enum):
    """How a cell is written."""

    TEXT = "Text"
    RICH = "Text, Absätze durch eine Leerzeile getrennt"
    TEXTS = "ein Satz je Zeile der Zelle"
    TAGS = "mehrere durch ; oder Zeilenumbruch getrennt"
    DATE = "Datum, zum Beispiel 31.12.2024"
    WHOLE = "ganze Zahl"
    AMOUNT = "Zahl, zum Beispiel 1.234,50"
    YES_NO = "ja oder nein"
    CHOICE = "ein Wert der Liste"
    TERM = "ein Begriff des Vokabulars"
    TERMS = "Begriffe des Vokabulars, durch ; oder Zeilenumbruch getrennt"
    FACTORS = "je Zeile der Zelle ein Begriff des Vokabulars oder ein eigener Satz"
    PAGE = "Kennung oder Titel"
    PAGES = "Kennungen oder Titel, durch ; oder Zeilenumbruch getrennt"
    VIDEO = "Adresse, die mit https:// beginnt; bleibt die Zelle leer, bleibt das Video"
    PARTNERS = "je Zeile der Zelle: Kennung oder Titel | Rolle"
    LINKS = "je Zeile der Zelle: Beschriftung | Adresse | aufgerufen am"
    SPEAKERS = "je Zeile der Zelle: Name | Organisation"
    CHAPTERS = "je Zeile der Zelle: Beginn (6:52) | Titel | Kennung oder Titel der Praxis"
    INDICATORS = "je Zeile der Zelle: Kennzahl | Einheit | Halbjahr (2024-H1) | Soll | Ist"


@dataclass(frozen=True)
class Column:
    """A column: `field` is its place in a line of the exchange format."""

    heading: str
    field: str
    kind: Kind
    example: str = ""
    types: tuple[str, ...] = ()
    required: bool = False

    @property
    def scheme(self) -> str:
        """The vocabulary whose terms stand here; empty for other columns."""
        return (TERM_LISTS | SINGLE_TERMS | FACTORS).get(self.field, "")


@dataclass(frozen=True)
class Sheet:
    """A sheet: the lines of one type."""

    type: str
    title: str
    columns: tuple[Column, ...]


EXAMPLE_MARK = "Beispiel, bitte löschen"
# A cell that says so leaves the page as it is; exports write it where a text is too long for a cell.
KEEP_MARK = "(unverändert)"
# Pages keep what no sheet can say.
WITHOUT_COLUMN = frozenset({"image", "documents", "captions", "slides"})
PRACTICES = ("project", "tool", "recording", "lesson")

_FIRST = (
    Column("Kennung", "key", Kind.TEXT, EXAMPLE_MARK),
    Column("Titel", "title", Kind.TEXT, "Tablets zum Ausleihen", required=True),
    Column("Zusammenfassung", "summary", Kind.TEXT, "Wer kein Gerät hat, leiht eines.", required=True),
    Column("In einfacher Sprache", "easy_summary", Kind.TEXT, "Sie können ein Tablet leihen."),
)
_OWNED = (
    Column("Organisation", "organisation", Kind.PAGE, "redaktion", ("organisation",)),
    Column("Beteiligte", "partners", Kind.PARTNERS, "", ("organisation",)),
)
_TERMS = (
    Column("Kostenträger-Cluster", "clusters", Kind.TERMS, "Arbeit"),
    Column("Kostenträger", "cost_bearers", Kind.TERMS, "SGB II; SGB III"),
    Column("Handlungsfelder", "fields_of_action", Kind.TERMS, "Suchthilfe"),
    Column("Zielgruppen", "target_groups", Kind.TERMS, "Langzeitarbeitslose"),
    Column("Arbeitsbereiche", "work_areas", Kind.TERMS, "Beratung"),
    Column("Schlagwörter", "tags", Kind.TAGS, "Ausleihe; Tablets"),
)
_LAST = (
    Column("Links", "links", Kind.LINKS, "Bericht | https://example.org/bericht | 31.05.2024"),
    Column("Kontakt: Name", "contact.name", Kind.TEXT),
    Column("Kontakt: Funktion", "contact.role", Kind.TEXT, "Projektleitung"),
    Column("Kontakt: E-Mail", "contact.email", Kind.TEXT, "projekt@example.org"),
    Column("Lizenz der Texte", "licence", Kind.CHOICE, "CC BY 4.0 – mit Namensnennung"),
    Column("Zuerst veröffentlicht", "published", Kind.DATE, "31.05.2024"),
    Column("Was hat sich geändert?", "change_note", Kind.TEXT),
)
_ARCHIVED = Column("Archiviert, weil", "archive_reason", Kind.TEXT)
_PLACE = (
    Column("Ort", "place", Kind.TEXT, "Oberhausen"),
    Column("Bundesland oder Region", "region", Kind.TEXT, "Nordrhein-Westfalen"),
)
_ORGANISATION = (
    *_PLACE,
    Column("Website", "url", Kind.TEXT, "https://example.org/"),
    Column("Verband", "association", Kind.TEXT),
    Column("Beschäftigte", "employees", Kind.WHOLE, "120"),
)
_PROJECT = (
    *_PLACE,
    Column("Beginn", "start", Kind.DATE, "01.01.2023"),
    Column("Ende", "end", Kind.DATE, "31.12.2024"),
    Column("Förderprogramm", "programme", Kind.TEXT),
    Column("Fördernde Stelle", "funder", Kind.TEXT),
    Column("Mit Mitteln der Europäischen Union", "eu_funded", Kind.YES_NO, "nein"),
    Column("Fördersumme in Euro", "funding_eur", Kind.AMOUNT, "1.234,50"),
    Column("Phase im PDCA-Zyklus", "phase", Kind.TERM, "Do"),
    Column("Experimentierfeld", "experiment_field", Kind.TERM),
    Column("Verstetigung", "continuation", Kind.TERM, "In Erprobung"),
    Column("Refinanzierung", "refinancing", Kind.RICH),
    Column("Ausgangslage", "situation", Kind.RICH, "Vielen fehlte ein Gerät."),
    Column("Ziele", "goals", Kind.RICH),
    Column("Vorgehen", "approach", Kind.RICH),
    Column("Ergebnisse", "results", Kind.RICH),
    Column("Beteiligung der Zielgruppe", "participation", Kind.RICH),
    Column("Gelingensfaktoren", "success_factors", Kind.FACTORS, "Klare Zuständigkeit"),
    Column("Hemmnisse", "obstacles", Kind.FACTORS, "Fehlende Zeit"),
    Column("Kosten und Aufwand", "costs", Kind.RICH),
    Column("Nutzen", "benefits", Kind.TEXTS, "Mehr Menschen nehmen teil."),
    Column("Tipps für die Übertragung", "transfer_tips", Kind.RICH),
    Column("Werkzeuge", "tools", Kind.PAGES, "", ("tool",)),
    Column("Mitschnitte", "recordings", Kind.PAGES, "", ("recording",)),
    Column("Kennzahlen", "indicators", Kind.INDICATORS, "Teilnehmende | Personen | 2024-H1 | 10 | 12"),
)
_TOOL = (
    Column("Art des Werkzeugs", "kind", Kind.TERM, "Software"),
    Column("Beschreibung", "description", Kind.RICH, "Ein Verzeichnis für geliehene Geräte."),
    Column("Website", "url", Kind.TEXT, "https://example.org/"),
    Column("Preis", "price", Kind.TEXT, "kostenfrei"),
    Column("Datenschutz", "data_protection", Kind.RICH),
    Column("Barrierefreiheit", "accessibility", Kind.RICH),
    Column("Betrieb", "hosting", Kind.TEXT),
    Column("Aufwand", "effort", Kind.TEXT),
    Column("Voraussetzungen", "prerequisites", Kind.RICH),
)
_RECORDING = (
    Column("Datum", "date", Kind.DATE, "31.05.2024"),
    Column("Veranstaltung oder Reihe", "series", Kind.TEXT),
    Column("Vortragende", "speakers", Kind.SPEAKERS),
    Column("Dauer in Sekunden", "duration_s", Kind.WHOLE, "600"),
    Column("Adresse des Videos", "video", Kind.VIDEO, "https://example.org/video"),
    Column("Kapitel", "chapters", Kind.CHAPTERS, "0:00 | Begrüßung", PRACTICES),
    Column("Beschreibung", "description", Kind.RICH),
)
_LESSON = (
    Column("Erkenntnis", "statement", Kind.TEXT, "Erst fragen, dann kaufen."),
    Column("Zusammenhang", "context", Kind.RICH),
    Column("Empfehlung", "recommendation", Kind.RICH),
    Column("Richtet sich an", "addressees", Kind.TERMS, "Praxis"),
    Column("Ebene", "level", Kind.CHOICE, "Team"),
    Column("Belege", "evidence", Kind.PAGES, "", ("project",)),
    Column("Belege dagegen", "contradicting", Kind.PAGES, "", ("project",)),
)
_OWNED_BY_NAME = (Column("Organisation", "organisation", Kind.PAGE, "redaktion", ("organisation",), True), _OWNED[1])

SHEETS = (
    Sheet("organisation", "Organisationen", (*_FIRST, *_ORGANISATION, *_TERMS, *_LAST)),
    Sheet("project", "Projekte", (*_FIRST, *_OWNED_BY_NAME, *_PROJECT, *_TERMS, *_LAST, _ARCHIVED)),
    Sheet("tool", "Werkzeuge", (*_FIRST, *_OWNED, *_TOOL, *_TERMS, *_LAST, _ARCHIVED)),
    Sheet("recording", "Mitschnitte", (*_FIRST, *_OWNED, *_RECORDING, *_TERMS, *_LAST, _ARCHIVED)),
    Sheet("lesson", "Erkenntnisse", (*_FIRST, *_OWNED, *_LESSON, *_TERMS, *_LAST, _ARCHIVED)),
)
GUIDE_SHEET = "Anleitung"
LISTS_SHEET = "Listen"


def fields_of(sheet: Sheet) -> set[str]:
    """Return the fields of the exchange format that `sheet` can say."""
    return {column.field.split(".")[0] for column in sheet.columns}


def fields_without_column(sheet: Sheet) -> set[str]:
    """Return the fields of the type of `sheet` that have no column."""
    return set(RECORD_TYPES[sheet.type].model_fields) - fields_of(sheet) - {"type"}
