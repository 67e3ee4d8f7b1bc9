"""Links lead to pages in the web and nowhere else, whichever way their address came in."""

import json

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from home.models import SiteSettings
from practices.models import ToolPage
from practices.web_addresses import WebAddressField, WebAddressFormField, safe_address
from tests.factories import RecordingFactory, ToolFactory

EVIL = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript&colon;alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "ftp://verein.example/",
    "//verein.example/",
    "https:javascript:alert(1)",
    "https:\\\\verein.example",
    "/pfad",
    "https://verein.example/\x7f",
]
EACH = pytest.mark.parametrize("address", EVIL)


@EACH
@pytest.mark.one_database
def test_no_other_address_is_one(address):
    assert safe_address(address) == ""
    with pytest.raises(ValidationError, match="die mit https:// beginnt"):
        WebAddressField().clean(address, None)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "address", ["https://verein.example", "HTTP://verein.example:8080/a?b=c#d", "https://größe.example/ö"]
)
def test_addresses_in_the_web_stay_as_they_are(address):
    assert safe_address(address) == address
    assert WebAddressField().clean(address, None) == address


@pytest.mark.one_database
@given(st.text(), st.sampled_from(["", "https://verein.example/", "https:", "javascript:", "ftp://a.example/"]))
def test_whatever_a_form_takes_is_kept(text, start):
    try:
        taken = WebAddressFormField().clean(start + text)
    except ValidationError:
        return
    assert safe_address(taken) == taken


@pytest.fixture
def evil(site):
    """The addresses of a tool, a recording and the site as another program might have written them."""
    tool = ToolFactory(
        parent=site.get_children().first(), links=[("link", {"label": "Quelle", "url": "https://a.example"})]
    )
    recording = RecordingFactory(parent=tool.get_parent(), video=None, video_url="https://a.example/", captions=None)
    settings = SiteSettings.for_site(site.get_site())
    links = json.dumps([{"type": "link", "value": {"label": "Quelle", "url": "javascript:alert(1)"}}])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE practices_toolpage SET website = 'javascript:alert(2)'")
        cursor.execute("UPDATE practices_recordingpage SET video_url = 'javascript:alert(3)'")
        cursor.execute("UPDATE practices_practicepage SET links = %s", [links])
        cursor.execute("UPDATE home_sitesettings SET sign_language_url = 'java\tscript:alert(4)'")
    return tool, recording, settings


def test_what_another_program_wrote_is_shown_nowhere(client, admin_client, evil):
    tool, recording, _settings = evil
    addresses = [
        tool.get_url(),
        recording.get_url(),
        "/",
        f"/api/v1/praxis/{tool.key}",
        f"/api/v1/praxis/{recording.key}",
    ]
    addresses += ["/suche/feed.atom", "/suche/feed.json", reverse("import_content")]
    for address in addresses:
        answer = (admin_client if address.startswith("/verwaltung/") else client).get(address)
        assert answer.status_code == 200
        assert b"alert(" not in b"".join(answer), address


def test_a_draft_keeps_no_such_address(site):
    tool = ToolFactory(parent=site.get_children().first())
    tool.website = "javascript:alert(1)"
    tool.links = [("link", {"label": "Quelle", "url": "javascript:alert(1)"})]
    assert tool.links[0].value["url"] == ""
    revision = tool.save_revision(clean=False)
    assert "javascript" not in json.dumps(revision.content)
    type(revision).objects.filter(pk=revision.pk).update(content=revision.content | {"website": "javascript:alert(1)"})
    assert tool.get_latest_revision_as_object().website == ""
    with pytest.raises(ValidationError):
        tool.website = "javascript:alert(1)"
        tool.full_clean()
    ToolPage.objects.update(website="javascript:alert(1)")
    assert ToolPage.objects.get(pk=tool.pk).website == ""


@pytest.mark.one_database
def test_every_field_for_an_address_is_one_of_these():
    ours = [
        model
        for app in ("practices", "home", "feeds", "editing", "search")
        for model in apps.get_app_config(app).get_models()
    ]
    fields = [field for model in ours for field in model._meta.get_fields()]
    plain = [field for field in fields if isinstance(field, models.URLField) and not isinstance(field, WebAddressField)]
    assert plain == []
