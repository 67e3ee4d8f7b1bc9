"""Nobody pays for an editor's typing: work on drafts leaves the content's version, the outbox, the index and kept pages alone."""

import itertools

import pytest
from django.core.cache import caches
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from practices.models import ContentChange, ContentVersion, ToolPage
from search.indexing import drain
from tests.editing.page_rights import form_of
from tests.factories import ToolFactory
from tests.practices.rich_practices import make_image

_numbers = itertools.count()


class Desk:
    """An editor at work on one page that is online and on one that never was."""

    def __init__(self, client, live: ToolPage, draft: ToolPage):
        self.client, self.live, self.draft = client, live, draft

    def _post(self, page, **more) -> int:
        address = reverse("wagtailadmin_pages:edit", args=[page.pk])
        return self.client.post(address, form_of(page, title=f"Entwurf {next(_numbers)}") | more).status_code

    def save(self):
        assert self._post(self.live) == 302

    def save_what_never_was_online(self):
        assert self._post(self.draft) == 302

    def overwrite(self):
        self._save_by_itself()
        newest = ToolPage.objects.get(pk=self.live.pk).latest_revision_id
        self._save_by_itself(overwrite_revision_id=newest)
        assert ToolPage.objects.get(pk=self.live.pk).latest_revision_id == newest

    def _save_by_itself(self, **more):
        address = reverse("wagtailadmin_pages:edit", args=[self.live.pk])
        data = form_of(self.live, title=f"Entwurf {next(_numbers)}") | more
        assert self.client.post(address, data, headers={"Accept": "application/json"}).json()["success"]

    def lock(self):
        self.client.post(reverse("wagtailadmin_pages:lock", args=[self.live.pk]))
        assert ToolPage.objects.get(pk=self.live.pk).locked
        self.client.post(reverse("wagtailadmin_pages:unlock", args=[self.live.pk]))

    def comment(self):
        comment = {"text": "Bitte prüfen", "contentpath": "title", "position": "", "replies": inline_formset([])}
        assert self._post(self.live, **nested_form_data({"comments": inline_formset([comment])})) == 302
        assert self.live.wagtail_admin_comments.exists()

    def preview(self):
        address = reverse("wagtailadmin_pages:preview_on_edit", args=[self.live.pk])
        assert self.client.post(address, form_of(self.live)).json()["is_valid"]
        assert self.client.get(address).status_code == 200

    def plan_an_end(self):
        assert self._post(self.live, expire_at="01.02.2090 10:00") == 302

    def name_a_new_tag(self):
        assert self._post(self.live, tags=f"neu{next(_numbers)}") == 302

    def upload(self):
        make_image(f"Bild {next(_numbers)}")


STEPS = [name for name in vars(Desk) if not name.startswith("_")]


@pytest.fixture
def desk(organisation, reindex, admin_client, settings):
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    caches["pages"].clear()
    live = ToolFactory(parent=organisation, title="Online")
    draft = ToolFactory(parent=organisation, title="Noch nie", live=False)
    reindex()
    drain()
    return Desk(admin_client, live, draft)


@example(steps=STEPS)
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.sampled_from(STEPS), min_size=2, max_size=5))
def test_readers_and_the_index_notice_nothing(desk, client, django_assert_num_queries, steps):
    client.get(desk.live.url)
    before = ContentVersion.current(), ContentChange.objects.count()
    for step in steps:
        getattr(desk, step)()
        assert (ContentVersion.current(), ContentChange.objects.count()) == before, step
    assert drain() == 0
    with django_assert_num_queries(1):
        assert "Online" in client.get(desk.live.url).content.decode()
