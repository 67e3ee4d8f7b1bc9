"""What goes in comes out again, in whatever order the lines stand."""

import json

import pytest
from wagtail.models import Page, Revision

from practices.exchange.export import FileCopies, export_lines, stored_path
from practices.exchange.importer import import_records
from practices.exchange.schema import RECORD_TYPES
from practices.models import (
    ContentChange,
    ContentVersion,
    CreditedDocument,
    CreditedImage,
    OrganisationPage,
    PracticePage,
    ProjectProfilePage,
)
from practices.services.merge_terms import merge_terms
from tests.practices.documents import pdf
from tests.practices.exchange_records import every_field, organisation, project, tool, write_files, write_lines

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "quelle"
    folder.mkdir()
    write_files(folder)
    return write_lines(folder / "inhalt.jsonl", *every_field())


def exported(query="", path_of=stored_path) -> dict[str, dict]:
    lines = [json.loads(line) for line in export_lines(query, path_of)]
    return {line["key"]: line for line in lines}


def with_file_names(line: dict) -> dict:
    """Return `line` with the bare names of its files: export and source keep them in different folders."""
    text = json.dumps(line)
    for folder in ("original_images", "documents", "media"):
        text = text.replace(f'"{folder}/', '"')
    return json.loads(text)


def test_the_lines_of_this_test_use_every_field(vocabularies):
    used = {}
    for line in every_field():
        used.setdefault(line["type"], set()).update(line)
    assert used == {name: set(model.model_fields) for name, model in RECORD_TYPES.items()}


def test_every_field_of_every_type_comes_back(source):
    assert not import_records(source, publish=True).problems
    lines = exported()
    assert [with_file_names(lines[line["key"]]) for line in every_field()] == every_field()


@pytest.mark.parametrize("publish", [True, False])
def test_a_second_import_changes_nothing(source, publish):
    import_records(source, publish=publish)
    before = Revision.objects.count(), ContentVersion.current()
    report = import_records(source, publish=publish)
    assert report.unchanged == len(every_field())
    assert (Revision.objects.count(), ContentVersion.current()) == before


def test_an_import_is_one_new_version_and_names_each_practice_once(source):
    before = ContentVersion.current()
    ContentChange.objects.all().delete()
    import_records(source, publish=True)
    assert ContentVersion.current() == before + 1
    noted = ContentChange.objects.values_list("page_id", flat=True).order_by("page_id")
    assert list(noted) == list(PracticePage.objects.values_list("pk", flat=True).order_by("pk"))


@pytest.mark.parametrize("publish", [True, False])
def test_importing_an_export_changes_nothing(source, tmp_path, publish):
    import_records(source, publish=True)
    output = tmp_path / "ausgabe.jsonl"
    output.write_text("\n".join(export_lines("", FileCopies(output).path_of)), encoding="utf-8")
    before = Revision.objects.count()
    report = import_records(output, publish=publish)
    assert (report.problems, report.unchanged, Revision.objects.count()) == ([], len(every_field()) + 1, before)


def test_a_line_with_another_file_is_a_change(source):
    import_records(source, publish=True)
    (source.parent / "vorlage.pdf").write_bytes(pdf("neue Vorlage"))
    report = import_records(source, publish=True)
    assert (report.updated, report.unchanged) == (5, 1)


def test_a_file_named_by_many_lines_is_stored_once(source):
    import_records(source, publish=True)
    assert (CreditedImage.objects.count(), CreditedDocument.objects.count()) == (1, 3)


def test_a_drawing_is_stored_clean_and_known_again(source):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
    (source.parent / "skizze.svg").write_text(drawing)
    line = tool(organisation="werkstatt", image={"path": "skizze.svg", "alt": "Skizze", "credit": "ZAQ"})
    path = write_lines(source.parent / "b.jsonl", organisation(), line)
    import_records(path, publish=True)
    with CreditedImage.objects.get().file.open() as stored:
        assert b"script" not in stored.read()
    assert import_records(path, publish=True).unchanged == 2


def test_wagtail_knows_where_an_imported_image_is_used(source):
    import_records(source, publish=True)
    assert len(CreditedImage.objects.get().get_usage()) == 5


def test_the_order_of_lines_does_not_matter(source):
    write_lines(source, *reversed(every_field()))
    assert not import_records(source, publish=True).problems
    lines = exported()
    assert [with_file_names(lines[line["key"]]) for line in every_field()] == every_field()


def test_plain_text_becomes_paragraphs_and_stays_unchanged(tmp_path):
    path = write_lines(tmp_path / "a.jsonl", project(goals='Erster "Absatz" & mehr.\n\nZweiter < Absatz.'))
    import_records(path, publish=True)
    assert ProjectProfilePage.objects.get().goals == '<p>Erster "Absatz" &amp; mehr.</p><p>Zweiter &lt; Absatz.</p>'
    assert import_records(path, publish=True).unchanged == 1


def test_a_changed_line_makes_one_new_revision(tmp_path):
    import_records(write_lines(tmp_path / "a.jsonl", tool(), project()), publish=True)
    report = import_records(write_lines(tmp_path / "a.jsonl", tool(title="Neu"), project()), publish=True)
    page = PracticePage.objects.get(key="werkzeug")
    assert (report.updated, report.unchanged, page.title, page.revisions.count()) == (1, 1, "Neu", 2)


def test_what_a_line_leaves_out_becomes_empty(tmp_path):
    import_records(
        write_lines(tmp_path / "a.jsonl", tool(price="1 Euro", target_groups=["fachkraefte"], tags=["x"])), publish=True
    )
    import_records(write_lines(tmp_path / "a.jsonl", tool()), publish=True)
    line = exported()["werkzeug"]
    assert not {"price", "target_groups", "tags"} & line.keys()


def test_a_draft_leaves_the_live_page_as_it_is(tmp_path):
    import_records(write_lines(tmp_path / "a.jsonl", project(benefits=["alt"])), publish=True)
    import_records(write_lines(tmp_path / "a.jsonl", project(title="Neu", benefits=["neu"])))
    page = ProjectProfilePage.objects.get()
    draft = page.get_latest_revision_as_object()
    assert (page.live, page.title, draft.title) == (True, "Projekt", "Neu")


def test_without_publish_new_pages_are_drafts(tmp_path):
    import_records(write_lines(tmp_path / "a.jsonl", tool()))
    page = PracticePage.objects.get(key="werkzeug")
    assert (page.live, page.revisions.count()) == (False, 1)


def test_a_draft_goes_live_with_publish(tmp_path):
    path = write_lines(tmp_path / "a.jsonl", tool())
    import_records(path)
    report = import_records(path, publish=True)
    assert (report.updated, PracticePage.objects.get(key="werkzeug").live) == (1, True)


def test_first_publication_is_at_noon_of_the_day_given(tmp_path):
    import_records(write_lines(tmp_path / "a.jsonl", tool(published="2023-01-15")), publish=True)
    assert PracticePage.objects.get(key="werkzeug").first_published_at.isoformat() == "2023-01-15T11:00:00+00:00"


def test_a_tool_without_organisation_belongs_to_the_editors(tmp_path, editorial):
    import_records(write_lines(tmp_path / "a.jsonl", tool()), publish=True)
    assert PracticePage.objects.get(key="werkzeug").organisation == editorial


def test_a_page_moves_to_its_new_organisation_and_keeps_out_of_the_way_there(tmp_path):
    before = [organisation("a"), organisation("b"), project("p", organisation="a"), project("q", organisation="b")]
    import_records(write_lines(tmp_path / "a.jsonl", *before), publish=True)
    Page.objects.filter(slug="q").update(slug="p")
    import_records(write_lines(tmp_path / "a.jsonl", project("p", organisation="b")), publish=True)
    page = ProjectProfilePage.objects.get(key="p")
    assert (page.organisation.key, page.slug, Page.find_problems()) == ("b", "p-2", ([], [], [], [], []))


def test_a_live_page_moves_only_when_published(tmp_path):
    before = [organisation("a"), organisation("b"), project("p", organisation="a")]
    import_records(write_lines(tmp_path / "a.jsonl", *before), publish=True)
    report = import_records(write_lines(tmp_path / "a.jsonl", project("p", organisation="b")))
    assert (report.unchanged, ProjectProfilePage.objects.get().organisation.key) == (1, "a")


def test_the_key_of_a_merged_term_leads_to_its_successor(tmp_path):
    from practices.models import TargetGroup

    source, target = TargetGroup.objects.current().filter(narrower=None)[:2]
    merge_terms(source, target)
    path = write_lines(tmp_path / "a.jsonl", tool(target_groups=[source.slug]))
    import_records(path, publish=True)
    assert exported()["werkzeug"]["target_groups"] == [target.slug]
    assert import_records(path, publish=True).unchanged == 1


def test_a_selection_follows_the_parameters_of_the_search(tmp_path):
    lines = [
        organisation("a"),
        organisation("b"),
        project("p", organisation="a", phase="act", clusters=["arbeit"]),
        project("q", organisation="a", phase="do", clusters=["arbeit"]),
        project("r", organisation="b", phase="act"),
        tool("t", clusters=["arbeit"]),
    ]
    import_records(write_lines(tmp_path / "a.jsonl", *lines), publish=True)
    assert list(exported("typ=projekt&cluster=arbeit&traeger=a&phase=act&phase=plan")) == ["a", "p"]


def test_links_to_pages_are_exported_as_addresses(organisation):
    page = OrganisationPage.objects.get(pk=organisation.pk)
    child = page.add_child(
        instance=ProjectProfilePage(
            title="P", summary="s", goals=f'<p data-block-key="x1"><a linktype="page" id="{page.pk}">Träger</a></p>'
        )
    )
    assert exported()[child.key]["goals"] == f'<p><a href="{page.get_url()}">Träger</a></p>'
