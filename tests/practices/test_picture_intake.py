"""Pictures come in through one intake, whichever way: nothing is stored but the picture, and no file does any harm."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from PIL import Image, ImageCms, PngImagePlugin
from PIL.ExifTags import Base
from wagtail.models import UploadedFile

from practices.media import intake
from practices.media.intake import take_in
from practices.media.outcome import Refused
from practices.media.pictures import LONGEST_SIDE
from practices.models import CreditedImage, CreditedMedia
from tests.factories import ToolFactory
from tests.practices.exchange_records import tool, write_lines
from tests.practices.pictures import (
    UPRIGHT,
    drawing,
    hostile_pictures,
    packed,
    points,
    telling_pictures,
    tells,
)
from tests.practices.recordings import mp4

pytestmark = pytest.mark.one_database

TELLING, HOSTILE = telling_pictures(), hostile_pictures()
WORDS = {
    "title": "Tafel vom Markt",
    "credit": "ZAQ Oberhausen",
    "licence": "CC-BY-4.0",
    "description": "Eine Tafel",
    "collection": 1,
}
AJAX = {"x-requested-with": "XMLHttpRequest"}


@pytest.fixture
def editor(client, site):
    client.force_login(User.objects.create_superuser("amt"))
    return client


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def by_form(client, name: str, content: bytes):
    return client.post(reverse("wagtailimages:add"), WORDS | {"file": upload(name, content)})


def by_many(client, name: str, content: bytes):
    return client.post(
        reverse("wagtailimages:add_multiple"), {"files[]": upload(name, content), "collection": 1}, headers=AJAX
    )


def by_chooser(client, name: str, content: bytes):
    words = {f"image-chooser-upload-{key}": value for key, value in (WORDS | {"file": upload(name, content)}).items()}
    return client.post(reverse("wagtailimages_chooser:create"), words)


def by_replacement(client, name: str, content: bytes):
    image = CreditedImage.objects.create(file=ContentFile(packed(points((9, 9)), "PNG"), "alt.png"), **of_image())
    return client.post(reverse("wagtailimages:edit", args=[image.pk]), WORDS | {"file": upload(name, content)})


def by_video(client, name: str, content: bytes):
    video = CreditedMedia.objects.create(title="Film", type="video", file=ContentFile(mp4(), name="film.mp4"))
    words = WORDS | {"duration": 1, "thumbnail": upload(name, content)}
    return client.post(reverse("wagtailmedia:edit", args=[video.pk]), words)


def by_account(client, name: str, content: bytes):
    return client.post(reverse("wagtailadmin_account"), {"avatar-avatar": upload(name, content)})


def by_import(folder: Path, name: str, content: bytes) -> str:
    """Import a tool with the picture, and return what is said on standard error."""
    (folder / name).write_bytes(content)
    image = {"path": name, "alt": "Bild", "credit": "ZAQ"}
    said = io.StringIO()
    try:
        path = write_lines(folder / "a.jsonl", tool(image=image))
        call_command("import_practices", str(path), "--publish", stdout=io.StringIO(), stderr=said)
    except CommandError as error:
        said.write(str(error))
    return said.getvalue()


def of_image() -> dict:
    return {name: WORDS[name] for name in ("title", "credit", "licence", "description")}


def stored_files() -> dict[str, bytes]:
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


WAYS: dict[str, Callable] = {
    "form": by_form,
    "many at once": by_many,
    "chooser": by_chooser,
    "replacement": by_replacement,
    "beside a video": by_video,
    "account": by_account,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", TELLING)
def test_nothing_that_is_stored_tells_of_place_time_person_or_device(editor, way, name):
    answer = WAYS[way](editor, name, TELLING[name])
    assert answer.status_code in (200, 302)
    stored = stored_files()
    assert stored or way == "account"
    assert [path for path, content in stored.items() if tells(content)] == []


@pytest.mark.parametrize("name", TELLING)
def test_nothing_an_import_stores_and_no_rendition_tells_anything(editor, site, tmp_path, client, name):
    assert by_import(tmp_path, name, TELLING[name]) == ""
    page = client.get(f"{ToolFactory._meta.model.objects.get().url}")
    assert page.status_code == 200
    stored = stored_files()
    assert len(stored) > 1
    assert [path for path, content in stored.items() if tells(content)] == []


def test_the_secrets_are_found_where_they_are():
    assert [name for name, content in TELLING.items() if not tells(content)] == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_good_is_refused_in_the_form_with_advice_and_keeps_what_was_typed(editor, name):
    for way in (by_form, by_many, by_chooser):
        answer = way(editor, name, HOSTILE[name])
        assert answer.status_code == 200
        shown = json.dumps(answer.json(), ensure_ascii=False) if way is not by_form else answer.content.decode()
        assert "Bitte" in shown
        assert way is by_many or "Tafel vom Markt" in shown
    assert stored_files() == {}


def test_of_many_pictures_one_that_is_refused_by_now_is_said_in_its_form(editor):
    by_many(editor, "tafel.png", packed(points(), "PNG"))
    waiting = UploadedFile.objects.get()
    with waiting.file.storage.open(waiting.file.name, "wb") as file:
        file.write(b"MZ\0")
    address = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[waiting.pk])
    data = {f"uploaded-image-{waiting.pk}-{key}": value for key, value in WORDS.items()}
    answer = editor.post(address, data, headers=AJAX).json()
    assert not answer["success"]
    assert "Das ist kein Bild" in answer["form"] and "Tafel vom Markt" in answer["form"]


@pytest.mark.parametrize("name", HOSTILE)
def test_an_import_refuses_it_with_the_line_and_stores_nothing(site, tmp_path, name):
    said = by_import(tmp_path, name, HOSTILE[name])
    assert "Zeile 1, Feld „image.path“: " in said
    assert stored_files() == {}


@pytest.mark.parametrize(
    "name", [name for name in TELLING if name.endswith((".jpg", ".JPEG", ".png", ".webp", ".avif", ".tif"))]
)
def test_what_lies_on_its_side_is_stored_upright(site, name):
    taken = take_in(io.BytesIO(TELLING[name]), name)
    with Image.open(io.BytesIO(taken.content)) as image:
        assert image.size == UPRIGHT
        assert image.convert("RGB").getpixel((60, 5)) > (200, 0, 0)
        assert image.convert("RGB").getpixel((60, 155)) < (50, 50, 256)


@pytest.mark.parametrize("name", TELLING)
def test_what_was_taken_in_comes_out_as_it_is(site, name):
    once = take_in(io.BytesIO(TELLING[name]), name)
    twice = take_in(io.BytesIO(once.content), once.name)
    assert (twice.content, twice.name) == (once.content, once.name)


@pytest.mark.parametrize(
    ("name", "stored_as"),
    [
        ("falsch.png", ".jpg"),
        ("GROSS.JPEG", ".jpg"),
        ("iphone.heic", ".jpg"),
        ("bewegt.gif", ".png"),
        ("scan.tif", ".jpg"),
    ],
)
def test_the_ending_follows_from_what_the_picture_is(editor, name, stored_as):
    by_form(editor, name, TELLING[name])
    image = CreditedImage.objects.get()
    assert image.file.name.endswith(stored_as)
    assert (image.width, image.height) in (UPRIGHT, UPRIGHT[::-1])


MODES = {
    "sixteen bits": (packed(Image.new("I;16", (60, 40), 40_000), "PNG"), "L", 156),
    "sixteen bits, the other way round": (packed(Image.new("I;16B", (60, 40), 40_000), "TIFF"), "L", 156),
    "one bit": (packed(Image.new("1", (60, 40), 1), "TIFF", compression="group4"), "L", 255),
    "palette": (packed(Image.new("RGB", (60, 40), "red").convert("P"), "GIF"), "RGB", (255, 0, 0)),
    "print colours": (packed(Image.new("CMYK", (60, 40), (0, 0, 0, 255)), "JPEG"), "RGB", (0, 0, 0)),
    "grey": (packed(Image.new("L", (60, 40), 99), "JPEG"), "L", 99),
    "see-through": (packed(Image.new("RGBA", (60, 40), (1, 2, 3, 4)), "PNG"), "RGBA", (1, 2, 3, 4)),
    "nothing to see through": (
        packed(Image.new("RGBA", (60, 40), (1, 2, 3, 255)), "PNG", pnginfo=None),
        "RGBA",
        (1, 2, 3, 255),
    ),
}


@pytest.mark.parametrize("what", MODES)
def test_eight_bits_of_srgb_or_grey_are_stored(site, what):
    content, mode, colour = MODES[what]
    with Image.open(io.BytesIO(take_in(io.BytesIO(content), "bild.png").content)) as image:
        assert image.mode == mode
        assert image.getpixel((9, 9)) == colour


def test_colours_of_a_profile_become_srgb(site):
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert take_in(
        io.BytesIO(packed(points(), "PNG", icc_profile=swapped)), "a.png"
    ).content  # one of no use is passed over
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    taken = take_in(io.BytesIO(packed(points(), "JPEG", icc_profile=profile, quality=95)), "a.jpg")
    with Image.open(io.BytesIO(taken.content)) as image:
        assert "icc_profile" not in image.info
        assert image.getpixel((9, 9)) > (250, 0, 0)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_large_pictures_are_stored_as_large_as_pages_can_show(site, kind):
    taken = take_in(io.BytesIO(packed(points((9000, 600)), kind)), "gross.bild")
    with Image.open(io.BytesIO(taken.content)) as image:
        assert image.width <= LONGEST_SIDE
        assert image.width == pytest.approx(15 * image.height, rel=0.02)


def peak_of(content: bytes, folder: Path) -> int:
    """Return how many MB the process that reads `content` takes at most; the one that measures is small, for it inherits that."""
    (folder / "bild").write_bytes(content)
    measure = """
import resource, subprocess, sys
command = [sys.executable, "-m", "practices.media.reading", "picture"]
subprocess.run(command, stdin=open(sys.argv[1], "rb"), stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", measure, str(folder / "bild")],
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return int(said.stdout)


@pytest.mark.parametrize(
    "content",
    [
        lambda: packed(Image.new("RGBA", (9400, 9400), (1, 2, 3, 4)), "PNG", compress_level=1),
        lambda: packed(Image.new("I;16", (9400, 9400), 3), "PNG", compress_level=1),
        lambda: packed(Image.new("CMYK", (9400, 9400), (1, 2, 3, 4)), "TIFF", compression="tiff_lzw"),
        lambda: packed(Image.new("RGB", (9400, 9400)), "JPEG", progressive=True, subsampling=0),
        lambda: drawing("<g>" * 100_000 + "</g>" * 100_000),
        lambda: drawing("<g>" * 99 + "<a/>" * 40_000 + "</g>" * 99),
    ],
)
def test_no_picture_takes_more_memory_than_there_is(content, tmp_path):
    assert peak_of(content(), tmp_path) < 600


def test_the_process_that_reads_has_none_of_the_secrets(site, monkeypatch):
    seen = {}
    popen = subprocess.Popen

    def look(command, **options):
        seen.update(options["env"])
        return popen(command, **options)

    monkeypatch.setenv("SECRET_KEY", "geheim")
    monkeypatch.setattr(subprocess, "Popen", look)
    take_in(io.BytesIO(packed(points(), "PNG")), "a.png")
    assert seen
    assert "geheim" not in str(seen)


def test_a_process_that_dies_or_takes_too_long_refuses_the_picture(site, monkeypatch):
    for command in (
        [sys.executable, "-c", "import os; os.abort()"],
        [sys.executable, "-c", "import time; time.sleep(60)"],
    ):
        monkeypatch.setattr(intake, "_COMMAND", command)
        monkeypatch.setattr(intake, "_PATIENCE", 0.02)
        with pytest.raises(Refused, match="Bitte"):
            take_in(io.BytesIO(packed(points(), "PNG")), "a.png")


def test_a_file_too_large_is_not_read(site, settings):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 1024 * 1024
    with pytest.raises(Refused, match="höchstens 1 MB"):
        take_in(io.BytesIO(b"\0" * (1024 * 1024 + 1)), "a.png")


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("wagtailimages:add", []),
        ("wagtailimages:add_multiple", []),
        ("wagtailimages_chooser:choose", []),
        ("wagtailmedia:add", ["video"]),
        ("wagtailadmin_account", []),
    ],
)
def test_the_forms_say_what_they_take(editor, address, arguments):
    answer = editor.get(reverse(address, args=arguments))
    shown = answer.json()["html"] if "chooser" in address else answer.content.decode()
    assert ("HEIC" in shown) is (address != "wagtailadmin_account")
    assert "avatar-avatar" not in shown


def in_exif(text: bytes) -> bytes:
    exif = Image.Exif()
    exif[Base.Artist] = text
    return packed(points(), "JPEG", exif=exif)


def in_png(text: bytes) -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add(b"tEXt", b"Author\0" + text)
    return packed(points(), "PNG", pnginfo=notes)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize("noted", [in_exif, in_png])
def test_umlauts_in_it_are_read_whoever_wrote_them(noted, encoding):
    content = noted("Jürgen Möß ©".encode(encoding))
    assert take_in(io.BytesIO(content), "a").credit == "Jürgen Möß ©"


@pytest.mark.parametrize("credit", ["", "Foto: Ada"])
def test_that_the_file_has_to_be_chosen_again_is_said(editor, credit):
    sent = WORDS | {"title": "", "credit": credit, "file": upload("a.png", packed(points(), "PNG"))}
    assert "Bitte wählen Sie die Datei noch einmal" in editor.post(reverse("wagtailimages:add"), sent).content.decode()
    del sent["file"]
    assert (
        "Bitte wählen Sie die Datei noch einmal" not in editor.post(reverse("wagtailimages:add"), sent).content.decode()
    )


@pytest.mark.parametrize("address", ["wagtailimages:add", "wagtailimages_chooser:choose"])
def test_browsers_let_a_form_go_whose_file_says_what_is_missing(editor, address):
    answer = editor.get(reverse(address))
    shown = answer.json()["html"] if "chooser" in address else answer.content.decode()
    [credit] = re.findall(r"<input[^>]*-?credit[^>]*>", shown)
    assert "required" not in credit


def test_whose_it_is_by_its_own_account_is_proposed(editor):
    answer = editor.post(
        reverse("wagtailimages:add"), WORDS | {"credit": "", "file": upload("a.jpg", TELLING["telefon.jpg"])}
    ).content.decode()
    assert 'value="Ada GEHEIM, CC BY 4.0"' in answer
    assert "Das steht in der Datei." in answer
    many = by_many(editor, "presse.jpg", TELLING["presse.jpg"]).json()["form"]
    assert 'value="Ada GEHEIM, GEHEIM e. V."' in many


def test_a_file_is_known_again_although_another_one_is_stored(editor):
    by_form(editor, "telefon.jpg", TELLING["telefon.jpg"])
    again = by_form(editor, "anders.jpg", TELLING["telefon.jpg"]).content.decode()
    assert "Diese Datei gibt es schon: „Tafel vom Markt“." in again


def test_an_import_knows_its_pictures_again(site, tmp_path):
    by_import(tmp_path, "telefon.jpg", TELLING["telefon.jpg"])
    out = io.StringIO()
    call_command("import_practices", str(tmp_path / "a.jsonl"), "--publish", stdout=out)
    assert "1 unverändert" in out.getvalue()
    assert CreditedImage.objects.count() == 1


def test_a_page_is_shown_although_its_picture_is_damaged(site, organisation, client):
    image = CreditedImage.objects.create(file=ContentFile(packed(points(), "PNG"), "a.png"), **of_image())
    Path(image.file.path).write_bytes(b"\x89PNG\r\n\x1a\n kaputt")
    page = ToolFactory(parent=organisation, image=image)
    assert client.get(page.url).status_code == 200
