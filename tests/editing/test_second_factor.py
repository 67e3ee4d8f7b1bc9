"""The second factor: set up once, asked for at every sign-in, and no way round it."""

from base64 import b32encode
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from editing.invitations import send
from editing.models import Invitation
from editing.roles import ADMINISTRATORS, EDITORS, REVIEWERS
from editing.sign_in.encryption import decrypt
from tests.editing.signing_in import PASSWORD, app_code, is_signed_in, link, mails, page, person, set_up_app, sign_in

HOME = reverse("wagtailadmin_home")
SET_UP = reverse("mfa_activate_totp")
SECOND_STEP = reverse("mfa_authenticate")

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.one_database]


@pytest.fixture
def protected(client):
    """An editor with an app, signed out again; returns its secret and the recovery codes."""
    person("anna", EDITORS)
    sign_in(client, "anna")
    found = set_up_app(client)
    client.post(reverse("account_logout"))
    return found


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def test_signing_in_asks_for_the_code_of_the_app(client, protected):
    secret, _codes = protected
    assert sign_in(client, "anna").url == SECOND_STEP
    assert not is_signed_in(client)
    assert "zweiter Schritt" in page(client, SECOND_STEP)
    assert client.post(SECOND_STEP, {"code": app_code(secret, steps=1)}).url == HOME
    assert client.get(HOME).status_code == 200
    assert "Eine App ist eingerichtet." in page(client, reverse("mfa_index"))


def test_the_database_alone_knows_no_code(client, protected):
    secret, _codes = protected
    kept = {row.type: row.data for row in Authenticator.objects.all()}
    assert secret not in kept["totp"]["secret"]
    assert decrypt(kept["totp"]["secret"]) == secret
    assert len(kept["recovery_codes"]["seed"]) > 100, "as long as what is encrypted"


def test_a_changed_key_still_reads_what_the_former_one_wrote(client, protected, settings):
    secret, _codes = protected
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "ein neuer Schlüssel"
    sign_in(client, "anna")
    assert client.post(SECOND_STEP, {"code": app_code(secret, steps=1)}).url == HOME


def test_under_a_foreign_key_no_code_fits(client, protected, settings):
    secret, codes = protected
    settings.SECRET_KEY = "ein anderer Schlüssel"
    sign_in(client, "anna")
    for code in (app_code(secret, steps=1), app_code(b32encode(b"").decode()), codes[0]):
        assert "Dieser Code stimmt nicht." in client.post(SECOND_STEP, {"code": code}).content.decode()
    assert not is_signed_in(client)


@pytest.mark.django_db(transaction=True)
def test_setting_up_is_told_by_mail(client, protected):
    assert "wurde eine App eingerichtet" in mails()[-1].body


def test_a_wrong_code_is_refused_with_a_sentence(client, protected):
    sign_in(client, "anna")
    response = client.post(SECOND_STEP, {"code": "000000"})
    assert "Dieser Code stimmt nicht." in response.content.decode()
    assert not is_signed_in(client)


def test_guessing_codes_ends(client, protected):
    secret, _codes = protected
    sign_in(client, "anna")
    for _attempt in range(5):
        client.post(SECOND_STEP, {"code": "000000"})
    response = client.post(SECOND_STEP, {"code": app_code(secret)})
    assert "Das waren zu viele Versuche." in response.content.decode()
    assert not is_signed_in(client)


def test_a_code_of_the_app_works_once(client, protected):
    secret, _codes = protected
    code = app_code(secret, steps=1)
    sign_in(client, "anna")
    client.post(SECOND_STEP, {"code": code})
    other = Client()
    sign_in(other, "anna")
    other.post(SECOND_STEP, {"code": code})
    assert (is_signed_in(client), is_signed_in(other)) == (True, False)


def test_a_recovery_code_works_once(client, protected):
    _secret, codes = protected
    assert len(codes) == 10
    sign_in(client, "anna")
    client.post(SECOND_STEP, {"code": codes[3]})
    other = Client()
    sign_in(other, "anna")
    other.post(SECOND_STEP, {"code": codes[3]})
    assert (is_signed_in(client), is_signed_in(other)) == (True, False)
    assert "Sie haben noch 9 Ersatz-Codes." in page(client, reverse("mfa_index"))


def test_new_recovery_codes_replace_the_old(client, protected):
    secret, codes = protected
    sign_in(client, "anna")
    client.post(SECOND_STEP, {"code": app_code(secret, steps=1)})
    assert client.post(reverse("mfa_generate_recovery_codes")).url == reverse("mfa_view_recovery_codes")
    file = client.get(reverse("mfa_download_recovery_codes")).content.decode().split()
    assert len(file) == 10
    assert not set(file) & set(codes)


@pytest.mark.parametrize(
    "address", ["/verwaltung/login/", "/_util/login/", "/verwaltung/", "/django-admin/login/", "/admin/login/"]
)
def test_no_other_form_signs_anybody_in(client, protected, address):
    client.post(address, {"username": "anna", "login": "anna", "password": PASSWORD, "next": HOME}, follow=True)
    assert not is_signed_in(client)
    assert client.get(HOME).status_code == 302


@pytest.mark.parametrize("address", ["/verwaltung/login/", "/_util/login/"])
def test_wagtails_forms_lead_to_ours_and_on(client, address):
    response = client.get(f"{address}?next=/praxis/")
    assert response.url == f"{reverse('account_login')}?next=/praxis/"


@pytest.mark.parametrize("path", ["", "done/", "confirm/MQ/set-password/", "complete/"])
def test_wagtails_links_to_new_passwords_lead_to_ours(client, path):
    response = client.post(f"/verwaltung/password_reset/{path}", {"email": "anna@example.org"})
    assert response.url == reverse("account_reset_password")
    assert mails() == []


def test_a_new_password_does_not_replace_the_code(client, protected):
    mails().clear()
    client.post(reverse("account_reset_password"), {"email": "anna@example.org"})
    new = "ein neues langes Kennwort"
    client.post(client.get(link(mails()[0])).url, {"password1": new, "password2": new})
    assert sign_in(client, "anna", new).url == SECOND_STEP
    assert not is_signed_in(client)


def test_a_session_without_the_second_factor_does_not_reach_the_admin(client, protected):
    """However it came about: by an older sign-in, or by a way that somebody adds one day."""
    client.force_login(User.objects.get(username="anna"))
    response = client.get(HOME, follow=True)
    assert response.redirect_chain[-1][0] == f"{reverse('mfa_reauthenticate')}?next={quote(HOME, safe='')}"
    secret, _codes = protected
    address = response.redirect_chain[-1][0]
    assert client.post(address, {"code": app_code(secret, steps=1), "next": HOME}).url == HOME
    assert client.get(HOME).status_code == 200


@pytest.mark.parametrize("name", ["mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"])
def test_the_password_alone_changes_nothing_about_the_second_factor(client, protected, name):
    client.force_login(User.objects.get(username="anna"))
    address = reverse("account_reauthenticate")
    client.post(f"{address}?next={reverse(name)}", {"password": PASSWORD, "next": reverse(name)})
    assert client.get(reverse(name)).url.startswith(reverse("mfa_reauthenticate"))
    client.post(reverse(name))
    assert Authenticator.objects.count() == 2


@pytest.mark.parametrize("group", [EDITORS, ADMINISTRATORS])
def test_who_publishes_or_administers_needs_one(client, required, group):
    person("person", group)
    sign_in(client, "person")
    assert (
        client.get(reverse("wagtailadmin_explore_root")).url == f"{SET_UP}?next={reverse('wagtailadmin_explore_root')}"
    )
    set_up_app(client)
    assert client.get(HOME).status_code == 200


def test_who_was_just_invited_sets_it_up_without_signing_in_again(client, required):
    editor = person("laedt-ein", EDITORS)
    send(Invitation(email="neu@example.org", role=Invitation.Role.EDITOR, invited_by=editor), editor)
    client.post(link(mails()[0]), {"name": "Neue Person", "password": PASSWORD, "repeated": PASSWORD})
    assert client.get(HOME).url.startswith(SET_UP)
    set_up_app(client)
    assert client.get(HOME).status_code == 200


def test_superusers_need_one(client, required):
    person("alle-rechte", is_superuser=True)
    sign_in(client, "alle-rechte")
    assert client.get(HOME).url.startswith(SET_UP)


def test_others_do_not_need_one(client, required):
    person("prueft", REVIEWERS)
    sign_in(client, "prueft")
    assert client.get(HOME).status_code == 200


def test_every_page_of_the_admin_waits_for_it(client, required):
    person("anna", EDITORS)
    sign_in(client, "anna")
    for name in (
        "wagtailadmin_account",
        "invitations",
        "imports",
        "wagtailimages:index",
        "wagtailadmin_javascript_catalog",
    ):
        assert client.get(reverse(name)).url.startswith(SET_UP), name
        assert client.post(reverse(name)).url.startswith(SET_UP), name


def test_one_can_leave_without_setting_it_up(client, required):
    person("anna", EDITORS)
    sign_in(client, "anna")
    client.post(reverse("wagtailadmin_logout"))
    assert not is_signed_in(client)


def test_switching_it_off_ends_the_work_of_those_who_need_it(client, required):
    person("anna", EDITORS)
    sign_in(client, "anna")
    set_up_app(client)
    assert client.post(reverse("mfa_deactivate_totp")).url == reverse("mfa_index")
    assert client.get(HOME).url.startswith(SET_UP)
    assert "wurde die App ausgeschaltet" in mails()[-1].body


@pytest.fixture
def administrator():
    """The browser of somebody who administers."""
    person("amt", ADMINISTRATORS)
    client = Client()
    sign_in(client, "amt")
    return client


def test_who_lost_everything_is_helped_in_the_admin(client, protected, administrator):
    anna = User.objects.get(username="anna")
    address = reverse("lost_factor", args=[anna.pk])
    assert address in page(administrator, reverse("wagtailusers_users:index"))
    assert "anna@example.org" in page(administrator, address)
    assert Authenticator.objects.filter(user=anna).count() == 2
    assert "ist zurückgesetzt" in administrator.post(address, follow=True).content.decode()
    assert mails()[-1].to == ["anna@example.org"]
    sign_in(client, "anna")
    assert is_signed_in(client)


def test_a_second_click_says_that_there_is_nothing_left(protected, administrator):
    address = reverse("lost_factor", args=[User.objects.get(username="anna").pk])
    administrator.post(address)
    assert "hat keinen zweiten Faktor" in administrator.post(address, follow=True).content.decode()


@pytest.mark.parametrize("group", [EDITORS, REVIEWERS])
def test_only_who_may_change_accounts_resets(protected, group):
    person("bert", group)
    other = Client()
    sign_in(other, "bert")
    address = reverse("lost_factor", args=[User.objects.get(username="anna").pk])
    assert other.get(address).url == HOME
    assert other.post(address).url == HOME
    assert Authenticator.objects.count() == 2


def test_superusers_are_left_alone_by_administrators(protected, administrator):
    User.objects.filter(username="anna").update(is_superuser=True)
    address = reverse("lost_factor", args=[User.objects.get(username="anna").pk])
    assert address not in page(administrator, reverse("wagtailusers_users:index"))
    assert administrator.post(address).url == HOME
    assert Authenticator.objects.count() == 2


def test_the_list_of_accounts_costs_the_same_for_any_number(administrator):
    queries = []
    for number in range(2):
        for one in range(5):
            person(f"person-{number}-{one}")
        with CaptureQueriesContext(connection) as found:
            page(administrator, reverse("wagtailusers_users:index"))
        queries.append(len(found))
    assert queries[0] == queries[1]


def test_who_lost_everything_is_helped_by_a_command(client, protected, capsys):
    call_command("reset_second_factor", "anna@example.org")
    assert "Entfernt: 2" in capsys.readouterr().out
    sign_in(client, "anna")
    assert is_signed_in(client)


def test_the_command_takes_nobody_for_another(protected):
    User.objects.create_user("zweite", "anna@example.org")
    with pytest.raises(CommandError, match="2 Zugänge"):
        call_command("reset_second_factor", "anna@example.org")
    assert Authenticator.objects.count() == 2


def test_it_costs_one_query_a_page(client, protected):
    secret, _codes = protected
    sign_in(client, "anna")
    client.post(SECOND_STEP, {"code": app_code(secret, steps=1)})
    with CaptureQueriesContext(connection) as queries:
        client.get(HOME)
    assert len([query for query in queries if "mfa_authenticator" in query["sql"]]) == 1
