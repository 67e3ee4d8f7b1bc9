"""The form by which a page is copied."""

from wagtail.admin.forms.pages import CopyForm


class WholeCopyForm(CopyForm):
    """Offers no copy that goes on following its original: it would have the key of another page, and breaks."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("alias", None)
