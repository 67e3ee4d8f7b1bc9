"""Views of documents that say what is hidden in a file, wherever it came in."""

from django.http import HttpRequest
from wagtail.admin import messages
from wagtail.documents.views.chooser import DocumentChooserUploadView
from wagtail.documents.views.documents import CreateView, EditView
from wagtail.documents.views.multiple import AddView, CreateFromUploadedDocumentView

from practices.media.document_fields import taken_in_document
from practices.media.documents.findings import warning_of
from practices.media.views import RefusalInForm

_FORM_OF_MANY = "practices/admin/document_upload_form.html"


def _warn(request: HttpRequest, document) -> None:
    if document.warning:
        messages.warning(request, f"„{document.title}“: {document.warning}")


class _WarnedOnce:
    """Says it after a new file was saved; the page of the document goes on saying it."""

    def save_action(self):
        answer = super().save_action()  # type: ignore[misc]
        if "file" in self.form.changed_data:  # type: ignore[attr-defined]
            _warn(self.request, self.object)  # type: ignore[attr-defined]
        return answer


class AddDocumentView(_WarnedOnce, CreateView):
    """The form of a new document."""


class EditDocumentView(_WarnedOnce, EditView):
    """The form of a document."""


class ChooserUploadView(DocumentChooserUploadView):
    """Upload where a document is chosen: the dialogue closes at once, so the next page that opens says it."""

    def save_form(self, form):
        document = super().save_form(form)
        _warn(self.request, document)
        return document


class AddManyDocumentsView(AddView):
    """Many documents at once: the form that asks for the words of each says it."""

    edit_form_template_name = _FORM_OF_MANY

    def get_edit_upload_form_context_data(self):
        context = super().get_edit_upload_form_context_data()
        if taken := taken_in_document(self.request.FILES["files[]"]):
            context["warning"] = warning_of(taken.hidden, taken.suffix)
        return context


class CreateOneOfManyDocumentsView(RefusalInForm, CreateFromUploadedDocumentView):
    """The words of one of many documents."""
