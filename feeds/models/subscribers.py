"""Who gets mail, and about what."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models

from feeds.secret_links import CONFIRM, LEAVE, MANAGE
from feeds.tokens import digest, make_token, new_secret

# The longest selection, as query string, that can be followed.
MAX_QUERY = 2000


class Subscriber(models.Model):
    """An address that gets mail: of somebody without an account, of an account, or of an organisation's team.

    Nothing is sent before the owner of the address has confirmed, nothing while it is paused, and nothing after several
    mails in a row came back (`suspended_at`).
    """

    email = models.EmailField("E-Mail-Adresse", unique=True)  # in lower case
    # Two secrets: who wants a new link to their subscriptions must still be able to leave by every mail they ever got.
    manage_secret = models.CharField(max_length=32, default=new_secret, editable=False)
    leave_secret = models.CharField(max_length=32, default=new_secret, editable=False)
    manage_hash = models.CharField(max_length=64, unique=True, editable=False)
    leave_hash = models.CharField(max_length=64, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name="Konto", null=True, blank=True, on_delete=models.SET_NULL
    )
    organisation = models.ForeignKey(
        "practices.OrganisationPage",
        verbose_name="Verteiler von",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="mailing_lists",
    )
    created_at = models.DateTimeField("angelegt", auto_now_add=True)
    paused_at = models.DateTimeField("pausiert seit", null=True, blank=True)
    bounces = models.PositiveSmallIntegerField("unzustellbar in Folge", default=0)
    suspended_at = models.DateTimeField("gesperrt seit", null=True, blank=True)

    class Meta:
        verbose_name = "Abonnement-Adresse"
        verbose_name_plural = "Abonnement-Adressen"

    def __str__(self) -> str:
        return f"Adresse {self.pk}"

    def save(self, *args, **kwargs):
        """Keep the digests in step with the secrets."""
        self.email = self.email.lower()
        self.manage_hash, self.leave_hash = digest(self.manage_token), digest(self.leave_token)
        return super().save(*args, **kwargs)

    @property
    def manage_token(self) -> str:
        """The token that opens the page on which this address manages its subscriptions."""
        return make_token(MANAGE, self.manage_secret)

    @property
    def leave_token(self) -> str:
        """The token that ends every mail to this address."""
        return make_token(LEAVE, self.leave_secret)


class Subscription(models.Model):
    """A selection that somebody follows, and how often they want to hear of it.

    `query` is the selection in its canonical form (see feeds.selections). It counts once it is confirmed; until then it is
    a request, forgotten after a week. `position` is the last announcement it has been considered for: it never goes back,
    so no change is told twice. `scheduled_at` is when the present rhythm began: runs due before it are not meant.
    """

    class Frequency(models.TextChoices):
        AT_ONCE = "sofort", "sofort"
        DAILY = "taeglich", "täglich"
        WEEKLY = "woechentlich", "wöchentlich"

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "Montag"
        TUESDAY = 1, "Dienstag"
        WEDNESDAY = 2, "Mittwoch"
        THURSDAY = 3, "Donnerstag"
        FRIDAY = 4, "Freitag"
        SATURDAY = 5, "Samstag"
        SUNDAY = 6, "Sonntag"

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="subscriptions")
    query = models.CharField("Auswahl", max_length=MAX_QUERY, blank=True, db_index=True)
    frequency = models.CharField("Wie oft?", max_length=12, choices=Frequency.choices, default=Frequency.WEEKLY)
    weekday = models.PositiveSmallIntegerField("Wochentag", choices=Weekday.choices, default=Weekday.MONDAY)
    hour = models.PositiveSmallIntegerField("Uhrzeit", default=7, validators=[MaxValueValidator(23)])  # Europe/Berlin
    position = models.PositiveBigIntegerField(default=0)
    scheduled_at = models.DateTimeField(null=True, blank=True)
    # The proof of consent: which words were agreed to, when it was asked for, when it was confirmed, by which link.
    consent_version = models.CharField(max_length=20)
    requested_at = models.DateTimeField("angefragt", auto_now_add=True)
    confirmed_at = models.DateTimeField("bestätigt", null=True, blank=True)
    secret = models.CharField(max_length=32, default=new_secret, editable=False)
    confirm_hash = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        verbose_name = "Abonnement"
        verbose_name_plural = "Abonnements"
        constraints = [models.UniqueConstraint(fields=["subscriber", "query"], name="one_subscription_a_selection")]

    def __str__(self) -> str:
        return f"Abonnement {self.pk}"

    def save(self, *args, **kwargs):
        """Keep the digest in step with the secret."""
        self.confirm_hash = digest(self.confirm_token)
        return super().save(*args, **kwargs)

    @property
    def confirm_token(self) -> str:
        """The token by which the owner of the address confirms this subscription."""
        return make_token(CONFIRM, self.secret)
