"""The files of a draft: open to the partner who reads it, closed to everybody else, and closed again with the link."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import CollectionViewRestriction

from editing.models import PartnerLink
from practices.models import CreditedDocument, CreditedImage, CreditedRendition
from tests.factories import ToolFactory
from tests.practices.rich_practices import make_document, make_image

pytestmark = pytest.mark.one_database


@pytest.fixture
def page(organisation):
    """A draft with a picture and a document that no published page has."""
    page = ToolFactory(parent=organisation, live=False)
    page.image = make_image()
    page.documents = [("document", {"document": make_document("Leitfaden", "leitfaden.pdf")})]
    page.save_revision()
    return page


@pytest.fixture
def link(page) -> PartnerLink:
    ends = timezone.now() + timedelta(days=30)
    return PartnerLink.objects.create(page=page, partner="Verband West", expires_at=ends)


def files_on(client, link) -> list[str]:
    """Return the addresses of files on the page behind `link`."""
    shown = client.get(reverse("partner_reading", args=[link.token])).content.decode()
    return re.findall(r"(?:/medien/|/documents/|/mitlesen/datei/)[^\s\"]+", shown)


def fetch(client, file: str) -> tuple:
    """Return the response, and its content as bytes; a file is closed once it is read."""
    response = client.get(file)
    return response, b"".join(response)


def test_pictures_and_documents_of_a_draft_are_seen_by_its_partner_alone(client, link):
    files = files_on(client, link)
    assert all(file.startswith("/mitlesen/datei/") for file in files)
    contents = [fetch(client, file)[1] for file in files]
    assert any(content.startswith(b"%PDF") for content in contents), "no document"
    assert any(content.startswith(b"\xff\xd8") for content in contents), "no picture"
    assert client.get(CreditedDocument.objects.get().url).status_code == 404
    assert [client.get(rendition.url).status_code for rendition in CreditedRendition.objects.all()] == [404] * 6


def test_nobody_keeps_them_and_no_browser_runs_them(client, link):
    for file in files_on(client, link):
        headers = fetch(client, file)[0].headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_queries_do_not_grow_with_files(client, page, link):
    def count() -> tuple[int, int]:
        files = files_on(client, link)  # pictures are made when they are looked at for the first time
        with CaptureQueriesContext(connection) as reading:
            files_on(client, link)
        with CaptureQueriesContext(connection) as fetching:
            fetch(client, files[-1])
        return len(reading), len(fetching)

    few = count()
    page.documents = [("document", {"document": make_document(f"{n}", f"{n}.pdf")}) for n in range(12)]
    page.save_revision()
    assert count() == few
    reading, fetching = few
    assert reading <= 20
    assert fetching <= 10


def test_they_are_closed_with_the_link(client, link):
    files = files_on(client, link)
    PartnerLink.objects.update(revoked_at=timezone.now())
    assert {client.get(file).status_code for file in files} == {404}


def test_an_address_opens_what_it_was_signed_for(client, link):
    file = files_on(client, link)[0]
    for wrong in (file[:-1], file.replace("datei/", "datei/x"), "/mitlesen/datei/x", "/mitlesen/datei/x:y:z"):
        assert client.get(wrong).status_code == 404


def test_what_partners_type_opens_nothing(client, page, link):
    foreign = make_document("Vertraulich", "vertraulich.pdf", "GEHEIM")
    own = page.get_latest_revision_as_object().documents[0].value["document"]
    before = len(files_on(client, link))
    typed = {"name": own.url, "text": f"{foreign.url} {own.url} /documents/{foreign.pk}/x /documents/{9**40}/x"}
    way = reverse("partner_reading", args=[link.token])
    wrong = client.post(way, typed | {"name": ""}).content.decode()
    assert "/mitlesen/datei/" not in wrong[wrong.index('id="rueckmeldung"') :]
    assert wrong.count("/mitlesen/datei/") == before
    client.post(way, typed)
    shown = client.get(way).content.decode()
    assert foreign.url in shown, "what was typed is not lost"
    assert shown.count("/mitlesen/datei/") == before


def test_an_address_in_a_text_of_the_page_opens_nothing_foreign(client, page, link):
    foreign = make_document("Vertraulich", "vertraulich.pdf", "GEHEIM")
    page.summary = f"Siehe {foreign.url}"
    page.description = f'<p><a href="{foreign.url}">Anlage</a></p>'
    page.save_revision()
    assert foreign.url in files_on(client, link)
    assert b"GEHEIM" not in [fetch(client, file)[1] for file in files_on(client, link)]


def test_a_file_that_the_newest_text_has_no_more_is_closed(client, page, link):
    files = files_on(client, link)
    page.image, page.documents = None, []
    page.save_revision()
    assert {client.get(file).status_code for file in files} == {404}


def test_a_file_that_is_gone_is_not_found(client, link):
    files = files_on(client, link)
    [document] = CreditedDocument.objects.all()
    document.file.storage.delete(document.file.name)
    statuses = [fetch(client, file)[0].status_code for file in files]
    assert statuses.count(404) == 1
    CreditedDocument.objects.all().delete()
    assert [fetch(client, file)[0].status_code for file in files] == statuses


def test_a_document_in_a_closed_collection_stays_closed(client, link):
    [document] = CreditedDocument.objects.all()
    CollectionViewRestriction.objects.create(collection=document.collection, restriction_type="login")
    assert not any(fetch(client, file)[1].startswith(b"%PDF") for file in files_on(client, link))


def test_originals_of_pictures_are_not_served(client, page, link):
    original = CreditedImage.objects.get().file.url
    page.description = f'<p><a href="{original}">Bild</a></p>'
    page.save_revision()
    assert 404 in {fetch(client, file)[0].status_code for file in files_on(client, link)}
