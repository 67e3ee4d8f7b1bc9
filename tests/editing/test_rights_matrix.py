"""Who may do what, and where: every role tries every action through the views, and the database says whether it worked.

The tables are the promise. Each letter is a role that may: C contributes to an organisation ("own"; to others it is a
stranger), R reviews, E edits and publishes, A administrates, S runs the platform. Nobody else may do any of it, least of all
somebody who is not signed in.
"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse
from django.utils import timezone
from wagtail.models import Site, Task, Workflow

from editing.models import Import, Invitation
from feeds.models import DigestRun
from practices.models import Cluster, FundingProgramme
from tests.editing.account_rights import ACCOUNTS
from tests.editing.media_rights import MEDIA
from tests.editing.page_rights import (
    FOREIGN,
    OWN,
    Place,
    add_page,
    answer_review,
    approve,
    cancel_review,
    change_terms_of_many,
    change_what_is_online,
    check_for_nobody,
    check_other_fields,
    confirm_many,
    copy,
    delete,
    delete_draft,
    edit_organisation,
    hand_in,
    history,
    let_read_along,
    license_many,
    lock,
    look_at_list,
    move,
    move_many,
    open_form,
    opens,
    posts,
    publish,
    restrict,
    save_draft,
    shows,
    take_link_back,
    unpublish,
    who_may,
)
from tests.factories import OrganisationFactory, ToolFactory
from tests.feeds.factories import SubscriberFactory
from tests.practices.workbooks import tool_row, write_book

# What a role may do is asked of Wagtail, not of the database.
pytestmark = pytest.mark.one_database


@pytest.fixture
def places(organisation):
    """The organisation to which the contributor belongs, and another one."""
    foreign = OrganisationFactory(parent=organisation.get_parent())
    made = {}
    for name, here, other in ((OWN, organisation, foreign), (FOREIGN, foreign, organisation)):
        draft = ToolFactory(parent=here, live=False)
        draft.save_revision()
        live = ToolFactory(parent=here)
        live.save_revision().publish()
        made[name] = Place(here, draft, live, other)
    return made


# Where it is about a page: who may on pages of the contributor's organisation, and who on those of another.
PAGES = {
    look_at_list: ("CEAS", "EAS"),
    open_form: ("CEAS", "EAS"),
    add_page: ("CEAS", "EAS"),
    save_draft: ("CEAS", "EAS"),
    hand_in: ("CEAS", "EAS"),
    publish: ("EAS", "EAS"),
    change_what_is_online: ("EAS", "EAS"),
    unpublish: ("EAS", "EAS"),
    delete: ("EAS", "EAS"),
    delete_draft: ("CEAS", "EAS"),
    move: ("EAS", "EAS"),
    copy: ("CEAS", "EAS"),
    lock: ("EAS", "EAS"),
    restrict: ("EAS", "EAS"),
    history: ("CEAS", "EAS"),
    edit_organisation: ("CEAS", "EAS"),
    let_read_along: ("CEAS", "EAS"),
    take_link_back: ("CEAS", "EAS"),
    change_terms_of_many: ("EAS", "EAS"),
    move_many: ("EAS", "EAS"),
    license_many: ("EAS", "EAS"),
    confirm_many: ("CEAS", "EAS"),
    answer_review: ("RS", "RS"),
    check_for_nobody: ("RES", "RES"),
    check_other_fields: ("S", "S"),
    cancel_review: ("REAS", "REAS"),
    approve: ("ES", "ES"),
}


@pytest.mark.parametrize("place", [OWN, FOREIGN])
@pytest.mark.parametrize("action", PAGES, ids=lambda action: action.__name__)
def test_pages(places, organisation, action, place):
    expected = PAGES[action][0 if place == OWN else 1]
    assert who_may(action, organisation, places[place]) == expected


def upload_table(client, tmp_path):
    file = write_book(tmp_path / "a.xlsx", Werkzeuge=[tool_row()])
    posts(client, "imports", data={"file": SimpleUploadedFile("a.xlsx", file.read_bytes()), "publish": "nein"})
    return Import.objects.exists()


def take_import_back(client):
    row = Import.objects.create(name="a.xlsx", state=Import.State.DONE, finished_at=timezone.now())
    posts(client, "import_undo", row.pk)
    row.refresh_from_db()
    return row.task == Import.Task.UNDO


def invite_editor(client):
    posts(client, "invitations", data={"email": "neu@example.org", "role": "redaktion"})
    return Invitation.objects.exists()


def invite_reviewer(client):
    posts(client, "invitations", data={"email": "neu@example.org", "role": "pruefung"})
    return Invitation.objects.exists()


def hand_over(client):
    leaver = User.objects.create_user("geht")
    posts(client, "hand_over", data={"leaver": leaver.pk, "successor": ""})
    leaver.refresh_from_db()
    return not leaver.is_active


def reset_factor(client):
    return opens(client, "lost_factor", User.objects.create_user("x").pk)


def cancel_run(client):
    run = DigestRun.objects.create(frequency="daily", slot=timezone.now() - timedelta(hours=1))
    posts(client, "delivery_abbrechen", run.pk)
    run.refresh_from_db()
    return run.cancelled_at is not None


def lift_suspensions(client):
    subscriber = SubscriberFactory(suspended_at=timezone.now())
    posts(client, "delivery_undelivered", data={"was": "sperren-aufheben"})
    subscriber.refresh_from_db()
    return subscriber.suspended_at is None


def edit_settings(client):
    address = reverse("wagtailsettings:edit", args=["home", "sitesettings", Site.objects.get().pk])
    return client.get(address, follow=True).request["PATH_INFO"].startswith(address)


def edit_term(client):
    return opens(client, "wagtailsnippets_practices_cluster:edit", Cluster.objects.first().pk)


def edit_programme(client):
    programme = FundingProgramme.objects.create(name="ESF")
    return opens(client, "wagtailsnippets_practices_fundingprogramme:edit", programme.pk)


def edit_group(client):
    return opens(client, "wagtailusers_groups:edit", Group.objects.first().pk)


def edit_workflow(client):
    return opens(client, "wagtailadmin_workflows:edit", Workflow.objects.first().pk)


def edit_task(client):
    return opens(client, "wagtailadmin_workflows:edit_task", Task.objects.first().pk)


# Where it is about the whole platform.
PLATFORM = {
    "see the start": (shows("wagtailadmin_home"), "CREAS"),
    "take an import back": (take_import_back, "EAS"),
    "invite an editor": (invite_editor, "AS"),
    "invite a reviewer": (invite_reviewer, "EAS"),
    "hand over": (hand_over, "AS"),
    "reset a second factor": (reset_factor, "AS"),
    "cancel a mail run": (cancel_run, "EAS"),
    "change the settings": (edit_settings, "AS"),
    "change a term": (edit_term, "AS"),
    "add a term": (shows("wagtailsnippets_practices_cluster:add"), "AS"),
    "change a programme": (edit_programme, "EAS"),
    "add a synonym": (shows("wagtailsnippets_search_synonymgroup:add"), "EAS"),
    "write a newsletter": (shows("wagtailsnippets_feeds_newsletterintroduction:add"), "EAS"),
    "see searches": (shows("search_report"), "EAS"),
    "see subscriptions": (shows("subscription_report"), "EAS"),
    "see a mail before it goes out": (shows("delivery_preview"), "EAS"),
    "see mail runs": (shows("delivery"), "EAS"),
    "see what did not arrive": (shows("delivery_undelivered"), "EAS"),
    "lift suspensions of addresses": (lift_suspensions, "EAS"),
    "see reviews": (shows("review_report"), "CREAS"),
    "see the coverage": (shows("coverage_report"), "CEAS"),
    "see what is stale": (shows("stale_report"), "CEAS"),
    "see what media lack": (shows("media_report"), "CEAS"),
    "see which links do not work": (shows("link_report"), "CEAS"),
    "change a group": (edit_group, "S"),
    "change a workflow": (edit_workflow, "AS"),
    "change a step of a workflow": (edit_task, "AS"),
    "see redirects": (shows("wagtailredirects:index"), "AS"),
    "see imports": (shows("imports"), "EAS"),
    "see invitations": (shows("invitations"), "CEAS"),
    **ACCOUNTS,
    **MEDIA,
}


@pytest.mark.parametrize("name", PLATFORM)
def test_the_platform(organisation, name):
    action, expected = PLATFORM[name]
    assert who_may(action, organisation) == expected


def test_uploading_a_table(organisation, tmp_path):
    assert who_may(upload_table, organisation, tmp_path) == "EAS"


# Addresses of our own in the admin that need no line of their own in the tables, and why.
COVERED = {
    "delivery_nachsenden": "cancel a mail run: the same view",
    "delivery_alle-senden": "cancel a mail run: the same view",
    "import": "see imports",
    "import_template": "see imports",
    "import_content": "see imports",
    "import_correct": "take an import back: the same mixin",
    "import_cell": "take an import back: the same mixin",
    "import_trial": "take an import back: the same mixin",
    "import_run": "take an import back: the same mixin",
    "invitation_send": "invite a reviewer: the same mixin",
    "invitation_revoke": "invite a reviewer: the same mixin",
}
TRIED = {
    *("imports", "import_undo", "invitations", "hand_over", "lost_factor"),
    *("partner_links", "partner_link_revoke"),
    *("delivery", "delivery_run", "delivery_abbrechen", "delivery_preview", "delivery_undelivered"),
    *("search_report", "subscription_report", "review_report"),
    *("coverage_report", "stale_report", "media_report", "link_report"),
}


def test_no_address_of_ours_is_forgotten(site):
    ours = ("editing.", "feeds.", "search.", "practices.")
    names = {
        pattern.name
        for route, pattern in _patterns(get_resolver())
        if route.startswith("verwaltung/") and pattern.name and pattern.callback.__module__.startswith(ours)
    }
    forgotten = {name for name in names if not name.endswith("_results")} - TRIED - set(COVERED)
    assert forgotten == set()


def _patterns(resolver, prefix: str = ""):
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if not hasattr(pattern, "url_patterns"):
            yield route, pattern
        elif not pattern.namespace:
            yield from _patterns(pattern, route)
