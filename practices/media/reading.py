"""The process that reads files from outside: `python -m practices.media.reading <reader> [<ending>]` < file > answer.

Whatever a file does to its decoder happens here: the process has no secrets, little memory and little time, writes no files,
and ends after one. The answer is a line of JSON, {"refused": …, "cause": …} or what the reader says, and then, of a picture,
the picture, of a spreadsheet its sheets.
"""

import json
import resource
import sys
from collections.abc import Callable
from contextlib import suppress

from practices.media.outcome import Refused, too_costly

# With the libraries, which count apart, at most 600 MB.
_MEMORY = 520 * 1024 * 1024
# A table is waited for in a form.
SECONDS = {"picture": 30, "document": 30, "sheets": 15}


def main() -> None:
    """Answer about the file on standard input, on standard output."""
    reader, *arguments = sys.argv[1:]
    _limit(SECONDS[reader])
    try:
        _answer(*_READERS[reader](*arguments))
    except MemoryError as error:
        _answer({"refused": str(too_costly()), "cause": repr(error)})
    except Refused as refusal:
        _answer({"refused": str(refusal), "cause": repr(refusal.__cause__)})


def _read_picture() -> tuple[dict, bytes]:
    from practices.media.drawings import draw, is_drawing  # what they load is within the limits, too
    from practices.media.pictures import paint

    content = sys.stdin.buffer.read()
    picture = draw(content) if is_drawing(content) else paint(content)
    return {"suffix": picture.suffix, "credit": picture.credit}, picture.content


def _read_document(suffix: str) -> tuple[dict, bytes]:
    from practices.media.documents.kinds import read
    from practices.media.documents.outcome import too_complex

    try:
        document = read(sys.stdin.buffer, suffix)
    except MemoryError as error:
        raise too_complex() from error
    return {"suffix": document.suffix, "hidden": document.hidden}, b""


def _read_sheets() -> tuple[dict, bytes]:
    from practices.exchange.spreadsheet.sheets import read_sheets
    from practices.exchange.spreadsheet.sheets import too_costly as table_too_costly

    try:
        return {}, read_sheets(sys.stdin.buffer)
    except MemoryError as error:
        raise table_too_costly() from error


_READERS: dict[str, Callable[..., tuple[dict, bytes]]] = {
    "picture": _read_picture,
    "document": _read_document,
    "sheets": _read_sheets,
}


def _limit(seconds: int) -> None:
    for kind, most in (
        (resource.RLIMIT_DATA, _MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # where the process that asks is limited further, that stays
            resource.setrlimit(kind, (most, most))


def _answer(head: dict, content: bytes = b"") -> None:
    out = sys.stdout.buffer
    out.write(json.dumps(head).encode() + b"\n")
    out.write(content)
    out.flush()


if __name__ == "__main__":
    main()
