"""What keeps a text in a file from being a formula, and how it is taken away again."""

import re

# What people do not see: blanks, controls and marks, without the separators below.
_UNSEEN = (
    "\\x00-\\x08\\x0b\\x0c\\x0e-\\x20\\x7f-\\xa0\\xad\\u061c\\u1680\\u180e"
    "\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ufeff"
)
# What begins a formula, in full width too, with what may stand before it (OWASP: CSV Injection). An apostrophe counts with
# that, so that one more is put before it and one taken away again.
_FORMULA = f"[{_UNSEEN}\"']*[=+\\-@＝＋－＠﹦﹢﹣﹫]"
# A program that expects another separator begins a cell behind each of these, quotation marks or not.
_CELL_STARTS = f"(?:^(?='*[\\t\\r\\n])|(?:^|(?<=[;,\\t\\r\\n]))(?={_FORMULA}))"
_TO_GUARD = re.compile(_CELL_STARTS)
_GUARD = re.compile(_CELL_STARTS.replace("(?=", "'(?="))


def harmless(value) -> str:
    """Return `value` as a text that no spreadsheet takes for a formula, whichever character separates its cells.

    An apostrophe stands before whatever would begin one; without_guards() takes it away.
    """
    return _TO_GUARD.sub("'", str(value))


def without_guards(text: str) -> str:
    """Return what harmless() made `text` of."""
    return _GUARD.sub("", text)
