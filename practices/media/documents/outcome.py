"""What comes of a document that somebody wants to hand in: its kind, or a refusal."""

from typing import NamedTuple

from practices.media.outcome import Refused

KINDS = "PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), OpenDocument (.odt, .ods, .odp), CSV, TXT, VTT oder ZIP"
MOST_BYTES = 50 * 1024 * 1024
MOST_MEGABYTES = MOST_BYTES // 1024**2


class Document(NamedTuple):
    """The ending of what a document is, and what is hidden in it, each thing in a line."""

    suffix: str
    hidden: list[str]


NO_PROGRAMS = "Programme werden nicht angenommen. Bitte wählen Sie ein Dokument."


class Harmful(Refused):
    """A file that must not come in inside another one either."""


def wrong_kind(suffix: str, what: str, advice: str) -> Refused:
    """Return what is said about a file that is not what its ending `suffix` says, or nothing that is taken."""
    called = f"Diese Datei heißt „{suffix}“, ist aber {what}." if suffix else f"Diese Datei ist {what}."
    return Refused(f"{called} {advice}")


def damaged(what: str = "Die Datei") -> Refused:
    """Return what is said about a document that can not be read to its end."""
    return Refused(
        f"{what} ist unvollständig oder beschädigt. Bitte öffnen Sie das Dokument, speichern Sie es neu und wählen Sie die neue "
        "Datei."
    )


def has_password() -> Refused:
    """Return what is said about a document that readers could not open."""
    return Refused(
        "Die Datei ist mit einem Passwort geschützt, andere können sie nicht öffnen. Bitte speichern Sie sie ohne Passwort und "
        "wählen Sie die neue Datei."
    )


def has_macros() -> Harmful:
    """Return what is said about a document that carries programs."""
    return Harmful(
        "Die Datei enthält Makros und wird deshalb nicht angenommen. Bitte speichern Sie sie ohne Makros, zum Beispiel als .docx, "
        ".xlsx, .pptx oder PDF."
    )


def too_complex() -> Harmful:
    """Return what is said about a document that takes more time or memory than there is."""
    return Harmful(
        "Die Datei lässt sich hier nicht prüfen: Sie ist entpackt zu groß, zu verschachtelt oder beschädigt. Bitte teilen Sie sie "
        "auf oder speichern Sie das Dokument als PDF."
    )


def too_large() -> Refused:
    """Return what is said about a document with too many bytes."""
    return Refused(
        f"Die Datei ist zu groß: Erlaubt sind höchstens {MOST_MEGABYTES} MB. Bitte verkleinern Sie die Bilder darin oder teilen "
        "Sie das Dokument auf."
    )
