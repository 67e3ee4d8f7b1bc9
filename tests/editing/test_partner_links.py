"""Reading along: a secret link shows one draft to a partner, who comments and approves; it opens nothing else."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from editing.models import PartnerLink, PartnerRemark
from editing.organisation_groups import group_of
from editing.partner_links import KEPT, MOST_OPEN_LINKS, forget_partner_links
from editing.roles import EDITORS, REVIEWERS
from feeds.models import Mail
from practices.models import ProjectTool
from tests.factories import OrganisationFactory, ProjectFactory, ToolFactory

pytestmark = pytest.mark.one_database

REMARK = {"name": "Frau Beispiel", "text": "Der zweite Absatz fehlt."}
NEW_LINK = {"partner": "Verband West", "email": "west@example.org", "may_approve": "on", "days": "30"}


def account(name: str, *groups) -> User:
    user = User.objects.create_user(name, f"{name}@example.org")
    user.groups.set([group if isinstance(group, Group) else Group.objects.get(name=group) for group in groups])
    return user


@pytest.fixture
def author(organisation) -> User:
    return account("schreibt", group_of(organisation))


@pytest.fixture
def page(organisation, author):
    page = ToolFactory(parent=organisation, title="Wegweiser", summary="Alter Text.", live=False, owner=author)
    page.save_revision(user=author)
    return page


@pytest.fixture
def link(page, author) -> PartnerLink:
    return make_link(page, may_approve=True, created_by=author)


def make_link(page, **more) -> PartnerLink:
    values = {"partner": "Verband West", "expires_at": timezone.now() + timedelta(days=30)} | more
    return PartnerLink.objects.create(page=page, **values)


def address(link: PartnerLink) -> str:
    return reverse("partner_reading", args=[link.token])


def change(page, user, **values) -> None:
    """Save a draft of `page` with `values`."""
    draft = page.get_latest_revision_as_object()
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save_revision(user=user, clean=False)


def answer(client, link, **more):
    """Send a remark from the page as it is shown now."""
    seen = client.get(address(link)).context["reading"]["form"]["seen"].value()
    return client.post(address(link), REMARK | {"seen": seen} | more)


def taken() -> list[dict]:
    mails = Mail.objects.filter(kind=Mail.Kind.NOTICE).order_by("pk")
    notices = [mail.notice for mail in mails]
    mails.delete()
    return notices


class TestReading:
    def test_the_newest_text_is_shown_as_a_draft(self, client, page, author, link):
        change(page, author, summary="Neuer Text.")
        response = client.get(address(link))
        shown = response.content.decode()
        assert response.status_code == 200
        assert "Neuer Text." in shown
        assert "Alter Text." not in shown
        assert "Entwurf – nicht veröffentlicht" in shown

    def test_what_is_published_is_not_called_a_draft(self, client, page, link):
        page.get_latest_revision().publish()
        shown = client.get(address(link)).content.decode()
        assert "Diese Fassung ist veröffentlicht." in shown
        assert "Entwurf" not in shown

    def test_nobody_keeps_it_lists_it_or_gets_a_cookie(self, client, page, link, settings):
        settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
        caches["pages"].clear()
        public = page.get_url()
        response = client.get(address(link))
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert not response.cookies
        assert client.get(public).status_code == 404, "the page itself stays a draft"
        assert link.token not in response.content.decode().replace(f'action="{address(link)}"', "")

    @pytest.mark.parametrize(("change", "status"), [("revoked_at", 410), ("expires_at", 410), ("digest", 404)])
    def test_a_link_that_is_over_shows_nothing_and_takes_nothing(self, client, link, change, status):
        way = address(link)
        value = "anders" if change == "digest" else timezone.now() - timedelta(seconds=1)
        PartnerLink.objects.filter(pk=link.pk).update(**{change: value})
        for response in (client.get(way), client.post(way, REMARK)):
            assert response.status_code == status
            assert "Wegweiser" not in response.content.decode()
            assert response.headers["Cache-Control"] == "no-store"
        assert not PartnerRemark.objects.exists()

    def test_the_database_alone_opens_nothing(self, client, link, settings):
        assert link.token not in (link.secret, link.digest)
        for kept in (link.secret, link.digest):
            assert client.get(reverse("partner_reading", args=[kept])).status_code == 404

    def test_an_account_shows_no_more_than_a_reader_sees(self, client, organisation, author):
        closed = ToolFactory(parent=organisation, title="Geheimes Werkzeug")
        PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
        page = ProjectFactory(parent=organisation, live=False)
        page.tool_items.add(ProjectTool(tool=closed))
        page.save_revision(user=author)
        client.force_login(User.objects.create_superuser("betrieb"))
        response = client.get(address(make_link(page)))
        assert "Geheimes Werkzeug" not in response.content.decode()
        assert "wagtail-userbar" not in response.content.decode()

    def test_a_draft_carries_no_foreign_markup(self, client, page, author, link):
        change(page, author, description='<p>Gut</p><img src="x" onerror="alert(1)"><a href="javascript:1">da</a>')
        shown = client.get(address(link)).content.decode()
        assert "<p>Gut</p>" in shown
        assert "onerror" not in shown
        assert "javascript:" not in shown

    def test_every_type_of_page_can_be_read(self, client, organisation):
        assert client.get(address(make_link(organisation))).status_code == 200

    def test_looking_changes_nothing(self, client, link):
        client.get(address(link), {"zustimmen": "1", "name": "Niemand", "gesendet": "<b>"})
        assert not PartnerRemark.objects.exists()
        assert client.put(address(link)).status_code == 405

    def test_queries_do_not_grow_with_remarks(self, client, page, link):
        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                client.get(address(link))
            return len(queries)

        count()
        few = count()
        for number in range(10):
            PartnerRemark.objects.create(link=link, name=f"Person {number}", text="Gut", text_from=None)
        assert count() == few
        assert few <= 20


class TestAnswering:
    def test_a_comment_arrives_with_those_who_work_on_the_page(self, client, page, link):
        response = answer(client, link)
        assert response.status_code == 303
        assert "Ihr Kommentar ist angekommen" in client.get(response.url).content.decode()
        remark = PartnerRemark.objects.get()
        assert (remark.name, remark.text, remark.approves) == ("Frau Beispiel", "Der zweite Absatz fehlt.", False)
        (notice,) = taken()
        assert notice["address"] == "schreibt@example.org"
        assert notice["subject"] == "Verband West hat kommentiert: „Wegweiser“"
        assert "Der zweite Absatz fehlt." in notice["paragraphs"]

    def test_who_handed_it_in_hears_too_and_editors_where_nobody_is_left(self, client, page, author, link):
        other = account("reicht-ein", EDITORS)
        page.get_workflow().start(page, other)
        taken()
        answer(client, link)
        assert {notice["address"] for notice in taken()} == {"schreibt@example.org", "reicht-ein@example.org"}
        page.current_workflow_state.cancel()
        User.objects.filter(pk=author.pk).update(is_active=False)
        taken()
        answer(client, link)
        assert {notice["address"] for notice in taken()} == {"reicht-ein@example.org"}

    def test_an_approval_belongs_to_one_text_and_publishes_nothing(self, client, page, author, link):
        answer(client, link, text="", zustimmen="1")
        remark = PartnerRemark.objects.get()
        page.refresh_from_db()
        assert remark.approves
        assert remark.revision_id == page.latest_revision_id
        assert remark.is_about(page)
        assert not page.live
        change(page, author, summary="Ganz anders.")
        page.refresh_from_db()
        assert not remark.is_about(page)
        assert "stimmt zu (frühere Fassung)" in client.get(address(link)).content.decode()

    def test_a_draft_saved_over_its_revision_is_another_text(self, client, page, author, link):
        answer(client, link, zustimmen="1")
        page.refresh_from_db()
        page.save_revision(user=author, overwrite_revision=page.get_latest_revision())
        page.refresh_from_db()
        remark = PartnerRemark.objects.get()
        assert remark.revision_id == page.latest_revision_id
        assert not remark.is_about(page)

    def test_nobody_approves_a_text_they_have_not_seen(self, client, page, author, link):
        seen = client.get(address(link)).context["reading"]["form"]["seen"].value()
        change(page, author, summary="Ganz anders.")
        data = REMARK | {"seen": seen, "zustimmen": "1"}
        response = client.post(address(link), data)
        assert response.status_code == 400
        assert not PartnerRemark.objects.exists()
        shown = response.content.decode()
        assert "Der Text wurde inzwischen geändert." in shown
        assert "Ganz anders." in shown
        assert REMARK["text"] in shown
        again = response.context["reading"]["form"]["seen"].value()
        assert client.post(address(link), data | {"seen": again}).status_code == 303

    def test_a_comment_on_an_older_text_is_kept_as_such(self, client, page, author, link):
        change(page, author, summary="Ganz anders.")
        for seen in ("", "unsinn", "0001-01-01T00:00:00+14:00"):
            assert client.post(address(link), REMARK | {"seen": seen}).status_code == 303
        page.refresh_from_db()
        assert not any(remark.is_about(page) for remark in PartnerRemark.objects.all())

    def test_who_may_only_comment_does_not_approve(self, client, page):
        link = make_link(page)
        assert "zustimmen" not in client.get(address(link)).content.decode()
        answer(client, link, zustimmen="1")
        assert not PartnerRemark.objects.get().approves

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"name": ""}, "Bitte nennen Sie Ihren Namen."),
            ({"name": "x" * 121}, "Bitte kürzen Sie den Namen."),
            ({"text": ""}, "Bitte schreiben Sie einen Kommentar."),
            ({"text": "Lang " * 700}, "Bitte kürzen Sie Ihren Kommentar um 499 Zeichen."),
            ({"text": "NUL\0"}, "Nullzeichen"),
        ],
    )
    def test_mistakes_are_named_and_nothing_typed_is_lost(self, client, link, wrong, said):
        data = REMARK | wrong
        response = answer(client, link, **wrong)
        shown = response.content.decode()
        assert response.status_code == 400
        assert said in shown
        assert data["name"] in shown
        assert data["text"] in shown
        assert not PartnerRemark.objects.exists()

    def test_an_hour_has_room_for_so_many(self, client, link, later):
        for _number in range(20):
            assert answer(client, link).status_code == 303
        response = answer(client, link)
        assert response.status_code == 429
        assert "In der letzten Stunde kamen schon viele Rückmeldungen." in response.content.decode()
        assert REMARK["text"] in response.content.decode()
        later(60 * 60)
        assert answer(client, link).status_code == 303

    def test_markup_is_text(self, client, page, link, author):
        answer(client, link, name="<b>Wer</b>", text="<script>alert(1)</script>")
        client.force_login(author)
        for place in (address(link), reverse("partner_links", args=[page.pk]), history(page)):
            shown = client.get(place).content.decode()
            assert "&lt;b&gt;Wer&lt;/b&gt;" in shown
            assert "<script>alert(1)" not in shown
            assert "<b>Wer" not in shown


def history(page) -> str:
    return reverse("wagtailadmin_pages:history", args=[page.pk])


class TestOffering:
    def test_a_contributor_sends_a_link(self, client, page, author):
        client.force_login(author)
        client.post(reverse("partner_links", args=[page.pk]), NEW_LINK)
        link = PartnerLink.objects.get()
        assert timedelta(days=29) < link.expires_at - timezone.now() <= timedelta(days=30)
        assert link.may_approve
        assert link.created_by == author
        (notice,) = taken()
        assert notice["address"] == "west@example.org"
        assert notice["actions"][0]["url"].endswith(address(link))
        shown = client.get(reverse("partner_links", args=[page.pk])).content.decode()
        assert address(link) in shown
        assert "Link zum Mitlesen für Verband West angelegt" in client.get(history(page)).content.decode()

    def test_without_an_address_nothing_is_sent(self, client, page, author):
        client.force_login(author)
        client.post(reverse("partner_links", args=[page.pk]), NEW_LINK | {"email": ""})
        assert PartnerLink.objects.count() == 1
        assert taken() == []

    def test_what_partners_said_is_shown_with_the_text_it_is_about(self, client, page, author, link):
        answer(client, link, zustimmen="1")
        client.force_login(author)
        shown = client.get(reverse("partner_links", args=[page.pk])).content.decode()
        assert "Frau Beispiel" in shown
        assert "zu einer früheren Fassung" not in shown
        change(page, author, summary="Ganz anders.")
        assert "zu einer früheren Fassung" in client.get(reverse("partner_links", args=[page.pk])).content.decode()

    def test_a_link_is_taken_back(self, client, page, author, link):
        client.force_login(author)
        client.get(reverse("partner_link_revoke", args=[link.pk]))
        assert PartnerLink.objects.open().exists(), "looking changes nothing"
        client.post(reverse("partner_link_revoke", args=[link.pk]))
        assert not PartnerLink.objects.open().exists()
        assert client.get(address(link)).status_code == 410

    @pytest.mark.parametrize("who", ["reviewer", "foreign"])
    def test_others_make_see_and_close_none(self, client, page, site, link, who):
        foreign = OrganisationFactory(parent=site, title="Andere")
        page.get_workflow().start(page, page.owner)
        client.force_login(account("wer", REVIEWERS if who == "reviewer" else group_of(foreign)))
        for response in (
            client.get(reverse("partner_links", args=[page.pk])),
            client.post(reverse("partner_links", args=[page.pk]), NEW_LINK),
            client.post(reverse("partner_link_revoke", args=[link.pk])),
        ):
            assert response.status_code == 302
            assert response.url == reverse("wagtailadmin_home")
        assert PartnerLink.objects.open().count() == 1
        edit = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        assert reverse("partner_links", args=[page.pk]) not in edit.content.decode()

    def test_the_menu_of_a_page_leads_there(self, client, page, author):
        client.force_login(author)
        edit = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        assert reverse("partner_links", args=[page.pk]) in edit

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"partner": " "}, "Bitte nennen Sie die Organisation"),
            ({"email": "west@"}, "Bitte geben Sie eine vollständige E-Mail-Adresse ein"),
            ({"days": "9999"}, "Bitte wählen Sie, wie lange der Link gilt."),
        ],
    )
    def test_mistakes_are_named(self, client, page, author, wrong, said):
        client.force_login(author)
        data = NEW_LINK | wrong
        shown = client.post(reverse("partner_links", args=[page.pk]), data).content.decode()
        assert said in shown
        assert data["email"] in shown
        assert not PartnerLink.objects.exists()

    def test_a_page_has_room_for_so_many(self, client, page, author):
        for _number in range(MOST_OPEN_LINKS):
            make_link(page)
        client.force_login(author)
        shown = client.post(reverse("partner_links", args=[page.pk]), NEW_LINK).content.decode()
        assert "Bitte ziehen Sie erst einen zurück." in shown
        assert PartnerLink.objects.count() == MOST_OPEN_LINKS

    def test_queries_do_not_grow_with_links(self, client, page, author, link):
        client.force_login(author)

        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("partner_links", args=[page.pk]))
            return len(queries)

        count()
        few = count()
        for _number in range(5):
            PartnerRemark.objects.create(link=make_link(page), name="Wer", text="Gut")
        assert count() == few


def test_a_year_after_its_end_a_link_is_forgotten_with_what_was_said(page):
    old, new = make_link(page), make_link(page)
    for link in (old, new):
        PartnerRemark.objects.create(link=link, name="Wer", text="Gut")
    PartnerLink.objects.filter(pk=old.pk).update(expires_at=timezone.now() - KEPT - timedelta(seconds=1))
    forget_partner_links()
    assert [remark.link for remark in PartnerRemark.objects.all()] == [new]
