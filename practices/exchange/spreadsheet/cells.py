"""Single cells: what is read out of them."""

import datetime
import re
from decimal import Decimal, InvalidOperation

from openpyxl.utils.datetime import from_excel

_GERMAN_DATE = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$")
_NUMBERS = (
    re.compile(r"^-?\d{1,3}(\.\d{3})+(,\d+)?$"),  # 1.234,50
    re.compile(r"^-?\d+(,\d+)?$"),  # 1234,5
)
_POINTED_NUMBER = re.compile(r"^-?\d+\.\d{1,2}$")  # 1234.5
_CLOCK = re.compile(r"^(?:(\d{1,2}):)?(\d{1,3}):(\d{2})$")
_WORDS = {
    **dict.fromkeys(("ja", "j", "x", "wahr", "true", "1"), True),
    **dict.fromkeys(("nein", "n", "falsch", "false", "0"), False),
}
# What Excel takes for days of this age: 1954 to 2119.
_SERIAL_DAYS = range(20_000, 80_000)


class Misread(ValueError):
    """A cell that does not say what its column asks for; the message has the remedy, `proposal` a better text."""

    def __init__(self, message: str, proposal: str = ""):
        super().__init__(message)
        self.proposal = proposal


def as_text(value) -> str:
    """Return what stands in a cell as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, datetime.datetime | datetime.date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float):
        return str(value).replace(".", ",")
    return str(value).strip()


def as_date(value) -> str:
    """Return the day in a cell as the exchange format writes it. Raises Misread."""
    if isinstance(value, datetime.datetime | datetime.date):
        return f"{value:%Y-%m-%d}"
    text = as_text(value)
    found = _GERMAN_DATE.match(text)
    try:
        if found:
            day, month, year = map(int, found.groups())
            return datetime.date(year, month, day).isoformat()
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError as error:
        proposal = ""
        if text.isdigit() and int(text) in _SERIAL_DAYS:
            proposal = as_text(from_excel(int(text)))
        raise Misread(
            "Das ist kein Datum. Bitte schreiben Sie Tag, Monat und Jahr, zum Beispiel 31.12.2024.", proposal
        ) from error


def as_amount(value) -> int | float:
    """Return the number in a cell; German and English spelling are understood. Raises Misread."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = as_text(value).removesuffix("€").removesuffix("Euro").replace("\N{NO-BREAK SPACE}", "").strip()
    try:
        if any(pattern.match(text) for pattern in _NUMBERS):
            number = Decimal(text.replace(".", "").replace(",", "."))
        elif _POINTED_NUMBER.match(text):
            number = Decimal(text)
        else:
            raise Misread("Das ist keine Zahl. Bitte schreiben Sie nur Ziffern, zum Beispiel 1.234,50.")
    except InvalidOperation as error:
        raise Misread("Die Zahl ist zu lang. Bitte prüfen Sie die Angabe.") from error
    return int(number) if number == number.to_integral_value() else float(number)


def as_whole(value) -> int:
    """Return the whole number in a cell. Raises Misread."""
    number = as_amount(value)
    if int(number) != number:
        raise Misread("Hier wird eine ganze Zahl erwartet. Bitte runden Sie.", as_text(float(round(number))))
    return int(number)


def as_yes_no(value) -> bool:
    """Return whether a cell says yes. Raises Misread."""
    word = as_text(value).lower()
    if word not in _WORDS:
        raise Misread("Bitte schreiben Sie „ja“ oder „nein“.")
    return _WORDS[word]


def as_seconds(text: str) -> int:
    """Return a moment of a recording, 412 or 6:52 or 1:06:52, in seconds. Raises Misread."""
    found = _CLOCK.match(text)
    if found:
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return (hours * 60 + minutes) * 60 + seconds
    if not text.isdigit():
        raise Misread("Bitte schreiben Sie den Beginn als Minuten und Sekunden, zum Beispiel 6:52.")
    return int(text)


def lines_of(value) -> list[str]:
    """Return the lines of a cell that say something."""
    return [line.strip() for line in as_text(value).splitlines() if line.strip()]


def items_of(value) -> list[str]:
    """Return the items of a cell, separated by semicolons or line breaks."""
    return [item.strip() for line in lines_of(value) for item in line.split(";") if item.strip()]


def parts_of(line: str, most: int) -> list[str]:
    """Return exactly `most` parts of a line separated by |, missing ones empty; \\| is no separator. Raises Misread."""
    parts = [part.replace("\\|", "|").strip() for part in re.split(r"(?<!\\)\|", line)]
    if len(parts) > most:
        raise Misread(f"Hier stehen zu viele senkrechte Striche: Erlaubt sind höchstens {most - 1} je Zeile.")
    return [*parts, *[""] * (most - len(parts))]


def join_parts(*parts: str) -> str:
    """Return `parts` as one line that parts_of() reads again; empty ones at the end are left out."""
    texts = [" ".join(part.split()).replace("|", "\\|") for part in parts]
    while texts and not texts[-1]:
        texts.pop()
    return " | ".join(texts)
