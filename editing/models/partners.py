"""Partner organisations that read a draft by a secret link, and what they say about it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.models import Page, Revision

from editing.secret_links import PARTNER
from feeds.tokens import digest, make_token, new_secret

LONGEST_REMARK = 3000


class PartnerLinkQuerySet(models.QuerySet):
    def open(self) -> "PartnerLinkQuerySet":
        """Return those that still lead to the page."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class PartnerLink(models.Model):
    """A way to read the newest text of a page without an account, for one organisation and for some time."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="partner_links")
    partner = models.CharField("Partnerorganisation", max_length=200)
    email = models.EmailField("E-Mail-Adresse", max_length=254, blank=True)
    may_approve = models.BooleanField("darf zustimmen", default=False)
    secret = models.CharField(max_length=32, default=new_secret, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)
    expires_at = models.DateTimeField("gilt bis")
    revoked_at = models.DateTimeField("zurückgezogen am", null=True)

    objects = PartnerLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "Link zum Mitlesen"
        verbose_name_plural = "Links zum Mitlesen"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.partner

    def save(self, *args, **kwargs):
        """Keep the digest in step with the secret."""
        self.digest = digest(self.token)
        return super().save(*args, **kwargs)

    @property
    def token(self) -> str:
        """What the address of the link ends with."""
        return make_token(PARTNER, self.secret)

    @property
    def is_open(self) -> bool:
        """Whether the link still leads to the page."""
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def state(self) -> str:
        """What became of it, in a word."""
        if self.revoked_at:
            return "zurückgezogen"
        return "offen" if self.is_open else "abgelaufen"


class PartnerRemark(models.Model):
    """What somebody of a partner organisation says about a text: a comment, or that they approve.

    `text_from` is when the text they read was saved, or None where that is not known. Drafts are saved over the same
    revision while somebody writes, so the revision alone does not say which text it was.
    """

    link = models.ForeignKey(PartnerLink, on_delete=models.CASCADE, related_name="remarks")
    name = models.CharField("Name", max_length=120)
    text = models.TextField("Kommentar", max_length=LONGEST_REMARK, blank=True)
    approves = models.BooleanField("stimmt zu", default=False)
    revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="+")
    text_from = models.DateTimeField("Stand des Textes", null=True)
    created_at = models.DateTimeField("abgegeben am", auto_now_add=True)

    class Meta:
        verbose_name = "Rückmeldung"
        verbose_name_plural = "Rückmeldungen"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    def is_about(self, page: Page) -> bool:
        """Return whether `page` still has the text that was read."""
        return self.text_from == page.latest_revision_created_at
