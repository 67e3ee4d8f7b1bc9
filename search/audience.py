"""Who may find what: the rule of practices.visibility in the language of engines.

A document names every restriction that lies on it (see search.documents). A reader finds what carries no restriction
that is closed to them; somebody not signed in finds what carries none at all. Group membership is asked at the time of
the search, so that who leaves a group stops finding at once.
"""

from practices.visibility import closed_to
from search.documents import PUBLIC, restriction_token
from search.engines.protocol import AllOf, Among, Everything, Node


def readable_by(user) -> Node:
    """Return the node that every question of `user` carries; at most one query."""
    if not user.is_authenticated:
        return Among("audience", (PUBLIC,))
    closed = tuple(restriction_token(pk) for pk in closed_to(user).order_by("pk").values_list("pk", flat=True))
    return AllOf((), (Among("audience", closed),)) if closed else Everything()
