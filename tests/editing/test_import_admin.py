"""Editors upload a spreadsheet, see what would happen, put mistakes right, import it and take it back."""

import io
import json
import subprocess
import sys
import zipfile

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from wagtail.models import Workflow as WagtailWorkflow

from editing.imports import running
from editing.imports.checking import findings_of, has_mistakes
from editing.imports.running import work_on_imports
from editing.models import Import
from practices.exchange.spreadsheet import tables
from practices.exchange.spreadsheet.tables import MAX_BYTES
from practices.media import intake
from practices.models import OrganisationPage, PracticePage, ToolPage
from tests.editing.imports import upload, work
from tests.practices.workbooks import project_row, tool_row, write_book

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.one_database]

State, Task = Import.State, Import.Task
GOOD, BAD = {"Zielgruppen": "Fachkräfte"}, {"Zielgruppen": "Fachkräffte"}


def account(name: str, *codenames: str) -> User:
    user = User.objects.create_user(name)
    group = Group.objects.create(name=name)
    group.permissions.set(Permission.objects.filter(codename__in=("access_admin", *codenames)))
    user.groups.add(group)
    return user


@pytest.fixture
def editor(client):
    client.force_login(account("redaktion", "add_import"))
    return client


def send(client, path, **fields):
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(reverse("imports"), {"file": file, "publish": "nein"} | fields)


def book(tmp_path, *rows: dict):
    return write_book(tmp_path / "werkzeuge.xlsx", Werkzeuge=[tool_row(**row) for row in rows])


def page(client, row: Import) -> str:
    response = client.get(reverse("import", args=[row.pk]))
    assert response.status_code == 200
    return response.content.decode()


def act(client, row: Import, name: str, **fields):
    return client.post(reverse(name, args=[row.pk]), fields, follow=True)


def test_the_way_from_upload_to_undo(editor, tmp_path):
    response = send(editor, book(tmp_path, GOOD), publish="ja")
    row = Import.objects.get()
    assert response.url == reverse("import", args=[row.pk])
    assert (row.state, row.created, row.user.username) == (State.CHECKED, 1, "redaktion")
    act(editor, row, "import_run")
    work_on_imports()
    tool = ToolPage.objects.get()
    assert tool.live
    assert tool.live_revision.user == row.user
    assert reverse("wagtailadmin_pages:edit", args=[tool.pk]) in page(editor, row)
    assert "Import zurücknehmen?" in editor.get(reverse("import_undo", args=[row.pk])).content.decode()
    act(editor, row, "import_undo")
    work_on_imports()
    assert not PracticePage.objects.exists()
    assert "zurückgenommen" in page(editor, row)


def test_looking_changes_nothing(editor, tmp_path):
    row = upload(book(tmp_path, GOOD))
    for name in ("import", "import_undo"):
        editor.get(reverse(name, args=[row.pk]))
    for name in ("import_run", "import_trial", "import_correct"):
        assert editor.get(reverse(name, args=[row.pk])).status_code == 405
    work_on_imports()
    row.refresh_from_db()
    assert (row.state, PracticePage.objects.count()) == (State.CHECKED, 0)


def test_a_mistake_is_shown_in_its_cell_and_put_right_with_a_click(editor, tmp_path):
    send(editor, book(tmp_path, BAD))
    row = Import.objects.get()
    shown = page(editor, row)
    assert "Blatt „Werkzeuge“, Zeile 2, Spalte D („Zielgruppen“)" in shown
    assert "Meinten Sie „Fachkräfte“?" in shown
    assert "Import starten" not in shown
    assert "neu geprüft" in act(editor, row, "import_correct", zelle="Werkzeuge!D2").content.decode()
    row.refresh_from_db()
    assert (row.findings, row.corrections) == ([], {"Werkzeuge!D2": "Fachkräfte"})
    work(row)
    assert [term.slug for term in ToolPage.objects.get().target_groups.all()] == ["fachkraefte"]


def test_all_proposals_are_taken_at_once(editor, tmp_path):
    rows = [{"Kennung": f"w-{number}", **BAD} for number in range(3)]
    row = upload(book(tmp_path, *rows, {"Preis": "x" * 501}))
    act(editor, row, "import_correct")
    row.refresh_from_db()
    assert [finding[3] for finding in row.findings] == ["Preis"]


def test_a_cell_is_given_another_text(editor, tmp_path):
    row = upload(book(tmp_path, {"Preis": "x" * 501}))
    address = f"{reverse('import_cell', args=[row.pk])}?zelle=Werkzeuge!D2"
    assert "höchstens 500 Zeichen" in editor.get(address).content.decode()
    editor.post(address, {"text": "1 Euro"})
    row.refresh_from_db()
    assert row.findings == []
    assert work(row).created == 1
    assert ToolPage.objects.get().price == "1 Euro"


def test_a_text_that_fits_in_no_cell_is_not_lost(editor, tmp_path):
    row = upload(book(tmp_path, {"Preis": "x" * 501}))
    address = f"{reverse('import_cell', args=[row.pk])}?zelle=Werkzeuge!D2"
    shown = editor.post(address, {"text": "lang" * 10_000}).content.decode()
    assert "höchstens 32767 Zeichen" in shown
    assert "lang" * 10_000 in shown


def test_only_cells_with_a_finding_can_be_changed(editor, tmp_path):
    row = upload(book(tmp_path, BAD))
    address = f"{reverse('import_cell', args=[row.pk])}?zelle=Werkzeuge!B2"
    assert editor.get(address).status_code == 404
    editor.post(address, {"text": "Anders"})
    row.refresh_from_db()
    assert row.corrections == {}


def test_a_file_with_mistakes_is_not_imported(editor, tmp_path):
    row = upload(book(tmp_path, BAD))
    assert "Bitte beheben Sie zuerst alle Fehler." in act(editor, row, "import_run").content.decode()
    assert not Import.objects.due().exists()


def test_a_trial_finds_what_only_saving_shows_and_stores_nothing(editor, tmp_path):
    path = write_book(tmp_path / "a.xlsx", Projekte=[project_row(**{"Mit Mitteln der Europäischen Union": "ja"})])
    row = upload(path, publish=True)
    assert not has_mistakes(row)
    act(editor, row, "import_trial")
    work_on_imports()
    shown = page(editor, row)
    assert "Blatt „Projekte“, Zeile 2" in shown
    assert "Mitteln der Europäischen Union gefördert" in shown
    row.refresh_from_db()
    assert (row.state, PracticePage.objects.count()) == (State.CHECKED, 0)


def test_a_trial_without_mistakes_says_so(editor, tmp_path):
    row = work(upload(book(tmp_path, GOOD)), Task.TRIAL)
    assert "Probelauf ohne Fehler" in page(editor, row)
    assert not PracticePage.objects.exists()


def test_a_waiting_import_refreshes_itself_and_shows_how_far_it_is(editor, tmp_path):
    row = upload(book(tmp_path, GOOD))
    act(editor, row, "import_run")
    row.path.with_name("progress").write_text("20 650")
    response = editor.get(reverse("import", args=[row.pk]))
    assert response["Refresh"] == "3"
    assert "20 von 650 Zeilen" in response.content.decode()


def test_an_import_says_that_it_has_begun_before_the_first_line_is_done(editor, tmp_path):
    row = upload(book(tmp_path, GOOD))
    act(editor, row, "import_run")
    assert "Einlesen: Gleich geht es los." in page(editor, row)
    type(row).objects.update(state=State.RUNNING)
    assert "Einlesen läuft." in page(editor, row)


def test_what_is_done_can_not_be_started_again(editor, tmp_path):
    row = work(upload(book(tmp_path, GOOD)))
    assert "schon in Arbeit oder abgeschlossen" in act(editor, row, "import_run").content.decode()
    assert PracticePage.objects.count() == 1


def test_what_is_not_done_can_not_be_taken_back(editor, tmp_path):
    row = upload(book(tmp_path, GOOD))
    assert "nicht zurücknehmen" in act(editor, row, "import_undo").content.decode()


def test_an_undo_that_would_lose_work_says_of_which_page(editor, tmp_path):
    row = work(upload(book(tmp_path, GOOD), publish=True))
    ToolPage.objects.get().save_revision()
    act(editor, row, "import_undo")
    work_on_imports()
    assert "„Werkzeug“ wurde seit dem Import bearbeitet." in page(editor, row)


def reviewed(page):
    WagtailWorkflow.objects.get(name="Freigabe").start(page, None)


def planned(page):
    page.save_revision(approved_go_live_at=timezone.now() + timezone.timedelta(days=1))


def locked(page):
    page.locked, page.locked_by = True, User.objects.create_user("andere")
    page.save()


def drafted(page):
    page.title = "Noch nicht fertig"
    page.save_revision()


WORK = [(reviewed, "gerade geprüft"), (planned, "geplant"), (locked, "gesperrt"), (drafted, "Entwurf")]


@pytest.mark.parametrize(("somebodys_work", "word"), WORK)
def test_what_somebody_is_at_is_not_written_over(editor, tmp_path, somebodys_work, word):
    work(upload(book(tmp_path, GOOD), publish=True))
    path = book(tmp_path, GOOD | {"Titel": "Neu"})
    before = upload(path, publish=True)
    somebodys_work(ToolPage.objects.get())
    after = upload(path, publish=True)
    for row in (work(before), after):
        mistakes = [finding for finding in findings_of(row) if not finding.is_warning]
        assert [(finding.row, word in finding.message) for finding in mistakes] == [(2, True)], "named in its line"
        assert row.state == State.CHECKED
    tool = ToolPage.objects.get()
    assert tool.title == "Werkzeug"
    assert tool.get_latest_revision_as_object().title in ("Werkzeug", "Noch nicht fertig")


def test_publishing_what_readers_would_not_find_is_warned_of(tmp_path):
    path = book(tmp_path, GOOD | {"Kostenträger-Cluster": "Arbeit", "Handlungsfelder": None})
    row = upload(path, publish=True)
    (finding,) = findings_of(row)
    assert (finding.heading, finding.is_warning, finding.row) == ("Handlungsfelder", True, 2)
    assert findings_of(upload(path)) == [], "drafts may lack it"
    assert work(row).state == State.DONE


def test_what_a_page_keeps_is_not_missing(tmp_path):
    found = {"Kostenträger-Cluster": "Arbeit", "Handlungsfelder": "Suchthilfe"}
    work(upload(book(tmp_path, GOOD | found), publish=True))
    assert findings_of(upload(book(tmp_path, GOOD | {"Titel": "Neu"}), publish=True)) == []


def test_a_draft_is_no_obstacle_to_drafts_nor_a_lock_to_who_has_it(editor, tmp_path):
    work(upload(book(tmp_path, GOOD), publish=True))
    tool, user = ToolPage.objects.get(), User.objects.get(username="redaktion")
    tool.locked, tool.locked_by = True, user
    tool.save()
    drafted(tool)
    row = work(upload(book(tmp_path, GOOD | {"Titel": "Neu"}), user=user))
    assert (row.state, row.updated) == (State.DONE, 1)


def test_a_worker_that_is_killed_leaves_nothing_half_done_and_the_rest_to_the_next(installation):
    command = [sys.executable, "-m", "tests.editing.dying_imports"]
    result = subprocess.run(command, cwd=settings.BASE_DIR, env=installation, stdout=subprocess.PIPE, check=True)
    report = json.loads(result.stdout.splitlines()[-1])
    assert (report["torn"], report["left"]) == ([], 0)
    assert report["states"] == {Task.IMPORT: State.DONE, Task.UNDO: State.UNDONE}
    assert min(report["cut_off"].values()) >= 6


def test_an_import_that_kills_every_worker_is_given_up(tmp_path):
    row = upload(book(tmp_path, GOOD))
    Import.objects.filter(pk=row.pk).update(state=State.RUNNING, attempts=running.MOST_ATTEMPTS)
    work_on_imports()
    row.refresh_from_db()
    assert (row.state, "mehrmals abgebrochen" in row.message) == (State.FAILED, True)


def test_an_unforeseen_error_is_told_and_can_be_tried_again(editor, tmp_path, monkeypatch):
    row = upload(book(tmp_path, GOOD))
    with monkeypatch.context() as patch:
        patch.setattr(running, "import_lines", lambda *args, **options: 1 / 0)
        row = work(row)
    assert row.state == State.FAILED
    assert "unerwarteter Fehler" in page(editor, row)
    assert work(row).state == State.DONE


def test_the_list_costs_the_same_for_any_number_of_imports(editor, tmp_path, django_assert_max_num_queries):
    for _number in range(5):
        upload(book(tmp_path, GOOD), user=User.objects.first())
    with django_assert_max_num_queries(17):
        assert editor.get(reverse("imports")).content.decode().count("werkzeuge.xlsx") == 5


@pytest.mark.parametrize("number", [1, 30])
def test_the_preview_costs_the_same_for_any_number_of_mistakes(editor, tmp_path, number, django_assert_max_num_queries):
    row = upload(book(tmp_path, *({"Kennung": f"w-{n}", **BAD} for n in range(number))))
    with django_assert_max_num_queries(17):
        page(editor, row)


def test_the_template_is_a_workbook_with_every_sheet(editor):
    content = editor.get(reverse("import_template")).content
    assert load_workbook(io.BytesIO(content)).sheetnames[1:6] == [
        "Organisationen",
        "Projekte",
        "Werkzeuge",
        "Mitschnitte",
        "Erkenntnisse",
    ]


def test_what_was_downloaded_can_be_changed_and_uploaded(editor, organisation, tmp_path):
    path = tmp_path / "inhalte.xlsx"
    path.write_bytes(editor.get(reverse("import_content")).content)
    changed = load_workbook(path)
    changed["Organisationen"]["B3"] = "Neuer Name"
    changed.save(path)
    row = work(upload(path, publish=True))
    assert (row.updated, row.unchanged) == (1, 1)
    assert OrganisationPage.objects.filter(title="Neuer Name").exists()


ADDRESSES = ("imports", "import_template", "import_content")
OF_ONE = ("import", "import_cell", "import_undo")
POSTS = ("import_correct", "import_trial", "import_run", "import_undo", "import_cell")


@pytest.mark.parametrize("codenames", [(), ("change_import", "view_import")])
def test_others_can_do_nothing(client, tmp_path, codenames):
    row = upload(book(tmp_path, BAD))
    client.force_login(account("mitwirkende", *codenames))
    home = reverse("wagtailadmin_home")
    for name in ADDRESSES:
        assert client.get(reverse(name)).url == home
    for name in OF_ONE:
        assert client.get(reverse(name, args=[row.pk])).url == home
    for name in POSTS:
        assert client.post(reverse(name, args=[row.pk])).url == home
    assert send(client, book(tmp_path, GOOD)).url == home
    assert Import.objects.count() == 1
    assert "Tabellen-Import" not in client.get(home).content.decode()


def test_without_signing_in_there_is_nothing(client, tmp_path):
    row = upload(book(tmp_path, GOOD))
    for address in (reverse("imports"), reverse("import", args=[row.pk])):
        assert client.get(address).url.startswith(reverse("account_login"))


def broken_zip() -> bytes:
    good = io.BytesIO()
    Workbook().save(good)
    return good.getvalue()[:900]


def zip_of(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def workbook_with(sheet: str, strings: str) -> bytes:
    """Return a workbook whose only sheet and shared texts are these pieces of XML."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "xl__workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
        '<sheet name="Werkzeuge" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl___rels__workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl__worksheets__sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>',
        "xl__sharedStrings.xml": f'{strings.partition("|")[0]}<sst xmlns="{main}">{strings.partition("|")[2]}</sst>',
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{types}.sharedStrings+xml"/></Types>',
    }
    return zip_of(**{name: text.encode() for name, text in parts.items()})


SHARED_CELLS = "<row>{}</row>".format('<c t="s"><v>0</v></c>' * 90)
ENTITIES = '<!DOCTYPE sst [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>|<si><t>&b;</t></si>'
BAD_FILES = {
    "leer.xlsx": (b"", "Die Datei ist leer."),
    "passwort.xlsx": (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "mit einem Passwort geschützt"),
    "kaputt.xlsx": (broken_zip(), "beschädigt"),
    "archiv.xlsx": (zip_of(a=b"x"), "keine Excel-Arbeitsmappe"),
    "bild.xlsx": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "Das ist keine Tabelle."),
    "brief.xlsx": (b"%PDF-1.7", "Das ist keine Tabelle."),
    "makro.xlsm": (b"PK", "Arbeitsmappen mit Makros"),
    "null.csv": (b"Titel;Zusammenfassung\n\0;b\n", "keine CSV-Datei"),
    "utf16.csv": ("Titel;Zusammenfassung\nä;b".encode("utf-16"), "UTF-16"),
    "fremd.csv": (b"Titel\n\x81\x8d", "Die Schrift der Datei ist unbekannt."),
    "aufwendig.xlsx": (
        workbook_with(SHARED_CELLS * 20, f"|<si><t>{'x' * 30_000}</t></si>"),
        "Die Tabelle ist zu aufwendig",
    ),
    "entitaeten.xlsx": (workbook_with(SHARED_CELLS, ENTITIES), "beschädigt"),
    "unsinn.xlsx": (zip_of(**{"xl__workbook.xml": b"<a", "[Content_Types].xml": b"<b"}), "beschädigt"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_can_not_be_read_is_refused_in_plain_words(editor, tmp_path, name):
    content, found = BAD_FILES[name]
    path = tmp_path / name
    path.write_bytes(content)
    response = send(editor, path, csv_title="Werkzeuge", publish="ja")
    assert response.status_code == 200
    assert found in response.content.decode()
    assert response.context["form"]["publish"].value() == "ja"
    assert not Import.objects.exists()
    assert not list((tmp_path / "imports").rglob("*"))


def test_a_table_that_takes_too_long_is_refused_and_can_be_replaced(editor, tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "_COMMAND", [sys.executable, "-c", "import os; os.kill(os.getpid(), 24)"])  # SIGXCPU
    response = send(editor, book(tmp_path, GOOD), publish="ja")
    assert "Die Tabelle ist zu aufwendig" in response.content.decode()
    assert response.context["form"]["publish"].value() == "ja"
    assert not Import.objects.exists()


def test_a_workbook_with_macros_under_another_name_is_refused(editor, tmp_path):
    path = book(tmp_path, GOOD)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    assert "enthält Makros" in send(editor, path).content.decode()


def test_a_file_that_is_too_big_is_refused(editor, tmp_path):
    path = tmp_path / "gross.xlsx"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    assert f"höchstens {MAX_BYTES // 1024**2} MB" in send(editor, path).content.decode()


def test_a_zip_bomb_is_not_unpacked(editor, tmp_path):
    path = tmp_path / "bombe.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/workbook.xml", "w") as part:
        for _megabyte in range(100):
            part.write(b"\0" * 1024**2)
    assert "entpackt zu groß" in send(editor, path).content.decode()


def test_too_many_rows_are_refused(editor, tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 3)
    path = book(tmp_path, *({"Kennung": f"w-{number}"} for number in range(4)))
    assert "mehr als 3 Zeilen" in send(editor, path).content.decode()


def test_a_csv_file_without_its_content_named_is_asked_for_it(editor, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Titel;Zusammenfassung\nA;b")
    assert "Bitte sagen Sie, was die CSV-Datei enthält" in send(editor, path).content.decode()


def test_the_last_import_is_known(tmp_path):
    assert Import.objects.latest_done() is None
    first = work(upload(book(tmp_path, GOOD)))
    work(upload(book(tmp_path, {"Titel": "Anders"})), Task.TRIAL)
    assert Import.objects.latest_done() == first


def test_only_what_a_search_selects_is_downloaded(editor, organisation):
    content = editor.get(
        reverse("import_content"), {"auswahl": f"https://example.org/suche/?traeger={organisation.key}"}
    ).content
    rows = load_workbook(io.BytesIO(content))["Organisationen"].max_row
    assert rows == 1
    shown = editor.get(reverse("import_content"), {"auswahl": "?traeger=niemand"}, follow=True).content.decode()
    assert "Die Organisation „niemand“ gibt es nicht." in shown


def test_uploads_are_forgotten_after_a_while(tmp_path):
    done, fresh = work(upload(book(tmp_path, GOOD))), upload(book(tmp_path, GOOD))
    Import.objects.filter(pk=done.pk).update(uploaded_at=timezone.now() - running.KEPT)
    running.forget_imports()
    assert (list(Import.objects.all()), done.path.exists(), fresh.path.exists()) == ([fresh], False, True)
    assert PracticePage.objects.count() == 1
