"""The media library: whose work it is and what it shows is known of every file, drawings are harmless, nothing comes twice."""

import gc
import warnings
from io import BytesIO

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.models import UploadedFile

from editing.rights import allow_admin, allow_media
from practices.media.drawings import draw
from practices.models import CreditedDocument, CreditedImage, CreditedMedia
from tests.factories import ToolFactory
from tests.practices.documents import document_of
from tests.practices.recordings import mp4, upload

pytestmark = pytest.mark.one_database

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="10">'
WORDS = {
    "title": "Tafel",
    "credit": "ZAQ Oberhausen",
    "licence": "CC-BY-4.0",
    "description": "Eine Tafel",
    "collection": 1,
}


@pytest.fixture
def editor(client, site):
    client.force_login(User.objects.create_superuser("amt"))
    return client


def png(colour: str = "red") -> SimpleUploadedFile:
    stream = BytesIO()
    Image.new("RGB", (1200, 8), colour).save(stream, "PNG")
    return SimpleUploadedFile("tafel.png", stream.getvalue())


def svg(content: str, name: str = "skizze.svg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, f"{HEAD}{content}</svg>".encode(), content_type="image/svg+xml")


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("heft.pdf", document_of("heft.pdf", "Heft"))


def video(content: bytes = b"0") -> SimpleUploadedFile:
    return upload(mp4(content))


def add(client, kind: str, file, **words):
    name = {"image": "wagtailimages:add", "document": "wagtaildocs:add", "video": "wagtailmedia:add"}[kind]
    arguments = ["video"] if kind == "video" else []
    return client.post(reverse(name, args=arguments), WORDS | {"file": file} | words)


def content_of(image: CreditedImage) -> bytes:
    with image.file.open() as opened:
        return opened.read()


@pytest.mark.parametrize(
    ("kind", "file", "missing", "advice"),
    [
        ("image", png, "title", "Bitte geben Sie einen Titel ein"),
        ("image", png, "credit", "Bitte nennen Sie, von wem das Werk ist."),
        ("image", png, "licence", "Bitte wählen Sie, was andere mit dem Werk tun dürfen."),
        ("image", png, "description", "Bitte beschreiben Sie, was auf dem Bild zu sehen ist."),
        ("document", pdf, "credit", "Bitte nennen Sie, von wem das Werk ist."),
        ("document", pdf, "licence", "Bitte wählen Sie, was andere mit dem Werk tun dürfen."),
        ("video", video, "licence", "Bitte wählen Sie, was andere mit dem Werk tun"),
    ],
)
def test_a_work_without_its_words_is_not_taken_in(editor, kind, file, missing, advice):
    shown = add(editor, kind, file(), **{missing: ""}).content.decode()
    assert advice in shown
    assert not CreditedImage.objects.exists() and not CreditedDocument.objects.exists()
    assert not CreditedMedia.objects.exists()


def test_works_with_all_their_words_are_taken_in(editor):
    add(editor, "image", png())
    add(editor, "document", pdf())
    add(editor, "video", video())
    assert [model.objects.get().licence for model in (CreditedImage, CreditedDocument, CreditedMedia)] == [
        "CC-BY-4.0"
    ] * 3


def test_what_came_without_a_licence_can_be_put_right(editor):
    add(editor, "image", png())
    image = CreditedImage.objects.get()
    CreditedImage.objects.update(licence="")
    address = reverse("wagtailimages:edit", args=[image.pk])
    assert editor.get(address).status_code == 200
    editor.post(address, WORDS | {"title": "Neu"})
    assert CreditedImage.objects.values_list("title", "licence").get() == ("Neu", "CC-BY-4.0")


@pytest.mark.parametrize(("kind", "file"), [("image", png), ("document", pdf), ("video", video)])
def test_the_same_file_is_noticed_and_named(editor, kind, file):
    add(editor, kind, file(), title="Die erste")
    assert "Diese Datei gibt es schon: „Die erste“." in add(editor, kind, file()).content.decode()
    assert sum(model.objects.count() for model in (CreditedImage, CreditedDocument, CreditedMedia)) == 1


def test_videos_of_one_size_are_two(editor):
    add(editor, "video", video(b"0"))
    CreditedMedia.objects.get().file.storage.delete(CreditedMedia.objects.get().file.name)  # lost, and no obstacle
    add(editor, "video", video(b"1"))
    add(editor, "video", video(b"2"))
    assert CreditedMedia.objects.count() == 3


@pytest.mark.parametrize(("kind", "file"), [("image", png), ("document", pdf)])
def test_many_files_at_once_are_compared_too(editor, kind, file):
    add(editor, kind, file(), title="Die erste")
    address = reverse({"image": "wagtailimages:add_multiple", "document": "wagtaildocs:add_multiple"}[kind])
    answer = editor.post(address, {"files[]": file(), "collection": 1}, headers={"x-requested-with": "XMLHttpRequest"})
    assert "Diese Datei gibt es schon: „Die erste“." in answer.json()["error_message"]


def test_a_twin_one_may_not_see_is_no_obstacle(editor, client):
    add(editor, "document", pdf())
    CreditedDocument.objects.update(collection=CreditedDocument.objects.get().collection.add_child(name="Für andere"))
    group = Group.objects.create(name="Nur für sich")
    allow_admin(group)
    own = CreditedDocument.objects.get().collection.get_parent().add_child(name="Eigene")
    allow_media(group, own, ("add", "choose"))
    user = User.objects.create_user("ada")
    user.groups.add(group)
    client.force_login(user)
    add(client, "document", pdf(), collection=own.pk)
    assert CreditedDocument.objects.count() == 2


def test_editing_the_words_of_a_file_is_not_taking_it_in_again(editor):
    add(editor, "document", pdf())
    document = CreditedDocument.objects.get()
    editor.post(reverse("wagtaildocs:edit", args=[document.pk]), WORDS | {"title": "Neu"})
    assert CreditedDocument.objects.get().title == "Neu"


HOSTILE = [
    "<script>alert(1)</script>",
    '<rect onload="alert(1)"/>',
    '<a href="javascript:alert(1)"><text>x</text></a>',
    '<a xlink:href="https://example.com/"><text>x</text></a>',
    '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script>1</script></body></foreignObject>',
    '<image href="https://example.com/x.png"/>',
    '<use href="https://example.com/x.svg#a"/>',
    "<style>rect{fill:url(https://example.com/b)}</style>",
    '<rect style="fill:url(https://example.com/x)"/>',
    '<set attributeName="href" to="javascript:alert(1)"/>',
    '<image href="data:image/svg+xml;base64,PHN2Zz4="/>',
    '<iframe src="https://example.com"/>',
]
POWERS = ("<script", 'href="javascript', "attributeName", "onload", "example.com", "foreignObject", "iframe", "svg+xml")


@pytest.mark.parametrize("content", HOSTILE)
def test_drawings_are_harmless_once_stored(editor, content):
    add(editor, "image", svg(f'{content}<rect width="5" height="5"/>'))
    stored = content_of(CreditedImage.objects.get()).decode()
    assert "<rect" in stored
    assert not any(power in stored for power in POWERS)


def add_with_many(client, kind: str, file):
    """Upload `file` where many are taken at once, and save the words asked for it then."""
    start = {"image": "wagtailimages:add_multiple", "document": "wagtaildocs:add_multiple"}[kind]
    client.post(reverse(start), {"files[]": file, "collection": 1}, headers={"x-requested-with": "XMLHttpRequest"})
    uploaded = UploadedFile.objects.get()
    app = {"image": "wagtailimages", "document": "wagtaildocs"}[kind]
    with warnings.catch_warnings():
        # Wagtail leaves the file open that it takes the hash of.
        warnings.simplefilter("ignore", ResourceWarning)
        answer = client.post(
            reverse(f"{app}:create_multiple_from_uploaded_{kind}", args=[uploaded.pk]),
            {f"uploaded-{kind}-{uploaded.pk}-{name}": value for name, value in WORDS.items()},
            headers={"x-requested-with": "XMLHttpRequest"},
        )
        gc.collect()
    return answer.json()


def test_drawings_that_come_with_many_files_are_harmless_too(editor):
    add_with_many(editor, "image", svg("<script>alert(1)</script>"))
    assert b"script" not in content_of(CreditedImage.objects.get())


def test_documents_that_come_with_many_files_are_taken_in(editor):
    assert add_with_many(editor, "document", pdf())["success"]
    assert CreditedDocument.objects.values_list("title", "credit").get() == ("Tafel", "ZAQ Oberhausen")


def test_documents_that_come_with_many_files_are_of_a_kind_that_is_taken(editor):
    file = SimpleUploadedFile("programm.exe", b"MZ")
    answer = editor.post(
        reverse("wagtaildocs:add_multiple"),
        {"files[]": file, "collection": 1},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    assert not answer.json()["success"]
    assert not UploadedFile.objects.exists()


@pytest.mark.parametrize("content", HOSTILE)
def test_cleaning_again_changes_nothing(content):
    cleaned = draw(f"{HEAD}{content}</svg>".encode()).content
    assert draw(cleaned).content == cleaned


def test_entities_do_not_read_files():
    hostile = b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>'
    assert b"root" not in draw(hostile).content
    assert b"ENTITY" not in draw(hostile).content


@pytest.mark.parametrize("content", ["", "kein Bild", "<html></html>", "<svg"])
def test_what_is_no_drawing_is_refused_with_advice(editor, content):
    file = SimpleUploadedFile("skizze.svg", content.encode(), content_type="image/svg+xml")
    shown = add(editor, "image", file).content.decode()
    assert "Bitte" in shown or "kein" in shown
    assert not CreditedImage.objects.exists()


def on_a_page(site, client):
    page = ToolFactory(parent=site, image=CreditedImage.objects.get())
    return client.get(page.url).content.decode()


def test_photos_come_in_small_formats_and_two_sizes(editor, organisation, client):
    add(editor, "image", png())
    shown = on_a_page(organisation, client)
    assert [shown.count(f'type="image/{name}"') for name in ("avif", "webp")] == [1, 1]
    assert shown.count("480w") >= 2
    assert 'sizes="(min-width: 62rem) 50rem, 100vw"' in shown


def test_drawings_stay_drawings_and_are_served_without_any_power(editor, organisation, client):
    add(editor, "image", svg('<rect width="5" height="5"/>'))
    shown = on_a_page(organisation, client)
    start = shown.index('src="/medien/') + 5
    address = shown[start : shown.index('"', start)]
    client.logout()
    answer = client.get(address)
    answer.close()
    assert address.endswith(".svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
