"""Videos and sound recordings come in through one intake, whichever way: nothing stored says where, when, by whom or with what."""

from io import StringIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.urls import reverse

from practices.exchange.importer import import_records
from practices.media.outcome import Refused
from practices.media.stored import check_recordings
from practices.models import ContentVersion, CreditedMedia, RecordingPage
from tests.factories import OrganisationFactory, RecordingFactory
from tests.practices.exchange_records import every_field, recording, write_files, write_lines
from tests.practices.recordings import SOUND, Track, box, m4a, movie, mp3, mp4, upload
from tests.practices.rich_practices import make_practices

CANARY = b"KANARI+51.4700+006.8500/"
WORDS = {"title": "Talk", "credit": "ZAQ Oberhausen", "licence": "CC-BY-4.0", "collection": 1}


def phone_video(picture: bytes = b"Bild", author: bytes = b"") -> bytes:
    """Return a QuickTime file as phones write it, with its place in user data and in a track."""
    place = box(b"\xa9xyz", b"\0\x18\x15\xc7", CANARY)
    who = box(b"\xa9ART", len(author).to_bytes(2, "big") + b"\x15\xc7", author) if author else b""
    tracks = Track([picture]), Track([b"Ton"], SOUND, b"mp4a"), Track([CANARY], b"meta", b"mebx")
    return movie(*tracks, brand=b"qt  ", in_moov=box(b"udta", place, who))


@pytest.fixture
def editor(client, site):
    client.force_login(User.objects.create_superuser("amt"))
    return client


def stored() -> bytes:
    with CreditedMedia.objects.latest("pk").file.open() as opened:
        return opened.read()


def everything_stored() -> bytes:
    return b"".join(path.read_bytes() for path in Path(default_storage.location).rglob("*") if path.is_file())


def add(client, content: bytes, name: str = "IMG_0815.MOV", kind: str = "video", **words):
    return client.post(reverse("wagtailmedia:add", args=[kind]), WORDS | {"file": upload(content, name)} | words)


def by_form(client, folder, content):
    add(client, content)


def by_chooser(client, folder, content):
    words = {f"media-chooser-upload-{name}": value for name, value in WORDS.items()}
    data = words | {"media-chooser-upload-file": upload(content, "IMG_0815.MOV")}
    assert client.post(reverse("wagtailmedia:chooser_upload", args=["video"]), data).json()["step"] == "media_chosen"


def by_replacement(client, folder, content):
    add(client, mp4())
    address = reverse("wagtailmedia:edit", args=[CreditedMedia.objects.get().pk])
    client.post(address, WORDS | {"file": upload(content, "IMG_0815.MOV")})


def by_import(client, folder, content):
    (folder / "IMG_0815.MOV").write_bytes(content)
    report = import_records(write_lines(folder / "a.jsonl", recording(organisation="redaktion", video="IMG_0815.MOV")))
    assert not report.problems
    assert (folder / "IMG_0815.MOV").read_bytes() == content  # what is not ours stays as it is


def by_code(client, folder, content):
    CreditedMedia.objects.create(title="x", type="video", file=ContentFile(content, name="IMG_0815.MOV"))


WAYS = [by_form, by_chooser, by_replacement, by_import, by_code]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("limit", [0, 10_000_000])  # on disk, and in memory
def test_what_is_stored_is_clean_whichever_way_it_comes(editor, tmp_path, settings, way, limit):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = limit
    way(editor, tmp_path, phone_video())
    media = CreditedMedia.objects.latest("pk")
    assert Path(media.file.name).suffix == ".mp4"
    assert b"Bild" in stored() and CANARY not in everything_stored()
    assert (media.intake, media.file_size) == (1, len(stored()))
    assert media.source_hash and media.file_hash not in ("", media.source_hash)


def test_what_was_taken_in_comes_in_as_it_is(editor):
    add(editor, phone_video())
    first = stored()
    CreditedMedia.objects.all().delete()
    add(editor, first, "talk.mp4")
    assert stored() == first


@pytest.mark.parametrize("way", [by_form, by_chooser, by_replacement])
@pytest.mark.parametrize(
    "content", [b"MZ\x90\0", b"<html>", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"Text", mp3(), mp4()[:-1]]
)
def test_what_is_no_video_is_refused_in_the_form(editor, tmp_path, way, content):
    if way is by_chooser:
        data = {f"media-chooser-upload-{name}": value for name, value in WORDS.items()}
        data |= {"media-chooser-upload-title": "Mühsam getippt", "media-chooser-upload-file": upload(content)}
        answer = editor.post(reverse("wagtailmedia:chooser_upload", args=["video"]), data)
        shown = answer.json()["html"]
    elif way is by_replacement:
        add(editor, mp4(b"vorher"))
        address = reverse("wagtailmedia:edit", args=[CreditedMedia.objects.get().pk])
        data = WORDS | {"title": "Mühsam getippt", "file": upload(content)}
        answer = editor.post(address, data)
        shown = answer.content.decode()
        assert stored() == mp4(b"vorher")
    else:
        answer = add(editor, content, title="Mühsam getippt")
        shown = answer.content.decode()
    assert answer.status_code == 200
    assert "Bitte" in shown and "Mühsam getippt" in shown and "Dateiendung" not in shown
    assert CreditedMedia.objects.count() == (way is by_replacement)


def test_the_form_of_a_page_knows_its_video_and_keeps_it(editor, site):
    page = RecordingFactory(
        parent=OrganisationFactory(parent=site),
        video=CreditedMedia.objects.create(title="Film", type="video", file=ContentFile(mp4(), name="film.mp4")),
    )
    form = BeautifulSoup(editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content, "html.parser")
    assert form.find(attrs={"name": "video"})["value"] == str(page.video.pk)


def test_sounds_are_no_videos_and_videos_no_sounds(editor):
    assert "In dieser Datei ist nichts zu sehen." in add(editor, m4a(), "a.mp4").content.decode()
    assert "In dieser Datei ist ein Video." in add(editor, mp4(), "a.m4a", "audio").content.decode()
    add(editor, m4a(), "a.mp4", "audio")
    assert CreditedMedia.objects.get().file.name.endswith(".m4a")


def test_code_can_not_store_what_is_no_recording(site):
    with pytest.raises(Refused):
        CreditedMedia.objects.create(title="x", type="video", file=ContentFile(b"Text", name="a.mp4"))
    assert not CreditedMedia.objects.exists() and b"Text" not in everything_stored()


def test_whose_it_is_is_proposed(editor):
    shown = add(editor, phone_video(author=b"Ada Beispiel"), credit="").content.decode()
    assert 'value="Ada Beispiel"' in shown and "Das steht in der Datei." in shown
    add(editor, phone_video(author=b"Ada Beispiel"), credit="ZAQ")
    assert CreditedMedia.objects.get().credit == "ZAQ"


def test_the_same_file_is_noticed_however_it_is_stored(editor):
    add(editor, phone_video(), title="Die erste")
    assert "Diese Datei gibt es schon: „Die erste“." in add(editor, phone_video()).content.decode()
    assert "Diese Datei gibt es schon: „Die erste“." in add(editor, stored(), "b.mp4").content.decode()


@pytest.fixture
def opened(monkeypatch):
    """The names of stored files that are opened."""
    names = []
    original = FileSystemStorage._open

    def note(self, name, mode="rb"):
        names.append(name)
        return original(self, name, mode)

    monkeypatch.setattr(FileSystemStorage, "_open", note)
    return names


def test_neither_form_nor_import_read_stored_videos(editor, tmp_path, opened):
    for picture in (b"eins", b"zwei", b"drei"):
        by_code(editor, tmp_path, phone_video(picture))
    write_files(tmp_path)
    path = write_lines(tmp_path / "inhalt.jsonl", *every_field())
    opened.clear()
    add(editor, phone_video(b"vier"))
    import_records(path, publish=True)
    assert import_records(path, publish=True).unchanged == len(every_field())
    assert CreditedMedia.objects.count() == 5
    assert not [name for name in opened if name.startswith("media/")]


def test_an_import_finds_a_video_by_what_came_in_and_by_what_is_stored(site, tmp_path):
    by_import(None, tmp_path, phone_video())
    by_import(None, tmp_path, phone_video())
    by_import(None, tmp_path, stored())
    assert CreditedMedia.objects.count() == 1


def test_a_line_that_names_what_is_no_video_says_so(site, tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"MZ")
    line = recording(organisation="redaktion", video="a.mp4")
    (problem,) = import_records(write_lines(tmp_path / "a.jsonl", line)).problems
    assert (problem.field, "Bitte wandeln Sie die Aufnahme um" in problem.message) == ("video", True)


def put_in_before(content: bytes, name: str = "media/alt.mp4") -> CreditedMedia:
    """Return a video as it was stored when there was no intake."""
    media = CreditedMedia.objects.create(title="Alt", type="video", credit="ZAQ", file=ContentFile(mp4(), name="x.mp4"))
    media.file.storage.delete(media.file.name)
    name = default_storage.save(name, ContentFile(content))
    CreditedMedia.objects.update(file=name, intake=0, source_hash="", file_hash="", file_size=None)
    return CreditedMedia.objects.get()


def test_what_is_stored_is_brought_through_the_intake_once(site, django_capture_on_commit_callbacks):
    old = put_in_before(phone_video()).file.name
    before = ContentVersion.current()
    with django_capture_on_commit_callbacks(execute=True):
        (checked,) = check_recordings()
    assert (checked.name, checked.is_changed, checked.refusal) == (old, True, "")
    assert CANARY not in everything_stored() and b"Bild" in stored()
    assert not default_storage.exists(old) or CreditedMedia.objects.get().file.name == old
    assert ContentVersion.current() > before
    assert list(check_recordings()) == []


def test_a_stored_video_is_known_by_what_came_in(site, tmp_path, django_capture_on_commit_callbacks):
    put_in_before(phone_video())
    with django_capture_on_commit_callbacks(execute=True):
        list(check_recordings())
    by_import(None, tmp_path, phone_video())
    assert CreditedMedia.objects.count() == 1


def test_an_import_knows_a_video_from_before_hashes_were_kept(site, tmp_path):
    put_in_before(phone_video())
    by_import(None, tmp_path, phone_video())
    assert CreditedMedia.objects.count() == 1


def test_a_stored_video_that_is_refused_is_not_shown(client, site):
    page = RecordingPage.objects.get(pk=make_practices(site)["mitschnitt"].pk)
    name = default_storage.save("media/alt.mp4", ContentFile(b"Kein Video"))
    CreditedMedia.objects.update(file=name, intake=0)
    out, err = StringIO(), StringIO()
    call_command("check_media", stdout=out, stderr=err)
    assert "1 zu ersetzen" in out.getvalue() and "Bitte wandeln Sie die Aufnahme um" in err.getvalue()
    shown = client.get(page.url).content.decode()
    assert "Das Video ist zurzeit nicht verfügbar." in shown and name not in shown
    assert client.get(default_storage.url(name)).status_code == 404
    assert default_storage.exists(name)
    assert list(check_recordings()) == []


def test_a_video_that_is_missing_ends_nothing(site):
    put_in_before(mp4())
    media = CreditedMedia.objects.get()
    media.file.storage.delete(media.file.name)
    (checked,) = check_recordings()
    assert checked.refusal.startswith("Die Datei lässt sich nicht öffnen")
