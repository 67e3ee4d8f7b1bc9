"""German titles as addresses."""

from django.utils.text import slugify

TRANSLITERATIONS = [("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue"), ("ß", "ss")]


def german_slug(text: str, max_length: int = 100) -> str:
    """Return `text` as a lower-case ASCII slug of at most `max_length` characters; ä becomes ae, ß becomes ss."""
    for letter, replacement in TRANSLITERATIONS:
        text = text.replace(letter, replacement)
    return slugify(text)[:max_length].strip("-") or "seite"


def unused_slug(text: str, taken, max_length: int = 100) -> str:
    """Return the German slug of `text`, numbered from -2 on until `taken(slug)` is false."""
    base = german_slug(text, max_length - 5)
    slug, number = base, 1
    while taken(slug):
        number += 1
        slug = f"{base}-{number}"
    return slug
