"""Who may find what: the rule of practices.visibility in the language of engines.

A document names every restriction that lies on it (see search.documents). A reader finds what carries no restriction
that is closed to them; somebody not signed in finds what carries none at all. Group membership is asked at the time of
the search, so that who leaves a group stops finding at once. What was hidden since the index heard of it, the outbox knows:
neither hits nor numbers hold it, however long the worker stands still.
"""

from typing import NamedTuple

from django.db.models import Exists, OuterRef

from practices.models import ContentChange, ContentVersion, PracticePage
from practices.visibility import closed_to
from search.documents import PUBLIC, restriction_token
from search.engines.protocol import AllOf, Among, Everything, Node


class Changed(NamedTuple):
    """The practices that changed since the index was written: those that a reader may not read, and those they may."""

    hidden: tuple[int, ...]
    readable: frozenset[int]


NOTHING_CHANGED = Changed((), frozenset())


class Stand(NamedTuple):
    """The version of the content, and whether any of it waits to reach the index."""

    number: int
    waits: bool

    @classmethod
    def now(cls) -> "Stand":
        """Return how it is now; one query."""
        waits = Exists(ContentChange.objects.filter(applied_at=None))
        found = ContentVersion.objects.annotate(waits=waits).values_list("number", "waits").first()
        return cls(*found) if found else cls(0, True)


def readable_by(user, changed: Changed | None = None) -> Node:
    """Return the node that every question of `user` carries; at most two queries, or one where it is known what `changed`."""
    known, hidden = was_readable_by(user), (changed or changed_meanwhile(user)).hidden
    return AllOf((known,), (Among("page_id", hidden),)) if hidden else known


def changed_meanwhile(user) -> Changed:
    """Return what changed since the index was written; one query."""
    readable = PracticePage.objects.visible_to(user).filter(pk=OuterRef("page_id"))
    waiting = ContentChange.objects.filter(applied_at=None).annotate(readable=Exists(readable)).order_by("page_id")
    by_page = dict(waiting.values_list("page_id", "readable"))
    return Changed(
        tuple(page_id for page_id, is_readable in by_page.items() if not is_readable),
        frozenset(page_id for page_id, is_readable in by_page.items() if is_readable),
    )


def was_readable_by(user) -> Node:
    """Return the node that keeps out what the index knows to be closed to `user`; at most one query."""
    if not user.is_authenticated:
        return Among("audience", (PUBLIC,))
    closed = tuple(restriction_token(pk) for pk in closed_to(user).order_by("pk").values_list("pk", flat=True))
    return AllOf((), (Among("audience", closed),)) if closed else Everything()
