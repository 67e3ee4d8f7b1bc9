"""Which pages a query string selects for an export."""

from django.db.models import QuerySet
from django.http import QueryDict

from practices.exchange.catalogue import Catalogue, load_catalogue
from practices.exchange.messages import suggest
from practices.models import PRACTICE_TYPES, SCHEMES, OrganisationPage, PracticePage, PracticeTag
from practices.terms import FREE_TAGS, all_terms, carry, with_narrower

TYPE, OWNER = "typ", "traeger"
VOCABULARIES = {model.parameter: scheme for scheme, model in SCHEMES.items()}
PARAMETERS = [TYPE, OWNER, *VOCABULARIES, FREE_TAGS]


class UnknownSelection(ValueError):
    """A query names a parameter or a value that does not exist; the message says which."""


def select_practices(query: str) -> QuerySet[PracticePage]:
    """Return the live practices that `query` selects, in the order of their keys.

    The parameters are those of the public search, apart from words, years and order: a repeated parameter is OR,
    different ones are AND, a term includes its narrower terms. Raises UnknownSelection, because a mistyped parameter
    that is ignored would export too much.
    """
    practices = PracticePage.objects.live().order_by("key")
    catalogue = load_catalogue()
    for name, values in QueryDict(query).lists():
        if name == TYPE:
            practices = practices.filter(pk__in=_of_type(values))
        elif name == OWNER:
            practices = practices.with_owner_path().filter(owner_path__in=_owners(values))
        elif name in (*VOCABULARIES, FREE_TAGS):
            scheme = VOCABULARIES.get(name, name)
            keys = _free_tags(values) if scheme == FREE_TAGS else _keys(scheme, values, catalogue)
            practices = practices.filter(carry(scheme, with_narrower(scheme, keys, all_terms())))
        else:
            raise UnknownSelection(
                f"Den Parameter „{name}“ gibt es hier nicht.{suggest(name, PARAMETERS)} Erlaubt sind: {', '.join(PARAMETERS)}."
            )
    return practices


def _of_type(values: list[str]) -> list[int]:
    for value in values:
        if value not in PRACTICE_TYPES:
            raise UnknownSelection(f"Den Typ „{value}“ gibt es nicht. Erlaubt sind: {', '.join(PRACTICE_TYPES)}.")
    return [pk for value in values for pk in PRACTICE_TYPES[value].objects.values_list("pk", flat=True)]


def _owners(values: list[str]) -> list[str]:
    paths = dict(OrganisationPage.objects.values_list("key", "path"))
    for value in values:
        if value not in paths:
            raise UnknownSelection(f"Die Organisation „{value}“ gibt es nicht.{suggest(value, paths)}")
    return [paths[value] for value in values]


def _free_tags(values: list[str]) -> list[str]:
    known = set(PracticeTag.objects.values_list("tag__slug", flat=True))
    for value in values:
        if value not in known:
            raise UnknownSelection(f"Das Schlagwort „{value}“ trägt keine Praxis.{suggest(value, known)}")
    return values


def _keys(scheme: str, values: list[str], catalogue: Catalogue) -> set[str]:
    terms = catalogue.terms[scheme]
    for value in values:
        if value not in terms:
            raise UnknownSelection(f"Im Vokabular „{scheme}“ gibt es „{value}“ nicht.{suggest(value, terms)}")
    return {terms[value].slug for value in values}
