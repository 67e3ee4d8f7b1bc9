"""Views of the library that say more than Wagtail's."""

from wagtail.images.views.multiple import AddView

from practices.media.fields import taken_in


class AddManyView(AddView):
    """Many pictures at once: for each its file says whose it is, where it does, and the form proposes that."""

    def get_edit_upload_form_context_data(self):
        context = super().get_edit_upload_form_context_data()
        if taken := taken_in(self.request.FILES["files[]"]):
            context["form"].initial["credit"] = taken.credit
        return context
