"""Signing in: by address or name, a new password by mail, nothing told to strangers, all of it in German."""

from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from editing.roles import EDITORS
from tests.editing.signing_in import PASSWORD, SIGN_IN, is_signed_in, link, mails, page, person, sign_in

HOME = reverse("wagtailadmin_home")
RESET = reverse("account_reset_password")
NEW = "ein neues langes Kennwort"

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.one_database]


@pytest.fixture
def anna():
    return person("anna", EDITORS)


@pytest.mark.parametrize("login", ["anna", "anna@example.org", "Anna@Example.ORG", " anna@example.org "])
def test_by_address_or_name(client, anna, login):
    assert sign_in(client, login).url == HOME
    assert client.get(HOME).status_code == 200


@pytest.mark.parametrize(
    ("login", "password"), [("anna", "falsch"), ("fremd@example.org", PASSWORD), ("fremd", PASSWORD)]
)
def test_what_is_wrong_is_not_told(client, anna, login, password):
    response = sign_in(client, login, password)
    assert not is_signed_in(client)
    assert "Diese Angaben passen nicht zusammen." in response.content.decode()
    assert f'value="{login}"' in response.content.decode()


def test_people_arrive_where_they_were_going(client, anna):
    target = reverse("invitations")
    address = client.get(target).url
    assert address == f"{SIGN_IN}?next={target}"
    assert target in page(client, address)
    assert sign_in(client, "anna", next=target).url == target


def test_nobody_is_sent_to_another_site(client, anna):
    assert sign_in(client, "anna", next="https://boese.example/").url == HOME


def test_a_closed_account_does_not_get_in(client, anna):
    anna.is_active = False
    anna.save()
    assert sign_in(client, "anna").url == reverse("account_inactive")
    assert not is_signed_in(client)


def test_who_may_not_enter_is_told_instead_of_going_round(client):
    person("lesend")
    assert sign_in(client, "lesend").url == reverse("mfa_index")
    response = client.get(HOME)
    assert "lässt sich die gewünschte Seite nicht öffnen" in page(client, response.url)


def test_without_the_tick_the_session_ends_with_the_browser(client, anna):
    sign_in(client, "anna")
    assert client.session.get_expire_at_browser_close()
    client.logout()
    sign_in(client, "anna", remember="on")
    assert not client.session.get_expire_at_browser_close()


def test_asking_for_links_is_limited_and_says_when_to_go_on(client, anna, later):
    for _request in range(5):
        client.post(RESET, {"email": "anna@example.org"})
    response = client.post(RESET, {"email": "Anna@example.org"})
    assert response.status_code == 429
    assert "liegen sie im Postfach" in response.content.decode()
    assert 'value="Anna@example.org"' in response.content.decode()
    assert 0 < int(response.headers["Retry-After"]) <= 60 * 60
    assert len(mails()) == 5
    later(60 * 60)
    assert client.post(RESET, {"email": "anna@example.org"}).status_code == 302


def test_a_forgotten_password_is_replaced_by_a_link(client, anna):
    assert client.post(RESET, {"email": "Anna@example.org"}).url == reverse("account_reset_password_done")
    [mail] = mails()
    assert mail.to == ["anna@example.org"]
    assert "Er gilt einen Tag und nur einmal." in " ".join(mail.body.split())
    form = client.get(link(mail))
    response = client.post(form.url, {"password1": NEW, "password2": NEW})
    assert response.url == reverse("account_reset_password_from_key_done")
    assert "Das neue Passwort gilt" in page(client, response.url)
    assert not is_signed_in(client)
    sign_in(client, "anna", NEW)
    assert is_signed_in(client)
    assert "neues Passwort gesetzt" in mails()[-1].body


def test_a_link_to_a_new_password_works_once(client, anna):
    client.post(RESET, {"email": "anna@example.org"})
    address = link(mails()[0])
    client.post(client.get(address).url, {"password1": NEW, "password2": NEW})
    assert "Dieser Link gilt nicht mehr" in page(Client(), address)


@pytest.mark.parametrize("when", ["before the link is opened", "while the form is open"])
def test_a_link_to_a_new_password_ends_with_the_account(client, anna, when):
    client.post(RESET, {"email": "anna@example.org"})
    address = link(mails()[0])
    form = client.get(address).url if when == "while the form is open" else address
    User.objects.update(is_active=False)
    assert "Dieser Link gilt nicht mehr" in page(client, form)
    client.post(form, {"password1": NEW, "password2": NEW})
    assert User.objects.get().check_password(PASSWORD)


def test_a_link_to_a_new_password_ends_with_another_password(client, anna):
    client.post(RESET, {"email": "anna@example.org"})
    anna.set_password(NEW)
    anna.save()
    assert "Dieser Link gilt nicht mehr" in page(client, link(mails()[0]))


def test_links_name_the_address_of_the_platform(client, anna, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://praxis.example.org"
    settings.ALLOWED_HOSTS = ["*"]
    client.post(RESET, {"email": "anna@example.org"}, headers={"host": "boese.example"})
    assert "https://praxis.example.org/konto/" in mails()[0].body
    assert "boese.example" not in mails()[0].body


def test_strangers_learn_nothing_from_a_forgotten_password(client, anna):
    known = client.post(RESET, {"email": "anna@example.org"})
    unknown = client.post(RESET, {"email": "fremd@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [mail.to for mail in mails()] == [["anna@example.org"]]


def test_different_new_passwords_are_sent_back_with_a_reason(client, anna):
    client.post(RESET, {"email": "anna@example.org"})
    form = client.get(link(mails()[0]))
    response = client.post(form.url, {"password1": NEW, "password2": "etwas ganz anderes"})
    assert "Die beiden Passwörter sind verschieden." in response.content.decode()
    assert User.objects.get().check_password(PASSWORD)


def test_passwords_are_changed_with_the_old_one(client, anna):
    sign_in(client, "anna")
    address = reverse("account_change_password")
    wrong = client.post(address, {"oldpassword": "falsch", "password1": NEW, "password2": NEW})
    assert "Das ist nicht Ihr bisheriges Passwort." in wrong.content.decode()
    weak = client.post(address, {"oldpassword": PASSWORD, "password1": "kurz", "password2": "kurz"})
    assert "12 Zeichen" in weak.content.decode()
    assert client.post(address, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}).url == reverse(
        "mfa_index"
    )
    assert "Ihr Passwort ist geändert." in page(client, reverse("mfa_index"))
    assert User.objects.get().check_password(NEW)


def test_wagtails_page_of_the_account_changes_neither_password_nor_address(client, anna):
    sign_in(client, "anna")
    account = page(client, reverse("wagtailadmin_account"))
    assert reverse("mfa_index") in account
    client.post(
        reverse("wagtailadmin_account"),
        {
            "name_email-first_name": "Anna",
            "name_email-last_name": "A",
            "name_email-email": "andere@example.org",
            "password-old_password": PASSWORD,
            "password-new_password1": NEW,
            "password-new_password2": NEW,
        },
    )
    user = User.objects.get()
    assert (user.email, user.check_password(PASSWORD)) == ("anna@example.org", True)


def test_a_changed_address_leaves_the_old_one_without_a_key(client, anna):
    anna.email = "neu@example.org"
    anna.save()
    client.post(RESET, {"email": "anna@example.org"})
    assert mails() == []
    client.post(RESET, {"email": "neu@example.org"})
    assert [mail.to for mail in mails()] == [["neu@example.org"]]


def test_an_address_of_two_accounts_counts_for_the_first(anna):
    second = User.objects.create_user("zweite", "Anna@example.org")
    verified = EmailAddress.objects.filter(email="anna@example.org", verified=True)
    assert [address.user for address in verified] == [anna]
    assert second.emailaddress_set.count() == 1


def test_accounts_from_before_have_an_address(anna):
    EmailAddress.objects.all().delete()
    import_module("editing.migrations.0005_addresses").list_addresses(apps, None)
    assert EmailAddress.objects.values_list("user", "email", "verified", "primary").get() == (
        anna.pk,
        "anna@example.org",
        True,
        True,
    )


@pytest.mark.parametrize("rubbish", ["\0", "'\"<b>", "x" * 10_000, "\u202e", "🙂", "%00", "@", "a@b"])
def test_rubbish_is_answered_with_a_page(client, anna, rubbish):
    assert sign_in(client, rubbish, rubbish, next=rubbish).status_code == 200
    assert client.post(RESET, {"email": rubbish}).status_code in {200, 302}
    assert client.get(SIGN_IN, {"next": rubbish}).status_code == 200
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "token", ["1-x", "zzzzzzzzzzzzz-x", "zzzzzzzzzzzzzzzzzzzz-x", "0-set-password", "1-" + "x" * 3000]
)
def test_invented_links_are_answered_with_a_page(client, anna, token):
    assert "Dieser Link gilt nicht mehr" in page(client, f"/konto/passwort/neu/{token}/")


@pytest.mark.parametrize("address", ["signup/", "email/", "password/set/", "login/code/", "registrieren/"])
def test_there_are_no_other_pages(client, anna, address):
    assert client.get(f"/konto/{address}").status_code == 404


def test_looking_changes_nothing(client, anna):
    sign_in(client, "anna")
    client.get(reverse("account_logout"))
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


def test_leaving_the_admin_leads_back_to_the_form(client, anna):
    sign_in(client, "anna")
    response = client.post(reverse("wagtailadmin_logout"), follow=True)
    assert not is_signed_in(client)
    assert response.redirect_chain[-1][0] == SIGN_IN


def test_pages_of_an_account_are_kept_nowhere(client, anna):
    assert "no-store" in client.get(SIGN_IN).headers["Cache-Control"]
    sign_in(client, "anna")
    for name in ("mfa_index", "mfa_activate_totp", "account_change_password"):
        assert "no-store" in client.get(reverse(name)).headers["Cache-Control"]


def test_a_forged_form_signs_nobody_in(anna):
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, "anna").status_code == 403
    assert not is_signed_in(client)
