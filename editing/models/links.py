"""What became of the links to other sites that pages hold."""

from django.db import models
from wagtail.models import Page


class LinkCheck(models.Model):
    """When the links of a page were tried last."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="link_check")
    checked_at = models.DateTimeField("geprüft am")

    class Meta:
        verbose_name = "Prüfung der Links"
        verbose_name_plural = "Prüfungen der Links"

    def __str__(self) -> str:
        return f"{self.page_id}: {self.checked_at}"


class BrokenLink(models.Model):
    """A link that did not work when it was tried last, and how often in a row."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="broken_links")
    url = models.TextField("Link")
    fault = models.CharField("Was nicht geht", max_length=200)
    failures = models.PositiveIntegerField("vergebliche Versuche", default=1)
    since = models.DateTimeField("geht nicht seit")

    class Meta:
        verbose_name = "Link, der nicht funktioniert"
        verbose_name_plural = "Links, die nicht funktionieren"

    def __str__(self) -> str:
        return self.url
