"""Guided writing: authors see what is missing, drafts may lack it, and readers never get a page without it."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from practices.completeness import assess
from practices.models import Cluster, CreditedMedia, FieldOfAction, ToolPage
from tests.factories import LessonFactory, ProjectFactory, RecordingFactory, ToolFactory
from tests.practices.rich_practices import make_image, make_practices

pytestmark = pytest.mark.one_database


def fields(hints) -> set[str]:
    return {hint.field for hint in hints}


@pytest.mark.parametrize("factory", [ProjectFactory, ToolFactory, RecordingFactory, LessonFactory])
def test_a_bare_page_lacks_what_its_readers_need(organisation, factory):
    found = assess(factory(parent=organisation))
    assert fields(found.required) == {"clusters", "fields_of_action"}
    assert len(found.wishes) > 8
    assert found.percent < 20


def test_what_is_required_comes_first_and_then_what_matters_most(organisation):
    found = assess(ProjectFactory(parent=organisation))
    assert found.missing == sorted(found.missing, key=lambda hint: (not hint.is_required, -hint.weight))


def test_a_full_page_lacks_nothing(site):
    page = make_practices(site)["projekt"]
    lacking = assess(page)
    assert lacking.required == []
    assert lacking.percent > 80


def test_every_hint_names_a_field_of_the_form(organisation):
    for factory in (ProjectFactory, ToolFactory, RecordingFactory, LessonFactory):
        page = factory(parent=organisation)
        form = page.get_edit_handler().get_form_class()
        assert fields(assess(page).missing) <= {*form.base_fields, *form.formsets}


def test_markup_without_words_is_nothing(organisation):
    page = ToolFactory(parent=organisation, description='<p data-block-key="a"></p>')
    assert "description" in fields(assess(page).missing)


def test_a_picture_needs_its_description_and_a_video_its_captions(organisation):
    picture = make_image()
    picture.description = ""
    picture.save()
    video = CreditedMedia.objects.create(title="Film", credit="ZAQ", type="video", duration=1)
    page = RecordingFactory(parent=organisation, image=picture, video=video)
    assert fields(assess(page).required) >= {"image", "captions"}


@pytest.fixture
def editor(client, site):
    client.force_login(User.objects.create_superuser("amt"))
    return client


def tool_data(terms=None, **values) -> dict:
    empty = {"links": streamfield([]), "documents": streamfield([]), "partners": inline_formset([])}
    words = {"title": "Tafelplaner", "slug": "tafelplaner", "summary": "Kurz.", "description": rich_text("")}
    return nested_form_data(empty | words | {"comments": inline_formset([])} | values) | (terms or {})


def add_tool(client, parent, **values):
    return client.post(
        reverse("wagtailadmin_pages:add", args=["practices", "toolpage", parent.pk]), tool_data(**values)
    )


def test_a_draft_may_lack_everything(editor, organisation):
    assert add_tool(editor, organisation, summary="").status_code == 302
    assert ToolPage.objects.get().live is False


@pytest.mark.parametrize("action", ["publish", "submit"])
def test_what_is_incomplete_is_neither_published_nor_handed_in_and_stays_typed(editor, organisation, action):
    answer = add_tool(editor, organisation, **{f"action-{action}": "x"})
    shown = answer.content.decode()
    assert "Das fehlt noch zum Einreichen und Veröffentlichen: Mindestens ein Kostenträger-Cluster" in shown
    assert "Das fehlt noch zum Einreichen und Veröffentlichen: Mindestens ein Handlungsfeld" in shown
    assert 'value="Tafelplaner"' in shown
    assert not ToolPage.objects.exists()


def test_what_has_its_terms_is_published(editor, organisation):
    terms = {"clusters": [Cluster.objects.first().pk], "fields_of_action": [FieldOfAction.objects.first().pk]}
    add_tool(editor, organisation, terms=terms, **{"action-publish": "x"})
    assert ToolPage.objects.get().live is True


def test_a_picture_without_description_is_refused_where_readers_would_see_it(editor, organisation):
    picture = make_image()
    picture.description = ""
    picture.save()
    shown = add_tool(editor, organisation, image=picture.pk, **{"action-publish": "x"}).content.decode()
    assert "Die Beschreibung des Bildes: Wer es nicht sehen kann" in shown
    assert add_tool(editor, organisation, image=picture.pk).status_code == 302


def test_the_form_shows_the_panel_and_an_example(editor, organisation):
    page = ToolFactory(parent=organisation, summary="Das BTHG gilt.")
    shown = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert f"Vollständig zu {assess(page).percent} %" in shown
    assert "Leichter zu lesen – „Zusammenfassung“" in shown
    assert "Beispiel (erfunden): „Tablets ausleihen" in shown


def test_saving_by_itself_sends_back_what_is_missing_now(editor, organisation):
    page = ToolFactory(parent=organisation)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    terms = {"clusters": [Cluster.objects.first().pk]}
    answer = editor.post(address, tool_data(terms=terms), headers={"accept": "application/json"}).json()
    assert answer["success"]
    assert "Mindestens ein Kostenträger-Cluster" not in answer["html"]
    assert "Mindestens ein Handlungsfeld" in answer["html"]
