"""Questions about practices."""

from wagtail.query import PageQuerySet

from practices.visibility import visible_pages


class PracticeQuerySet(PageQuerySet):
    def visible_to(self, user) -> "PracticeQuerySet":
        """Return what `user` may read, see practices.visibility."""
        return visible_pages(self, user)

    def newest(self) -> "PracticeQuerySet":
        """Order by first publication, the newest first; the id makes the order total."""
        return self.order_by("-first_published_at", "-pk")
