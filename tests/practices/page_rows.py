"""Many pages at once, some thousand a second: rows of their tables, without signals, history and checks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Max
from wagtail.models import Locale, Page

from practices import models


def insert_practices(pages: Sequence[models.PracticePage]) -> None:
    """Insert practices, whose places in the tree are set, table by table: bulk_create refuses models of several tables.

    Nothing is told to signals: rebuild the index afterwards.
    """
    used = (Page.objects.aggregate(last=Max("pk")), models.PracticeChange.objects.aggregate(last=Max("page_id")))
    first = max(row["last"] or 0 for row in used) + 1  # as the databases do, no number is given twice
    locale = Locale.objects.get()
    by_model = defaultdict(list)
    for number, page in enumerate(pages, start=first):
        page.id = page.page_ptr_id = page.practicepage_ptr_id = number
        page.locale, page.content_type = locale, ContentType.objects.get_for_model(type(page))
        by_model[type(page)].append(page)
    _insert_rows(Page, pages)
    _insert_rows(models.PracticePage, pages)
    for model, those in by_model.items():
        _insert_rows(model, those)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('wagtailcore_page', 'id'), max(id)) FROM wagtailcore_page"
            )


def _insert_rows(model: type[Page], pages: Iterable[Page]) -> None:
    """Insert what the table of `model` itself holds."""
    fields = model._meta.local_concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    rows = [[field.get_db_prep_save(field.pre_save(page, True), connection) for field in fields] for page in pages]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})", rows)  # noqa: S608
