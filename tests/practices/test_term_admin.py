"""Vocabularies in the admin."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from practices.models import SCHEMES, FieldOfAction, ProjectSuccessFactor, SuccessFactor
from tests.factories import ProjectFactory


@pytest.fixture
def editor(client, site):
    client.force_login(User.objects.create_superuser("chefin"))
    return client


def address(name: str, *args) -> str:
    return reverse(f"wagtailsnippets_practices_fieldofaction:{name}", args=args)


def test_the_list_counts_the_pages_of_a_term(editor, organisation):
    for _ in range(3):
        page = ProjectFactory(parent=organisation)
        page.fields_of_action.set(FieldOfAction.objects.filter(slug="suchthilfe"))
        page.save()
    terms = {term.slug: term.usage for term in editor.get(address("list")).context["object_list"]}
    assert (terms["suchthilfe"], terms["quartier"]) == (3, None)


def test_a_key_can_not_be_edited(editor):
    term = FieldOfAction.objects.get(slug="suchthilfe")
    fields = {"name": "Suchthilfe neu", "slug": "anders", "notation": "", "alt_labels": "", "note": "", "order": 1}
    editor.post(address("edit", term.pk), fields)
    term.refresh_from_db()
    assert (term.name, term.slug) == ("Suchthilfe neu", "suchthilfe")


def test_terms_are_merged_by_a_form(editor):
    source, target = FieldOfAction.objects.get(slug="suchthilfe"), FieldOfAction.objects.get(slug="quartier")
    response = editor.post(address("merge", source.pk), {"target": target.pk})
    source.refresh_from_db()
    assert (response.url, source.merged_into) == (address("list"), target)


def test_merging_needs_the_right_to_change(client, site):
    source, target = FieldOfAction.objects.get(slug="suchthilfe"), FieldOfAction.objects.get(slug="quartier")
    client.force_login(User.objects.create_user("jemand"))
    client.post(address("merge", source.pk), {"target": target.pk})
    source.refresh_from_db()
    assert source.merged_into is None


def test_a_term_in_use_is_not_deleted(editor, organisation):
    page = ProjectFactory(parent=organisation)
    factor = SuccessFactor.objects.first()
    ProjectSuccessFactor.objects.create(project=page, term=factor)
    editor.post(reverse("wagtailsnippets_practices_successfactor:delete", args=[factor.pk]))
    assert SuccessFactor.objects.filter(pk=factor.pk).exists()


@pytest.mark.parametrize("vocabulary", SCHEMES.values(), ids=SCHEMES)
def test_terms_are_found_by_their_words(editor, vocabulary):
    vocabulary.objects.create(name="Wanderausstellung", slug="wanderausstellung")
    found = editor.get(reverse(f"wagtailsnippets_practices_{vocabulary._meta.model_name}:list"), {"q": "Wanderausst"})
    assert [term.name for term in found.context["object_list"]] == ["Wanderausstellung"]
