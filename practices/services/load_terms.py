"""Bring the controlled vocabularies from a table into the database."""

import csv
from collections import defaultdict
from pathlib import Path

from django.db import transaction

from practices.models import SCHEMES, CostBearer

SHIPPED_TERMS = Path(__file__).resolve().parent.parent / "vocabularies" / "terms.csv"


@transaction.atomic
def load_terms(path: Path = SHIPPED_TERMS) -> int:
    """Create the terms of the table at `path` that are not there yet, and return how many that were.

    The table has the columns scheme, key, label, notation, alt_labels (separated by |), broader, note, related (for
    clusters: the keys of their cost bearers). Terms that exist stay as the editors left them, merged ones included.
    Raises KeyError for an unknown scheme or an unknown broader term.
    """
    with path.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    by_scheme = defaultdict(list)
    for row in rows:
        by_scheme[row["scheme"]].append(row)
    return sum(_load_scheme(scheme, by_scheme[scheme]) for scheme in sorted(by_scheme, key=_cost_bearers_first))


def _cost_bearers_first(scheme: str) -> bool:
    """Clusters refer to cost bearers, so these are loaded before."""
    return scheme == "cluster"


def _load_scheme(scheme: str, rows: list[dict]) -> int:
    model = SCHEMES[scheme]
    terms = {term.slug: term for term in model.objects.all()}
    created = 0
    for order, row in enumerate(rows, start=1):
        if row["key"] in terms:
            continue
        term = model.objects.create(
            slug=row["key"],
            name=row["label"],
            notation=row["notation"],
            alt_labels="\n".join(part for part in row["alt_labels"].split("|") if part),
            broader=terms[row["broader"]] if row["broader"] else None,
            note=row["note"],
            order=order,
        )
        if row["related"]:
            term.cost_bearers.set(CostBearer.objects.filter(slug__in=row["related"].split("|")))
        terms[term.slug] = term
        created += 1
    return created
