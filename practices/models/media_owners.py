"""To whom media belong, and which of them the texts of pages refer to."""

from django.db import models
from wagtail.models import Collection, Revision


class OrganisationCollection(models.Model):
    """The collection with the media of one organisation, or the one with what is meant for all of them."""

    organisation = models.OneToOneField(
        "practices.OrganisationPage", on_delete=models.CASCADE, null=True, related_name="media_collection"
    )
    is_common = models.BooleanField(default=False)
    collection = models.OneToOneField(Collection, on_delete=models.CASCADE, related_name="belongs_to")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_common"], condition=models.Q(is_common=True), name="one_common_collection"
            ),
            models.CheckConstraint(
                condition=models.Q(organisation=None, is_common=True)
                | models.Q(organisation__isnull=False, is_common=False),
                name="collection_of_one_or_of_all",
            ),
        ]


class RevisionFile(models.Model):
    """An image, a document or a recording that a saved text of a page refers to.

    Wagtail's index of references knows what is stored of a page, and nothing of its drafts.
    """

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=20)
    file_id = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "file_id", "revision"], name="unique_revision_file")]
