"""Writes the history of practices: every time one goes online, is published anew, or is taken off.

The rows are written in the transaction of the page itself, so that neither is ever without the other. Only what readers
could see counts: drafts and pages that were never online leave no trace.
"""

from django.db.models.signals import post_save, pre_delete, pre_save
from wagtail.models import Page

from practices.models import PracticeChange, PracticePage
from practices.visibility import restrictions_on

Kind = PracticeChange.Kind
EXPIRED = "Das Ende der Veröffentlichung war so vorgesehen."


def connect() -> None:
    """Listen from now on; called once, when the app is ready."""
    pre_save.connect(_look_before, dispatch_uid="history")
    post_save.connect(_on_save, dispatch_uid="history")
    pre_delete.connect(_on_delete, sender=PracticePage, dispatch_uid="history")


def _look_before(sender, instance, **kwargs) -> None:
    """Remember what readers saw until now. A practice may be saved through its base class, too."""
    if issubclass(sender, Page) and not kwargs.get("raw"):
        stored = PracticePage.objects.filter(pk=instance.pk).values_list("live", "live_revision_id").first()
        instance._seen_before = stored or (False, None)


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
            )
        ],
        ignore_conflicts=True,
    )


def _record_removal(page: PracticePage, reason: str) -> None:
    # Of what not everybody could read followers hear nothing: the index may not know yet that it was closed.
    PracticeChange.objects.create(
        kind=Kind.REMOVED,
        page_id=page.pk,
        title=page.title,
        note=page.removal_reason or reason,
        notify=not restrictions_on(page).exists(),
    )


def _on_delete(sender, instance, **kwargs) -> None:
    if instance.live:
        _record_removal(instance, "")
