"""Writes the history of practices: every time one goes online, is published anew, opens to everybody, or is taken off.

The rows are written in the transaction of the page itself, so that neither is ever without the other. Only what readers
could see counts: drafts and pages that were never online leave no trace.
"""

from django.db.models import OuterRef, Q, Subquery
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail.models import Page, PageViewRestriction

from practices.models import ContentVersion, PracticeChange, PracticePage
from practices.visibility import ANONYMOUS, restrictions_on

Kind = PracticeChange.Kind
EXPIRED = "Das Ende der Veröffentlichung war so vorgesehen."


def connect() -> None:
    """Listen from now on; called once, when the app is ready."""
    pre_save.connect(_look_before, dispatch_uid="history")
    post_save.connect(_on_save, dispatch_uid="history")
    pre_delete.connect(_on_delete, sender=PracticePage, dispatch_uid="history")
    post_delete.connect(_on_restriction_lifted, sender=PageViewRestriction, dispatch_uid="history")


def _look_before(sender, instance, **kwargs) -> None:
    """Remember what readers saw until now, and where. A practice may be saved through its base class, too."""
    if issubclass(sender, Page) and not kwargs.get("raw"):
        stored = Page.objects.filter(pk=instance.pk).values_list("practicepage", "live", "live_revision_id", "url_path")
        practice, live, revision, instance._address_before = stored.first() or (None, False, None, None)
        instance.was_live, instance._seen_before = live, (live, revision) if practice else (False, None)


def _on_save(sender, instance, **kwargs) -> None:
    update_fields = kwargs.get("update_fields")
    if not issubclass(sender, Page) or kwargs.get("raw") or (update_fields and "live" not in update_fields):
        return
    was_live, revision = instance._seen_before
    if instance.live and (not was_live or instance.live_revision_id != revision):
        if isinstance(instance, PracticePage):
            _record_publication(instance, Kind.UPDATED if was_live else Kind.NEW)
    elif was_live and not instance.live:
        _record_removal(PracticePage.objects.get(pk=instance.pk), EXPIRED if instance.expired else "")
    if instance._address_before not in (None, instance.url_path):  # it may have been moved, with all below
        _record_opening(instance.path)


def _on_restriction_lifted(sender, instance, origin, **kwargs) -> None:
    # A restriction that is deleted because its page is opens nothing.
    if issubclass(getattr(origin, "model", type(origin)), PageViewRestriction):
        _record_opening(instance.page.path)


def _record_opening(path: str) -> None:
    """Record as new what everybody may read now below `path` and could not read before, each practice once.

    Whether followers are told was decided when it was published.
    """
    ContentVersion.raise_number()  # of two transactions that open a practice together, the second waits and sees it
    changes = PracticeChange.objects.filter(page_id=OuterRef("pk")).order_by("-pk")
    opened = (
        PracticePage.objects.filter(path__startswith=path)
        .visible_to(ANONYMOUS)
        .annotate(
            last_seen=Subquery(changes.filter(public=True).values("kind")[:1]),
            notify=Subquery(changes.filter(kind=Kind.NEW).values("notify")[:1]),
        )
        .filter(Q(last_seen=None) | Q(last_seen=Kind.REMOVED))
        .order_by("pk")
    )
    PracticeChange.objects.bulk_create(
        PracticeChange(kind=Kind.NEW, page_id=pk, title=title, notify=notify is not False)
        for pk, title, notify in opened.values_list("pk", "title", "notify")
    )


def _record_publication(page: PracticePage, kind: Kind) -> None:
    PracticeChange.objects.bulk_create(
        [
            PracticeChange(
                kind=kind,
                page_id=page.pk,
                revision_id=page.live_revision_id,
                title=page.title,
                note=page.change_note,
                notify=page.notify_followers,
                public=not restrictions_on(page).exists(),
            )
        ],
        ignore_conflicts=True,
    )


def _record_removal(page: PracticePage, reason: str) -> None:
    # Of what not everybody could read followers hear nothing: the index may not know yet that it was closed.
    public = not restrictions_on(page).exists()
    PracticeChange.objects.create(
        kind=Kind.REMOVED,
        page_id=page.pk,
        title=page.title,
        note=page.removal_reason or reason,
        notify=public,
        public=public,
    )


def _on_delete(sender, instance, **kwargs) -> None:
    if instance.live:
        _record_removal(instance, "")
