"""Links that open something for whoever holds them, without a password: each purpose of theirs is declared once.

Whoever makes a `Purpose` has declared it, and the rest follows from that: its addresses are written with `under`, its tokens
are made for its name and open nothing else, they end by its `lifetime`; no answer to such an address is kept, listed or told
to other sites (`transferhub.middleware`), none is a page that readers share (`transferhub.page_cache`), and logs never hold the
secret (`transferhub.logs`). A test looks through all addresses of the site for texts that nobody has decided about.

Nothing but the standard library is needed here, because logs are written before anything else is there.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

# No end of its own: its owner has to want a new one, or use it.
UNTIL_ITS_OWNER_ENDS_IT = timedelta.max


@dataclass(frozen=True)
class Purpose:
    """What a kind of secret link is for.

    Its secret is what follows `under` in an address up to the next slash, or all of the query, where it is `in_query`. Links
    live for `lifetime` at most.
    """

    name: str
    under: str
    lifetime: timedelta
    in_query: bool = False

    def __post_init__(self):
        _DECLARED.append(self)
        _in_texts.cache_clear()


_DECLARED: list[Purpose] = []


def declared() -> list[Purpose]:
    """Return every purpose, by address."""
    return sorted(_DECLARED, key=lambda purpose: purpose.under)


def purpose_of(path: str) -> Purpose | None:
    """Return for what a link with `path` is, decoded as Django has it, or None. Whether it opens anything is not asked.

    Capitals, doubled slashes and parameters open nothing, but the secret in such an address does.
    """
    path = re.sub("(;[^/]*)?/+", "/", f"{path}/").lower().lstrip("/")
    found = [purpose for purpose in _DECLARED if path.startswith(purpose.under)]
    # The part of the site that lies above its links may be anybody's page.
    found = [purpose for purpose in found if purpose.in_query or path != purpose.under]
    return max(found, key=lambda purpose: len(purpose.under), default=None)


def without_secrets(text: str) -> str:
    """Return `text`, such as a line of a log, with "…" in place of the secret of every address in it, however it is spelled.

    In doubt it takes too much: what follows the same words in the address of a page.
    """
    if "/" not in text and "%" not in text:
        return text
    return _in_texts().sub(lambda found: f"{found['path'] or found['query'] or found['moved']}…", text)


@cache
def _in_texts() -> re.Pattern:
    # Longest first: of "mitlesen/datei/x" the secret is not "datei".
    purposes = sorted(_DECLARED, key=lambda purpose: -len(purpose.under))
    in_paths = "|".join(_spelled(purpose.under) for purpose in purposes if not purpose.in_query)
    in_queries = "|".join(_spelled(purpose.under.rstrip("/")) for purpose in purposes if purpose.in_query)
    # Secrets end with quotes and spaces, unless a word follows the quote at once. A backslash belongs to what it escapes, so
    # lines of JSON stay JSON.
    more = r"\\[^\"']|(?:\\?[\"'])+(?=[\w-])"
    path = rf"(?P<path>{in_paths or '(?!)'})[^\S\n]*(?:[^/\s\"'<>?#\\]|{more})+"
    query = rf"(?P<query>(?:{in_queries or '(?!)'})(?:/|%(?:25)*2f)*(?:\?|%(?:25)*3f))(?:[^\s\"'<>\\]|{more})+"
    # A program may have moved the secret behind a question mark; short values there belong to somebody's page.
    begins = "|".join(_spelled(purpose.under.rstrip("/")) for purpose in purposes)
    moved = rf"(?P<moved>(?:{begins or '(?!)'})(?:/|%(?:25)*2f)*(?:\?|%(?:25)*3f))(?=[^\s<>]*[\w-]{{16}})(?:[^\s\"'<>\\]|{more})+"
    # Where a word may begin: after a character in percent form, or an escaped line break, as well.
    begin = r"(?:(?<![\w-])|(?<=2f)|(?<=%[0-9a-f]{2})|(?<=\\[nrt]))"
    return re.compile(f"{begin}(?:{path}|{query}|{moved})", re.IGNORECASE)


def _spelled(address: str) -> str:
    """Return a pattern of `address` with each character as it is or in percent form; slashes repeat and may follow parameters."""
    patterns = [f"(?:{re.escape(character)}|%(?:25)*{ord(character):02x})" for character in address]
    return "".join(
        rf"(?:(?:;|%(?:25)*3b)[^/\s\"'<>?#\\]*?)?{slash}+" if slash.startswith("(?:/") else slash for slash in patterns
    )


CONFIRM = Purpose("confirm", "abo/bestaetigen/", timedelta(days=7))
MANAGE = Purpose("manage", "abo/verwalten/", UNTIL_ITS_OWNER_ENDS_IT)
LEAVE = Purpose("leave", "abo/abmelden/", UNTIL_ITS_OWNER_ENDS_IT)
