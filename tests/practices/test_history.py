"""Every publication and removal of a practice is in its history, and nothing else is; editors say why."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from practices.history import EXPIRED
from practices.models import PracticeChange, PracticePage
from tests.factories import OrganisationFactory, ProjectFactory, ToolFactory

NEW, UPDATED, REMOVED = PracticeChange.Kind


@pytest.fixture
def practice(organisation):
    """A practice that is online, with a history that begins now."""
    page = ToolFactory(parent=organisation, title="Tafelplaner")
    PracticeChange.objects.all().delete()
    return page


@pytest.fixture
def editor(client, site):
    client.force_login(User.objects.create_superuser("verwaltung"))
    return client


def history(*fields: str) -> list:
    return list(PracticeChange.objects.order_by("pk").values_list(*fields or ("kind", "note", "notify")))


def publish(page, note: str = "", notify: bool = True):
    page.change_note, page.notify_followers = note, notify
    page.save_revision().publish()


def test_a_new_practice_is_new(organisation):
    draft = ToolFactory(parent=organisation, live=False)
    assert history() == []
    publish(draft)
    assert history() == [(NEW, "", True)]


def test_changes_are_major_or_minor_as_the_editor_says(practice):
    publish(practice, "Preis ergänzt")
    publish(practice, "Tippfehler", notify=False)
    assert history() == [(UPDATED, "Preis ergänzt", True), (UPDATED, "Tippfehler", False)]


def test_a_draft_of_a_change_is_no_change(practice):
    practice.save_revision()
    assert history() == []


def test_what_was_taken_off_and_comes_back_is_new_again(practice):
    practice.unpublish()
    publish(practice)
    assert history("kind") == [(REMOVED,), (NEW,)]


def test_a_scheduled_revision_is_published_once(practice):
    publish(practice)
    practice.change_note, practice.go_live_at = "Preis ergänzt", timezone.now() + timedelta(hours=1)
    revision = practice.save_revision(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    revision.content["go_live_at"] = None
    revision.save()
    for _time in range(2):
        call_command("publish_scheduled", verbosity=0)
    assert history("kind", "note") == [(UPDATED, ""), (UPDATED, "Preis ergänzt")]


def test_two_runs_that_publish_one_revision_at_once_make_one_change(practice):
    revision = practice.save_revision()
    revision.publish()
    # The other run has read the page before this one wrote it.
    Page.objects.filter(pk=practice.pk).update(live=False, live_revision=None)
    revision.publish()
    assert history("kind", "revision_id") == [(UPDATED, revision.pk)]


def test_the_end_of_a_schedule_is_a_removal_with_its_reason(practice):
    practice.expire_at = timezone.now() - timedelta(minutes=1)
    practice.save(update_fields=["expire_at"])
    call_command("publish_scheduled", verbosity=0)
    assert history("kind", "note") == [(REMOVED, EXPIRED)]


def test_unpublishing_and_deleting_later_is_one_removal(practice):
    practice.unpublish()
    practice.delete()
    assert history("kind", "title") == [(REMOVED, "Tafelplaner")]


@pytest.mark.parametrize("model", [Page, PracticePage])
def test_deleting_is_a_removal_through_whichever_class(practice, model):
    model.objects.get(pk=practice.pk).delete()
    assert history("kind", "page_id", "title") == [(REMOVED, practice.pk, "Tafelplaner")]


def test_deleting_an_organisation_removes_its_practices(practice):
    other = ProjectFactory(parent=practice.get_parent())
    PracticeChange.objects.all().delete()
    practice.get_parent().delete()
    assert sorted(history("kind", "page_id")) == [(REMOVED, practice.pk), (REMOVED, other.pk)]


def test_a_draft_that_is_deleted_leaves_nothing(organisation):
    ToolFactory(parent=organisation, live=False).delete()
    assert history() == []


def test_unpublishing_through_the_base_class_is_a_removal(practice):
    Page.objects.get(pk=practice.pk).unpublish()
    assert history("kind") == [(REMOVED,)]


def test_what_is_rolled_back_was_never_published(practice):
    with transaction.atomic():
        publish(practice)
        practice.delete()
        transaction.set_rollback(True)
    assert history() == []


@pytest.mark.one_database
def test_killed_at_any_write_page_and_history_agree(installation):
    """A publication or removal is in the history exactly when readers see it."""
    command = [sys.executable, "-m", "tests.practices.dying"]
    result = subprocess.run(command, cwd=settings.BASE_DIR, env=installation, stdout=subprocess.PIPE, check=True)
    report = json.loads(result.stdout.splitlines()[-1])
    assert report["torn"] == []
    assert min(report["cut_off"].values()) > 5


def test_the_reason_of_an_unpublished_practice_is_told(editor, practice):
    address = reverse("wagtailadmin_pages:unpublish", args=[practice.pk])
    assert "Grund (steht in der Nachricht an Abonnierende)" in editor.get(address).content.decode()
    editor.post(address, {"grund": "Das Angebot\nwurde  eingestellt."})
    assert history("kind", "note") == [(REMOVED, "Das Angebot wurde eingestellt.")]


def test_the_reason_of_a_deleted_practice_is_told(editor, practice):
    address = reverse("wagtailadmin_pages:delete", args=[practice.pk])
    assert "Grund (steht in der Nachricht an Abonnierende)" in editor.get(address).content.decode()
    editor.post(address, {"grund": "Das Angebot wurde eingestellt."})
    assert history("kind", "note") == [(REMOVED, "Das Angebot wurde eingestellt.")]


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_practices_of_a_removed_organisation_share_its_reason(editor, practice, action):
    address = reverse(f"wagtailadmin_pages:{action}", args=[practice.get_parent().pk])
    editor.post(address, {"grund": "Der Träger hat geschlossen.", "include_descendants": "on"})
    assert history("kind", "note") == [(REMOVED, "Der Träger hat geschlossen.")]


def many(action: str, *pages) -> str:
    start = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    return f"{start}?{'&'.join(f'id={page.pk}' for page in pages)}"


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_many_that_are_removed_at_once_share_a_reason(editor, practice, action):
    other, kept = (ToolFactory(parent=practice.get_parent()) for _ in range(2))
    PracticeChange.objects.all().delete()
    page = editor.get(many(action, practice, other)).content.decode()
    assert page.count("Grund (steht in der Nachricht an Abonnierende)") == 1
    editor.post(many(action, practice, other), {"grund": "Das Programm endete."})
    assert history("kind", "note") == [(REMOVED, "Das Programm endete.")] * 2
    assert PracticePage.objects.get(pk=kept.pk).removal_reason == ""


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_practices_below_many_share_the_reason(editor, practice, action):
    editor.post(many(action, practice.get_parent()), {"grund": "Aufgelöst.", "include_descendants": "on"})
    assert history("kind", "note") == [(REMOVED, "Aufgelöst.")]


def test_where_no_follower_hears_of_it_no_reason_is_asked_for(editor, practice):
    practice.unpublish()
    assert 'name="grund"' not in editor.get(many("delete", practice)).content.decode()


def test_a_practice_elsewhere_keeps_out_of_it(editor, practice, site):
    other = OrganisationFactory(parent=site)
    editor.post(reverse("wagtailadmin_pages:delete", args=[other.pk]), {"grund": "Der Träger hat geschlossen."})
    assert PracticePage.objects.get(pk=practice.pk).removal_reason == ""


def test_a_deletion_that_was_not_confirmed_leaves_no_reason_behind(editor, practice, settings):
    settings.WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 1
    address = reverse("wagtailadmin_pages:delete", args=[practice.pk])
    page = editor.post(address, {"grund": "Eingestellt.", "confirm_site_name": "Falsch"}).content.decode()
    assert "Eingestellt." in page, "what was typed is still there"
    assert 'name="confirm_site_name"' in page
    assert PracticePage.objects.get(pk=practice.pk).removal_reason == ""


def test_a_reason_that_no_form_would_send_is_cut(editor, practice):
    editor.post(reverse("wagtailadmin_pages:unpublish", args=[practice.pk]), {"grund": "\0" + "x" * 600})
    assert history("note") == [("x" * 500,)]


def test_a_reason_belongs_to_one_removal(editor, practice):
    editor.post(reverse("wagtailadmin_pages:unpublish", args=[practice.pk]), {"grund": "Wird überarbeitet."})
    publish(PracticePage.objects.get(pk=practice.pk).specific)
    PracticePage.objects.get(pk=practice.pk).specific.unpublish()
    assert history("kind", "note")[-1] == (REMOVED, "")


def test_after_a_publication_the_next_change_starts_blank_and_quiet(editor, practice):
    publish(practice, "Preis ergänzt")
    page = editor.get(reverse("wagtailadmin_pages:edit", args=[practice.pk]))
    form = page.context["form"]
    assert (form["change_note"].value(), form["notify_followers"].value()) == ("", False)


def test_an_unfinished_change_keeps_its_note(editor, practice):
    publish(practice)
    practice.change_note, practice.notify_followers = "Noch nicht fertig", True
    practice.save_revision()
    form = editor.get(reverse("wagtailadmin_pages:edit", args=[practice.pk])).context["form"]
    assert (form["change_note"].value(), form["notify_followers"].value()) == ("Noch nicht fertig", True)


def told(client, page) -> list[str]:
    shown = client.get(page.url).content.decode()
    start = shown.find('id="verlauf"')
    part = shown[start : shown.index("</section>", start)] if start > 0 else ""
    return re.findall(r"</time>: (.*?)</li>", part)


def test_readers_see_what_changed_and_when_the_newest_first(client, organisation):
    page = ToolFactory(parent=organisation)
    for note in ("Preise ergänzt", "", "Ergebnisse <b>neu</b>"):
        page.change_note = note
        page.save_revision().publish()
    assert told(client, page) == ["Ergebnisse &lt;b&gt;neu&lt;/b&gt;", "Preise ergänzt", "veröffentlicht"]


def test_the_day_of_a_change_is_that_of_its_readers(client, practice):
    PracticeChange.objects.create(kind=UPDATED, page_id=practice.pk, title="x", note="Spät am Abend")
    PracticeChange.objects.update(at=datetime(2026, 1, 31, 23, 30, tzinfo=UTC))
    assert "1. Februar 2026</time>: Spät am Abend" in client.get(practice.url).content.decode()


def test_without_a_history_nothing_is_shown(client, practice):
    assert told(client, practice) == []
