"""One spelling for words that differ in umlauts and ß only."""

import re

_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_ACCENTS = str.maketrans({"é": "e", "è": "e", "ê": "e", "à": "a", "á": "a", "ç": "c", "ñ": "n", "å": "a", "ø": "o",
                          "î": "i", "ô": "o", "ó": "o", "í": "i", "ú": "u"})  # fmt: skip
# "ue" is an umlaut, except after a vowel or q (neue, Quelle).
_WRITTEN_OUT = re.compile(r"ae|oe|(?<![aeioq])ue")


def fold(form: str) -> str:
    """Return a word in lower case without umlauts: Gerät, Geraet and Gerat are all "gerat"."""
    return _WRITTEN_OUT.sub(lambda match: match[0][0], without_accents(form).translate(_UMLAUTS))


def without_accents(form: str) -> str:
    """Return a word in lower case with the letters German has: Café is "cafe"."""
    return form if form.isascii() else form.translate(_ACCENTS)
