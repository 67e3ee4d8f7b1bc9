"""Which reviews are about which pages."""

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.models import get_default_page_content_type


def about(pages: QuerySet, review: str = "") -> Q:
    """Return the condition that a review is about one of `pages`: on reviews, or on rows that name theirs as `review`.

    Wagtail names objects of every kind by text, and PostgreSQL compares text with text only.
    """
    ids = pages.values_list(Cast("pk", CharField(max_length=255)))
    at = f"{review}__" if review else ""
    return Q((f"{at}base_content_type", get_default_page_content_type()), (f"{at}object_id__in", ids))
