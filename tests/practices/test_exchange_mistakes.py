"""A wrong line is named with field and remedy, and nothing of the file is stored."""

import json

import pytest
from django.conf import settings
from PIL import Image
from wagtail.models import Page

from practices.exchange.importer import import_records
from practices.models import CreditedImage, FundingProgramme, PracticePage
from tests.practices.exchange_records import (
    every_field,
    lesson,
    organisation,
    project,
    recording,
    tool,
    write_files,
    write_lines,
)

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.one_database]

IMAGE = {"path": "bild.png", "alt": "Bild", "credit": "ZAQ"}


@pytest.fixture
def file(tmp_path):
    """The place of an exchange file, in a folder of its own with a few files beside it."""
    folder = tmp_path / "quelle"
    folder.mkdir()
    write_files(folder)
    return folder / "inhalt.jsonl"


def problems(file, *lines, **options) -> list[str]:
    if lines:
        write_lines(file, *lines)
    return [str(problem) for problem in import_records(file, **options).problems]


def media_files() -> list:
    return [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_one_broken_line_of_650_leaves_everything_as_it_was(file):
    lines = [tool(f"werkzeug-{number}", image=IMAGE) for number in range(1, 651)]
    lines[411]["published"] = "31.05.2024"
    before = Page.objects.count()
    assert problems(file, *lines, publish=True) == [
        "Zeile 412, Feld „published“: Das ist kein Datum. Bitte schreiben Sie Jahr, Monat und Tag, zum Beispiel 2024-05-31."
    ]
    assert (Page.objects.count(), CreditedImage.objects.count(), media_files()) == (before, 0, [])


def test_a_mistake_found_only_while_writing_takes_back_pages_and_files(file):
    before = Page.objects.count()
    late = project(eu_funded=True)
    (found,) = problems(file, tool(image=IMAGE), late, publish=True)
    assert found.startswith("Zeile 2, Feld „programme“: Das Projekt ist mit Mitteln der Europäischen Union gefördert.")
    assert (Page.objects.count(), media_files()) == (before, [])


def test_an_unforeseen_error_takes_back_files(file, monkeypatch):
    write_lines(file, tool(image=IMAGE))
    monkeypatch.setattr("practices.exchange.importer.publish_page", lambda page, record, user: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        import_records(file, publish=True)
    assert media_files() == []


def test_a_dry_run_changes_nothing(file):
    before = Page.objects.count()
    report = import_records(write_lines(file, *every_field()), publish=True, dry_run=True)
    assert (report.created, report.problems) == (len(every_field()), [])
    assert (Page.objects.count(), media_files(), FundingProgramme.objects.count()) == (before, [], 0)


def test_every_mistake_is_reported_not_only_the_first(file):
    file.write_text('{"type": "tool", "key": "A"}\n{"type": "werkzueg"}\n', encoding="utf-8")
    assert [text.split(":")[0] for text in problems(file)] == [
        "Zeile 1, Feld „key“",
        "Zeile 1, Feld „title“",
        "Zeile 1, Feld „summary“",
        "Zeile 2, Feld „type“",
    ]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "Die Datei ist leer."),
        (b"\n \n", "Die Datei ist leer."),
        ("\ufeff{}".encode("utf-16-le"), "Die Datei ist in UTF-16 gespeichert. Bitte speichern Sie sie in UTF-8."),
        ('{"title": "Größe"}'.encode("latin-1"), "Zeile 1: Das Zeichen an Byte 14 der Zeile ist kein UTF-8."),
        (b'{"type": "tool"', "Zeile 1: Spalte 16: Das ist kein gültiges JSON."),
        (b"\n[1]", "Zeile 2: Erwartet wird ein Objekt"),
        (b"[" * 100_000, "Zeile 1: Die Zeile ist zu tief verschachtelt"),
        (
            b"{}",
            "Zeile 1, Feld „type“: Die Angabe fehlt. Erlaubt sind: organisation, project, tool, recording, lesson.",
        ),
        (b'{"type": 1}', "Zeile 1, Feld „type“: Diesen Typ gibt es nicht."),
        (b'{"type": "projekt"}', "Meinten Sie „project“?"),
        (b'{"type": "tool", "type": "tool"}', "Zeile 1, Feld „type“: Dieses Feld steht zweimal im selben Objekt."),
        (b'{"type": "tool", "title": "\\ud800"}', "Zeile 1: Die Zeile enthält Zeichen, die es in JSON nicht gibt."),
    ],
)
def test_a_file_that_is_no_exchange_file(file, content, found):
    file.write_bytes(content)
    assert found in problems(file)[0]


def test_a_byte_order_mark_does_no_harm(file):
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(tool()).encode())
    assert problems(file) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (project(tite="x"), "Feld „tite“: Dieses Feld gibt es hier nicht. Meinten Sie „title“?"),
        (project(contact={"mail": "x"}), "Feld „contact.mail“: Dieses Feld gibt es hier nicht. Meinten Sie „email“?"),
        (organisation(organisation="redaktion"), "Feld „organisation“: Dieses Feld gibt es hier nicht."),
        (project(start=2020), "Feld „start“: Hier wird ein Datum in Anführungszeichen erwartet"),
        (project(eu_funded="ja"), "Feld „eu_funded“: Hier wird true oder false erwartet"),
        (project(funding_eur="12"), "Feld „funding_eur“: Hier wird eine Zahl ohne Anführungszeichen erwartet"),
        (project(funding_eur=float("nan")), "Feld „funding_eur“: Hier wird eine gewöhnliche Zahl erwartet."),
        (project(funding_eur=-1), "Feld „funding_eur“: Die Zahl ist zu klein: Erlaubt ist mindestens 0."),
        (project(funding_eur=0.123), "Feld „funding_eur“: Die Zahl hat zu viele Nachkommastellen"),
        (project(start="2024-01-01", end="2023-01-01"), "Feld „end“: Das Ende liegt vor dem Beginn."),
        (project(tools="werkzeug"), "Feld „tools“: Hier wird eine Liste in eckigen Klammern erwartet."),
        (project(contact=[]), "Feld „contact“: Hier wird ein Objekt in geschweiften Klammern erwartet."),
        (project(licence="MIT"), "Feld „licence“: Dieser Wert ist nicht vorgesehen. Erlaubt sind: CC0-1.0, "),
        (
            project(indicators=[{"name": "x", "targets": {"2020": 1}}]),
            "Feld „indicators.0.targets.2020“: Bitte schreiben",
        ),
        (project(title=""), "Feld „title“: Der Text ist leer."),
        (project(summary="\0"), "Feld „summary“: Der Text enthält Steuerzeichen."),
        (project(summary="<b> </b>"), "Feld „summary“: Nach dem Entfernen der HTML-Elemente bleibt kein Text übrig."),
        (
            project(links=[{"label": "x", "url": "javascript:1"}]),
            "Feld „links.0.url“: Bitte geben Sie eine vollständige",
        ),
        (recording(video="https://"), "Feld „video“: Bitte geben Sie eine vollständige Adresse an"),
        (
            project(goals="x" * 1_000_000),
            "Feld „goals“: Der Text ist zu lang: Bitte kürzen Sie ihn auf höchstens 50000",
        ),
        (project(title="x" * 256), "Feld „title“: Der Text ist zu lang"),
        (
            project(clusters=["arbiet"]),
            "Feld „clusters.0“: Im Vokabular „cluster“ gibt es „arbiet“ nicht. Meinten Sie „arbeit“?",
        ),
        (project(phase="plann"), "Feld „phase“: Im Vokabular „pdca“ gibt es „plann“ nicht. Meinten Sie „plan“?"),
        (project(success_factors=["klare-zustaendigkeiten"]), "Meinten Sie „klare-zustaendigkeit“?"),
        (project(organisation="redaktoin"), "Feld „organisation“: „redaktoin“ gibt es weder in der Datei noch in der "),
        (
            project(tools=["redaktion"]),
            "Feld „tools.0“: „redaktion“ ist von der Art Organisation. Erwartet wird: Werkzeug.",
        ),
        (
            project(partners=[{"organisation": "redaktion"}]),
            "Feld „partners.0.organisation“: Der Träger ist nicht zugleich Partner.",
        ),
        (
            recording(chapters=[{"start": 0, "title": "x", "practice": "mitschnitt"}]),
            "Feld „chapters.0.practice“: Die Zeile",
        ),
        (tool("redaktion"), "Feld „key“: Diese Kennung gehört schon zu einer Seite der Art Organisation."),
    ],
)
def test_a_wrong_value_is_named_with_its_remedy(file, line, found):
    assert any(found in text and text.startswith("Zeile 1, ") for text in problems(file, line))


def test_a_project_can_not_both_support_and_contradict(file):
    found = problems(file, project(), lesson(evidence=["projekt"], contradicting=["projekt"]))
    assert found == [
        "Zeile 2, Feld „contradicting.0“: „projekt“ ist hier schon genannt. Bitte nennen Sie jede Kennung nur einmal."
    ]


def test_a_key_used_twice_names_both_lines(file):
    assert problems(file, tool(), tool()) == [
        "Zeile 2, Feld „key“: Die Kennung „werkzeug“ steht schon in Zeile 1. Bitte vergeben Sie jede nur einmal."
    ]


def test_a_reference_to_a_broken_line_is_no_mistake_of_its_own(file):
    assert len(problems(file, tool(price=1), project(tools=["werkzeug"]))) == 1


def test_scripts_are_stripped_and_reported(file):
    text = '<p onclick="x">Gut<script>alert(1)</script> <a href="javascript:x">hier</a></p>'
    assert problems(file, tool(title="<b>Titel</b>", description=text), publish=True) == [
        "Zeile 1, Feld „title“: Entfernt wurde: b.",
        "Zeile 1, Feld „description“: Entfernt wurde: a[href], p[onclick], script.",
    ]
    page = PracticePage.objects.get(key="werkzeug").specific
    assert (page.title, page.description) == ("Titel", "<p>Gut <a>hier</a></p>")


OUTSIDE = "Der Pfad führt aus dem Ordner der Austauschdatei hinaus."


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("../geheim.png", OUTSIDE),
        ("verweis.png", OUTSIDE),
        ("{folder}/bild.png", OUTSIDE),
        ("/etc/passwd", OUTSIDE),
        ("fehlt.png", "Die Datei „fehlt.png“ fehlt."),
        ("x" * 300 + ".png", "Das ist kein Pfad einer Datei."),
        ("vorlage.pdf", "Das ist kein Bild, das sich hier lesen lässt."),
        ("kein-bild.png", "Diese SVG-Datei lässt sich nicht lesen."),
        ("abgeschnitten.png", "Die Bilddatei ist unvollständig oder beschädigt."),
        ("riesig.png", "Das Bild hat 100 Millionen Bildpunkte."),
        ("kein-bild.svg", "Das ist kein Bild, das sich hier lesen lässt."),
        ("ohne-mass.svg", "Dem SVG-Bild fehlt eine lesbare Größe."),
    ],
)
def test_images_that_are_not_taken(file, path, found):
    Image.new("RGB", (9, 9)).save(file.parent.parent / "geheim.png")
    (file.parent / "verweis.png").symlink_to(file.parent.parent / "geheim.png")
    (file.parent / "kein-bild.png").write_text("<svg/>")
    (file.parent / "kein-bild.svg").write_text("Bild")
    (file.parent / "ohne-mass.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="breit" height="1"/>')
    (file.parent / "abgeschnitten.png").write_bytes((file.parent / "bild.png").read_bytes()[:50])
    Image.new("1", (10_000, 10_000)).save(file.parent / "riesig.png")
    line = tool(image={"path": path.format(folder=file.parent), "alt": "x", "credit": "x"})
    assert f"Zeile 1, Feld „image.path“: {found}" in problems(file, line)[0]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (recording(video="bild.png"), "Feld „video“: Das ist keine Aufnahme, die sich hier abspielen lässt."),
        (
            recording(captions="vorlage.pdf"),
            "Feld „captions“: Dateien dieser Art werden nicht angenommen. Erlaubt sind: vtt.",
        ),
        (recording(captions="falsch.vtt"), "Feld „captions“: Die Datei ist kein WebVTT"),
        (recording(slides="programm.exe"), "Feld „slides“: Diese Datei heißt „.exe“, ist aber ein Programm."),
        (
            tool(documents=[{"title": "x", "path": "programm.exe", "credit": "x"}]),
            "Feld „documents.0.path“: Diese Datei heißt „.exe“, ist aber ein Programm.",
        ),
    ],
)
def test_other_files_that_are_not_taken(file, line, found):
    (file.parent / "falsch.vtt").write_text("kein WebVTT")
    (file.parent / "programm.exe").write_bytes(b"MZ\0")
    assert problems(file, line)[0].startswith(f"Zeile 1, {found}")


def test_european_money_needs_its_notice_to_be_published(file):
    assert problems(file, project(eu_funded=True), publish=True)[0].startswith(
        "Zeile 1, Feld „programme“: Das Projekt ist mit Mitteln der Europäischen Union gefördert."
    )


def test_a_programme_without_statement_keeps_a_european_project_from_going_live(file):
    FundingProgramme.objects.create(name="ESF", kind="eu")
    assert "Feld „programme“" in problems(file, project(eu_funded=True, programme="ESF"), publish=True)[0]


def test_without_publish_an_unfinished_project_is_kept_as_a_draft(file):
    assert problems(file, project(eu_funded=True)) == []


def test_a_new_european_programme_gets_the_prescribed_statement(file):
    assert problems(file, project(eu_funded=True, programme="ESF"), publish=True) == []
    assert FundingProgramme.objects.get().statement == "Kofinanziert von der Europäischen Union"
