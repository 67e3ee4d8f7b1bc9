"""Merging two terms keeps every link alive."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from practices.models import Cluster, CostBearer, FieldOfAction, Obstacle, PracticePage, ProjectObstacle
from practices.services.merge_terms import merge_terms
from tests.factories import ProjectFactory


@pytest.fixture
def source(vocabularies):
    return FieldOfAction.objects.get(slug="suchthilfe")


@pytest.fixture
def target(vocabularies):
    return FieldOfAction.objects.get(slug="quartier")


def test_pages_move_and_carry_the_term_once(organisation, source, target):
    one, both = ProjectFactory(parent=organisation), ProjectFactory(parent=organisation)
    one.fields_of_action.set([source])
    both.fields_of_action.set([source, target])
    one.save()
    both.save()
    assert merge_terms(source, target) == 2
    for page in PracticePage.objects.filter(pk__in=[one.pk, both.pk]):
        assert [term.slug for term in page.fields_of_action.all()] == ["quartier"]


def test_the_old_key_leads_to_the_new_one(client, source, target, site):
    merge_terms(source, target)
    response = client.get(reverse("topic", args=["handlungsfeld", "suchthilfe"]))
    assert response.status_code == 301
    assert response.url == reverse("topic", args=["handlungsfeld", "quartier"])


def test_the_old_names_keep_finding_it(source, target):
    merge_terms(source, target)
    assert {"Suchthilfe", "Suchtberatung", "Drogenhilfe"} <= set(
        FieldOfAction.objects.get(slug="quartier").alternative_labels
    )


def test_a_draft_published_later_does_not_bring_it_back(organisation, source, target):
    page = ProjectFactory(parent=organisation)
    page.fields_of_action.set([source])
    revision = page.save_revision()
    merge_terms(source, target)
    revision.refresh_from_db()
    revision.publish()
    assert [term.slug for term in PracticePage.objects.get(pk=page.pk).fields_of_action.all()] == ["quartier"]


def test_narrower_terms_move(source, target):
    broader = FieldOfAction.objects.get(slug="besondere-soziale-situationen")
    merge_terms(broader, target)
    assert FieldOfAction.objects.get(slug="suchthilfe").broader == target


def test_cost_bearers_keep_their_cluster(vocabularies):
    merge_terms(CostBearer.objects.get(slug="sgb-05"), CostBearer.objects.get(slug="sgb-06"))
    keys = Cluster.objects.get(slug="gesundheit-reha").cost_bearers.values_list("slug", flat=True)
    assert set(keys) == {"sgb-06", "sgb-07"}


def test_obstacles_of_projects_move(organisation):
    old, new = Obstacle.objects.all()[:2]
    project = ProjectFactory(parent=organisation)
    ProjectObstacle.objects.create(project=project, term=old)
    merge_terms(old, new)
    assert project.obstacle_items.get().term == new


def test_terms_of_different_vocabularies_do_not_merge(source):
    with pytest.raises(ValidationError, match="desselben Vokabulars"):
        merge_terms(source, Obstacle.objects.first())


def test_a_merged_term_can_not_be_merged_again(source, target):
    merge_terms(source, target)
    source.refresh_from_db()
    with pytest.raises(ValidationError, match="schon mit einem anderen"):
        merge_terms(source, FieldOfAction.objects.get(slug="jugendhilfe"))
