"""What comes of a file that somebody wants to hand in: one that can be stored, or a refusal."""

from typing import NamedTuple, Protocol

KINDS = "JPG, PNG, GIF, WebP, AVIF, TIFF, HEIC oder SVG"
# What is more slender shows nothing, but stretches pages.
MOST_SLENDER = 200


class Picture(NamedTuple):
    """A picture as it is stored, and whose it is, where its file said so."""

    content: bytes
    suffix: str
    credit: str = ""


class Known(Protocol):
    """What is known of a file that passed the intake: whose it is by its own account, the SHA-1 of the file that came in, and
    name, SHA-1 and size of the one that is stored."""

    @property
    def name(self) -> str: ...
    @property
    def credit(self) -> str: ...
    @property
    def source_hash(self) -> str: ...
    @property
    def file_hash(self) -> str: ...
    @property
    def file_size(self) -> int: ...


class Refused(ValueError):
    """A file that is not taken in; the message says in German why, and what to do."""


def no_picture() -> Refused:
    """Return what is said about a file that is something else."""
    return Refused(
        f"Das ist kein Bild, das sich hier lesen lässt. Bitte speichern Sie es in einem dieser Formate: {KINDS}."
    )


def damaged() -> Refused:
    """Return what is said about a picture that can not be read to its end."""
    return Refused(
        "Die Bilddatei ist unvollständig oder beschädigt. Bitte öffnen Sie das Bild, speichern Sie es neu und wählen Sie die "
        "neue Datei."
    )


def too_costly() -> Refused:
    """Return what is said about a picture that takes more time or memory than there is."""
    return Refused(
        "Das Bild lässt sich hier nicht verarbeiten: Es ist zu groß oder beschädigt. Bitte verkleinern Sie es, zum Beispiel auf "
        "4.000 Bildpunkte je Seite, und wählen Sie die neue Datei."
    )


def check_shape(width: float, height: float) -> None:
    """Raise Refused where a picture with these sides is too slender to be shown."""
    if max(width, height) > MOST_SLENDER * min(width, height):
        raise Refused(
            f"Eine Seite des Bildes ist mehr als {MOST_SLENDER}-mal so lang wie die andere. Bitte schneiden Sie es zu."
        )
