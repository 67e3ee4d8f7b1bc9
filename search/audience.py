"""Who may find what: the rule of practices.visibility in the language of engines.

A document names every restriction that lies on it (see search.documents). A reader finds what carries no restriction
that is closed to them; somebody not signed in finds what carries none at all. Group membership is asked at the time of
the search, so that who leaves a group stops finding at once. What was hidden since the index heard of it, the outbox knows:
neither hits nor numbers hold it, however long the worker stands still.
"""

from django.db.models import Exists, OuterRef

from practices.models import ContentChange, PracticePage
from practices.visibility import closed_to
from search.documents import PUBLIC, restriction_token
from search.engines.protocol import AllOf, Among, Everything, Node


def readable_by(user) -> Node:
    """Return the node that every question of `user` carries; at most two queries."""
    known, hidden = was_readable_by(user), hidden_meanwhile(user)
    return AllOf((known,), (Among("page_id", hidden),)) if hidden else known


def hidden_meanwhile(user) -> tuple[int, ...]:
    """Return the practices that changed since the index was written, and that `user` may not read; one query."""
    readable = PracticePage.objects.visible_to(user).filter(pk=OuterRef("page_id"))
    waiting = ContentChange.objects.filter(~Exists(readable), applied_at=None).order_by("page_id")
    return tuple(waiting.values_list("page_id", flat=True).distinct())


def was_readable_by(user) -> Node:
    """Return the node that keeps out what the index knows to be closed to `user`; at most one query."""
    if not user.is_authenticated:
        return Among("audience", (PUBLIC,))
    closed = tuple(restriction_token(pk) for pk in closed_to(user).order_by("pk").values_list("pk", flat=True))
    return AllOf((), (Among("audience", closed),)) if closed else Everything()
