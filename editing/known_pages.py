"""Which pages somebody may know of in the admin, and under which title: the one rule, as a queryset and as a predicate.

People know the drafts they may work on: those of their organisation, and those that wait for their review. Of all other pages
they know what readers see: those they may read, under the title that is published. A test proves both statements equal.
"""

from functools import cached_property

from django.db.models import Q, QuerySet
from wagtail.models import Page, TaskState, get_default_page_content_type
from wagtail.permissions import page_permission_policy
from wagtail.query import PageQuerySet

from practices.visibility import closed_to, paths_to, visible_pages

#: What a page is called for whoever may not know of it.
HIDDEN = "Eine Seite, die nicht öffentlich ist"
_WORK = {"add", "change", "publish", "bulk_delete", "lock", "unlock"}


class Viewer:
    """Somebody who looks at pages in the admin. What decides about it is looked up once."""

    def __init__(self, user):
        self.user = user

    def knows_draft(self, page: Page) -> bool:
        """Return whether they may read what nobody has published of `page`, its title first of all."""
        return self._works_on(page) or page.pk in self.waiting

    def knows(self, page: Page) -> bool:
        """Return whether they may know that `page` is there."""
        return self._works_on(page) or self._reads(page) or page.pk in self.waiting

    def title_of(self, page: Page) -> str:
        """Return the title under which they know `page`: of its draft, as readers see it, or none that tells anything."""
        draft_title = page.draft_title or page.title
        # Whose turn it is costs more to find out than the rest, and a title that is published needs no asking.
        if self._works_on(page) or (draft_title == page.title and self._reads(page)):
            return draft_title
        if page.pk in self.waiting:
            return draft_title
        return page.title if self._reads(page) else HIDDEN

    def name_of(self, page: Page) -> str:
        """Return the title that is published, or that never was, where they know of `page`."""
        return page.title if self.knows(page) else HIDDEN

    @cached_property
    def knows_all(self) -> bool:
        """Whether they may work on every page there is."""
        if self.user.is_superuser:
            return self.user.is_active
        rights = page_permission_policy.get_cached_permissions_for_user(self.user)
        return any(right.page.is_root() for right in rights)

    @cached_property
    def waiting(self) -> frozenset[int]:
        """The ids of the pages that wait for their review."""
        if self.knows_all or not self.user.is_authenticated:
            return frozenset()
        turns = TaskState.objects.reviewable_by(self.user)
        about_pages = turns.filter(workflow_state__base_content_type=get_default_page_content_type())
        return frozenset(map(int, about_pages.values_list("workflow_state__object_id", flat=True)))

    @cached_property
    def _closed_paths(self) -> frozenset[str]:
        return frozenset(closed_to(self.user).values_list("page__path", flat=True))

    def _works_on(self, page: Page) -> bool:
        """Return whether they may do anything with `page` by right; what is not saved yet is theirs who write it."""
        policy = page_permission_policy
        return page.pk is None or policy.user_has_any_permission_for_instance(self.user, _WORK, page)

    def _reads(self, page: Page) -> bool:
        """Return what `practices.visibility.is_visible` does, without a query for each page of a list."""
        return page.live and self._closed_paths.isdisjoint(paths_to(page))


def viewer_of(user) -> Viewer:
    """Return the viewer that `user` is, kept with `user`, which lives as long as the request."""
    if not hasattr(user, "_viewer"):
        user._viewer = Viewer(user)
    return user._viewer


def known_drafts(user) -> QuerySet[Page]:
    """Return the pages whose drafts `user` may read, in no order."""
    viewer = viewer_of(user)
    if viewer.knows_all:
        return Page.objects.order_by()
    own = page_permission_policy.instances_user_has_any_permission_for(user, _WORK)
    return (own | Page.objects.filter(pk__in=viewer.waiting)).order_by()


def known_pages(pages: PageQuerySet, user) -> PageQuerySet:
    """Return those of `pages` (a queryset of pages) that `user` may know of."""
    if viewer_of(user).knows_all:
        return pages
    visible = visible_pages(Page.objects.order_by(), user)
    return pages.filter(Q(pk__in=known_drafts(user).values("pk")) | Q(pk__in=visible.values("pk")))
