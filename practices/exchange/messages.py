"""What pydantic finds, in German and with a remedy."""

import difflib
from collections.abc import Iterable, Mapping

from practices.exchange.schema import PARTS, Record

TEXTS = {
    "missing": "Die Angabe fehlt. Bitte ergänzen Sie sie.",
    "string_type": "Hier wird ein Text in Anführungszeichen erwartet.",
    "string_too_long": "Der Text ist zu lang: Bitte kürzen Sie ihn auf höchstens {max_length} Zeichen.",
    "string_too_short": "Der Text ist leer. Bitte ergänzen Sie ihn.",
    "string_unicode": "Der Text enthält Zeichen, die es nicht gibt. Bitte speichern Sie die Datei neu in UTF-8.",
    "int_type": "Hier wird eine ganze Zahl ohne Anführungszeichen erwartet.",
    "bool_type": "Hier wird true oder false erwartet, ohne Anführungszeichen.",
    "date_type": 'Hier wird ein Datum in Anführungszeichen erwartet, zum Beispiel "2024-05-31".',
    "date_parsing": "Das ist kein Datum. Bitte schreiben Sie Jahr, Monat und Tag, zum Beispiel 2024-05-31.",
    "date_from_datetime_parsing": "Das ist kein Datum. Bitte schreiben Sie Jahr, Monat und Tag, zum Beispiel 2024-05-31.",
    "date_from_datetime_inexact": "Bitte lassen Sie die Uhrzeit weg und schreiben Sie nur das Datum, zum Beispiel 2024-05-31.",
    "decimal_max_digits": "Die Zahl ist zu lang: Erlaubt sind höchstens {max_digits} Stellen.",
    "decimal_max_places": "Die Zahl hat zu viele Nachkommastellen: Erlaubt sind höchstens {decimal_places}.",
    "decimal_whole_digits": "Die Zahl ist zu groß: Erlaubt sind höchstens {whole_digits} Stellen vor dem Punkt.",
    "finite_number": "Hier wird eine gewöhnliche Zahl erwartet.",
    "greater_than_equal": "Die Zahl ist zu klein: Erlaubt ist mindestens {ge}.",
    "less_than_equal": "Die Zahl ist zu groß: Erlaubt ist höchstens {le}.",
    "list_type": "Hier wird eine Liste in eckigen Klammern erwartet.",
    "dict_type": "Hier wird ein Objekt in geschweiften Klammern erwartet.",
    "model_type": "Hier wird ein Objekt in geschweiften Klammern erwartet.",
    "json_invalid": "Die Zeile enthält Zeichen, die es in JSON nicht gibt. Bitte speichern Sie die Datei neu in UTF-8.",
    "value_error": "{error}",
}
OTHER = "Der Wert ist hier nicht erlaubt. Bitte prüfen Sie die Angabe."
PATTERNS = {
    "key": "Eine Kennung besteht aus Kleinbuchstaben, Ziffern, Punkt und Strichen und beginnt mit Buchstabe oder Ziffer.",
    "half_year": "Bitte schreiben Sie Jahr und Halbjahr, zum Beispiel 2024-H1.",
}


def explain(error: Mapping, record_type: type[Record]) -> tuple[str, str]:
    """Return the dotted path of the field and the German sentence for one `error` pydantic found in a `record_type`."""
    place = [part for part in error["loc"] if part != "[key]"]
    return ".".join(str(part) for part in place), _sentence(error, place, record_type)


def suggest(name: str, known: Iterable[str], likeness: float = 0.4) -> str:
    """Return the question whether the nearest of the `known` names is meant, or nothing where none is that alike."""
    nearest = difflib.get_close_matches(name.lower()[:200], sorted(known), n=1, cutoff=likeness)
    return f" Meinten Sie „{nearest[0]}“?" if nearest else ""


def _sentence(error: Mapping, place: list, record_type: type[Record]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        known = PARTS.get(place[0], record_type) if len(place) > 1 else record_type
        return f"Dieses Feld gibt es hier nicht.{suggest(str(place[-1]), known.model_fields, likeness=0)}"
    if kind == "string_pattern_mismatch":
        return PATTERNS["half_year" if "[key]" in error["loc"] else "key"]
    return TEXTS.get(kind, OTHER).format(**context)
