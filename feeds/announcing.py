"""From what happened to what is told: a major change is announced as soon as the index knows of it."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from feeds.matching import held_by
from feeds.models import Announcement, Subscription, Turn
from practices.models import ContentChange, PracticeChange
from practices.terms import all_terms

REMOVED = PracticeChange.Kind.REMOVED
_BATCH = 500


def announce() -> int:
    """Announce every major change whose practice is in the index as it is now; return how many.

    Idempotent; of several processes one does it, the others wait and find it done.
    """
    waiting = ContentChange.objects.filter(page_id=OuterRef("page_id"), applied_at=None)
    ripe = unannounced().filter(~Exists(waiting)).order_by("pk")
    if not ripe.exists():
        return 0
    with transaction.atomic():
        Turn.take("announce")
        changes = list(ripe.values_list("pk", flat=True))
        Announcement.objects.bulk_create((Announcement(change_id=pk) for pk in changes), batch_size=_BATCH)
    return len(changes)


def announce_removals(page_ids: Collection[int], **_kwargs) -> None:
    """Announce the removals of practices that the index is about to drop, with the followed selections that hold them.

    Receives search.indexing.practices_leaving. What it writes is committed before the index changes: whoever is killed in
    between finds it done. Raises EngineUnavailable.
    """
    changes = list(unannounced().filter(kind=REMOVED, page_id__in=page_ids).order_by("pk"))
    if not changes:
        return
    followed = Subscription.objects.exclude(confirmed_at=None).order_by().values_list("query", flat=True).distinct()
    held = held_by(followed, {change.page_id for change in changes}, all_terms())
    with transaction.atomic():
        Turn.take("announce")
        known = set(Announcement.objects.filter(change__in=changes).values_list("change", flat=True))
        Announcement.objects.bulk_create(
            Announcement(
                change=change, selections=[query for query, page_ids in held.items() if change.page_id in page_ids]
            )
            for change in changes
            if change.pk not in known
        )


def newest_announcement() -> int:
    """Return the position of the last announcement: who begins to follow now is told what comes after it."""
    return Announcement.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def unannounced() -> QuerySet[PracticeChange]:
    """Return the major changes that wait for the index."""
    return PracticeChange.objects.filter(notify=True, announcement=None)
