"""The kinds of value in the exchange format, with their limits."""

from decimal import Decimal
from typing import Annotated

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, StringConstraints

from practices.models import LessonPage, Licence
from practices.web_addresses import check_address

KEY_PATTERN = r"^[a-z0-9][a-z0-9_.-]*$"
HALF_YEAR_PATTERN = r"^\d{4}-H[12]$"


def is_address(video: str) -> bool:
    """Return whether the `video` of a recording is elsewhere on the web rather than a file beside the exchange file."""
    return video.startswith(("http://", "https://"))


class Rich:
    """Marks a text that is stored as rich text; every other text is plain."""


def _no_control_characters(text: str) -> str:
    if any(ord(letter) < 32 and letter not in "\n\r\t" for letter in text):
        raise ValueError("Der Text enthält Steuerzeichen. Bitte entfernen Sie diese.")
    return text


def _checked(validator, message: str) -> AfterValidator:
    def check(value: str) -> str:
        try:
            if value:
                validator(value)
        except ValidationError as error:
            raise ValueError(message) from error
        return value

    return AfterValidator(check)


def _one_of(choices: list[str]) -> AfterValidator:
    def check(value: str) -> str:
        if value not in choices:
            raise ValueError(f"Dieser Wert ist nicht vorgesehen. Erlaubt sind: {', '.join(filter(None, choices))}.")
        return value

    return AfterValidator(check)


def as_number(value: Decimal) -> int | float:
    """Return `value` as JSON writes it, without an empty fraction."""
    return int(value) if value == value.to_integral_value() else float(value)


def _decimal(value) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("Hier wird eine Zahl ohne Anführungszeichen erwartet, mit Punkt vor den Nachkommastellen.")
    return Decimal(str(value))


def _limits(max_length: int, min_length: int = 0) -> StringConstraints:
    return StringConstraints(min_length=min_length, max_length=max_length, strip_whitespace=True)


_printable = AfterValidator(_no_control_characters)
_web_address = _checked(check_address, "Bitte geben Sie eine vollständige Adresse an, die mit https:// beginnt.")
_email_address = _checked(EmailValidator(), "Bitte geben Sie eine E-Mail-Adresse an, zum Beispiel name@example.org.")

Line = Annotated[str, _limits(255), _printable]
Label = Annotated[str, _limits(255, min_length=1), _printable]
Short = Annotated[str, _limits(500), _printable]
Sentence = Annotated[str, _limits(500, min_length=1), _printable]
Unit = Annotated[str, _limits(100), _printable]
Summary = Annotated[str, _limits(1000, min_length=1), _printable]
EasySummary = Annotated[str, _limits(2000), _printable]
Statement = Annotated[str, _limits(600), _printable]
RichText = Annotated[str, _limits(50_000), _printable, Rich()]
Key = Annotated[str, Field(max_length=120, pattern=KEY_PATTERN)]
Term = Annotated[str, _limits(100, min_length=1), _printable]
Tag = Annotated[str, _limits(100, min_length=1), _printable]
FilePath = Annotated[str, _limits(500, min_length=1), _printable]
Url = Annotated[str, _limits(500), _printable, _web_address]
Email = Annotated[str, _limits(254), _printable, _email_address]
VideoPlace = Annotated[FilePath, AfterValidator(lambda place: _web_address.func(place) if is_address(place) else place)]
Amount = Annotated[
    Decimal,
    Field(max_digits=14, decimal_places=2),
    BeforeValidator(_decimal),
    PlainSerializer(as_number, return_type=int | float),
]
LicenceCode = Annotated[str, _one_of(Licence.values)]
Level = Annotated[str, _one_of(["", *LessonPage.Level.values])]
HalfYear = Annotated[str, Field(pattern=HALF_YEAR_PATTERN)]
