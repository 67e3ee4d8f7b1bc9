"""The way of a change to people: announced once, gathered in runs, sent as mails."""

from django.db import models
from django.utils import timezone

from feeds.models.subscribers import Subscriber, Subscription
from practices.models import PracticeChange


class Announcement(models.Model):
    """A major change that is ready to be told: the index knows it, so selections can be asked.

    Ids grow in the order of announcing, one process at a time, so subscriptions and runs use them as positions. Of a
    removed practice the index knows nothing any more: `selections` are the followed queries that held it until then.
    """

    change = models.OneToOneField(PracticeChange, on_delete=models.CASCADE, related_name="announcement")
    selections = models.JSONField(default=list)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "Ankündigung"
        verbose_name_plural = "Ankündigungen"

    def __str__(self) -> str:
        return f"{self.pk}"


class DigestRun(models.Model):
    """Everything that goes out at one time to those with one rhythm: planned once, whoever tries.

    `slot` is the time the run was due. It tells of announcements up to `until`.
    """

    frequency = models.CharField("Rhythmus", max_length=12, choices=Subscription.Frequency.choices)
    slot = models.DateTimeField("fällig")
    until = models.PositiveBigIntegerField(default=0)
    planned_at = models.DateTimeField("geplant", null=True, blank=True)
    cancelled_at = models.DateTimeField("abgebrochen", null=True, blank=True)

    class Meta:
        verbose_name = "Versand"
        verbose_name_plural = "Versand"
        ordering = ["-slot", "-pk"]
        constraints = [models.UniqueConstraint(fields=["frequency", "slot"], name="one_run_a_slot")]

    def __str__(self) -> str:
        return f"{self.get_frequency_display()}, {timezone.localtime(self.slot):%d.%m.%Y %H:%M}"


class Mail(models.Model):
    """One mail to one address. Its text is written when it is sent and never stored.

    A notice is the exception: who sent it is gone by then, so what it says is kept until it is sent, or a week if it fails.

    pending → sending (leased) → sent, failed or skipped. Whoever finds an expired lease sends again, with the same
    Message-ID; SMTP can not promise more than that.
    """

    class Kind(models.TextChoices):
        DIGEST = "digest", "Neues zu Abonnements"
        CONFIRM = "confirm", "Bestätigung eines Abonnements"
        MANAGE = "manage", "Link zur Verwaltung"
        NOTICE = "notice", "Nachricht der Plattform"

    class State(models.TextChoices):
        PENDING = "pending", "wartet"
        SENDING = "sending", "wird gesendet"
        SENT = "sent", "gesendet"
        FAILED = "failed", "gescheitert"
        SKIPPED = "skipped", "entfallen"

    kind = models.CharField("Art", max_length=8, choices=Kind.choices)
    run = models.ForeignKey(DigestRun, null=True, blank=True, on_delete=models.CASCADE, related_name="mails")
    subscriber = models.ForeignKey(Subscriber, null=True, on_delete=models.SET_NULL, related_name="mails")
    subscription = models.ForeignKey(Subscription, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    announcements = models.JSONField(default=list)  # ids, of a digest
    notice = models.JSONField(default=dict, blank=True)  # a feeds.notices.Notice
    state = models.CharField("Stand", max_length=8, choices=State.choices, default=State.PENDING)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("Versuche", default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField("Letzter Fehler", max_length=500, blank=True)
    created_at = models.DateTimeField("angelegt", auto_now_add=True)
    finished_at = models.DateTimeField("beendet", null=True, blank=True)

    class Meta:
        verbose_name = "E-Mail"
        verbose_name_plural = "E-Mails"
        constraints = [models.UniqueConstraint(fields=["run", "subscriber"], name="one_mail_a_run")]
        indexes = [
            models.Index(fields=["state", "finished_at"], name="mail_state"),
            models.Index(fields=["subscriber", "kind", "created_at"], name="mail_of_subscriber"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Turn(models.Model):
    """A row to lock: work that only one process may do at a time is done while holding it."""

    name = models.CharField(max_length=20, primary_key=True)

    class Meta:
        verbose_name = "Reihe"
        verbose_name_plural = "Reihen"

    def __str__(self) -> str:
        return self.name

    @classmethod
    def take(cls, name: str) -> None:
        """Wait for the turn of `name` and keep it until the transaction ends. SQLite lets one writer in anyway."""
        cls.objects.select_for_update().get_or_create(name=name)
