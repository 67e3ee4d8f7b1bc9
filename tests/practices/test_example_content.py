"""The example content: complete, with sources, and fit to be imported as it is."""

import json

from django.conf import settings
from django.core.management import call_command

from practices.completeness import assess
from practices.models import LessonPage, OrganisationPage, PracticePage, ProjectProfilePage, RecordingPage, ToolPage

EXAMPLE = settings.BASE_DIR / "practices" / "example" / "content.jsonl"


def test_it_is_imported_without_a_complaint(site, capsys):
    call_command("import_practices", str(EXAMPLE), publish=True)
    assert "Zeile" not in capsys.readouterr().err
    counts = [model.objects.live().count() for model in (ProjectProfilePage, ToolPage, RecordingPage, LessonPage)]
    assert counts >= [7, 12, 7, 15]
    assert OrganisationPage.objects.count() >= 8
    practices = PracticePage.objects.specific()
    assert {page.key: fields for page in practices if (fields := [h.field for h in assess(page).required])} == {}


def test_every_line_names_its_source():
    with EXAMPLE.open(encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    assert [line["key"] for line in lines if not line.get("links")] == []
