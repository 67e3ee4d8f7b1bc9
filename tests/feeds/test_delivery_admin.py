"""Operators see what became of mails, stop and repeat runs, and learn nothing about who gets them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone

from feeds.delivery_admin import ACTIONS
from feeds.models import Announcement, DigestRun, Mail, Subscriber
from feeds.sending import lease
from practices.models import PracticeChange
from tests.factories import ToolFactory
from tests.feeds.factories import MailFactory, RunFactory

pytestmark = pytest.mark.one_database

State = Mail.State
ONE_OF_EACH = (State.PENDING, State.SENDING, State.SENT, State.FAILED, State.SKIPPED)


def signed_in(client, *groups: str):
    user = User.objects.create_user("konto")
    user.groups.set(Group.objects.filter(name__in=groups))
    client.force_login(user)
    return client


@pytest.fixture
def approver(client, site):
    return signed_in(client, "Redaktion")


@pytest.fixture
def run(site):
    """A run with one mail in each state."""
    run = RunFactory()
    for state in ONE_OF_EACH:
        MailFactory(run=run, state=state)
    return run


def address(run, action: str) -> str:
    return reverse(f"delivery_{action}", args=[run.pk])


def states(run) -> list[str]:
    return list(run.mails.order_by("pk").values_list("state", flat=True))


def test_the_list_shows_what_became_of_each_run(approver, run):
    table = approver.get(reverse("delivery")).context["table"]
    (row,) = table.data
    assert (row.planned, row.waiting, row.sent, row.failed, row.skipped) == (5, 2, 1, 1, 1)


def test_the_list_costs_the_same_for_any_number_of_runs(approver, django_assert_max_num_queries):
    MailFactory.create_batch(30)
    with django_assert_max_num_queries(20):
        approver.get(reverse("delivery"))


def test_a_run_shows_failures_by_number_and_reason(approver, run):
    mail = run.mails.get(state=State.FAILED)
    email = mail.subscriber.email
    run.mails.filter(pk=mail.pk).update(last_error=f"550 5.1.1 <{email}>: Recipient address rejected")
    page = approver.get(reverse("delivery_run", args=[run.pk])).content.decode()
    assert f"Adresse {mail.subscriber_id}" in page
    assert "550 5.1.1 &lt;‹Adresse›&gt;: Recipient address rejected" in page


def test_a_failure_of_an_erased_address_has_no_number(approver, run):
    Subscriber.objects.all().delete()
    assert "gelöschte Adresse" in approver.get(reverse("delivery_run", args=[run.pk])).content.decode()


def test_no_page_says_an_address(approver, run):
    Mail.objects.update(last_error="550 leserin1@example.org, 'leserin.x@example.org' unknown")
    pages = [reverse("delivery"), reverse("delivery_run", args=[run.pk]), *(address(run, name) for name in ACTIONS)]
    pages.append(f"{reverse('delivery')}?export=csv")
    for page in pages:
        assert "leserin" not in approver.get(page).getvalue().decode()


def test_a_cancelled_run_sends_nothing_more(approver, run):
    approver.post(address(run, "abbrechen"))
    assert states(run) == [State.SKIPPED, *ONE_OF_EACH[1:]]
    assert DigestRun.objects.get().cancelled_at
    assert lease() == []


def test_what_is_over_is_not_cancelled(approver, run):
    run.mails.exclude(state=State.SENT).delete()
    assert "Versand abbrechen" not in approver.get(reverse("delivery_run", args=[run.pk])).content.decode()
    approver.post(address(run, "abbrechen"))
    assert DigestRun.objects.get().cancelled_at is None


def test_what_was_cancelled_can_still_be_sent(approver, run):
    approver.post(address(run, "abbrechen"))
    approver.post(address(run, "nachsenden"))
    assert states(run) == [State.PENDING, State.SENDING, State.SENT, State.PENDING, State.PENDING]
    assert DigestRun.objects.get().cancelled_at is None


def test_only_what_failed_is_sent_again(approver, run):
    approver.post(address(run, "nachsenden"))
    assert states(run) == [State.PENDING, State.SENDING, State.SENT, State.PENDING, State.SKIPPED]


def test_everything_can_be_sent_again(approver, run):
    approver.post(address(run, "alle-senden"))
    assert states(run) == [State.PENDING, State.SENDING, State.PENDING, State.PENDING, State.PENDING]


def test_what_is_sent_again_is_as_good_as_new(approver, run):
    long_ago = timezone.now() - timedelta(days=9)
    run.mails.filter(state=State.FAILED).update(created_at=long_ago, not_before=timezone.now() + timedelta(days=1))
    failed = run.mails.get(state=State.FAILED)
    approver.post(address(run, "nachsenden"))
    failed.refresh_from_db()
    assert failed.created_at > long_ago, "else the first delay would be taken for the last"
    assert failed in lease()


@pytest.mark.parametrize("action", ACTIONS)
def test_repeating_an_action_changes_nothing_more(approver, run, action):
    approver.post(address(run, action))
    first = states(run)
    approver.post(address(run, action))
    assert states(run) == first


@pytest.mark.parametrize("action", ACTIONS)
def test_looking_at_the_question_changes_nothing(approver, run, action):
    page = approver.get(address(run, action)).content.decode()
    assert ACTIONS[action].explanation[:40] in page
    assert states(run) == list(ONE_OF_EACH)


def test_another_run_is_left_alone(approver, run):
    other = MailFactory()
    approver.post(address(run, "abbrechen"))
    other.refresh_from_db()
    assert other.state == State.PENDING


def test_sending_everything_again_comes_with_a_warning(approver, run):
    assert "auch wer sie schon hat" in approver.get(address(run, "alle-senden")).content.decode()


@pytest.mark.parametrize("group", ["Fachprüfung", "keine"])
def test_delivery_is_closed_to_others(client, run, group):
    signed_in(client, group)
    pages = [reverse("delivery"), reverse("delivery_preview"), reverse("delivery_run", args=[run.pk])]
    for page in pages:
        assert client.get(page).status_code == 302
    for action in ACTIONS:
        assert client.post(address(run, action)).status_code == 302
    assert states(run) == list(ONE_OF_EACH)


def test_a_run_that_is_not_there_is_not_found(approver):
    assert approver.get(reverse("delivery_run", args=[0])).status_code == 404


def test_the_first_page_warns_of_failures_and_of_mail_that_waits(approver):
    home = reverse("wagtailadmin_home")
    warning = "Nicht alle E-Mails sind angekommen"
    mail = MailFactory()
    assert warning not in approver.get(home).content.decode()
    Mail.objects.filter(pk=mail.pk).update(created_at=timezone.now() - timedelta(hours=1))
    assert "1 wartet" in approver.get(home).content.decode()
    Mail.objects.filter(pk=mail.pk).update(state=State.FAILED, finished_at=timezone.now())
    assert "1 an Abonnierende ist in den letzten 24 Stunden gescheitert" in approver.get(home).content.decode()
    Mail.objects.filter(pk=mail.pk).update(kind=Mail.Kind.NOTICE)
    assert "1 Einladung oder andere Nachricht ist in den letzten" in approver.get(home).content.decode()


def test_reviewers_are_not_bothered_with_it(client, site):
    signed_in(client, "Fachprüfung")
    MailFactory(state=State.FAILED, finished_at=timezone.now())
    assert "Nicht alle E-Mails" not in client.get(reverse("wagtailadmin_home")).content.decode()


@pytest.fixture
def news(organisation, reindex):
    """A practice that was announced just now."""
    page = ToolFactory(parent=organisation, title="Tafelplaner")
    page.fields_of_action.add("Suchthilfe")
    page.save_revision().publish()
    reindex()
    Announcement.objects.create(change=PracticeChange.objects.filter(page_id=page.pk).latest("pk"))
    return page


def preview(client, selection: str, days: str = "7"):
    return client.get(reverse("delivery_preview"), {"auswahl": selection, "zeitraum": days})


@pytest.mark.parametrize(
    "selection",
    [
        "",
        "typ=werkzeug",
        "?typ=werkzeug&sort=neu",
        "http://testserver/suche/?typ=werkzeug&seite=2",
        "http://testserver/suche/",
        "/themen/handlungsfeld/suchthilfe/",
    ],
)
def test_a_digest_of_any_selection_is_shown_in_both_forms(approver, news, selection):
    context = preview(approver, selection).context
    assert "Tafelplaner" in context["text"]
    assert "Tafelplaner" in context["html"]


def test_the_html_is_shown_where_it_can_do_nothing(approver, news):
    page = preview(approver, "").content.decode()
    assert "sandbox srcdoc=" in page
    assert "<!DOCTYPE html>\n<html" not in page, "it is inside an attribute"


@pytest.mark.parametrize("selection", ["typ=projekt", "cluster=gibt-es-nicht", "q=%00%22***", "http://[", "x" * 2001])
def test_a_selection_without_news_or_sense_gets_an_answer(approver, news, selection):
    answer = preview(approver, selection)
    assert answer.status_code == 200
    assert "html" not in answer.context


@pytest.mark.parametrize("days", ["", "8", "ja"])
def test_an_unknown_period_is_refused(approver, news, days):
    assert preview(approver, "", days).context["form"].errors["zeitraum"]


def test_a_preview_writes_nothing(approver, news):
    preview(approver, "")
    assert not Mail.objects.exists()
    assert not DigestRun.objects.exists()


def test_a_preview_holds_nothing_that_is_no_longer_public(approver, news):
    news.unpublish()
    assert "html" not in preview(approver, "").context
