"""Files that the admin writes of its lists and reports."""

from django.utils.encoding import is_protected_type
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from practices.exchange.spreadsheet.cells import harmless

_preprocess = SpreadsheetExportMixin.preprocess_field_value


def _preprocess_harmlessly(view, field, value, export_format):
    written = _preprocess(view, field, value, export_format)
    return written if is_protected_type(written) else harmless(written)


def keep_out_formulas() -> None:
    """Let no list or report write a cell that a spreadsheet takes for a formula, Wagtail's own neither."""
    SpreadsheetExportMixin.preprocess_field_value = _preprocess_harmlessly
