"""The two commands as people use them."""

import io

import pytest
from django.core.management import CommandError, call_command

from practices.models import PracticePage
from tests.practices.exchange_records import project, tool, write_files, write_lines

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.one_database]


def run(*arguments) -> tuple[str, str]:
    """Run a command and return what it said on standard output and on standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*map(str, arguments), stdout=out, stderr=err)
    except CommandError as error:
        err.write(f"\n{error}")
    return out.getvalue(), err.getvalue()


def test_the_import_sums_up(tmp_path):
    path = write_lines(tmp_path / "a.jsonl", tool(), project())
    assert run("import_practices", path)[0] == "2 neu angelegt, 0 geändert, 0 unverändert, 0 fehlerhaft.\n"


def test_the_import_shows_its_progress_where_there_is_no_terminal(tmp_path):
    path = write_lines(tmp_path / "a.jsonl", *(tool(f"werkzeug-{number}") for number in range(100)))
    assert "100 von 100 Zeilen" in run("import_practices", path)[1]


def test_a_failed_import_names_the_mistakes_and_ends_with_an_error(tmp_path):
    path = write_lines(tmp_path / "a.jsonl", tool(), project(phase="x"))
    with pytest.raises(CommandError, match="Es wurde nichts gespeichert"):
        call_command("import_practices", str(path), stdout=io.StringIO(), stderr=io.StringIO())
    out, err = run("import_practices", path)
    assert out == "0 neu angelegt, 0 geändert, 0 unverändert, 1 fehlerhaft.\n"
    assert "Zeile 2, Feld „phase“: " in err


def test_a_missing_file_is_said_so(tmp_path):
    assert "lässt sich nicht lesen" in run("import_practices", tmp_path / "fehlt.jsonl")[1]


def test_a_dry_run_says_so(tmp_path):
    out, _err = run("import_practices", write_lines(tmp_path / "a.jsonl", tool()), "--dry-run")
    assert "Probelauf: Es wurde nichts gespeichert." in out
    assert not PracticePage.objects.exists()


def test_the_export_puts_files_beside_its_lines(tmp_path):
    write_files(tmp_path)
    image = {"path": "bild.png", "alt": "Bild", "credit": "ZAQ"}
    run("import_practices", write_lines(tmp_path / "a.jsonl", tool(image=image)), "--publish")
    output = tmp_path / "ausgabe" / "b.jsonl"
    output.parent.mkdir()
    run("export_practices", "typ=werkzeug", "--output", output)
    assert [path.name for path in (tmp_path / "ausgabe" / "b-dateien").rglob("*.png")] == ["bild.png"]
    assert "2 unverändert" in run("import_practices", output)[0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tpy=projekt", "Den Parameter „tpy“ gibt es hier nicht. Meinten Sie „typ“?"),
        ("typ=project", "Den Typ „project“ gibt es nicht."),
        ("traeger=redaktoin", "Meinten Sie „redaktion“?"),
        ("cluster=arbiet", "Meinten Sie „arbeit“?"),
        ("schlagwort=nie", "Das Schlagwort „nie“ trägt keine Praxis."),
    ],
)
def test_a_mistyped_selection_exports_nothing(query, found):
    out, err = run("export_practices", query)
    assert (out, found in err) == ("", True)
