"""Forms of the editor that arrive in part: cut off on the way, or sent by something that is no browser.

Wagtail's widgets for blocks and for rich text read what the page's script put together, and fail where some of it is missing.
"""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.forms import Widget
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.datastructures import MultiValueDictKeyError
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.admin.widgets.chooser import BaseChooser
from wagtail.blocks.base import BlockWidget


class IncompleteForm(BadRequest):
    """A part of a form is missing, or is not what its widget puts together."""


class IncompleteFormsMiddleware:
    """Answers 400 where a form came in part, and says what to do; what was typed is still there a page back."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        is_incomplete = isinstance(exception, IncompleteForm | MultiValueDictKeyError)
        if request.method != "POST" or not is_incomplete:
            return None
        return render(request, "practices/incomplete_form.html", status=400)


def refuse_incomplete_forms() -> None:
    """Let the widgets raise IncompleteForm, and dialogues be shown again; called once, when the app is ready."""
    for widget in (BlockWidget, DraftailRichTextArea):
        widget.value_from_datadict = _refusing(widget.value_from_datadict)
    BaseChooser.get_instance = _nothing_or(BaseChooser.get_instance)


def _refusing(read: Callable) -> Callable:
    def value_from_datadict(widget: Widget, data, files, name: str):
        try:
            return read(widget, data, files, name)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise IncompleteForm(name) from error

    return value_from_datadict


def _nothing_or(find: Callable) -> Callable:
    """Where what was sent is no key, nothing was chosen: so the form can be shown again, with what its field says of that."""

    def get_instance(widget: Widget, value):
        try:
            return find(widget, value)
        except (TypeError, ValueError):
            return None

    return get_instance
