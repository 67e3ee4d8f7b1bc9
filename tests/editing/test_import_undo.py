"""Taking an import back leaves no trace in any table, and never costs anybody's later work."""

import json
from collections import Counter

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from taggit.models import Tag
from wagtail.models import Collection, Page, ReferenceIndex
from wagtail.models import Workflow as WagtailWorkflow

from editing.models import Import
from editing.organisation_groups import group_of
from practices.exchange import importer
from practices.exchange.importer import import_records
from practices.models import (
    ContentChange,
    FundingProgramme,
    LessonPage,
    OrganisationPage,
    PracticeChange,
    PracticePage,
    PracticePartner,
    ProjectProfilePage,
    ToolPage,
)
from tests.editing.imports import undone, upload, work
from tests.factories import ToolFactory
from tests.practices.exchange_records import every_field, organisation, project, tool, write_files, write_lines
from tests.practices.workbooks import project_row, tool_row, write_book

pytestmark = pytest.mark.usefixtures("site")

State = Import.State

# What is no part of the former state: the import itself and what it read, logs and outboxes, which only grow, and copies
# derived from pages, which are compared by content or follow from the outbox.
LEFT_OUT = {
    "editing.import",
    "editing.importedpage",
    "practices.contentchange",
    "practices.contentversion",
    "wagtailcore.pagelogentry",
    "wagtailcore.modellogentry",
    "wagtailcore.referenceindex",
    "wagtailcore.collection",
    "wagtailsearch.indexentry",
    "modelsearch.indexentry",
    "modelsearch.sqliteftsindexentry",
    "sessions.session",
    "search.indexstate",
    "search.indexedpage",
    "search.indexedword",
}


def everything() -> dict[str, list]:
    """Return every row of every table that is not left out, byte for byte, the references without their ids, and the collections
    without their places in the tree, which follow from their names."""
    connection.check_constraints()
    tables = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label_lower not in LEFT_OUT and model._meta.managed and not model._meta.proxy:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - our own tables
                tables[model._meta.label_lower] = sorted(map(repr, cursor.fetchall()))
    names = ("object_id", "to_object_id", "model_path", "content_path", "content_path_hash")
    tables["references"] = sorted(map(repr, ReferenceIndex.objects.values_list(*names)))
    tables["collections"] = sorted(map(repr, Collection.objects.values_list("pk", "name", "numchild")))
    return tables


def difference(before: dict, after: dict) -> dict:
    """Return which rows of which tables are gone, and which are new."""
    return {
        name: (
            sorted(Counter(before[name]) - Counter(after[name])),
            sorted(Counter(after[name]) - Counter(before[name])),
        )
        for name in before
        if before[name] != after[name]
    }


def lived_in(tmp_path) -> None:
    """Fill the site with every field of every type, and with what editors leave behind."""
    folder = tmp_path / "quelle"
    folder.mkdir()
    write_files(folder)
    import_records(write_lines(folder / "inhalt.jsonl", *every_field()), publish=True)
    more = [organisation("a"), organisation("b"), project("p", organisation="a"), tool("w", organisation="a")]
    import_records(write_lines(folder / "mehr.jsonl", *more), publish=True)
    import_records(write_lines(folder / "entwurf.jsonl", tool("entwurf", tags=["Entwurf"])))


def workbook(tmp_path):
    """A workbook that changes, moves and creates pages of every type."""
    base = {"Titel": "Neu", "Zusammenfassung": "Neu gefasst."}
    return write_book(
        tmp_path / "a.xlsx",
        Organisationen=[
            base | {"Kennung": "werkstatt", "Ort": "Essen", "Kostenträger-Cluster": "Pflege und Alter"},
            base | {"Kennung": "neu"},
        ],
        Projekte=[
            project_row(
                Kennung="projekt",
                Titel="Neu",
                Ziele="Ganz andere",
                Förderprogramm="Neues Programm",
                Schlagwörter="Ganz neu",
                Kennzahlen="Köpfe | Personen | 2023-H1 | 1 | 2",
                Werkzeuge=None,
                Organisation="neu",
            ),
            project_row(Kennung="p", Titel="Neu", Organisation="b"),
            project_row(Kennung="q", Organisation="a", Beteiligte="werkstatt", Schlagwörter="Ganz neu"),
        ],
        Werkzeuge=[tool_row(Kennung="w", Organisation="neu"), tool_row(Kennung="entwurf", Titel="Anders")],
        Mitschnitte=[base | {"Kennung": "mitschnitt", "Kapitel": "0:10 | Anders | q"}],
        Erkenntnisse=[base | {"Kennung": "erkenntnis", "Belege": "q", "Belege dagegen": None}],
    )


@pytest.mark.parametrize("publish", [True, False])
def test_undo_restores_every_row(tmp_path, publish):
    lived_in(tmp_path)
    before = everything()
    row = work(upload(workbook(tmp_path), publish=publish))
    # A live page only moves when it is published.
    assert (row.state, row.created, row.updated) == (State.DONE, 2, 7 if publish else 6)
    assert everything() != before
    row = undone(row)
    assert (row.state, row.message) == (State.UNDONE, "")
    assert difference(before, everything()) == {}
    assert Page.find_problems() == ([], [], [], [], [])


def test_organisations_that_swapped_names_get_them_back_with_their_groups(tmp_path):
    first = [{"Kennung": key, "Titel": title, "Zusammenfassung": "Z"} for key, title in (("a", "Eins"), ("b", "Zwei"))]
    work(upload(write_book(tmp_path / "a.xlsx", Organisationen=first), publish=True))
    before = everything()
    swapped = [row | {"Titel": title} for row, title in zip(first, ("Zwei", "Eins"), strict=True)]
    row = undone(work(upload(write_book(tmp_path / "b.xlsx", Organisationen=swapped), publish=True)))
    assert (row.state, row.message) == (State.UNDONE, "")
    assert difference(before, everything()) == {}


def test_an_import_can_be_done_again_after_its_undoing(tmp_path):
    lived_in(tmp_path)
    path = workbook(tmp_path)
    undone(work(upload(path, publish=True)))
    row = work(upload(path, publish=True))
    assert (row.state, row.created, row.updated) == (State.DONE, 2, 7)


@pytest.mark.one_database
def test_what_was_not_touched_is_not_restored(tmp_path):
    lived_in(tmp_path)
    row = work(upload(workbook(tmp_path), publish=True))
    ToolPage.objects.get(key="werkzeug").save_revision(user=None).publish()
    ToolFactory(parent=OrganisationPage.objects.get(key="b"), title="Dazugekommen")
    assert undone(row).state == State.UNDONE
    assert ToolPage.objects.filter(title="Dazugekommen").exists()
    assert Page.find_problems() == ([], [], [], [], [])


@pytest.mark.one_database
def test_the_index_hears_of_it(tmp_path):
    lived_in(tmp_path)
    row = work(upload(workbook(tmp_path), publish=True))
    touched = set(row.pages.values_list("page_id", flat=True)) & set(PracticePage.objects.values_list("pk", flat=True))
    last = ContentChange.objects.order_by("-pk").first().pk
    undone(row)
    assert set(ContentChange.objects.filter(pk__gt=last).values_list("page_id", flat=True)) >= touched


def edit(key: str) -> None:
    page = PracticePage.objects.get(key=key).specific
    page.title = "Von Hand"
    page.save_revision().publish()


def use_organisation() -> None:
    PracticePartner.objects.create(
        practice=PracticePage.objects.get(key="werkzeug"), organisation=OrganisationPage.objects.get(key="neu")
    )


def add_child() -> None:
    ToolFactory(parent=OrganisationPage.objects.get(key="neu"))


def give_access() -> None:
    group_of(OrganisationPage.objects.get(key="neu")).user_set.add(User.objects.create_user("ada"))


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("later", "named"),
    [
        (lambda: edit("q"), "„Projekt“ wurde seit dem Import bearbeitet."),
        (lambda: edit("p"), "wurde seit dem Import bearbeitet"),
        (lambda: PracticePage.objects.get(key="q").delete(), "„Projekt“ wurde seit dem Import gelöscht."),
        (lambda: PracticePage.objects.get(key="w").unpublish(), "„Werkzeug“ wurde seit dem Import bearbeitet."),
        (use_organisation, "„Neu“ wurde seit dem Import bearbeitet."),
        (add_child, "„Neu“ hat inzwischen Unterseiten"),
        (give_access, "„Neu“"),
    ],
)
def test_later_work_is_never_lost(tmp_path, later, named):
    lived_in(tmp_path)
    row = work(upload(workbook(tmp_path), publish=True))
    later()
    before = everything()
    row = undone(row)
    assert row.state == State.DONE
    assert "ohne spätere Arbeit zu verlieren" in row.message
    assert named in row.message
    assert difference(before, everything()) == {}


@pytest.mark.one_database
def test_a_place_that_was_taken_by_now_is_not_taken_away(tmp_path):
    lived_in(tmp_path)
    path = write_book(tmp_path / "a.xlsx", Werkzeuge=[tool_row(Kennung="w", Organisation="b")])
    row = work(upload(path, publish=True))
    ToolFactory(parent=OrganisationPage.objects.get(key="a"))
    assert "Dort liegt inzwischen eine andere Seite." in undone(row).message
    assert PracticePage.objects.get(key="w").organisation.key == "b"


@pytest.mark.one_database
def test_a_tag_that_others_use_by_now_stays(tmp_path):
    lived_in(tmp_path)
    row = work(upload(workbook(tmp_path), publish=True))
    other = ToolPage.objects.get(key="werkzeug")
    other.tags.add("Ganz neu")
    other.save()
    assert undone(row).state == State.UNDONE
    assert Tag.objects.filter(name="Ganz neu").exists()
    assert not FundingProgramme.objects.filter(name="Neues Programm").exists()


@pytest.mark.one_database
def test_a_tag_that_only_a_draft_names_stays(tmp_path):
    lived_in(tmp_path)
    row = work(upload(workbook(tmp_path), publish=True))
    other = ToolPage.objects.get(key="werkzeug")
    other.tags.add("Ganz neu")
    other.save_revision()
    assert undone(row).state == State.UNDONE
    assert Tag.objects.filter(name="Ganz neu").exists()


@pytest.mark.one_database
def test_followers_hear_nothing_of_what_was_taken_back(tmp_path):
    lived_in(tmp_path)
    before = list(PracticeChange.objects.values_list("pk", flat=True))
    undone(work(upload(workbook(tmp_path), publish=True)))
    assert list(PracticeChange.objects.values_list("pk", flat=True)) == before


@pytest.mark.one_database
def test_the_newest_of_two_imports_is_taken_back_first(tmp_path):
    first = work(upload(write_book(tmp_path / "a.xlsx", Werkzeuge=[tool_row()]), publish=True))
    second = work(upload(write_book(tmp_path / "b.xlsx", Werkzeuge=[tool_row(Titel="Zweiter")]), publish=True))
    assert undone(first).state == State.DONE
    assert undone(second).state == State.UNDONE
    assert undone(first).state == State.UNDONE
    assert not PracticePage.objects.exists()


@pytest.mark.one_database
def test_reviews_and_schedules_that_earlier_imports_ended_come_back(tmp_path, monkeypatch):
    monkeypatch.setattr(importer, "find_obstacles", lambda *of: [])
    lived_in(tmp_path)
    page = ToolPage.objects.get(key="w")
    user = User.objects.create_user("ada")
    WagtailWorkflow.objects.get(name="Fachprüfung und Freigabe").start(page, user)
    page.save_revision(approved_go_live_at=timezone.now() + timezone.timedelta(days=3))
    before = everything()
    row = work(upload(workbook(tmp_path), publish=True))
    assert difference(before, everything()).keys() >= {"wagtailcore.workflowstate", "wagtailcore.revision"}
    assert undone(row).state == State.UNDONE
    assert difference(before, everything()) == {}


@pytest.mark.one_database
def test_undoing_costs_no_queries_for_what_did_not_change(tmp_path, django_assert_max_num_queries):
    lessons = [{"Kennung": f"e-{n}", "Titel": "E", "Zusammenfassung": "E"} for n in range(20)]
    work(upload(write_book(tmp_path / "a.xlsx", Erkenntnisse=lessons), publish=True))
    row = work(upload(write_book(tmp_path / "b.xlsx", Erkenntnisse=lessons), publish=True))
    assert (row.unchanged, row.pages.count(), LessonPage.objects.count()) == (20, 0, 20)
    assert json.loads(json.dumps(row.made))["tags"] == []
    with django_assert_max_num_queries(150):
        undone(row)
    assert ProjectProfilePage.objects.count() == 0
