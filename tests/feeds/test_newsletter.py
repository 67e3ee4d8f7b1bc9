"""The introduction to the weekly digest: written by editors, reviewed like a page, sent in its week."""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse
from wagtail.models import WorkflowState

from feeds.models import DigestRun, NewsletterIntroduction, Subscription
from feeds.newsletter import introduction_for
from tests.factories import ToolFactory
from tests.practices.rich_practices import make_document

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 23)
ADD = "wagtailsnippets_feeds_newsletterintroduction:add"
EDIT = "wagtailsnippets_feeds_newsletterintroduction:edit"
LIST = "wagtailsnippets_feeds_newsletterintroduction:list"
PARAGRAPH = {
    "key": "a",
    "text": "Guten Tag.",
    "type": "unstyled",
    "depth": 0,
    "inlineStyleRanges": [],
    "entityRanges": [],
}
TEXT = json.dumps({"blocks": [PARAGRAPH], "entityMap": {}})


def weekly(*moment: int) -> DigestRun:
    return DigestRun(frequency=Subscription.Frequency.WEEKLY, slot=datetime(*moment, tzinfo=BERLIN))


def introduce(text: str = "<p>Guten Tag.</p>", **values) -> NewsletterIntroduction:
    return NewsletterIntroduction.objects.create(title="Drei Wege", week=MONDAY, text=text, **values)


def signed_in(client, group: str) -> User:
    user = User.objects.create_user(group)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    ("moment", "is_meant"),
    [
        ((2026, 3, 22, 23, 59), False),
        ((2026, 3, 23, 0, 0), True),
        ((2026, 3, 29, 23, 59), True),  # the clocks went on that day
        ((2026, 3, 30, 0, 0), False),
    ],
)
def test_it_belongs_to_the_runs_of_its_week(db, moment, is_meant):
    introduce()
    assert bool(introduction_for(weekly(*moment))) is is_meant


def test_other_runs_have_none(db):
    introduce()
    daily = DigestRun(frequency=Subscription.Frequency.DAILY, slot=weekly(2026, 3, 24, 7).slot)
    assert introduction_for(daily) is None
    assert introduction_for(None) is None


def test_a_draft_is_never_sent(db):
    introduce(live=False)
    assert introduction_for(weekly(2026, 3, 24, 7)) is None


def test_links_to_pages_are_whole_in_both_forms(organisation, settings):
    page = ToolFactory(parent=organisation)
    introduce(f'<p>Sehen Sie <a linktype="page" id="{page.pk}">das Werkzeug</a>.</p>')
    url = f"{settings.WAGTAILADMIN_BASE_URL}/praxis/{organisation.slug}/{page.slug}/"
    introduction = introduction_for(weekly(2026, 3, 24, 7))
    assert f'<a href="{url}">das Werkzeug</a>' in introduction.text_html
    assert introduction.text_plain == f"Sehen Sie das Werkzeug ({url})."


def test_html_is_cleaned_on_its_way_in(db):
    introduce('<p onclick="x()">Gut<script>alert(1)</script><img src="https://x.example/pixel.gif"></p>')
    assert NewsletterIntroduction.objects.get().text == "<p>Gut</p>"


def test_a_week_begins_on_monday(client, site):
    signed_in(client, "Redaktion")
    page = client.post(reverse(ADD), {"title": "Drei Wege", "week": "2026-03-24", "text": TEXT}).content.decode()
    assert "Das ist kein Montag." in page
    assert "Drei Wege" in page


def test_a_document_in_it_is_open_once_it_is_published(client, site):
    document = make_document("Programm", "programm.pdf")
    introduction = introduce(f'<p><a linktype="document" id="{document.pk}">Programm</a></p>', live=False)
    assert client.get(document.url).status_code == 404
    introduction.save_revision().publish()
    assert b"".join(client.get(document.url)).startswith(b"%PDF")


def test_a_week_has_one_introduction(client, site):
    introduce()
    signed_in(client, "Redaktion")
    page = client.post(reverse(ADD), {"title": "Neu", "week": MONDAY.isoformat(), "text": TEXT}).content.decode()
    assert "Für diese Woche gibt es schon eine Einleitung." in page


def test_who_may_only_write_hands_in_and_editors_approve(client, site):
    rights = ("access_admin", "add_newsletterintroduction", "change_newsletterintroduction")
    writer = User.objects.create_user("schreibt")
    writer.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(writer)
    form = {"title": "Drei Wege", "week": MONDAY.isoformat(), "text": TEXT}
    client.post(reverse(ADD), form | {"action-publish": "1"})
    introduction = NewsletterIntroduction.objects.get()
    assert not introduction.live, "the right to publish belongs to those who approve"
    client.post(reverse(EDIT, args=[introduction.pk]), form | {"action-submit": "1"})
    state = WorkflowState.objects.get()
    assert introduction_for(weekly(2026, 3, 24, 7)) is None
    approver = signed_in(client, "Redaktion")
    state.current_task_state.task.specific.on_action(state.current_task_state, approver, "approve")
    assert introduction_for(weekly(2026, 3, 24, 7)).title == "Drei Wege"


def test_nobody_publishes_beside_the_review_and_nothing_typed_is_lost(client, site):
    editor = signed_in(client, "Redaktion")
    introduction = introduce(live=False)
    introduction.save_revision(user=editor)
    introduction.get_workflow().start(introduction, editor)
    address = reverse(EDIT, args=[introduction.pk])
    assert 'name="action-publish"' not in client.get(address).content.decode()
    form = {"title": "Vier Wege", "week": MONDAY.isoformat(), "text": TEXT, "action-publish": "1"}
    shown = client.post(address, form, follow=True).content.decode()
    introduction.refresh_from_db()
    assert not introduction.live
    assert introduction.get_latest_revision_as_object().title == "Vier Wege"
    assert "Der Text ist in Prüfung." in shown


def test_who_changes_it_with_the_same_click_does_not_approve_it_and_loses_nothing(client, site):
    writer = User.objects.create_user("schreibt")
    introduction = introduce(live=False)
    introduction.save_revision(user=writer)
    introduction.get_workflow().start(introduction, writer)
    signed_in(client, "Redaktion")
    approval = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    form = {"title": "Vier Wege", "week": MONDAY.isoformat(), "text": TEXT} | approval
    client.post(reverse(EDIT, args=[introduction.pk]), form)
    introduction.refresh_from_db()
    assert not introduction.live
    assert introduction.get_latest_revision_as_object().title == "Vier Wege"
    client.post(reverse(EDIT, args=[introduction.pk]), form)
    introduction.refresh_from_db()
    assert not introduction.live
    another = User.objects.create_user("zweite Redaktion")
    another.groups.add(Group.objects.get(name="Redaktion"))
    client.force_login(another)
    client.post(reverse(EDIT, args=[introduction.pk]), form)
    introduction.refresh_from_db()
    assert introduction.live


def test_the_preview_shows_it_as_a_mail(client, site):
    introduction = introduce()
    introduction.save_revision()
    signed_in(client, "Redaktion")
    form = {"title": "Vier Wege", "week": MONDAY.isoformat(), "text": TEXT}
    address = reverse("wagtailsnippets_feeds_newsletterintroduction:preview_on_edit", args=[introduction.pk])
    assert client.post(address, form).json()["is_valid"]
    page = client.get(address).content.decode()
    assert "Vier Wege" in page
    assert "Guten Tag." in page


def test_it_is_closed_to_those_without_the_right(client, site):
    user = User.objects.create_user("gast")
    client.force_login(user)
    assert client.get(reverse(LIST)).status_code in (302, 403)
