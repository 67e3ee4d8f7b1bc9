"""Which practices are alike. The room above knows; it listens to the question."""

from collections.abc import Sequence
from typing import cast

from django.dispatch import Signal

from practices.terms import TermRef

# Sent with page_id, terms (of the practice), user and number; a receiver returns ids of practices, the likest first.
similar_wanted = Signal()


def similar_ids(page_id: int, terms: Sequence[TermRef], user, number: int) -> list[int]:
    """Return the ids of up to `number` practices `user` may read that share most with `page_id`, which has `terms`."""
    answers = similar_wanted.send(sender=None, page_id=page_id, terms=list(terms), user=user, number=number)
    found = [page_id for _receiver, ids in answers for page_id in cast(list[int], ids)]
    return found[:number]
