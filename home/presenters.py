"""What the start page shows."""

from django.http import HttpRequest

from practices.cards import CARD_FIELDS, make_cards
from practices.models import PracticePage
from practices.terms import all_terms
from search.find import count_terms

NEWEST_SHOWN = 6


def home_context(request: HttpRequest) -> dict:
    """Return the newest practices and the two leading vocabularies with counts."""
    visible = PracticePage.objects.visible_to(request.user)
    terms = all_terms()
    counts = count_terms(request.user, terms)

    def listed(scheme: str) -> list[tuple]:
        return [
            (term, counts.get((scheme, term.key), 0))
            for term in terms
            if term.scheme == scheme and term.broader is None
        ]

    return {
        "newest": make_cards(visible.newest().only(*CARD_FIELDS)[:NEWEST_SHOWN], request),
        "clusters": listed("cluster"),
        "fields_of_action": listed("handlungsfeld"),
    }
