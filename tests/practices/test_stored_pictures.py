"""What was stored before the intake left something out is brought through it, once, and nothing is lost."""

import io
from hashlib import sha1
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.management import call_command
from PIL import Image
from wagtail.models import UploadedFile
from wagtail.users.models import UserProfile

from practices.media import stored
from practices.models import CreditedImage, CreditedMedia
from tests.factories import ToolFactory
from tests.practices.pictures import UPRIGHT, packed, points, telling_pictures, tells
from tests.practices.recordings import mp4
from tests.practices.test_picture_intake import stored_files
from transferhub.management.commands.work import make_jobs

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("site")]

TELLING = telling_pictures()["telefon.jpg"]


def stored_before(content: bytes = TELLING, title: str = "Foto") -> CreditedImage:
    """Return an image whose file lies there as it came in, as all did before there was an intake."""
    image = CreditedImage.objects.create(
        title=title, credit="ZAQ", description="Foto", file=ContentFile(packed(points(), "PNG"), "foto.jpg")
    )
    Path(image.file.path).write_bytes(content)
    digest = sha1(content, usedforsecurity=False).hexdigest()
    CreditedImage.objects.filter(pk=image.pk).update(intake=0, source_hash="", file_hash=digest, width=160, height=120)
    return CreditedImage.objects.get(pk=image.pk)


def check_media() -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("check_media", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_secrets_of_stored_photos_are_gone_from_files_and_renditions(
    django_capture_on_commit_callbacks, organisation, client
):
    page = ToolFactory(parent=organisation, image=stored_before())
    client.get(page.url)
    assert sum(map(tells, stored_files().values())) > 1  # the photo, and what was made of it for readers
    with django_capture_on_commit_callbacks(execute=True):
        out, err = check_media()
    assert (out, err) == ("1 geprüft, 1 bereinigt, 0 zu ersetzen.\n", "")
    shown = client.get(page.url).content.decode()
    assert "not-found" not in shown
    stored = stored_files()
    assert not any(map(tells, stored.values()))
    image = CreditedImage.objects.get()
    assert (image.width, image.height) == UPRIGHT
    originals = [name for name in stored if name.startswith("original_images")]
    assert originals == [image.file.name]


def test_what_has_passed_is_not_looked_at_again(django_capture_on_commit_callbacks):
    stored_before()
    with django_capture_on_commit_callbacks(execute=True):
        check_media()
    before = stored_files()
    assert check_media()[0] == "0 geprüft, 0 bereinigt, 0 zu ersetzen.\n"
    assert stored_files() == before


def test_what_is_clean_already_stays_as_it_is():
    image = stored_before(packed(points(), "JPEG", quality=90))
    assert check_media()[0] == "1 geprüft, 0 bereinigt, 0 zu ersetzen.\n"
    assert CreditedImage.objects.get().file.name == image.file.name


def test_the_file_it_came_from_is_still_known(django_capture_on_commit_callbacks):
    image = stored_before()
    with django_capture_on_commit_callbacks(execute=True):
        check_media()
    again = CreditedImage.objects.get()
    assert again.source_hash == image.file_hash != again.file_hash


def test_what_can_not_be_taken_in_is_named_kept_and_not_shown(organisation, client):
    image = stored_before()
    page = ToolFactory(parent=organisation, image=image)
    client.get(page.url)
    Path(image.file.path).write_bytes(TELLING[: len(TELLING) // 2])
    out, err = check_media()
    assert out.startswith("1 geprüft, 0 bereinigt, 1 zu ersetzen.\nBitte ersetzen Sie")
    assert image.file.name in err
    assert client.get(page.url).status_code == 200
    assert not CreditedImage.objects.get().renditions.exists()
    assert Path(image.file.path).exists()
    assert check_media()[0] == "0 geprüft, 0 bereinigt, 0 zu ersetzen.\n"


def test_a_picture_that_is_replaced_is_shown_again(organisation, client):
    image = stored_before(TELLING[: len(TELLING) // 2])
    check_media()
    image = CreditedImage.objects.get()
    image.file = ContentFile(TELLING, "neu.jpg")
    image.save()
    client.get(ToolFactory(parent=organisation, image=image).url)
    assert image.renditions.exists()


def test_a_file_that_is_missing_is_tried_again():
    image = stored_before()
    Path(image.file.path).unlink()
    assert "1 zu ersetzen" in check_media()[0]
    assert "1 zu ersetzen" in check_media()[0]


def test_whoever_replaces_the_file_meanwhile_wins(monkeypatch):
    image = stored_before()
    take_in = stored.take_in

    def take_in_while_somebody_replaces_it(*arguments):
        current = CreditedImage.objects.get(pk=image.pk)
        current.file = ContentFile(packed(points((30, 30)), "PNG"), "neu.png")
        current.save()
        return take_in(*arguments)

    monkeypatch.setattr(stored, "take_in", take_in_while_somebody_replaces_it)
    check_media()
    with Image.open(CreditedImage.objects.get().file.path) as shown:
        assert shown.size == (30, 30)


def test_pictures_beside_videos_and_accounts_and_forgotten_uploads_are_brought_through_too():
    video = CreditedMedia.objects.create(title="Film", type="video", file=ContentFile(mp4(), name="film.mp4"))
    profile = UserProfile.get_for_user(User.objects.create_user("ada"))
    profile.avatar.save("ada.jpg", ContentFile(TELLING))
    UploadedFile.objects.create(
        for_content_type=ContentType.objects.get_for_model(CreditedImage), file=ContentFile(TELLING, "halb.jpg")
    )
    video.thumbnail.save("bild.jpg", ContentFile(packed(points(), "PNG")))
    Path(video.thumbnail.path).write_bytes(TELLING)
    assert check_media()[0] == "3 geprüft, 3 bereinigt, 0 zu ersetzen.\n"
    assert not any(map(tells, stored_files().values()))
    assert "3 geprüft, 0 bereinigt" in check_media()[0]


def test_the_worker_does_it_step_by_step():
    for number in range(3):
        stored_before(title=str(number))
    job = next(job for job in make_jobs(stays=False) if job.name == "checking images")
    job.run()
    assert CreditedImage.objects.filter(intake=0).count() == 2
    job.finish()
    assert not CreditedImage.objects.filter(intake=0).exists()
