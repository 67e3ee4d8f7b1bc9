"""Readers get kept pages, and never a page that is older than the content."""

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from wagtail.models import PageViewRestriction

from home.models import SiteSettings
from practices.models import Cluster, ContentVersion
from practices.services.merge_terms import merge_terms
from tests.factories import ProjectFactory


@pytest.fixture(autouse=True)
def real_cache(settings):
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    caches["pages"].clear()


@pytest.fixture
def project(organisation):
    return ProjectFactory(parent=organisation, title="Vorher")


def read(client, project) -> str:
    return client.get(project.get_url()).content.decode()


def test_a_kept_page_costs_one_query(client, project, django_assert_num_queries):
    read(client, project)
    with django_assert_num_queries(1):
        assert "Vorher" in read(client, project)


def test_a_published_change_is_seen_at_once(client, project):
    read(client, project)
    project.title = "Nachher"
    project.save_revision().publish()
    assert "Nachher" in read(client, project)


def test_an_unpublished_page_is_gone_at_once(client, project):
    read(client, project)
    project.unpublish()
    assert client.get(project.get_url()).status_code == 404


def test_a_restricted_page_is_closed_at_once(client, project):
    read(client, project)
    PageViewRestriction.objects.create(page=project, restriction_type=PageViewRestriction.LOGIN)
    assert client.get(project.get_url()).status_code == 302


@pytest.mark.parametrize("change", ["term", "merge", "move", "tag", "settings"])
def test_every_kind_of_change_raises_the_version(change, project, site, organisation):
    before = ContentVersion.current()
    if change == "term":
        Cluster.objects.first().save()
    elif change == "merge":
        merge_terms(*Cluster.objects.all()[:2])
    elif change == "move":
        project.move(site.get_first_child(), pos="last-child")
    elif change == "tag":
        project.tags.add("neu")
        project.save()
    else:
        SiteSettings.for_site(site.get_site()).save()
    assert ContentVersion.current() > before


def test_who_is_signed_in_gets_a_page_of_one_s_own(client, project, django_assert_max_num_queries):
    client.force_login(User.objects.create_superuser("chef"))
    read(client, project)
    with pytest.raises(pytest.fail.Exception), django_assert_max_num_queries(5):
        read(client, project)
