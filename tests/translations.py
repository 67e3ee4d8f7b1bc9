"""Check that every text of the packages readers and editors meet is there in German, ours or theirs.

Our own texts are written in German; gettext only serves Wagtail, Django and their companions. Run by `make check`.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

import polib

OURS = Path(__file__).resolve().parent.parent / "locale" / "de" / "LC_MESSAGES"
DOMAINS = ("django", "djangojs")
PACKAGES = ("wagtail", "wagtailmedia", "taggit", "django.contrib.auth", "django.forms")


def main() -> int:
    """Print what is missing and return how much that is."""
    missing = [text for domain in DOMAINS for text in missing_texts(domain)]
    for text in missing:
        print(text, file=sys.stderr)
    return len(missing)


def missing_texts(domain: str) -> list[str]:
    """Return what is wrong with the texts of templates and Python, or of scripts."""
    path = OURS / f"{domain}.po"
    catalogue = polib.pofile(str(path))
    missing = [entry.msgid for entry in catalogue.untranslated_entries()]
    compiled = polib.mofile(str(path.with_suffix(".mo")))
    if {(entry.msgid, entry.msgstr) for entry in compiled} != {(entry.msgid, entry.msgstr) for entry in catalogue}:
        missing.append(f"{path.with_suffix('.mo')} is older than {path.name}: compile it anew with msgfmt.")
    ours = {entry.msgid for entry in catalogue}
    for package in PACKAGES:
        missing += [f"{package}: {text}" for text in sorted(untranslated(package, domain) - ours)]
    return missing


def untranslated(package: str, domain: str) -> set[str]:
    """Return the texts of `package` for which it ships no German."""
    folder = Path(find_spec(package).origin).parent
    german = {
        entry.msgid for path in folder.rglob(f"locale/de/LC_MESSAGES/{domain}.mo") for entry in polib.mofile(str(path))
    }
    source = (polib.pofile(str(path)) for path in folder.rglob(f"locale/en/LC_MESSAGES/{domain}.po"))
    return {entry.msgid for texts in source for entry in texts if not entry.obsolete} - german


if __name__ == "__main__":
    sys.exit(min(main(), 1))
