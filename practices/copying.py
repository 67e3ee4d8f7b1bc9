"""The form by which a page is copied."""

from wagtail.admin.forms.pages import CopyForm
from wagtail.permissions import page_permission_policy


class WholeCopyForm(CopyForm):
    """Offers no copy that goes on following its original: it would have the key of another page, and breaks.

    A copy goes where its user may add pages, and no refusal names any other place.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("alias", None)
        places = page_permission_policy.instances_user_has_permission_for(self.user, "add")
        self.fields["new_parent_page"].queryset = places
