"""What is wrong in a table is named with its cell and its remedy; what people write in several ways is understood."""

import datetime

import pytest

from practices.exchange.importer import import_records
from practices.exchange.spreadsheet.cells import Misread, as_amount, as_date, as_seconds, as_yes_no
from practices.models import LessonPage, ProjectProfilePage, RecordingPage, ToolPage
from tests.factories import OrganisationFactory
from tests.practices.exchange_records import project, write_lines
from tests.practices.workbooks import findings, import_book, look_at, project_row, tool_row, write_book

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.one_database]


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("31.12.2024", "2024-12-31"),
        ("1.2.2024", "2024-02-01"),
        ("2024-12-31", "2024-12-31"),
        (datetime.datetime(2024, 12, 31, 10), "2024-12-31"),
        (datetime.date(2024, 12, 31), "2024-12-31"),
    ],
)
def test_days_are_read(value, day):
    assert as_date(value) == day


@pytest.mark.parametrize("value", ["31.02.2024", "31.12.24", "2024", "12/31/2024", "morgen", 7, 12.5, True])
def test_what_is_no_day_is_refused(value):
    with pytest.raises(Misread, match=r"31\.12\.2024"):
        as_date(value)


def test_the_number_of_a_day_comes_with_a_proposal():
    with pytest.raises(Misread) as caught:
        as_date(45657)
    assert caught.value.proposal == "31.12.2024"


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("1.234,50", 1234.5),
        ("1.234", 1234),
        ("1234,5", 1234.5),
        ("1234.5", 1234.5),
        ("1.234.567", 1_234_567),
        ("-3", -3),
        ("12 €", 12),
        ("0", 0),
        (12.0, 12),
        (7, 7),
    ],
)
def test_numbers_are_read(value, number):
    assert as_amount(value) == number


@pytest.mark.parametrize("value", ["1,234.50", "12.34.5", "zwölf", "1e5", "1 000", "", "12,", True])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(Misread, match="nur Ziffern"):
        as_amount(value)


@pytest.mark.parametrize(("value", "answer"), [("Ja", True), ("x", True), (True, True), ("nein", False), (0, False)])
def test_yes_and_no_are_read(value, answer):
    assert as_yes_no(value) is answer


@pytest.mark.parametrize(("value", "seconds"), [("6:52", 412), ("1:06:52", 4012), ("412", 412), ("0:00", 0)])
def test_moments_are_read(value, seconds):
    assert as_seconds(value) == seconds


@pytest.mark.parametrize(
    ("heading", "value", "found", "proposal"),
    [
        ("Beginn", "31.02.2024", "Das ist kein Datum.", ""),
        ("Beginn", 45657, "Das ist kein Datum.", "31.12.2024"),
        ("Fördersumme in Euro", "viel", "Das ist keine Zahl.", ""),
        ("Fördersumme in Euro", "-1", "Die Zahl ist zu klein: Erlaubt ist mindestens 0.", ""),
        ("Fördersumme in Euro", 0.123, "Die Zahl hat zu viele Nachkommastellen", ""),
        ("Mit Mitteln der Europäischen Union", "vielleicht", "Bitte schreiben Sie „ja“ oder „nein“.", ""),
        ("Phase im PDCA-Zyklus", "Plann", "Meinten Sie „Plan“?", "Plan"),
        ("Phase im PDCA-Zyklus", "Anfang", "Bitte wählen Sie aus: Plan; Do; Check; Act.", ""),
        ("Kostenträger", "SGB II; Landesmitel", "Meinten Sie „Landesmittel“?", "SGB II; Landesmittel"),
        ("Kostenträger", "Raumfahrt", "Im Vokabular „Kostenträger“ gibt es „Raumfahrt“ nicht.", ""),
        ("Lizenz der Texte", "MIT", "„MIT“ ist hier nicht vorgesehen.", ""),
        ("Organisation", "redaktoin", "Meinten Sie „redaktion“?", "redaktion"),
        ("Organisation", "Nirgends", "(Organisation). Bitte prüfen Sie Kennung oder Titel.", ""),
        ("Beteiligte", "werkstat-nord | Partner", "Meinten Sie „werkstatt-nord“?", "werkstatt-nord | Partner"),
        ("Beteiligte", "redaktion", "Der Träger ist nicht zugleich Partner.", ""),
        ("Beteiligte", "werkstatt-nord\nwerkstatt-nord", "ist hier schon genannt", ""),
        ("Beteiligte", "a | b | c", "zu viele senkrechte Striche", ""),
        ("Werkzeuge", "redaktion", "gibt es weder in der Datei noch auf der Plattform (Werkzeug).", ""),
        ("Links", " | https://example.org", "Die Angabe fehlt.", ""),
        ("Links", "Bericht | nirgends", "Bitte geben Sie eine vollständige Adresse an", ""),
        ("Links", "Bericht | https://example.org | gestern", "Das ist kein Datum.", ""),
        ("Kennzahlen", "Köpfe | Personen | 2024 | 1 | 2", "Bitte schreiben Sie Jahr und Halbjahr", ""),
        ("Kennzahlen", "Köpfe | Personen | | 1", "Zu den Werten fehlt das Halbjahr.", ""),
        ("Kennzahlen", "Köpfe | Personen | 2024-H1 | viele", "Das ist keine Zahl.", ""),
        ("Kontakt: E-Mail", "ada", "Bitte geben Sie eine E-Mail-Adresse an", ""),
        ("Kennung", "Groß geschrieben", "Eine Kennung besteht aus Kleinbuchstaben", ""),
        ("Titel", "x" * 256, "Bitte kürzen Sie ihn auf höchstens 255 Zeichen.", ""),
        ("Titel", None, "Die Angabe fehlt. Bitte ergänzen Sie sie.", ""),
        ("Ziele", "=A1", "In der Zelle steht eine Formel.", ""),
        ("Kennung", "=A1", "In der Zelle steht eine Formel.", ""),
        ("Werkzeuge", "a;" * 201, "zu viele Angaben: Erlaubt sind höchstens 200.", ""),
        ("Schlagwörter", "y" * 101, "Bitte kürzen Sie ihn auf höchstens 100 Zeichen.", ""),
    ],
)
def test_a_wrong_cell_is_named_with_its_remedy(organisation, tmp_path, heading, value, found, proposal):
    (finding,) = findings(write_book(tmp_path / "a.xlsx", Projekte=[project_row(**{heading: value})]))
    assert (finding.sheet, finding.row, finding.heading, finding.is_warning) == ("Projekte", 2, heading, False)
    assert finding.column
    assert (found in finding.message, finding.proposal) == (True, proposal)


def test_a_finding_says_where_it_is(tmp_path):
    (finding,) = findings(
        write_book(tmp_path / "a.xlsx", Projekte=[project_row(), project_row(Kennung="q", Titel=None)])
    )
    assert str(finding) == "Blatt „Projekte“, Zeile 3, Spalte B („Titel“): Die Angabe fehlt. Bitte ergänzen Sie sie."


def test_every_mistake_of_a_row_is_found_at_once(tmp_path):
    row = project_row(Beginn="nie", Ende="31.12.2024", Titel=None, **{"Phase im PDCA-Zyklus": "Plann"})
    found = findings(write_book(tmp_path / "a.xlsx", Projekte=[row]))
    assert [finding.heading for finding in found] == ["Titel", "Beginn", "Phase im PDCA-Zyklus"]


def test_an_end_before_the_beginning_is_found_in_drafts_too(tmp_path):
    row = project_row(Beginn="01.01.2024", Ende="31.12.2023")
    (finding,) = findings(write_book(tmp_path / "a.xlsx", Projekte=[row]))
    assert (finding.heading, "liegt vor dem Beginn" in finding.message) == ("Ende", True)


def test_a_key_used_twice_names_the_other_row(tmp_path):
    (finding,) = findings(write_book(tmp_path / "a.xlsx", Projekte=[project_row()], Werkzeuge=[tool_row(Kennung="p")]))
    assert (finding.sheet, finding.row, finding.heading) == ("Werkzeuge", 2, "Kennung")
    assert "steht schon in Blatt „Projekte“, Zeile 2." in finding.message


def test_markup_that_is_taken_out_is_told_without_stopping_anything(tmp_path):
    path = write_book(tmp_path / "a.xlsx", Projekte=[project_row(Ziele="<p>Gut<script>alert(1)</script></p>")])
    (finding,) = findings(path)
    assert (finding.heading, finding.is_warning, "script" in finding.message) == ("Ziele", True, True)
    import_book(path)
    assert ProjectProfilePage.objects.get().goals == "<p>Gut</p>"


def test_a_sentence_that_is_nearly_a_term_is_asked_about(tmp_path):
    path = write_book(tmp_path / "a.xlsx", Projekte=[project_row(Hemmnisse="Fehlende Zeitt\nEtwas ganz anderes.")])
    (finding,) = findings(path)
    assert (finding.is_warning, "Meinten Sie „Fehlende Zeit“?" in finding.message) == (True, True)
    assert finding.proposal == "Fehlende Zeit\nEtwas ganz anderes."


@pytest.mark.parametrize(
    ("heading", "found", "proposal"),
    [
        ("Zusammenfasung", "Meinten Sie „Zusammenfassung“?", "Zusammenfassung"),
        ("Lieblingsfarbe", "Bitte löschen Sie die Spalte", ""),
        ("titel", "Die Spalte „titel“ gibt es zweimal.", ""),
    ],
)
def test_a_wrong_heading_is_named_in_its_cell(tmp_path, heading, found, proposal):
    row = project_row(**{heading: "x"})
    if proposal:
        del row[proposal]
    (finding,) = findings(write_book(tmp_path / "a.xlsx", Projekte=[row]))
    assert (finding.sheet, finding.row, finding.value, finding.proposal) == ("Projekte", 1, heading, proposal)
    assert found in finding.message


def test_a_heading_put_right_brings_its_column_back(tmp_path):
    row = project_row(Zusammenfasung="Doch da")
    del row["Zusammenfassung"]
    path = write_book(tmp_path / "a.xlsx", Projekte=[row])
    (finding,) = findings(path)
    found, preview = look_at(path, corrections={finding.cell: finding.proposal})
    assert (found, preview.created[0].record.summary) == ([], "Doch da")


def test_a_missing_column_is_reported_once_and_not_for_every_row(tmp_path):
    rows = [{"Kennung": key, "Titel": key, "Zusammenfassung": "x"} for key in "abc"]
    (finding,) = findings(write_book(tmp_path / "a.xlsx", Projekte=rows))
    assert (finding.row, "Die Spalte „Organisation“ fehlt." in finding.message) == (1, True)


def test_a_column_without_heading_is_asked_about(tmp_path):
    (finding,) = findings(write_book(tmp_path / "a.xlsx", Projekte=[project_row() | {None: "verirrt"}]))
    assert (finding.column, "fehlt die Überschrift" in finding.message) == ("E", True)


def test_a_sheet_of_another_name_is_named(tmp_path):
    (finding,) = findings(write_book(tmp_path / "a.xlsx", Tabelle1=[project_row()]))
    assert "Das Blatt „Tabelle1“ gehört nicht zur Vorlage." in finding.message


def test_a_sheet_is_known_however_it_is_written(tmp_path):
    path = write_book(tmp_path / "a.xlsx", **{"projekte ": [project_row(**{"Phase im PDCA-Zyklus": "Plann"})]})
    (finding,) = findings(path)
    found, preview = look_at(path, corrections={finding.cell: finding.proposal})
    assert (found, len(preview.created)) == ([], 1)


def test_terms_are_known_by_label_key_abbreviation_and_other_names(tmp_path):
    import_book(
        write_book(
            tmp_path / "a.xlsx",
            Werkzeuge=[tool_row(Kostenträger="SGB II; Jugendamt\nland;Bundesmittel", Handlungsfelder="kita")],
        )
    )
    page = ToolPage.objects.get()
    assert {term.slug for term in page.cost_bearers.all()} == {"sgb-02", "sgb-08", "land", "bund"}
    assert [term.slug for term in page.fields_of_action.all()] == ["kindertagesbetreuung"]


def test_pages_are_known_by_their_titles_in_the_file_and_on_the_platform(organisation, tmp_path):
    import_book(
        write_book(
            tmp_path / "a.xlsx",
            Projekte=[project_row(Organisation="werkstatt nord", Werkzeuge="Das Werkzeug")],
            Werkzeuge=[tool_row(Titel="Das Werkzeug")],
            Erkenntnisse=[{"Titel": "E", "Zusammenfassung": "E", "Belege": "Projekt"}],
        )
    )
    page = ProjectProfilePage.objects.get()
    assert page.organisation == organisation
    assert page.tool_items.get().tool == ToolPage.objects.get()
    assert LessonPage.objects.get().evidence_items.get().project == page


def test_a_title_of_several_pages_is_no_answer(site, tmp_path):
    for slug in ("eins", "zwei"):
        OrganisationFactory(parent=site, title="Doppelt", slug=slug)
    (finding,) = findings(write_book(tmp_path / "a.xlsx", Projekte=[project_row(Organisation="Doppelt")]))
    assert "Mehrere Seiten heißen „Doppelt“." in finding.message


def test_a_key_that_is_another_pages_title_means_the_key(tmp_path):
    import_records(write_lines(tmp_path / "a.jsonl", project("eins", title="Zwei"), project("zwei", title="Drei")))
    row = {"Titel": "E", "Zusammenfassung": "E", "Belege": "zwei"}
    import_book(write_book(tmp_path / "a.xlsx", Erkenntnisse=[row]))
    assert LessonPage.objects.get().evidence_items.get().project.key == "zwei"


def test_a_video_is_only_ever_an_address(tmp_path):
    row = {"Titel": "M", "Zusammenfassung": "M", "Adresse des Videos": "../../etc/passwd"}
    (finding,) = findings(write_book(tmp_path / "a.xlsx", Mitschnitte=[row]))
    assert "mit https:// beginnt" in finding.message
    import_book(write_book(tmp_path / "b.xlsx", Mitschnitte=[row | {"Adresse des Videos": "https://example.org/v"}]))
    assert RecordingPage.objects.get().video_url == "https://example.org/v"


CSV = "Kennung;Titel;Zusammenfassung;Kostenträger\nw;Größe;Eine, zwei;SGB II\n"


@pytest.mark.parametrize(
    "content",
    [
        CSV.encode("utf-8-sig"),
        CSV.encode("utf-8"),
        CSV.encode("cp1252"),
        CSV.replace("Eine, zwei", '"Eine, zwei"').replace(";", ",").encode(),
        CSV.replace(";", "\t").encode(),
        CSV.replace("\n", "\r\n").encode(),
    ],
)
def test_a_csv_file_is_read_however_it_was_saved(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    found, preview = look_at(path, "Werkzeuge")
    (line,) = preview.created
    assert (found, line.record.title, line.record.summary) == ([], "Größe", "Eine, zwei")
    assert line.record.cost_bearers == ["sgb-02"]


def test_the_rows_of_a_csv_file_count_as_in_a_spreadsheet(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('Titel;Zusammenfassung\n"Zwei\nZeilen";x\n\nOhne;\n', encoding="utf-8")
    (finding,) = findings(path, "Werkzeuge")
    assert (finding.row, finding.column) == (4, "B")


def test_a_csv_file_holds_no_formula(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Titel;Zusammenfassung;Preis\n=1+1;x;'=1\n", encoding="utf-8")
    (finding,) = findings(path, "Werkzeuge")
    assert (finding.heading, "Formel" in finding.message) == ("Titel", True)
