"""What somebody may do with a page: Wagtail's rules, asked with fewer queries."""

from wagtail.models import PagePermissionTester


class PageRights(PagePermissionTester):
    def __init__(self, user, page):
        super().__init__(user, page)
        # A page shown in a list beside others in review need not read the step again that they wait at.
        page.steps = user.__dict__.setdefault("_steps", {})

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Return what Wagtail's own rule returns.

        Whether anything below a page is live is a query for each row of a list; where nothing is below it, the page knows.
        """
        person = self.user
        asks = person.is_active and not person.is_superuser
        if asks and "change" in self.permissions and "publish" not in self.permissions and self.page.is_leaf():
            return not self.page.live
        return super().can_delete(ignore_bulk)

    def can_copy(self) -> bool:
        """Return whether the page may be copied: a copy holds every earlier text, so a turn in its review is not enough."""
        return super().can_copy() and (self.user.is_superuser or bool({"add", "change"} & self.permissions))
