"""What stands in a document that whoever hands it in may not have in mind, in words for editors."""

from collections import Counter, defaultdict
from collections.abc import Iterable

_MOST_NAMES = 5
_LONGEST_NAME = 60
_MOST_KEPT = 200

# Who or what is named, in the order in which it is said.
AUTHOR, LAST_CHANGED_BY, COMPANY, MANAGER, PROPERTY, TEMPLATE = _NAMED = (
    "Autorin oder Autor",
    "zuletzt geändert von",
    "Firma",
    "Vorgesetzte Person",
    "weitere Angaben",
    "Speicherort der Vorlage",
)
# What is counted, in the same way: for one, and for several.
COMMENTS = ("1 Kommentar", "{} Kommentare")
CHANGES = ("1 nachverfolgte Änderung samt gelöschtem Text", "{} nachverfolgte Änderungen samt gelöschtem Text")
HIDDEN_TEXT = ("ausgeblendeter Text an 1 Stelle", "ausgeblendeter Text an {} Stellen")
NOTES = ("Notizen zu 1 Folie", "Notizen zu {} Folien")
HIDDEN_SLIDES = ("1 ausgeblendete Folie", "{} ausgeblendete Folien")
HIDDEN_SHEETS = ("1 ausgeblendetes Tabellenblatt", "{} ausgeblendete Tabellenblätter")
HIDDEN_ROWS = ("ausgeblendete Zeilen oder Spalten in 1 Blatt", "ausgeblendete Zeilen oder Spalten in {} Blättern")
EMBEDDED = ("1 eingebettete Datei", "{} eingebettete Dateien")
PLACES = (
    "1 Foto nennt den Ort, an dem es aufgenommen wurde",
    "{} Fotos nennen den Ort, an dem sie aufgenommen wurden",
)
PAGES = ("1 Internetseite (HTML)", "{} Internetseiten (HTML)")
CLOSED = (
    "Verschlüsseltes, das sich nicht prüfen lässt, in 1 PDF-Datei",
    "Verschlüsseltes, das sich nicht prüfen lässt, in {} PDF-Dateien",
)
_COUNTED = (
    *(COMMENTS, CHANGES, HIDDEN_TEXT, NOTES, HIDDEN_SLIDES, HIDDEN_SHEETS, HIDDEN_ROWS, EMBEDDED, PLACES, PAGES),
    CLOSED,
)
_IN_OFFICE = (
    "in Word, Excel und PowerPoint unter „Datei → Informationen → Auf Probleme überprüfen → Dokument prüfen“, Änderungen unter "
    "„Überprüfen → Annehmen“"
)
_IN_OPENDOCUMENT = (
    "in LibreOffice unter „Datei → Eigenschaften → Allgemein → Persönliche Angaben zurücksetzen“, Änderungen unter „Bearbeiten → "
    "Änderungen verfolgen → Alle annehmen“"
)
_WAYS = {
    **dict.fromkeys((".docx", ".xlsx", ".pptx"), _IN_OFFICE),
    **dict.fromkeys((".odt", ".ods", ".odp"), _IN_OPENDOCUMENT),
    ".pdf": "in dem Dokument, aus dem die PDF-Datei entstanden ist, und speichern Sie es noch einmal als PDF",
    ".zip": "in den einzelnen Dateien und packen Sie sie noch einmal",
}


class Findings:
    """Collects what is found, each name once."""

    def __init__(self) -> None:
        self._names: dict[object, dict[str, None]] = defaultdict(dict)
        self._counts: Counter = Counter()
        self._seen: set[tuple] = set()

    def name(self, of: object, *names: str) -> None:
        """Note who or what is named `of` a kind; what counts may have names, too."""
        for name in names:
            plain = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
            if plain and len(self._names[of]) < _MOST_KEPT:
                self._names[of][plain[:_LONGEST_NAME]] = None

    def count(self, what: tuple[str, str], *names: str, once_in: str = "") -> None:
        """Count one more of `what`, with the names of those behind it; of the same part `once_in` it counts once."""
        if once_in:
            if (what, once_in) in self._seen:
                return
            self._seen.add((what, once_in))
        self._counts[what] += 1
        self.name(what, *names)

    def lines(self) -> list[str]:
        """Return what was found, each thing in a line."""
        named = [f"{label}: {_listed(self._names[label])}" for label in _NAMED if self._names[label]]
        counted = []
        for what in _COUNTED:
            if number := self._counts[what]:
                names = f" ({_listed(self._names[what])})" if self._names[what] else ""
                counted.append(what[number > 1].format(number) + names)
        return named + counted


def _listed(names: Iterable[str]) -> str:
    shown = [f"„{name}“" for name in names]
    return ", ".join(shown[:_MOST_NAMES]) + (" und weitere" if len(shown) > _MOST_NAMES else "")


def warning_of(hidden: str, suffix: str) -> str:
    """Return what to tell people about the lines of `hidden` content in a document with the ending `suffix`; empty without any."""
    if not hidden:
        return ""
    found = "; ".join(hidden.splitlines())
    way = _WAYS.get(suffix.lower(), "in dem Programm, aus dem die Datei stammt")
    return (
        f"In dieser Datei steht mehr, als man ihr ansieht, und wer sie herunterlädt, kann es lesen: {found}. Soll das nicht sein, "
        f"entfernen Sie es {way}; danach laden Sie die neue Datei hoch."
    )
