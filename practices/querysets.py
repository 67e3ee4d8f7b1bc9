"""Questions about practices."""

from typing import cast

from django.apps import apps
from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Coalesce, Length, Substr
from wagtail.query import PageQuerySet

from practices.visibility import visible_pages


class PracticeQuerySet(PageQuerySet):
    def visible_to(self, user) -> "PracticeQuerySet":
        """Return what `user` may read, see practices.visibility."""
        return cast(PracticeQuerySet, visible_pages(self, user))

    def with_owner_path(self) -> "PracticeQuerySet":
        """Annotate `owner_path`: the tree path of the organisation above."""
        return self.annotate(owner_path=Substr("path", 1, Length("path") - self.model.steplen))

    def with_changed_at(self) -> "PracticeQuerySet":
        """Annotate `changed_at`: when followers were last told something, else the first publication."""
        told = apps.get_model("practices", "PracticeChange").objects.filter(page_id=OuterRef("pk"), notify=True)
        latest = told.order_by().values("page_id").annotate(latest=Max("at")).values("latest")
        return self.annotate(changed_at=Coalesce(Subquery(latest), "first_published_at"))

    def with_last_note(self) -> "PracticeQuerySet":
        """Annotate `last_note`: what followers were told last about what is new; null where nothing was changed."""
        told = apps.get_model("practices", "PracticeChange").objects.filter(page_id=OuterRef("pk"), notify=True)
        return self.annotate(last_note=Subquery(told.filter(kind="updated").order_by("-at", "-pk").values("note")[:1]))

    def newest(self) -> "PracticeQuerySet":
        """Order by first publication, the newest first; the id makes the order total."""
        return self.order_by("-first_published_at", "-pk")
