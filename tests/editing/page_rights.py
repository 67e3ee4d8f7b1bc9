"""What somebody may want to do with pages, tried through the views: each function says whether it worked.

Roles are letters: C contributes to an organisation, R reviews, E edits and publishes, A administrates, S runs the platform.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Workflow
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from editing.models import PartnerLink, ReviewScope
from editing.organisation_groups import group_of
from editing.roles import ADMINISTRATORS, EDITORS, REVIEWERS
from practices.models import Cluster, FieldOfAction, ToolPage

ROLES = {"C": None, "R": REVIEWERS, "E": EDITORS, "A": ADMINISTRATORS, "S": None}
NOBODY = "-"
OWN, FOREIGN = "own", "foreign"
NEW = "Neuer Titel"


@dataclass
class Place:
    """An organisation with a draft and a page that is online."""

    organisation: Page
    draft: ToolPage
    live: ToolPage
    other: Page


def who_may(do, organisation, *arguments) -> str:
    """Return the letters of those roles for which `do` works, each tried on the same state of things."""
    return "".join(role for role in [*ROLES, NOBODY] if _works(do, role, organisation, arguments))


def _works(do, role: str, organisation, arguments) -> bool:
    client = Client()
    with transaction.atomic():
        if role != NOBODY:
            person = User.objects.create_user(f"Rolle {role}", is_superuser=role == "S")
            group = group_of(organisation) if role == "C" else Group.objects.filter(name=ROLES[role]).first()
            if group:
                person.groups.add(group)
            client.force_login(person)
        works = do(client, *arguments)
        transaction.set_rollback(True)
    return works


def form_of(page=None, title: str = NEW) -> dict:
    empty = {"links": streamfield([]), "documents": streamfield([]), "partners": inline_formset([])}
    words = {"title": title, "slug": page.slug if page else "neu", "summary": "Kurz.", "description": rich_text("")}
    terms = {"clusters": [Cluster.objects.first().pk], "fields_of_action": [FieldOfAction.objects.first().pk]}
    return nested_form_data(empty | words | {"comments": inline_formset([])}) | terms


def shows(name: str, *arguments):
    """Return an action that looks at a page of the admin."""
    return lambda client, *_: opens(client, name, *arguments)


def opens(client, name: str, *arguments) -> bool:
    """Return whether a page of the admin is shown."""
    return client.get(reverse(name, args=arguments)).status_code == 200


def posts(client, name: str, *arguments, data: dict | None = None):
    return client.post(reverse(name, args=arguments), data or {})


def look_at_list(client, place):
    return opens(client, "wagtailadmin_explore", place.organisation.pk)


def open_form(client, place):
    return opens(client, "wagtailadmin_pages:edit", place.draft.pk)


def add_page(client, place):
    posts(client, "wagtailadmin_pages:add", "practices", "toolpage", place.organisation.pk, data=form_of())
    return ToolPage.objects.filter(title=NEW).exists()


def _edit(client, page, **more):
    posts(client, "wagtailadmin_pages:edit", page.pk, data=form_of(page) | more)
    return ToolPage.objects.get(pk=page.pk)


def save_draft(client, place):
    return _edit(client, place.draft).get_latest_revision_as_object().title == NEW


def hand_in(client, place):
    return _edit(client, place.draft, **{"action-submit": "x"}).workflow_in_progress


def publish(client, place):
    return _edit(client, place.draft, **{"action-publish": "x"}).live


def change_what_is_online(client, place):
    return _edit(client, place.live, **{"action-publish": "x"}).title == NEW


def unpublish(client, place):
    posts(client, "wagtailadmin_pages:unpublish", place.live.pk)
    return not ToolPage.objects.get(pk=place.live.pk).live


def delete(client, place):
    posts(client, "wagtailadmin_pages:delete", place.live.pk)
    return not ToolPage.objects.filter(pk=place.live.pk).exists()


def delete_draft(client, place):
    posts(client, "wagtailadmin_pages:delete", place.draft.pk)
    return not ToolPage.objects.filter(pk=place.draft.pk).exists()


def move(client, place):
    posts(client, "wagtailadmin_pages:move_confirm", place.live.pk, place.other.pk)
    return ToolPage.objects.get(pk=place.live.pk).is_child_of(place.other)


def copy(client, place):
    data = {"new_title": NEW, "new_slug": "kopie", "new_parent_page": place.organisation.pk}
    posts(client, "wagtailadmin_pages:copy", place.draft.pk, data=data)
    return ToolPage.objects.filter(slug="kopie").exists()


def lock(client, place):
    posts(client, "wagtailadmin_pages:lock", place.live.pk)
    return ToolPage.objects.get(pk=place.live.pk).locked


def restrict(client, place):
    posts(client, "wagtailadmin_pages:set_privacy", place.live.pk, data={"restriction_type": "login"})
    return PageViewRestriction.objects.filter(page=place.live).exists()


def history(client, place):
    return opens(client, "wagtailadmin_pages:history", place.live.pk)


def edit_organisation(client, place):
    return opens(client, "wagtailadmin_pages:edit", place.organisation.pk)


def let_read_along(client, place):
    data = {"partner": "Verband", "email": "", "days": "30"}
    posts(client, "partner_links", place.draft.pk, data=data)
    return PartnerLink.objects.exists()


def take_link_back(client, place):
    until = timezone.now() + timedelta(days=1)
    link = PartnerLink.objects.create(page=place.draft, partner="Verband", expires_at=until)
    posts(client, "partner_link_revoke", link.pk)
    link.refresh_from_db()
    return link.revoked_at is not None


def _bulk(client, action: str, page, data: dict):
    start = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    client.post(f"{start}?id={page.pk}&next=/verwaltung/", data)
    return ToolPage.objects.get(pk=page.pk)


def change_terms_of_many(client, place):
    term = FieldOfAction.objects.last()
    data = {"term": f"fields_of_action:{term.pk}", "direction": "add"}
    return term in _bulk(client, "practice_terms", place.live, data).fields_of_action.all()


def move_many(client, place):
    return _bulk(client, "move", place.live, {"chooser": place.other.pk}).is_child_of(place.other)


def license_many(client, place):
    return _bulk(client, "practice_licence", place.live, {"licence": "CC-BY-4.0"}).licence == "CC-BY-4.0"


def confirm_many(client, place):
    return _bulk(client, "practice_confirm", place.live, {}).last_confirmed is not None


def _hand_in(page):
    Workflow.objects.get(name="Fachprüfung und Freigabe").start(page, None)
    return page.current_workflow_task_state


def answer_review(client, place):
    """An expert is there, beside the person who tries."""
    User.objects.create_user("prueft").groups.add(Group.objects.get(name=REVIEWERS))
    return check_for_nobody(client, place)


def check_for_nobody(client, place):
    """No expert is there, unless the person who tries is one."""
    state = _hand_in(place.draft)
    posts(client, "wagtailadmin_pages:workflow_action", place.draft.pk, "reject", state.pk, data={"comment": "Kürzen."})
    state.refresh_from_db()
    return state.status == "rejected"


def check_other_fields(client, place):
    """The person who tries, where they are an expert, is one for other fields; another one is asked."""
    ours, foreign = FieldOfAction.objects.all()[:2]
    place.draft.fields_of_action.set([ours])
    place.draft.save()
    for user in User.objects.filter(groups__name=REVIEWERS):
        ReviewScope.objects.create(user=user).fields_of_action.add(foreign)
    return answer_review(client, place)


def approve(client, place):
    _hand_in(place.draft).approve()
    state = place.draft.current_workflow_task_state
    posts(client, "wagtailadmin_pages:workflow_action", place.draft.pk, "approve", state.pk, data={"comment": ""})
    return ToolPage.objects.get(pk=place.draft.pk).live


def cancel_review(client, place):
    _hand_in(place.draft)
    return not _edit(client, place.draft, **{"action-cancel-workflow": "x"}).workflow_in_progress
