"""The editor's form of a practice."""

from wagtail.admin.forms import WagtailAdminPageForm


class PracticePageForm(WagtailAdminPageForm):
    """What is said about a change belongs to that change: after it was published, the next one starts blank and quiet."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        page = self.instance
        if page.live and page.latest_revision_id == page.live_revision_id and not self.is_bound:
            self.initial |= {"change_note": "", "notify_followers": False}
