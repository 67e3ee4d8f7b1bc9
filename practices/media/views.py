"""Views of the library that say more than Wagtail's."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from wagtail.images.views.multiple import AddView, CreateFromUploadedImageView

from practices.media.fields import taken_in
from practices.media.outcome import Refused


class RefusalInForm:
    """The words of one of many files: what the intake refuses by now is said in its form.

    Wagtail keeps the file as it came until its words are complete, and stores it only then.
    """

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        view: Any = self  # Wagtail's view
        try:
            return super().post(request, *args, **kwargs)  # type: ignore[misc]
        except Refused as refusal:
            view.upload.file.close()
            form = view.form_class(
                request.POST,
                instance=view.object,
                prefix=f"{view.edit_upload_form_prefix}-{view.upload.pk}",
                user=request.user,
            )
            form.add_error(None, str(refusal))
        context = {
            "form": form,
            "edit_action": reverse(view.edit_upload_url_name, args=[view.upload.pk]),
            "delete_action": reverse(view.delete_upload_url_name, args=[view.upload.pk]),
        }
        shown = render_to_string(view.edit_form_template_name, context, request=request)
        return JsonResponse({"success": False, "form": shown})


class AddManyView(AddView):
    """Many pictures at once: for each its file says whose it is, where it does, and the form proposes that."""

    def get_edit_upload_form_context_data(self):
        context = super().get_edit_upload_form_context_data()
        if taken := taken_in(self.request.FILES["files[]"]):
            context["form"].initial["credit"] = taken.credit
        return context


class CreateOneOfManyPicturesView(RefusalInForm, CreateFromUploadedImageView):
    """The words of one of many pictures."""
