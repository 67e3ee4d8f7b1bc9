"""Reports: the numbers are right, files are harmless, and nobody sees what is not theirs."""

import csv
from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.models import Workflow

from editing.models import BrokenLink
from editing.organisation_groups import group_of
from editing.roles import EDITORS
from home.models import StandardPage
from practices.models import Cluster, CreditedMedia, FieldOfAction, PracticePage
from tests.editing.doors import doors
from tests.factories import OrganisationFactory, ProjectFactory, RecordingFactory, ToolFactory
from tests.practices.rich_practices import make_image

EACH_REPORT = pytest.mark.parametrize("name", ["stale_report", "media_report", "link_report", "coverage_report"])


@pytest.fixture
def editor(client, organisation):
    user = User.objects.create_user("redaktion")
    user.groups.add(Group.objects.get(name=EDITORS))
    client.force_login(user)
    return client


@pytest.fixture
def contributor(client, organisation):
    user = User.objects.create_user("ada")
    user.groups.add(group_of(organisation))
    client.force_login(user)
    return client


def with_terms(page, field=None, cluster=None):
    for name, term in (("fields_of_action", field), ("clusters", cluster)):
        if term:
            getattr(page, name).add(term)
    page.save()
    return page


def break_link(page, url: str, failures: int = 2) -> None:
    fault = "Der Server antwortet nicht."
    BrokenLink.objects.create(page=page, url=url, fault=fault, failures=failures, since=timezone.now())


def exported(client, name: str, **parameters) -> list[dict]:
    answer = client.get(reverse(name), parameters | {"export": "csv"})
    return list(csv.DictReader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines(), delimiter=";"))


def shown(client, name: str, **parameters) -> str:
    answer = client.get(reverse(name), parameters)
    assert answer.status_code == 200
    return answer.content.decode()


def test_practices_are_counted_by_field_cluster_and_type(editor, organisation):
    field, cluster = FieldOfAction.objects.current().first(), Cluster.objects.current().first()
    with_terms(ProjectFactory(parent=organisation), field, cluster)
    with_terms(ToolFactory(parent=organisation), field, cluster)
    with_terms(ToolFactory(parent=organisation), field)
    with_terms(ToolFactory(parent=organisation, live=False), field, cluster)
    with_terms(ToolFactory(parent=organisation, archive_reason="Beendet."), field, cluster)
    rows = {(row["Handlungsfeld"], row["Kostenträger-Cluster"]): row for row in exported(editor, "coverage_report")}
    both = rows[field.name, cluster.name]
    assert (both["Projektprofile"], both["Werkzeuge"], both["Mitschnitte"]) == ("1", "1", "0")
    assert rows[field.name, "ohne Zuordnung"]["Werkzeuge"] == "1"
    assert len(rows) == 2


def test_the_chart_has_its_numbers_as_text(editor, organisation):
    field = FieldOfAction.objects.current().first()
    with_terms(ProjectFactory(parent=organisation), field)
    with_terms(ToolFactory(parent=organisation), field)
    assert 'aria-label="Projektprofile: 1, Werkzeuge: 1"' in shown(editor, "coverage_report")
    assert 'aria-label="Werkzeuge: 1"' in shown(editor, "coverage_report", art="werkzeug")


def test_a_page_in_two_clusters_is_one_page_of_its_field(editor, organisation):
    field, clusters = FieldOfAction.objects.current().first(), Cluster.objects.current()[:2]
    page = ToolFactory(parent=organisation)
    for cluster in clusters:
        with_terms(page, field, cluster)
    assert 'aria-label="Werkzeuge: 1"' in shown(editor, "coverage_report")


@pytest.mark.parametrize("asked", ["", "quatsch", "werkzeug'"])
def test_an_unknown_type_counts_all(editor, organisation, asked):
    with_terms(ToolFactory(parent=organisation), FieldOfAction.objects.current().first())
    assert 'aria-label="Werkzeuge: 1"' in shown(editor, "coverage_report", art=asked)


def test_what_nobody_has_looked_at_is_listed(editor, organisation):
    old, new = ToolFactory(parent=organisation, title="Alt"), ToolFactory(parent=organisation, title="Neu")
    PracticePage.objects.filter(pk=old.pk).update(last_published_at=timezone.now() - timedelta(days=500))
    new.save_revision().publish()
    assert [row["Titel"] for row in exported(editor, "stale_report")] == ["Alt"]
    assert "Alt" in shown(editor, "stale_report")


def test_media_that_not_everybody_understands_are_listed(editor, organisation):
    picture = make_image()
    picture.description = ""
    picture.save()
    video = CreditedMedia.objects.create(title="Film", credit="ZAQ", type="video", duration=1)
    ToolFactory(parent=organisation, title="Bild", image=picture)
    RecordingFactory(parent=organisation, title="Film", video=video)
    ToolFactory(parent=organisation, title="Ohne")
    rows = {row["Titel"]: row["Was fehlt"] for row in exported(editor, "media_report")}
    assert rows == {"Bild": "Beschreibung des Bildes", "Film": "Untertitel des Videos"}
    assert "Untertitel des Videos" in shown(editor, "media_report")


def test_links_that_do_not_work_are_listed(editor, organisation):
    page, hidden = ToolFactory(parent=organisation, title="Alt"), ToolFactory(parent=organisation, live=False)
    break_link(organisation, "https://verein.example/weg")
    break_link(page, "https://alt.example/")
    break_link(page, "https://heute.example/", failures=1)
    break_link(hidden, "https://entwurf.example/")
    break_link(StandardPage.objects.get(slug="hilfe"), "https://hilfe.example/")
    rows = exported(editor, "link_report")
    assert [(row["Titel"], row["Organisation"], row["Link"]) for row in rows] == [
        ("Werkstatt Nord", "Werkstatt Nord", "https://verein.example/weg"),
        ("Alt", "Werkstatt Nord", "https://alt.example/"),
        ("Hilfe", "", "https://hilfe.example/"),
    ]
    text = shown(editor, "link_report")
    assert 'href="https://alt.example/"' in text
    assert "Der Server antwortet nicht." in text
    assert ">None<" not in text.replace(" ", "").replace("\n", "")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_files_hold_no_formula(editor, organisation, kind):
    page = ToolFactory(parent=organisation, title="=1+1")
    PracticePage.objects.filter(pk=page.pk).update(last_published_at=timezone.now() - timedelta(days=500))
    if kind == "csv":
        (row,) = exported(editor, "stale_report")
        assert row["Titel"] == "'=1+1"
    else:
        answer = editor.get(reverse("stale_report"), {"export": "xlsx"})
        sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
        assert sheet[2][0].value == "'=1+1"


@pytest.mark.parametrize(
    ("name", "column", "headings"),
    [
        ("locked_pages", "Titel", {"Titel", "Gesperrt von"}),
        ("workflow", "Seiten-/Schnipseltitel", {"Prüfung", "Eingereicht von"}),
        ("workflow_tasks", "Seiten-/Schnipseltitel", {"Schritt", "Begonnen am", "Beendet am", "Beendet von"}),
        ("site_history", "Name", {"Aktionstyp"}),
    ],
)
def test_files_of_wagtails_own_reports_hold_no_formula_and_are_german(client, organisation, name, column, headings):
    user = User.objects.create_superuser("verwaltung")
    client.force_login(user)
    page = ToolFactory(parent=organisation, title="=1+1", locked=True, locked_by=user)
    page.save_revision(log_action=True)
    Workflow.objects.get(name="Freigabe").start(page, user)
    rows = exported(client, f"wagtailadmin_reports:{name}")
    assert headings <= rows[0].keys()
    assert not [heading for heading in rows[0] if heading == heading.lower()], "names of the code"
    assert {row[column] for row in rows} & {"=1+1", "'=1+1"} == {"'=1+1"}


def test_every_file_of_the_admin_is_csv_as_german_spreadsheets_read_it(client, organisation):
    client.force_login(User.objects.create_superuser("verwaltung"))
    ToolFactory(parent=organisation, title="x;=1+1;Formel", locked=True).save_revision(log_action=True)
    views = [door for door in doors("verwaltung/") if issubclass(door.view_class or object, SpreadsheetExportMixin)]
    names = {door.name for door in views if door.view_class.list_export}
    assert {
        "stale_report",
        "search_report",
        "delivery",
        "wagtailadmin_reports:site_history",
        "wagtailredirects:index",
    } <= names
    written = {
        name: b"".join(client.get(reverse(name), {"export": "csv"}).streaming_content).decode()
        for name in sorted(names)
    }
    assert [name for name, text in written.items() if not text.startswith('\ufeff"')] == []
    assert '"x;\'=1+1;Formel"' in written["wagtailadmin_reports:site_history"]
    assert [name for name, text in written.items() if "x;=1" in text] == []


@EACH_REPORT
def test_contributors_see_their_own_organisation_only(contributor, organisation, name):
    picture = make_image()
    picture.description = ""
    picture.save()
    field = FieldOfAction.objects.current().first()
    for parent, title in ((organisation, "Eigene"), (OrganisationFactory(parent=organisation.get_parent()), "Fremde")):
        page = with_terms(ToolFactory(parent=parent, title=title, image=picture), field)
        PracticePage.objects.filter(pk=page.pk).update(last_published_at=timezone.now() - timedelta(days=500))
        break_link(page, "https://verein.example/")
    rows = exported(contributor, name)
    if name == "coverage_report":
        assert [row["Werkzeuge"] for row in rows] == ["1"]
    else:
        assert [row["Titel"] for row in rows] == ["Eigene"]


@EACH_REPORT
def test_who_may_edit_nothing_sees_no_report(client, site, name):
    assert client.get(reverse(name)).status_code == 302
    client.force_login(User.objects.create_user("ohne"))
    assert client.get(reverse(name)).status_code == 302


@EACH_REPORT
def test_reports_cost_the_same_for_any_number_of_pages(editor, organisation, name):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown(editor, name)
        return len(captured)

    def more(number: int) -> None:
        for _ in range(number):
            page = with_terms(ToolFactory(parent=organisation), FieldOfAction.objects.current().first())
            break_link(page, "https://verein.example/")
        PracticePage.objects.update(last_published_at=timezone.now() - timedelta(days=500))

    more(2)
    queries()
    few = queries()
    more(10)
    assert queries() == few
    assert few <= 60
