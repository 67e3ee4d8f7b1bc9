"""Files that the admin writes of its lists and reports: no formulas, and CSV as German spreadsheets read it."""

import csv
from collections.abc import Iterator

from django.utils.encoding import is_protected_type
from wagtail.admin.views.mixins import Echo, SpreadsheetExportMixin

from practices.exchange.spreadsheet.guards import harmless

_preprocess = SpreadsheetExportMixin.preprocess_field_value


def write_safe_files() -> None:
    """Let every list and report, Wagtail's own too, write files without formulas, and CSV with semicolons and a mark of UTF-8.

    With commas, a German Excel begins cells within the texts.
    """
    SpreadsheetExportMixin.preprocess_field_value = _preprocess_harmlessly
    SpreadsheetExportMixin.stream_csv = _stream_csv


def _preprocess_harmlessly(view, field, value, export_format):
    written = _preprocess(view, field, value, export_format)
    return written if is_protected_type(written) else harmless(written)


def _stream_csv(view, queryset) -> Iterator[str]:
    writer = csv.DictWriter(Echo(), fieldnames=view.list_export, delimiter=";", quoting=csv.QUOTE_ALL)
    yield "\ufeff"
    yield writer.writerow({field: harmless(view.get_heading(queryset, field)) for field in view.list_export})
    for item in queryset:
        yield view.write_csv_row(writer, view.to_row_dict(item))
