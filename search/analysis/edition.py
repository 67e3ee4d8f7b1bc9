"""Which edition of the analysis made a stored word or document: another one makes it anew."""

import hashlib
from functools import cache
from pathlib import Path


@cache
def edition() -> str:
    """Return a name for the rules as they are now: it changes with every change in this package."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
