"""The admin speaks to everybody, in German, and of this platform."""

import json
import re
from datetime import date, datetime

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from tests.factories import ProjectFactory

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.one_database]

PAGES = ("wagtailadmin_home", "wagtailusers_users:index", "wagtailusers_users:add", "wagtailusers_groups:index")
ONE_GENDER = re.compile(r"Benutzer(?!defin|konto)|Nutzer\b|Administrator\b|Moderator|Redakteur\b|Autor\b")
ENGLISH = re.compile(r">\s*(Home|Dashboard|Users|Breadcrumb)\s*<")


@pytest.fixture
def admin_client(client):
    client.force_login(User.objects.create_superuser("amt"))
    return client


@pytest.mark.parametrize("name", PAGES)
def test_people_are_not_named_by_one_gender(admin_client, name):
    shown = admin_client.get(reverse(name)).content.decode()
    assert ONE_GENDER.findall(shown) == []
    assert ENGLISH.findall(shown) == []


def test_windows_are_named_after_the_platform(admin_client):
    shown = admin_client.get(reverse("wagtailadmin_home")).content.decode()
    assert re.findall(r"<title>\s*.*\s*</title>", shown) == ["<title>Übersicht - TransferHub</title>"]


def test_the_menu_leads_nowhere_else(admin_client):
    shown = admin_client.get(reverse("wagtailadmin_home")).content.decode()
    assert re.findall(r'"url": "(https?://[^"]+)', shown) == []


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("wagtailadmin_explore_root", ">Root<|Root$"),
        ("wagtailadmin_account", r">\s*Locale\s*<"),
        ("wagtailsites:index", "Site name|Root page"),
        ("wagtailusers_groups:add", "Can (lock|unlock|publish)"),
    ],
)
def test_what_wagtail_leaves_in_english_is_german(admin_client, name, english):
    shown = admin_client.get(reverse(name)).content.decode()
    assert re.findall(rf".*(?:{english}).*", shown, re.MULTILINE) == []


@pytest.mark.parametrize(("english", "german"), [("Dashboard", "Übersicht"), ("Fair", "Mittel")])
def test_scripts_speak_german(admin_client, english, german):
    texts = admin_client.get(reverse("wagtailadmin_javascript_catalog")).content.decode()
    assert f"{json.dumps(english)}: {json.dumps(german)}" in texts


def test_dates_are_shown_as_people_write_them(admin_client, organisation):
    moment = timezone.make_aware(datetime(2046, 12, 24, 10))
    page = ProjectFactory(parent=organisation, start=date(2024, 2, 1), go_live_at=moment, live=False)
    shown = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert 'value="01.02.2024"' in shown
    assert 'value="24.12.2046 10:00"' in shown
