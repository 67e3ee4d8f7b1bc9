"""A page is saved as one thing: what changed is written, references and the note of it once, nothing else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from practices.models import (
    ContentChange,
    ContentVersion,
    IndicatorValue,
    ProjectIndicator,
    ProjectProfilePage,
    ProjectTool,
)
from search import indexing
from tests.factories import ToolFactory
from tests.practices.rich_practices import make_practices

WRITING = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def project(site, organisation):
    """One with some forty rows."""
    page = make_practices(site)["projekt"]
    for number in range(8):
        values = [IndicatorValue(half_year=f"202{half}-H1", target=half) for half in range(3)]
        page.indicators.add(ProjectIndicator(name=f"Kennzahl {number}", values=values))
        page.tool_items.add(ProjectTool(tool=ToolFactory(parent=organisation)))
    page.save_revision().publish()
    return page


@pytest.fixture
def a_worker_indexes(monkeypatch):
    """What follows after a commit is the worker's."""
    monkeypatch.setattr(indexing, "drain_alone", lambda: 0)


def references(page) -> set[tuple]:
    return set(ReferenceIndex.get_references_for_object(page).values_list("to_object_id", "content_path"))


def writes(queries, table: str) -> int:
    return sum(f'"{table}"' in query["sql"] and query["sql"].startswith(WRITING) for query in queries)


def test_publishing_notes_one_change_and_writes_what_changed(project, a_worker_indexes):
    page = ProjectProfilePage.objects.get(pk=project.pk)
    page.summary = "Anders."
    before = ContentVersion.current()
    ContentChange.objects.all().delete()
    with CaptureQueriesContext(connection) as queries:
        page.save_revision().publish()
    assert ContentVersion.current() == before + 1
    assert [change.page_id for change in ContentChange.objects.all()] == [page.pk]
    assert writes(queries, "practices_projectindicator") == writes(queries, "practices_practicecluster") == 0
    assert len(queries) <= 150


def test_rows_at_every_depth_are_written_when_they_changed(project):
    page = ProjectProfilePage.objects.get(pk=project.pk)
    indicator = page.indicators.first()
    values = list(indicator.values.all())
    indicator.values = [IndicatorValue(half_year="2031-H1", target=3), *values[1:]]
    page.indicators = [indicator]
    page.partners = []
    page.save_revision().publish()
    stored = ProjectProfilePage.objects.get(pk=project.pk)
    assert ProjectIndicator.objects.filter(project=stored).count() == 1
    assert set(stored.indicators.get().values.values_list("half_year", flat=True)) == {
        "2031-H1",
        *(value.half_year for value in values[1:]),
    }
    assert not stored.partners.exists()


def test_references_are_those_that_wagtail_finds_by_itself(project):
    page = ProjectProfilePage.objects.get(pk=project.pk)
    page.tool_items = page.tool_items.all()[:1]
    page.save_revision().publish()
    found = references(page)
    ReferenceIndex.create_or_update_for_object(ProjectProfilePage.objects.get(pk=page.pk))
    assert found == references(page) != set()


def test_who_keeps_the_references_back_goes_on_doing_so(project):
    page = ProjectProfilePage.objects.get(pk=project.pk)
    page.image = None
    before = references(page)
    with disable_reference_index_auto_update():
        page.save()
        assert references(page) == before
        page.save()
    assert references(page) == before


def test_what_no_reader_sees_leaves_no_note(project):
    ProjectProfilePage.objects.filter(pk=project.pk).update(live=False)
    page = ProjectProfilePage.objects.get(pk=project.pk)
    noted = ContentVersion.current(), ContentChange.objects.count()
    page.summary = "Entwurf."
    page.save()
    assert (ContentVersion.current(), ContentChange.objects.count()) == noted
