"""What somebody may want to do with images, documents and videos, tried through the views: each function says whether it worked."""

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from practices.models import CreditedDocument, CreditedImage, CreditedMedia
from tests.editing.page_rights import NEW, posts
from tests.practices.rich_practices import make_document, make_image

WORDS = {"title": NEW, "credit": "ZAQ", "licence": "CC-BY-4.0", "collection": 1}


def add_image(client):
    image = make_image()
    with image.file.open() as opened:
        file = SimpleUploadedFile("neu.png", opened.read() + b" ")
    posts(client, "wagtailimages:add", data=WORDS | {"description": "x", "file": file})
    return CreditedImage.objects.filter(title=NEW).exists()


def edit_image(client):
    image = make_image()
    posts(client, "wagtailimages:edit", image.pk, data=WORDS | {"description": "x"})
    return CreditedImage.objects.get(pk=image.pk).title == NEW


def delete_image(client):
    image = make_image()
    posts(client, "wagtailimages:delete", image.pk)
    return not CreditedImage.objects.filter(pk=image.pk).exists()


def add_document(client):
    posts(client, "wagtaildocs:add", data=WORDS | {"file": SimpleUploadedFile("neu.pdf", b"%PDF")})
    return CreditedDocument.objects.filter(title=NEW).exists()


def edit_document(client):
    document = make_document("Blatt", "blatt.pdf", "%PDF")
    posts(client, "wagtaildocs:edit", document.pk, data=WORDS)
    return CreditedDocument.objects.get(pk=document.pk).title == NEW


def delete_document(client):
    document = make_document("Blatt", "blatt.pdf", "%PDF")
    posts(client, "wagtaildocs:delete", document.pk)
    return not CreditedDocument.objects.filter(pk=document.pk).exists()


def add_video(client):
    file = SimpleUploadedFile("neu.mp4", b"\0\0\0\x18ftypmp42")
    posts(client, "wagtailmedia:add", "video", data=WORDS | {"file": file, "duration": 1})
    return CreditedMedia.objects.filter(title=NEW).exists()


def _make_video() -> CreditedMedia:
    return CreditedMedia.objects.create(title="Film", type="video", file=ContentFile(b"film", name="film.mp4"))


def edit_video(client):
    video = _make_video()
    posts(client, "wagtailmedia:edit", video.pk, data=WORDS | {"duration": 1})
    return CreditedMedia.objects.get(pk=video.pk).title == NEW


def delete_video(client):
    video = _make_video()
    posts(client, "wagtailmedia:delete", video.pk)
    return not CreditedMedia.objects.filter(pk=video.pk).exists()


# Whoever adds something may change it; what others added, only who takes care of all of it.
MEDIA = {
    "add an image": (add_image, "CEAS"),
    "change an image of somebody else": (edit_image, "EAS"),
    "delete an image of somebody else": (delete_image, "EAS"),
    "add a document": (add_document, "CEAS"),
    "change a document of somebody else": (edit_document, "EAS"),
    "delete a document of somebody else": (delete_document, "EAS"),
    "add a video": (add_video, "CEAS"),
    "change a video of somebody else": (edit_video, "EAS"),
    "delete a video of somebody else": (delete_video, "EAS"),
}
