"""What operators may know of subscriptions: how many follow a topic and how much was sent, nothing about anybody.

Numbers below five are never given, because few people can be guessed. What somebody typed may name a person, so a
selection with words, or with a value that is no term, is not listed at all before five follow it. There are no totals, from
which a hidden number could be worked out by taking away the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from feeds.models import Mail, Subscription
from feeds.planning import active_subscriptions
from feeds.selections import labels, read
from practices.models import PRACTICE_TYPES, SCHEMES
from practices.terms import TermRow, all_terms
from search.params import TYPE

FEWEST = 5
HIDDEN = f"unter {FEWEST}"
TOPIC, RHYTHM, MONTH = "Thema", "Rhythmus", "Monat"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report. What does not apply to it is empty."""

    area: str
    label: str
    subscribers: int | str = ""
    sent: int | str = ""
    failed: int | str = ""


def subscription_report() -> list[Row]:
    """Return topics by number of active subscribers, then rhythms, then digests by month; six queries for any number."""
    return [*_topics(), *_rhythms(), *_months()]


def _topics() -> list[Row]:
    counts = dict(_subscribers_by("query"))
    terms = all_terms()
    shown = {query for query, number in counts.items() if number >= FEWEST or _names_terms_alone(query, terms)}
    names = labels(shown, terms)
    ordered = sorted(shown, key=lambda query: (-max(counts[query], FEWEST - 1), names[query]))
    return [Row(TOPIC, names[query], _hidden_if_few(counts[query])) for query in ordered]


def _names_terms_alone(query: str, terms: Sequence[TermRow]) -> bool:
    params = read(query, terms)
    known = {(SCHEMES[term.scheme].parameter, term.key) for term in terms}
    known |= {(TYPE, key) for key in PRACTICE_TYPES}
    return not params.q and known.issuperset(params.pairs())


def _rhythms() -> list[Row]:
    names = dict(Subscription.Frequency.choices)
    counts = dict(_subscribers_by("frequency"))
    return [Row(RHYTHM, str(label), _hidden_if_few(counts.get(key, 0))) for key, label in names.items()]


def _subscribers_by(field: str) -> QuerySet:
    return active_subscriptions().order_by().values_list(field).annotate(number=Count("subscriber", distinct=True))


def _hidden_if_few(number: int) -> int | str:
    return number if number >= FEWEST else HIDDEN


def _months() -> list[Row]:
    """Return digests that were sent and that failed, the newest month first; as far back as mails are kept."""
    finished = Mail.objects.filter(kind=Mail.Kind.DIGEST, state__in=(Mail.State.SENT, Mail.State.FAILED))
    months = (
        finished.annotate(month=TruncMonth("finished_at"))
        .values_list("month")
        .annotate(
            sent=Count("pk", filter=Q(state=Mail.State.SENT)), failed=Count("pk", filter=Q(state=Mail.State.FAILED))
        )
        .order_by("-month")
    )
    return [Row(MONTH, f"{month:%Y-%m}", sent=sent, failed=failed) for month, sent, failed in months]
