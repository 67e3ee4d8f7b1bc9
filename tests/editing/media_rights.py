"""What somebody may want to do with images, documents and videos, tried through the views: each function says whether it worked."""

from collections.abc import Callable

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model

from practices.models import CreditedDocument, CreditedImage, CreditedMedia
from tests.editing.page_rights import NEW, posts
from tests.practices.documents import document_of
from tests.practices.recordings import mp4, upload
from tests.practices.rich_practices import make_document, make_image

WORDS = {"title": NEW, "credit": "ZAQ", "licence": "CC-BY-4.0", "collection": 1}


def edits(app: str, make: Callable[[], Model], **words):
    """Return an action that changes what `make` makes, in the admin of `app`, and the words it needs beside the common ones."""

    def edit(client):
        work = make()
        posts(client, f"{app}:edit", work.pk, data=WORDS | words)
        work.refresh_from_db()
        return work.title == NEW

    return edit


def deletes(app: str, make: Callable[[], Model]):
    """Return an action that deletes what `make` makes, in the admin of `app`."""

    def delete(client):
        work = make()
        posts(client, f"{app}:delete", work.pk)
        return not type(work).objects.filter(pk=work.pk).exists()

    return delete


def add_image(client):
    image = make_image()
    with image.file.open() as opened:
        file = SimpleUploadedFile("neu.png", opened.read() + b" ")
    posts(client, "wagtailimages:add", data=WORDS | {"description": "x", "file": file})
    return CreditedImage.objects.filter(title=NEW).exists()


def add_document(client):
    posts(client, "wagtaildocs:add", data=WORDS | {"file": SimpleUploadedFile("neu.pdf", document_of("neu.pdf"))})
    return CreditedDocument.objects.filter(title=NEW).exists()


def add_video(client):
    file = upload(mp4(b"neu"), "neu.mp4")
    posts(client, "wagtailmedia:add", "video", data=WORDS | {"file": file, "duration": 1})
    return CreditedMedia.objects.filter(title=NEW).exists()


def make_pdf() -> CreditedDocument:
    return make_document("Blatt", "blatt.pdf")


def make_video() -> CreditedMedia:
    return CreditedMedia.objects.create(title="Film", type="video", file=ContentFile(mp4(), name="film.mp4"))


# Whoever adds something may change it; what others added, only who takes care of all of it.
MEDIA = {
    "add an image": (add_image, "CEAS"),
    "change an image of somebody else": (edits("wagtailimages", make_image, description="x"), "EAS"),
    "delete an image of somebody else": (deletes("wagtailimages", make_image), "EAS"),
    "add a document": (add_document, "CEAS"),
    "change a document of somebody else": (edits("wagtaildocs", make_pdf), "EAS"),
    "delete a document of somebody else": (deletes("wagtaildocs", make_pdf), "EAS"),
    "add a video": (add_video, "CEAS"),
    "change a video of somebody else": (edits("wagtailmedia", make_video, duration=1), "EAS"),
    "delete a video of somebody else": (deletes("wagtailmedia", make_video), "EAS"),
}
