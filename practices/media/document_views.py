"""Views of documents that say what is hidden in a file, wherever it came in."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from wagtail.admin import messages
from wagtail.documents.views.chooser import DocumentChooserUploadView
from wagtail.documents.views.documents import CreateView, EditView
from wagtail.documents.views.multiple import AddView, CreateFromUploadedDocumentView

from practices.media.document_fields import taken_in_document
from practices.media.documents.findings import warning_of
from practices.media.outcome import Refused

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


class CreateOneOfManyView(CreateFromUploadedDocumentView):
    """The words of one of many documents: what the intake refuses by now is said in its form."""

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except Refused as refusal:
            self.upload.file.close()
            form = self.form_class(
                request.POST,
                instance=self.object,
                prefix=f"{self.edit_upload_form_prefix}-{self.upload.pk}",
                user=request.user,
            )
            form.add_error(None, str(refusal))
        context = {
            "form": form,
            "edit_action": reverse(self.edit_upload_url_name, args=[self.upload.pk]),
            "delete_action": reverse(self.delete_upload_url_name, args=[self.upload.pk]),
        }
        shown = render_to_string(self.edit_form_template_name, context, request=request)
        return JsonResponse({"success": False, "form": shown})
