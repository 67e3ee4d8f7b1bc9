"""The panel "Prüfung" of the editor, and the rule for publishing beside a review."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import WorkflowState
from wagtail.test.utils.form_data import querydict_from_html

from editing.models import PartnerLink, PartnerRemark, ReviewState
from editing.organisation_groups import group_of
from editing.review_criteria import CRITERIA, YES
from editing.roles import EDITORS, REVIEWERS
from home.models import StandardPage
from practices.models import Cluster, FieldOfAction
from tests.factories import ProjectFactory, ToolFactory

pytestmark = pytest.mark.one_database

ALL_MET = dict.fromkeys(CRITERIA, YES)
AJAX = {"headers": {"x-requested-with": "XMLHttpRequest"}}
BULK = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])


def account(name: str, *groups) -> User:
    user = User.objects.create_user(name, f"{name}@example.org", first_name=name.title())
    user.groups.set([group if isinstance(group, Group) else Group.objects.get(name=group) for group in groups])
    return user


@pytest.fixture
def author(organisation) -> User:
    return account("autorin", group_of(organisation))


@pytest.fixture
def reviewer(site) -> User:
    return account("pruefende", REVIEWERS)


@pytest.fixture
def editor(site) -> User:
    return account("redaktion", EDITORS)


def make_tool(organisation, **values):
    """Return a draft of a tool with what it takes to be published."""
    page = ToolFactory(parent=organisation, live=False, **values)
    page.clusters.set(Cluster.objects.all()[:1])
    page.fields_of_action.set(FieldOfAction.objects.all()[:1])
    page.save()
    return page


@pytest.fixture
def page(organisation, author):
    """A page its author has handed in."""
    page = make_tool(organisation, title="Wegweiser", owner=author, description="<p>Zeigt den Weg.</p>")
    page.save_revision(user=author)
    page.get_workflow().start(page, author)
    return page


def write(page, user: User) -> None:
    """Change the text of `page` as `user`."""
    page.summary += " Neu."
    page.save_revision(user=user)


def act(client, user: User, page, action: str, data: dict) -> None:
    client.force_login(user)
    state = page.workflow_states.get().current_task_state
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk]), data, **AJAX)


def edit(client, user: User, page) -> str:
    client.force_login(user)
    return client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


def panel(client, user: User, page) -> str:
    """Return the panel alone."""
    return edit(client, user, page).split('data-side-panel="review"')[1].split('class="form-side__panel"')[0]


def form_of(client, user: User, page) -> QueryDict:
    """Return what the editor's form sends when nothing was changed; scripts add the empty streams."""
    data = querydict_from_html(edit(client, user, page), form_id="page-edit-form")
    data.update({"links-count": "0", "documents-count": "0"})
    data["notify_followers"] = "on"  # a box without a value of its own
    return data


def publish(client, user: User, page, **changes):
    """Send the form of the editor as it is shown, with `changes`, by its button for publishing."""
    data = form_of(client, user, page)
    for name, value in {"action-publish": "1", **changes}.items():
        data[name] = value
    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data, follow=True)
    page.refresh_from_db()
    return response.content.decode()


class TestPanel:
    def test_what_was_never_handed_in_says_so(self, client, organisation, editor):
        page = ToolFactory(parent=organisation)
        shown = panel(client, editor, page)
        assert "noch nicht zur Prüfung eingereicht" in shown
        assert "Noch niemand liest mit." in shown

    def test_where_a_text_stands_and_until_when(self, client, page, author):
        shown = panel(client, author, page)
        assert "In Prüfung: Fachprüfung und Freigabe" in shown
        assert f"fällig am {timezone.localtime() + timedelta(days=14):%d.%m.%Y}" in shown
        assert "überfällig" not in shown

    def test_what_is_overdue_is_marked(self, client, page, author):
        ReviewState.objects.update(due_at=timezone.now() - timedelta(minutes=1))
        assert "überfällig" in panel(client, author, page)

    def test_answers_and_comments_are_shown_and_what_is_done_is_not_overdue(self, client, page, author, reviewer):
        answers = ALL_MET | {"evidenced_remark": "Zwei <b>Studien</b>", "comment": "Gut so"}
        act(client, reviewer, page, "approve", answers)
        ReviewState.objects.filter(status=ReviewState.STATUS_APPROVED).update(due_at=timezone.now() - timedelta(days=1))
        shown = panel(client, author, page)
        assert "Fachprüfung</strong>: freigegeben" in shown
        assert "von Pruefende" in shown
        assert "Aussagen belegt: ja – Zwei &lt;b&gt;Studien&lt;/b&gt;" in shown
        assert "Gut so" in shown
        assert "überfällig" not in shown

    def test_why_a_text_came_back(self, client, page, author, reviewer):
        act(client, reviewer, page, "reject", {"comment": "Quelle fehlt."})
        shown = panel(client, author, page)
        assert "Zur Überarbeitung zurückgegeben" in shown
        assert "Quelle fehlt." in shown

    def test_what_partners_say(self, client, page, author):
        link = PartnerLink.objects.create(
            page=page, partner="Verband West", expires_at=timezone.now() + timedelta(days=1)
        )
        page.refresh_from_db()
        newest = page.latest_revision_created_at
        PartnerRemark.objects.create(link=link, name="Frau Neu", approves=True, text_from=newest)
        PartnerRemark.objects.create(link=link, name="Herr Alt", approves=True, text_from=newest - timedelta(days=1))
        shown = panel(client, author, page)
        assert "Verband West" in shown
        assert shown.count("stimmt zu") == 2
        assert shown.count("zu einer früheren Fassung") == 1
        assert "zu einer früheren Fassung" in shown.split("Herr Alt")[1].split("</li>")[0]
        assert reverse("partner_links", args=[page.pk]) in shown

    def test_reviewers_see_it_without_a_way_to_make_links(self, client, page, reviewer):
        shown = panel(client, reviewer, page)
        assert "In Prüfung" in shown
        assert reverse("partner_links", args=[page.pk]) not in shown

    @pytest.mark.usefixtures("reviewer")
    @pytest.mark.parametrize(
        ("who", "missing"),
        [
            ("author", None),
            ("editor", None),
            ("reviewer", "fehlt „Freigeben“"),
            ("both", "fehlen „Freigeben“ und „Veröffentlichen“"),
        ],
    )
    def test_who_wrote_last_reads_what_is_missing_and_why(self, client, page, who, missing, request):
        user = account("beides", EDITORS, REVIEWERS) if who == "both" else request.getfixturevalue(who)
        write(page, user)
        shown = panel(client, user, page)
        assert ("Sie haben diesen Text zuletzt bearbeitet." in shown) == (missing is not None)
        assert missing is None or missing in " ".join(shown.split())

    def test_others_read_nothing_of_it(self, client, page, reviewer):
        assert "zuletzt bearbeitet" not in panel(client, reviewer, page)

    def test_standard_pages_have_it_too(self, client, site, editor):
        page = StandardPage.objects.first()
        assert "noch nicht zur Prüfung eingereicht" in panel(client, editor, page)

    def test_saving_in_the_background_does_without(self, client, page, author):
        page.current_workflow_state.cancel()
        data = form_of(client, author, page)
        response = client.post(
            reverse("wagtailadmin_pages:edit", args=[page.pk]), data, headers={"accept": "application/json"}
        )
        assert response.json()["success"]

    def test_queries_do_not_grow(self, client, page, author):
        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                panel(client, author, page)
            return len(queries)

        PartnerRemark.objects.create(link=make_link(page), name="Wer", text="Gut")
        count()
        few = count()
        review = page.workflow_states.get()
        for _number in range(5):
            for _remark in range(3):
                PartnerRemark.objects.create(link=make_link(page), name="Wer", text="Gut")
        for _number in range(3):
            state = review.current_task_state.task.specific.start(review, author)
            state.answers = ALL_MET
            state.save()
        assert count() == few


class TestDeciding:
    """In the editor, where Wagtail would say no more than that the page is updated."""

    def decide(self, client, user: User, page, action: str, answers: dict):
        data = form_of(client, user, page)
        data.update({"action-workflow-action": "1", "workflow-action-name": action})
        data["workflow-action-extra-data"] = json.dumps(answers)
        return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data, follow=True)

    @pytest.mark.parametrize(
        ("action", "answers", "said"),
        [
            ("approve", ALL_MET, "„{}“ ist freigegeben."),
            ("reject", {"comment": "Bitte kürzen."}, "„{}“ ist zur Überarbeitung zurückgegeben."),
        ],
    )
    def test_experts_return_to_their_start_page(self, client, page, reviewer, action, answers, said):
        response = self.decide(client, reviewer, page, action, answers)
        assert response.redirect_chain == [(reverse("wagtailadmin_home"), 302)]
        assert [str(message).strip() for message in response.context["messages"]] == [said.format(page.title)]

    def test_a_text_that_lacks_something_is_returned_but_not_approved(self, client, page, reviewer):
        page.fields_of_action.clear()
        page.save_revision()
        refused = self.decide(client, reviewer, page, "approve", ALL_MET).content.decode()
        assert "Das fehlt noch zum Einreichen und Veröffentlichen: Mindestens ein Handlungsfeld" in refused
        assert page.workflow_states.get().status == WorkflowState.STATUS_IN_PROGRESS
        self.decide(client, reviewer, page, "reject", {"comment": "Welches Handlungsfeld?"})
        assert page.workflow_states.get().status == WorkflowState.STATUS_NEEDS_CHANGES

    def test_editors_return_to_the_folder(self, client, page, reviewer, editor):
        act(client, reviewer, page, "approve", ALL_MET)
        response = self.decide(client, editor, page, "approve", {})
        assert response.redirect_chain == [(reverse("wagtailadmin_explore", args=[page.get_parent().pk]), 302)]
        assert f"„{page.title}“ ist freigegeben." in response.content.decode()


def make_link(page) -> PartnerLink:
    return PartnerLink.objects.create(page=page, partner="Verband", expires_at=timezone.now() + timedelta(days=1))


class TestPublishing:
    @pytest.fixture
    def page(self, client, page, reviewer):
        """A page that waits for the editors."""
        act(client, reviewer, page, "approve", ALL_MET)
        return page

    def test_editors_publish_their_own_text_while_no_review_runs(self, client, organisation, editor):
        page = make_tool(organisation)
        page.save_revision(user=editor)
        publish(client, editor, page)
        assert page.live

    def test_approving_in_the_editor_what_came_by_an_import_is_no_change(self, client, page, editor):
        revision = page.latest_revision_id
        data = {"action-publish": "", "action-workflow-action": "1", "workflow-action-name": "approve"}
        publish(client, editor, page, **data)
        assert page.live
        assert page.live_revision_id == revision

    def test_editors_publish_what_somebody_else_handed_in_and_the_review_ends(self, client, page, editor):
        publish(client, editor, page)
        assert page.live
        assert page.workflow_states.get().status == WorkflowState.STATUS_CANCELLED

    def test_who_wrote_last_does_not_publish_past_a_running_review(self, client, page, editor):
        write(page, editor)
        shown = publish(client, editor, page)
        assert not page.live
        assert "Nicht veröffentlicht: Der Text ist in Prüfung" in shown
        assert page.workflow_states.get().status == WorkflowState.STATUS_IN_PROGRESS
        assert 'name="action-publish"' not in edit(client, editor, page)

    def test_who_changes_the_text_with_the_same_click_loses_nothing_and_publishes_nothing(self, client, page, editor):
        shown = publish(client, editor, page, summary="Eine neue Zusammenfassung.")
        assert not page.live
        assert "Ihre Änderungen sind als Entwurf gesichert." in shown
        assert page.get_latest_revision_as_object().summary == "Eine neue Zusammenfassung."
        assert page.get_latest_revision().user == editor

    def test_a_text_that_came_back_is_published_as_before(self, client, page, editor):
        act(client, editor, page, "reject", {"comment": "Quelle fehlt."})
        publish(client, editor, page, summary="Mit Quelle.")
        assert page.live

    def test_four_eyes_can_be_switched_off(self, client, page, editor, settings):
        settings.REVIEW_FOUR_EYES = False
        write(page, editor)
        publish(client, editor, page, summary="Eine neue Zusammenfassung.")
        assert page.live

    @pytest.mark.parametrize("below", [False, True])
    @pytest.mark.parametrize("in_review", [False, True])
    def test_many_at_once_go_past_no_review(self, client, page, organisation, editor, below, in_review):
        if not in_review:
            page.current_workflow_state.cancel()
        other = ToolFactory(parent=organisation, live=False)
        chosen = [organisation.pk] if below else [page.pk, other.pk]
        client.force_login(editor)
        ids = "&".join(f"id={pk}" for pk in chosen)
        data = {"include_descendants": "on"} if below else {}
        response = client.post(f"{BULK}?next=/verwaltung/&{ids}", data, follow=True)
        for each in (page, other):
            each.refresh_from_db()
            assert each.live == (not in_review)
        assert ("In Prüfung ist „Wegweiser“" in response.content.decode()) == in_review


@pytest.mark.parametrize("who", ["author", "reviewer", "editor"])
def test_the_editor_keeps_to_its_number_of_queries(client, organisation, author, who, request):
    page = ProjectFactory(parent=organisation, live=False, owner=author)
    page.save_revision(user=author)
    page.get_workflow().start(page, author)
    user = request.getfixturevalue(who)
    edit(client, user, page)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert len(queries) <= 60
