"""A made-up workbook of an association: 650 profiles, on request with forty mistakes of ten kinds in known cells.

`python -m bench.workbook FILE [--with-mistakes]` writes one to try out.
"""

import datetime
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from bench.corpus import SEED

NUMBERS = {"Organisationen": 30, "Projekte": 400, "Werkzeuge": 100, "Mitschnitte": 60, "Erkenntnisse": 60}
TARGET_GROUPS = ("Jugendliche und junge Erwachsene", "Langzeitarbeitslose", "Fachkräfte", "Ältere Menschen")
FIELDS = ("Kindertagesbetreuung", "Suchthilfe", "Altenhilfe und Pflege", "Gewaltschutz", "Sozialraum und Quartier")
BEARERS = ("SGB II", "SGB III", "SGB VIII", "SGB IX", "Landesmittel")
WORDS = (
    "Geräte Menschen Beratung Alltag Team Schulung Zugang Netz Verein Träger Gruppe Kurs Lernen Werkstatt Begleitung "
    "Angebot Sprache Familie Pflege Arbeit Wohnen Gesundheit Teilhabe Digitalisierung Verwaltung"
).split()


class Mistake(NamedTuple):
    """Where a mistake was made, of which kind it is, and what repairs it."""

    kind: str
    sheet: str
    row: int
    heading: str
    right: object

    def cell(self, rows: dict[str, list[dict]]) -> str:
        """Return how a spreadsheet calls the cell."""
        index = list(rows[self.sheet][0]).index(self.heading) + 1
        return f"{self.sheet}!{get_column_letter(index)}{self.row}"


def make_rows() -> dict[str, list[dict]]:
    """Return the rows of every sheet by heading, without mistakes; the same every time."""
    chance = random.Random(SEED)  # noqa: S311 - for tests
    rows = {title: [_common(chance, title, number) for number in range(count)] for title, count in NUMBERS.items()}
    for sheet, fill in DETAILS.items():
        for number, row in enumerate(rows[sheet]):
            row |= fill(chance, number)
    return rows


def write_rows(path: Path, rows: dict[str, list[dict]]) -> Path:
    """Write `rows` as a workbook; a sheet has the headings of its first row."""
    book = Workbook(write_only=True)
    for title, those in rows.items():
        sheet = book.create_sheet(title)
        sheet.append(list(those[0]))
        for row in those:
            sheet.append(list(row.values()))
    book.save(path)
    return path


def seed_mistakes(rows: dict[str, list[dict]]) -> list[Mistake]:
    """Make four mistakes of each of ten kinds in `rows`, and return them."""
    made = []
    for kind, (sheet, heading, spoil) in enumerate(MISTAKES.values()):
        for number in range(4):
            index = 7 + kind + 11 * number
            row = rows[sheet][index]
            made.append(Mistake(list(MISTAKES)[kind], sheet, index + 2, heading, row[heading]))
            row[heading] = spoil(row, rows[sheet])
    return made


def _sentence(chance: random.Random, number: int = 12) -> str:
    return " ".join(chance.choices(WORDS, k=number)) + "."


def _paragraphs(chance: random.Random) -> str:
    return "\n\n".join(_sentence(chance, 60) for _number in range(2))


def _common(chance: random.Random, title: str, number: int) -> dict:
    return {
        "Kennung": f"erfunden-{title.lower()}-{number}",
        "Titel": f"{title[:-1]} {number}: {' '.join(chance.sample(WORDS, 3))} (erfunden)",
        "Zusammenfassung": _sentence(chance, 25),
        "Handlungsfelder": "; ".join(chance.sample(FIELDS, 2)),
        "Zielgruppen": chance.choice(TARGET_GROUPS),
        "Kostenträger": "; ".join(chance.sample(BEARERS, chance.randint(1, 2))),
        "Schlagwörter": "; ".join(chance.sample(WORDS, 3)),
        "Links": f"Bericht | https://example.org/{number} | 31.05.2024",
        "Kontakt: E-Mail": f"kontakt-{number}@example.org",
        "Zuerst veröffentlicht": datetime.date(2024, 1 + number % 12, 1 + number % 28),
    }


def _organisation(chance: random.Random, number: int) -> dict:
    return {"Ort": "Oberhausen", "Beschäftigte": 10 * (number + 1), "Website": f"https://example.org/o/{number}"}


def _project(chance: random.Random, number: int) -> dict:
    return {
        "Organisation": f"erfunden-organisationen-{number % NUMBERS['Organisationen']}",
        "Beteiligte": f"erfunden-organisationen-{(number + 1) % NUMBERS['Organisationen']} | Partnerin",
        "Beginn": f"01.{1 + number % 12:02}.2022",
        "Ende": datetime.date(2024, 12, 31),
        "Förderprogramm": f"Programm {number % 5} (erfunden)",
        "Fördersumme in Euro": "12.345,50",
        "Phase im PDCA-Zyklus": "Do",
        "Verstetigung": "In Erprobung",
        "Ausgangslage": _paragraphs(chance),
        "Ziele": _paragraphs(chance),
        "Vorgehen": _paragraphs(chance),
        "Ergebnisse": _paragraphs(chance),
        "Gelingensfaktoren": "Klare Zuständigkeit\nEin eigener Satz dazu.",
        "Hemmnisse": "Fehlende Zeit",
        "Werkzeuge": f"erfunden-werkzeuge-{number % NUMBERS['Werkzeuge']}",
        "Kennzahlen": "Teilnehmende | Personen | 2023-H1 | 10 | 12\nTeilnehmende | Personen | 2023-H2 | 20 | 18,5",
    }


def _tool(chance: random.Random, number: int) -> dict:
    return {"Art des Werkzeugs": "Software", "Beschreibung": _paragraphs(chance), "Preis": "kostenfrei"}


def _recording(chance: random.Random, number: int) -> dict:
    return {
        "Datum": "29.02.2024",
        "Dauer in Sekunden": 600,
        "Kapitel": f"0:00 | Anfang | erfunden-projekte-{number}\n1:30 | Ende",
        "Beschreibung": _paragraphs(chance),
    }


def _lesson(chance: random.Random, number: int) -> dict:
    return {
        "Erkenntnis": _sentence(chance),
        "Empfehlung": _paragraphs(chance),
        "Ebene": "Team",
        "Belege": f"erfunden-projekte-{number}; erfunden-projekte-{number + 60}",
    }


DETAILS: dict[str, Callable[[random.Random, int], dict]] = {
    "Organisationen": _organisation,
    "Projekte": _project,
    "Werkzeuge": _tool,
    "Mitschnitte": _recording,
    "Erkenntnisse": _lesson,
}

# kind: sheet, heading, and what is written instead, given the row and its sheet
MISTAKES: dict[str, tuple[str, str, Callable[[dict, list[dict]], object]]] = {
    "unknown term": ("Projekte", "Handlungsfelder", lambda row, rows: "Raumfahrt"),
    "nearly a term": ("Projekte", "Kostenträger", lambda row, rows: "SGB II; Landesmitel"),
    "no date": ("Projekte", "Beginn", lambda row, rows: "31.02.2023"),
    "end before start": ("Projekte", "Ende", lambda row, rows: datetime.date(2020, 1, 1)),
    "no title": ("Werkzeuge", "Titel", lambda row, rows: None),
    "key twice": ("Erkenntnisse", "Kennung", lambda row, rows: rows[0]["Kennung"]),
    "unknown page": ("Erkenntnisse", "Belege", lambda row, rows: "erfunden-projekte-4711"),
    "text too long": ("Mitschnitte", "Zusammenfassung", lambda row, rows: "zu lang " * 200),
    "no number": ("Projekte", "Fördersumme in Euro", lambda row, rows: "etwa zwölftausend"),
    "formula": ("Projekte", "Ziele", lambda row, rows: "=VERKETTEN(A1;B1)"),
}


if __name__ == "__main__":
    those = make_rows()
    if "--with-mistakes" in sys.argv:
        seed_mistakes(those)
    write_rows(Path(sys.argv[1]), those)
