"""Freshness: whoever is responsible is asked once a year, and one click says that a practice is still true."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone
from wagtail.models import PageLogEntry, Site, Workflow

from editing.freshness import ask_for_confirmation
from editing.models import ConfirmationRequest
from editing.organisation_groups import group_of
from editing.roles import EDITORS
from feeds.models import Mail
from home.models import SiteSettings
from practices.models import ContentChange, PracticeChange, PracticePage
from tests.factories import OrganisationFactory, ToolFactory

OWNER = "projekt@example.org"
LONG_AGO = timezone.now() - timedelta(days=400)


def old_page(parent, **fields) -> PracticePage:
    """Return a live practice that somebody looked at four hundred days ago."""
    page = ToolFactory(parent=parent, **({"contact_email": OWNER} | fields))
    page.save_revision().publish()
    PracticePage.objects.filter(pk=page.pk).update(last_published_at=LONG_AGO)
    return stored(page)


def stored(page) -> PracticePage:
    return PracticePage.objects.get(pk=page.pk).specific


def mails() -> list[dict]:
    return [mail.notice for mail in Mail.objects.filter(kind=Mail.Kind.NOTICE).order_by("pk")]


def addresses() -> list[str]:
    return [mail["address"] for mail in mails()]


@pytest.fixture
def editor(site):
    user = User.objects.create_user("redaktion", "redaktion@example.org")
    user.groups.add(Group.objects.get(name=EDITORS))
    return user


@pytest.fixture
def page(organisation):
    return old_page(organisation, title="Tafelplaner")


@pytest.fixture
def link(page):
    ask_for_confirmation()
    return re.search(r"/pflege/[^/]+/", mails()[-1]["actions"][0]["url"]).group()


def test_the_owner_is_asked_once(page):
    ask_for_confirmation()
    ask_for_confirmation()
    assert addresses() == [OWNER]
    assert mails()[0]["subject"] == "Stimmt das noch? „Tafelplaner“"


def test_one_mail_asks_about_all_pages_of_an_address(organisation):
    for _ in range(3):
        old_page(organisation)
    ask_for_confirmation()
    (mail,) = mails()
    assert len(mail["actions"]) == 9
    assert "und 2 weitere" in mail["subject"]


@pytest.mark.parametrize(
    "fields", [{"last_confirmed": date.today()}, {"live": False}, {"archive_reason": "Das Projekt ist beendet."}]
)
def test_what_needs_no_confirmation_is_not_asked_about(organisation, fields):
    PracticePage.objects.filter(pk=old_page(organisation).pk).update(**fields)
    ask_for_confirmation()
    assert mails() == []


def test_what_was_published_lately_is_not_asked_about(organisation):
    ToolFactory(parent=organisation, contact_email=OWNER).save_revision().publish()
    ask_for_confirmation()
    assert mails() == []


@pytest.mark.parametrize(("months", "asked"), [(0, False), (24, False), (6, True)])
def test_the_interval_is_a_setting(page, months, asked):
    settings = SiteSettings.for_site(Site.objects.get())
    settings.confirm_after_months = months
    settings.save()
    ask_for_confirmation()
    assert bool(mails()) is asked


def test_who_does_not_answer_is_asked_again_a_year_later(page):
    ask_for_confirmation()
    ConfirmationRequest.objects.update(asked_at=LONG_AGO, due_on=LONG_AGO.date())
    ask_for_confirmation()
    assert addresses() == [OWNER, OWNER]


def test_without_a_contact_those_who_contribute_are_asked_and_else_the_editors(organisation, editor):
    old_page(organisation, contact_email="")
    old_page(OrganisationFactory(parent=organisation.get_parent()), contact_email="")
    group_of(organisation).user_set.add(User.objects.create_user("ada", "ada@example.org"))
    ask_for_confirmation()
    assert sorted(addresses()) == ["ada@example.org", "redaktion@example.org"]


def test_the_mail_offers_all_three_answers_and_each_leads_to_its_place(client, page, link):
    shown = client.get(link).content.decode()
    actions = mails()[-1]["actions"]
    assert [action["label"] for action in actions] == [
        "„Tafelplaner“ stimmt noch",
        "„Tafelplaner“ aktualisieren",
        "„Tafelplaner“ bitte archivieren",
    ]
    for action in actions:
        address, _, part = action["url"].partition("#")
        assert (address.endswith(link), f'id="{part}"' in shown) == (True, True)


def test_what_readers_no_longer_see_is_not_confirmed(client, page, link):
    page.unpublish()
    shown = client.get(link)
    assert (shown.status_code, "nicht mehr veröffentlicht" in shown.content.decode()) == (410, True)
    assert client.post(link, {"answer": "stimmt"}).status_code == 410
    assert stored(page).last_confirmed is None


def test_where_a_page_goes_offline_after_the_answer_nothing_is_said_of_a_date_on_it(client, page, link):
    client.post(link, {"answer": "stimmt"})
    page.unpublish()
    shown = client.get(link).content.decode()
    assert "wurde am" in shown
    assert "auf der Seite" not in shown


def test_looking_changes_nothing(client, page, link):
    shown = client.get(link)
    assert shown.status_code == 200
    assert "Tafelplaner" in shown.content.decode()
    assert (shown.headers["Cache-Control"], shown.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert stored(page).last_confirmed is None


def test_one_click_confirms_and_readers_see_it(client, page, link):
    shown = client.post(link, {"answer": "stimmt"}, follow=True).content.decode()
    assert "Danke für die Bestätigung" in shown
    assert stored(page).last_confirmed == timezone.localdate()
    assert "Zuletzt bestätigt" in client.get(page.url).content.decode()


def test_a_confirmation_is_in_the_log_and_no_news_for_followers(client, page, link):
    before = PracticeChange.objects.count()
    noted = ContentChange.objects.count()
    client.post(link, {"answer": "stimmt"})
    assert PracticeChange.objects.count() == before
    assert ContentChange.objects.count() > noted
    assert PageLogEntry.objects.filter(page=page.pk, action="practices.confirm").count() == 1


def test_a_confirmation_leaves_drafts_and_reviews_alone(client, page, link, editor):
    page.title = "Unfertig"
    page.save_revision(user=editor)
    state = Workflow.objects.get(name="Fachprüfung und Freigabe").start(page, editor)
    client.post(link, {"answer": "stimmt"})
    state.refresh_from_db()
    draft = stored(page).get_latest_revision_as_object()
    assert (stored(page).title, draft.title, state.status) == ("Tafelplaner", "Unfertig", "in_progress")
    assert draft.last_confirmed == timezone.localdate()


def test_a_confirmation_outlives_the_next_publication(client, page, link):
    client.post(link, {"answer": "stimmt"})
    stored(page).get_latest_revision_as_object().save_revision().publish()
    assert stored(page).last_confirmed == timezone.localdate()


@pytest.mark.parametrize(
    ("answer", "subject"),
    [("aendern", "„Tafelplaner“ stimmt nicht mehr ganz"), ("archivieren", "„Tafelplaner“ soll archiviert werden")],
)
def test_any_other_answer_goes_to_the_editors(client, page, link, editor, answer, subject):
    shown = client.post(link, {"answer": answer, "message": "Der Preis\nist gestiegen."}, follow=True).content.decode()
    mail = mails()[-1]
    assert "Danke für Ihre Nachricht" in shown
    assert (mail["address"], mail["subject"]) == ("redaktion@example.org", subject)
    assert "ist gestiegen." in mail["paragraphs"]
    assert (stored(page).last_confirmed, stored(page).archive_reason) == (None, "")


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        ({}, "Bitte wählen Sie eine der Möglichkeiten."),
        ({"answer": "löschen"}, "Bitte wählen Sie eine der Möglichkeiten."),
        ({"answer": "aendern"}, "Bitte schreiben Sie in einem Satz"),
        ({"answer": "archivieren", "message": "x" * 2001}, "Bitte kürzen Sie den Text auf 2.000 Zeichen."),
    ],
)
def test_what_is_no_answer_is_explained(client, link, data, advice):
    shown = client.post(link, data)
    assert (shown.status_code, advice in shown.content.decode()) == (400, True)
    assert not ConfirmationRequest.objects.exclude(answer="").exists()


def test_an_answer_counts_once(client, page, link, editor):
    client.post(link, {"answer": "aendern", "message": "Erste"})
    client.post(link, {"answer": "aendern", "message": "Zweite"})
    assert ConfirmationRequest.objects.get().message == "Erste"
    assert addresses() == [OWNER, "redaktion@example.org"]


def test_links_that_are_over_or_unknown_say_so(client, link):
    ConfirmationRequest.objects.update(expires_at=timezone.now())
    assert client.get(link).status_code == 410
    assert client.post(link, {"answer": "stimmt"}).status_code == 410
    assert client.get("/pflege/unbekannt/").status_code == 404
    assert not ConfirmationRequest.objects.exclude(answer="").exists()


def test_the_database_knows_no_link(link):
    token = link.split("/")[2]
    assert token not in str(ConfirmationRequest.objects.values().get())


def test_asking_costs_the_same_for_any_number_of_pages_of_an_address(organisation, django_assert_max_num_queries):
    for _ in range(12):
        old_page(organisation)
    with django_assert_max_num_queries(12):
        ask_for_confirmation()


def test_an_archived_practice_stays_readable_and_says_why(client, organisation):
    page = ToolFactory(parent=organisation, archive_reason="Das Projekt endete <2024>.")
    shown = client.get(page.url)
    assert shown.status_code == 200
    assert "<strong>Archiviert.</strong> Das Projekt endete &lt;2024&gt;." in shown.content.decode()


def test_results_say_what_is_archived_and_when_something_was_confirmed(client, organisation, reindex):
    ToolFactory(parent=organisation, title="Tafelplaner", archive_reason="Beendet.", last_confirmed=date(2026, 3, 4))
    reindex()
    for address in ("/suche/?q=Tafelplaner", organisation.url):
        shown = client.get(address).content.decode()
        assert "Werkzeug · archiviert" in shown
        assert re.search(r"Bestätigt am <time[^>]*>04\.03\.2026", shown)
