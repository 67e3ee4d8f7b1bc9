"""The process that reads files from outside: `python -m practices.media.reading` < file > answer.

Whatever a file does to its decoder happens here: the process has no secrets, little memory and little time, writes no files,
and ends after one. The answer is a line of JSON, {"refused": …, "cause": …} or {"suffix": …, "credit": …}, and then the picture.
"""

import json
import resource
import sys
from contextlib import suppress

from practices.media.outcome import Picture, Refused, too_costly

# With the libraries, which count apart, at most 600 MB.
_MEMORY = 520 * 1024 * 1024
SECONDS = 30


def main() -> None:
    """Answer with the picture on standard input, on standard output."""
    _limit()
    from practices.media.drawings import draw, is_drawing  # what they load is within the limits, too
    from practices.media.pictures import paint

    content = sys.stdin.buffer.read()
    try:
        picture = draw(content) if is_drawing(content) else paint(content)
    except MemoryError as error:
        _answer({"refused": str(too_costly()), "cause": repr(error)})
    except Refused as refusal:
        _answer({"refused": str(refusal), "cause": repr(refusal.__cause__)})
    else:
        _answer({"suffix": picture.suffix, "credit": picture.credit}, picture)


def _limit() -> None:
    for kind, most in (
        (resource.RLIMIT_DATA, _MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # where the process that asks is limited further, that stays
            resource.setrlimit(kind, (most, most))


def _answer(head: dict, picture: Picture | None = None) -> None:
    out = sys.stdout.buffer
    out.write(json.dumps(head).encode() + b"\n")
    if picture:
        out.write(picture.content)
    out.flush()


if __name__ == "__main__":
    main()
