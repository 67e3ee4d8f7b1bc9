"""Documents come in through one intake, whichever way: what is none is refused with what to do, and nothing typed is lost."""

import subprocess
import sys
import tempfile

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import UploadedFile

from practices.exchange.importer import import_records
from practices.media.document_intake import EDITION
from practices.media.outcome import Refused
from practices.media.stored import check_documents
from practices.models import CreditedDocument, ToolPage
from tests.practices.documents import comments, document_of, docx, pdf, xlsx
from tests.practices.exchange_records import organisation, tool, write_lines
from tests.practices.hostile_documents import COSTLY, HOSTILE
from tests.practices.rich_practices import make_document

pytestmark = pytest.mark.one_database

WORDS = {"title": "Getippter Titel", "credit": "Getippter Nachweis", "licence": "CC-BY-4.0", "collection": 1}
AJAX = {"x-requested-with": "XMLHttpRequest"}
MOST_MEMORY = 600 * 1024
TOLD = "In dieser Datei steht mehr, als man ihr ansieht"
COMMENTED = docx(word__comments=comments("Ada"))


@pytest.fixture
def editor(client, site):
    client.force_login(User.objects.create_superuser("amt"))
    return client


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def by_form(client, name: str, content: bytes, _folder) -> str:
    return client.post(
        reverse("wagtaildocs:add"), WORDS | {"file": upload(name, content)}, follow=True
    ).content.decode()


def by_many(client, name: str, content: bytes, _folder) -> str:
    data = {"files[]": upload(name, content), "collection": 1}
    answer = client.post(reverse("wagtaildocs:add_multiple"), data, headers=AJAX).json()
    assert answer["success"] == UploadedFile.objects.exists()
    return answer.get("form") or answer["error_message"]


def by_chooser(client, name: str, content: bytes, _folder) -> str:
    prefix = "document-chooser-upload"
    data = {f"{prefix}-{key}": value for key, value in (WORDS | {"file": upload(name, content)}).items()}
    answer = client.post(reverse("wagtaildocs_chooser:create"), data).json()
    return answer.get("htmlFragment") or client.get(reverse("wagtailadmin_home")).content.decode()


def by_replacement(client, name: str, content: bytes, _folder) -> str:
    document = CreditedDocument.objects.filter(title="Vorher").first() or make_document("Vorher", "vorher.pdf")
    address = reverse("wagtaildocs:edit", args=[document.pk])
    return client.post(address, WORDS | {"file": upload(name, content)}, follow=True).content.decode()


def by_import(_client, name: str, content: bytes, folder) -> str:
    (folder / name).write_bytes(content)
    line = tool(organisation="werkstatt", documents=[{"title": "x", "path": name, "credit": "ZAQ"}])
    report = import_records(write_lines(folder / "a.jsonl", organisation(), line))
    return " ".join(map(str, report.problems))


def by_code(_client, name: str, content: bytes, _folder) -> str:
    try:
        CreditedDocument.objects.create(title="x", credit="ZAQ", file=ContentFile(content, name))
    except Refused as refusal:
        return str(refusal)
    return ""


WAYS = (by_form, by_many, by_chooser, by_replacement, by_import, by_code)
WITH_WORDS = (by_form, by_chooser, by_replacement)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_is_no_document_is_refused_by_every_way_in(editor, tmp_path, hostile):
    name, make, said = HOSTILE[hostile]
    content = make()
    for way in WAYS:
        answer = way(editor, name, content, tmp_path)
        assert said in answer.replace("&quot;", '"'), way
        assert "Bitte" in answer, way
        if way in WITH_WORDS:
            assert WORDS["title"] in answer and WORDS["credit"] in answer, way
    assert list(CreditedDocument.objects.values_list("title", flat=True)) == ["Vorher"]
    with CreditedDocument.objects.get().file.open() as stored:
        assert stored.read() == document_of("a.pdf")
    assert not UploadedFile.objects.exists()


@pytest.mark.parametrize("costly", COSTLY)
def test_no_file_takes_more_memory_than_there_is(costly):
    with tempfile.TemporaryFile() as file:
        file.write(COSTLY[costly]())
        file.seek(0)
        # In between, a small process: where one is made of this one, it is counted as large as this one.
        program = (
            "import os, subprocess, sys\n"
            "made = subprocess.Popen([sys.executable, '-m', 'practices.media.reading', 'document', '.pdf'], stdout=-1)\n"
            "answer = made.stdout.read()\n"
            "made.returncode, used = os.wait4(made.pid, 0)[1:]\n"
            "print(used.ru_maxrss, len(answer))\n"
        )
        run = subprocess.run([sys.executable, "-c", program], stdin=file, capture_output=True, check=True, text=True)
    memory, answered = map(int, run.stdout.split())
    assert answered and memory < MOST_MEMORY


@pytest.mark.parametrize(
    "name", ["a.csv", "a.docx", "a.odp", "a.ods", "a.odt", "a.pdf", "a.pptx", "a.txt", "a.xlsx", "a.zip"]
)
def test_documents_are_taken_in_as_they_are_by_every_way_in(editor, tmp_path, name):
    content = document_of(name, "Grüße")
    for way in (by_form, by_chooser, by_import, by_code, by_replacement):
        CreditedDocument.objects.all().delete()
        way(editor, name, content, tmp_path)
        document = CreditedDocument.objects.get()
        with document.file.open() as stored:
            assert stored.read() == content
        assert (document.file_size, document.intake, document.hidden_content) == (len(content), EDITION, "")
        assert document.get_file_hash() and document.file.name.endswith(name[1:])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_texts_come_in_the_encodings_programs_write(site, encoding):
    file = ContentFile("BM;Grüße\r\n".encode(encoding), "a.csv")
    assert CreditedDocument.objects.create(title="x", file=file).filename.endswith(".csv")


@pytest.mark.parametrize(
    ("called", "content", "name"),
    [
        ("heft.docx", pdf(), "heft.pdf"),
        ("heft.PDF", pdf(), "heft.PDF"),
        ("heft", pdf(), "heft.pdf"),
        ("brief.pdf", docx(), "brief.docx"),
        ("brief.zip", docx(), "brief.docx"),
        ("brief.docx", xlsx(), "brief.xlsx"),
        ("rede.vtt.txt", b"WEBVTT\n", "rede.vtt"),
    ],
)
def test_a_document_gets_the_ending_of_what_it_is(editor, called, content, name):
    by_form(editor, called, content, None)
    assert CreditedDocument.objects.get().filename == name


@pytest.mark.parametrize("way", [by_form, by_many, by_chooser, by_replacement, by_import])
def test_people_are_told_what_is_hidden_by_every_way_in(editor, tmp_path, way):
    told = way(editor, "brief.docx", COMMENTED, tmp_path)
    assert f"{TOLD}, und wer sie herunterlädt, kann es lesen: 1 Kommentar („Ada“)." in told
    assert "Dokument prüfen" in told


def test_the_page_of_a_document_goes_on_saying_it_until_its_file_is_replaced(editor):
    by_form(editor, "brief.docx", COMMENTED, None)
    document = CreditedDocument.objects.get()
    address = reverse("wagtaildocs:edit", args=[document.pk])
    assert TOLD in editor.get(address).content.decode()
    editor.post(address, WORDS | {"title": "Neu"})
    assert TOLD in editor.get(address).content.decode()
    editor.post(address, WORDS | {"file": upload("brief.docx", docx())})
    assert TOLD not in editor.get(address).content.decode()


def test_an_import_is_not_stopped_by_what_is_hidden_and_says_it_once(editor, tmp_path):
    assert by_import(editor, "brief.docx", COMMENTED, tmp_path).startswith(
        "Zeile 2, Feld „documents.0.path“: In dieser"
    )
    assert ToolPage.objects.exists()
    assert by_import(editor, "brief.docx", COMMENTED, tmp_path) == ""


def test_of_many_documents_one_that_is_refused_by_now_is_said_in_its_form(editor):
    by_many(editor, "heft.pdf", pdf(), None)
    waiting = UploadedFile.objects.get()
    with waiting.file.storage.open(waiting.file.name, "wb") as file:
        file.write(b"MZ\0")
    address = reverse("wagtaildocs:create_multiple_from_uploaded_document", args=[waiting.pk])
    data = {f"uploaded-document-{waiting.pk}-{key}": value for key, value in WORDS.items()}
    answer = editor.post(address, data, headers=AJAX).json()
    assert not answer["success"]
    assert "ein Programm" in answer["form"] and WORDS["credit"] in answer["form"]


def stored_before(name: str, content: bytes) -> CreditedDocument:
    """Return a document that came in before there was an intake."""
    document = make_document(name, "a.txt")
    file = document.file.storage.save(f"documents/{name}", ContentFile(content))
    CreditedDocument.objects.filter(pk=document.pk).update(file=file, intake=0, hidden_content="", refusal="")
    return CreditedDocument.objects.get(pk=document.pk)


def test_what_is_stored_already_is_looked_at_once_and_not_changed(site, capsys):
    kept = {
        "gut.pdf": pdf(),
        "rede.docx": COMMENTED,
        "seite.pdf": b"<html>",
        "b.docx": pdf(),
    }
    documents = {name: stored_before(name, content) for name, content in kept.items()}
    lost = stored_before("fort.pdf", pdf())
    lost.file.storage.delete(lost.file.name)
    call_command("check_media")
    out, err = capsys.readouterr()
    assert "5 geprüft, 0 bereinigt, 3 zu ersetzen." in out
    assert (
        "eine Internetseite (HTML)" in err
        and "in Wirklichkeit eine .pdf-Datei" in err
        and "lässt sich nicht öffnen" in err
    )
    assert "enthält: 1 Kommentar („Ada“)." in err
    for name, document in documents.items():
        document.refresh_from_db()
        assert document.intake == EDITION
        with document.file.open() as stored:
            assert stored.read() == kept[name]
    assert [documents[name].hidden_content for name in kept] == ["", "1 Kommentar („Ada“)", "", ""]
    assert [bool(documents[name].refusal) for name in kept] == [False, False, True, True]
    assert [checked.name for checked in check_documents()] == [lost.file.name]


def test_the_page_of_a_document_says_why_it_would_be_refused(editor):
    document = stored_before("seite.pdf", b"<html>")
    list(check_documents())
    address = reverse("wagtaildocs:edit", args=[document.pk])
    assert "ist aber eine Internetseite (HTML)" in editor.get(address).content.decode()
    editor.post(address, WORDS | {"title": "Neu"})
    assert CreditedDocument.objects.get().title == "Neu"


def served(client, document) -> tuple[str, str, str, str]:
    answer = client.get(document.url)
    b"".join(answer.streaming_content)
    names = ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy")
    return tuple(answer.headers.get(name, "") for name in names)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", "text/csv"),
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.odt", "application/vnd.oasis.opendocument.text"),
        ("a.txt", "text/plain"),
        ("a.zip", "application/zip"),
    ],
)
def test_documents_are_served_by_our_own_table_and_to_be_kept(editor, name, kind):
    content_type, disposition, sniffing, policy = served(editor, make_document("x", name))
    assert content_type.partition(";")[0] == kind
    assert disposition.startswith("attachment") and (sniffing, policy) == ("nosniff", "default-src 'none'")


def test_a_pdf_is_shown(editor):
    content_type, disposition, sniffing, policy = served(editor, make_document("x", "a.pdf"))
    assert (content_type, sniffing, policy) == ("application/pdf", "nosniff", "default-src 'none'")
    assert not disposition.startswith("attachment")


@pytest.mark.parametrize("name", ["seite.pdf", "seite.html", "bild.svg"])
def test_what_is_no_document_and_stored_already_is_served_as_bytes_without_meaning(editor, name):
    document = stored_before(name, b"<html>")
    list(check_documents())
    document.refresh_from_db()
    content_type, disposition, sniffing, _policy = served(editor, document)
    assert (content_type, sniffing) == ("application/octet-stream", "nosniff")
    assert disposition.startswith("attachment")
