"""Files are as visible as the pages that show them."""

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from wagtail.models import PageViewRestriction

from practices.models import CreditedImage, CreditedMedia, RecordingPage
from tests.practices.rich_practices import FILM, make_document, make_image, make_practices

WHOLE = FILM.read_bytes()
SIZE = len(WHOLE)


@pytest.fixture
def recording(site):
    return RecordingPage.objects.get(pk=make_practices(site)["mitschnitt"].pk)


@pytest.fixture
def video(recording) -> str:
    return recording.video.url


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_a_video_of_a_public_recording_is_served_whole(client, video):
    response = client.get(video)
    assert (response.status_code, response.headers["Accept-Ranges"], body(response)) == (200, "bytes", WHOLE)


@pytest.mark.parametrize(
    ("asked", "status", "content", "content_range"),
    [
        ("bytes=2-4", 206, WHOLE[2:5], f"bytes 2-4/{SIZE}"),
        (f"bytes={SIZE - 3}-", 206, WHOLE[-3:], f"bytes {SIZE - 3}-{SIZE - 1}/{SIZE}"),
        ("bytes=-3", 206, WHOLE[-3:], f"bytes {SIZE - 3}-{SIZE - 1}/{SIZE}"),
        ("bytes=5-9999", 206, WHOLE[5:], f"bytes 5-{SIZE - 1}/{SIZE}"),
        ("bytes=9999-", 416, b"", f"bytes */{SIZE}"),
        ("bytes=4-2", 416, b"", f"bytes */{SIZE}"),
        ("bytes=0-" + "9" * 4400, 200, WHOLE, None),
        ("bytes=" + "9" * 4400 + "-", 200, WHOLE, None),
        ("bytes=-", 200, WHOLE, None),
        ("elephants=1-2", 200, WHOLE, None),
    ],
)
def test_ranges_follow_rfc_9110(client, video, asked, status, content, content_range):
    response = client.get(video, headers={"range": asked})
    received = body(response) if response.streaming else response.content
    assert (response.status_code, received, response.headers.get("Content-Range")) == (status, content, content_range)


def test_a_video_of_a_restricted_recording_is_hidden(client, recording, video):
    PageViewRestriction.objects.create(page=recording, restriction_type=PageViewRestriction.LOGIN)
    assert client.get(video).status_code == 404


def test_who_may_read_the_page_may_see_its_video(client, recording, video):
    PageViewRestriction.objects.create(page=recording, restriction_type=PageViewRestriction.LOGIN)
    client.force_login(User.objects.create_user("angemeldet"))
    response = client.get(video)
    assert (body(response), response.headers["Cache-Control"]) == (WHOLE, "private, no-store")


def test_a_video_no_page_shows_is_hidden(client, site):
    media = CreditedMedia.objects.create(
        title="Übrig", type="video", credit="Testquelle", duration=1, file=ContentFile(WHOLE, name="uebrig.webm")
    )
    assert client.get(media.url).status_code == 404


def test_the_original_of_an_image_is_never_served(client, recording):
    assert client.get(CreditedImage.objects.first().file.url).status_code == 404


def test_a_rendition_of_a_shown_image_is_served(client, recording):
    response = client.get(recording.image.get_rendition("width-100").url)
    assert response.headers["Content-Type"] == "image/png"
    assert body(response).startswith(b"\x89PNG")


def test_a_rendition_no_page_shows_is_for_editors_only(client, site):
    address = make_image().get_rendition("width-100").url
    assert client.get(address).status_code == 404
    client.force_login(User.objects.create_superuser("chef"))
    assert body(client.get(address)).startswith(b"\x89PNG")


def test_a_document_of_a_public_page_is_served(client, recording):
    assert b"WEBVTT" in body(client.get(recording.captions.url))


def test_a_document_no_page_shows_is_for_editors_only(client, site):
    address = make_document("Vertraulich", "vertraulich.pdf").url
    assert client.get(address).status_code == 404
    client.force_login(User.objects.create_superuser("chef"))
    assert body(client.get(address)).startswith(b"%PDF")


def test_the_documents_of_an_unpublished_page_are_hidden(client, recording):
    address = recording.captions.url
    recording.unpublish()
    assert client.get(address).status_code == 404


def test_documents_are_not_served_as_files(client, site):
    document = make_document("Vertraulich", "vertraulich.pdf")
    assert client.get(document.file.url).status_code == 404


@pytest.mark.parametrize(
    "name", ["../manage.py", "%2e%2e/transferhub.sqlite3", "images/../../secret_key", "nichts.png", "nichts%00.png"]
)
def test_nothing_else_can_be_reached(client, site, name):
    assert client.get(f"/medien/{name}").status_code == 404
