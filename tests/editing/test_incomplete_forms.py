"""A form that comes in part is refused with what to do, or shown again; it never breaks."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from home.models import HomePage
from practices.models import PracticePage
from tests.editing.door_forms import fill_in
from tests.editing.signing_in import person
from tests.factories import LessonFactory, OrganisationFactory, ProjectFactory, RecordingFactory, ToolFactory

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# What the scripts of the editor send about its parts, and what was chosen in a dialogue.
_OF_A_PART = re.compile(
    r"-(count|deleted|order|type|value|(TOTAL|INITIAL)_FORMS)$|^(image|video|programme|new_parent_page)$"
)
_IN_ORDER = {"links-count": "1", "links-0-deleted": "", "links-0-order": "0", "links-0-type": "link"}


@pytest.fixture
def editor(site) -> Client:
    client = Client()
    client.force_login(person("chefin", is_superuser=True))
    return client


def _forms(site, client: Client) -> Iterator[tuple[str, dict]]:
    organisation = OrganisationFactory(parent=site)
    kinds = (ProjectFactory, ToolFactory, RecordingFactory, LessonFactory)
    pages = [organisation, *(kind(parent=organisation) for kind in kinds), HomePage.objects.first()]
    for page in pages:
        names = ("edit", "copy") if isinstance(page, PracticePage) else ("edit",)
        for name in names:
            path = reverse(f"wagtailadmin_pages:{name}", args=[page.pk])
            yield path, fill_in(client.get(path).content.decode(), path) | _IN_ORDER
        if page.get_parent().pk == organisation.pk:
            path = reverse("wagtailadmin_pages:add", args=["practices", page._meta.model_name, organisation.pk])
            yield path, fill_in(client.get(path).content.decode(), path) | _IN_ORDER


def test_no_form_breaks_where_a_part_of_it_is_missing_or_makes_no_sense(site, editor):
    assert editor.post("/verwaltung/choose-external-link/", {}).status_code == 400
    for path, form in _forms(site, editor):
        before = list(Page.objects.order_by("pk").values_list("pk", "title", "latest_revision"))
        for name in filter(_OF_A_PART.search, form):
            for changed in ({}, {name: "x"}, {name: "99999"}):
                data = {**form, "title": "", "new_slug": "", **changed}  # without a title nothing is saved
                if not changed:
                    del data[name]
                response = editor.post(path, data)
                assert response.status_code in (200, 400), (path, name, changed)
        for rubbish in ("x", "[]", '{"blocks": 1}'):
            text = next((name for name in ("description", "approach", "statement", "context") if name in form), "title")
            assert editor.post(path, {**form, "title": "", "new_slug": "", text: rubbish}).status_code in (200, 400), (
                path
            )
        assert list(Page.objects.order_by("pk").values_list("pk", "title", "latest_revision")) == before


def test_who_sent_a_part_is_told_what_to_do(site, editor):
    page = ToolFactory(parent=OrganisationFactory(parent=site))
    path = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = fill_in(editor.get(path).content.decode(), path) | _IN_ORDER
    del form["links-0-type"]
    response = editor.post(path, form)
    assert response.status_code == 400
    assert "Es wurde nichts gespeichert" in response.content.decode()
    page.refresh_from_db()
    assert page.latest_revision is None
