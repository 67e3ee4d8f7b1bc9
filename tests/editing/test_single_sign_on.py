"""Signing in with the account of one's association, tried with a real provider on this machine."""

from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import User
from django.urls import reverse

from editing.roles import EDITORS
from tests.editing.oidc_provider import CLIENT, SECRET, running_provider
from tests.editing.signing_in import SIGN_IN, app_code, is_signed_in, page, person, set_up_app, sign_in

START = reverse("single_sign_on")
HOME = reverse("wagtailadmin_home")

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.one_database]


@pytest.fixture
def provider(settings):
    with running_provider() as provider:
        app = {"provider_id": settings.OIDC_PROVIDER_ID, "name": "Verband Nord", "client_id": CLIENT, "secret": SECRET}
        app["settings"] = {"server_url": provider.url}
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
        yield provider


@pytest.fixture
def anna():
    return person("anna", EDITORS)


def go(client, **data):
    """Walk to the provider and back as a browser does; returns our answer."""
    to_provider = client.post(START, data)
    back = urlsplit(requests.get(to_provider.url, allow_redirects=False, timeout=5).headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def test_the_form_offers_the_association_by_name(client, provider):
    assert "Mit Verband Nord anmelden" in page(client, SIGN_IN)


def test_who_is_known_by_the_address_is_signed_in(client, provider, anna):
    response = go(client, next=reverse("invitations"))
    assert response.url == reverse("invitations")
    assert client.session["_auth_user_id"] == str(anna.pk)
    assert client.get(HOME).status_code == 200


def test_the_second_factor_is_asked_for_all_the_same(client, provider, anna):
    sign_in(client, "anna")
    secret, _codes = set_up_app(client)
    client.post(reverse("account_logout"))
    assert go(client).url == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": app_code(secret, steps=1)})
    assert client.get(HOME).status_code == 200


def test_who_publishes_sets_one_up(client, provider, anna, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    go(client)
    assert client.get(HOME).url.startswith(reverse("mfa_activate_totp"))
    set_up_app(client)
    assert client.get(HOME).status_code == 200


@pytest.mark.parametrize("verified", [False, "false", None, 0, "nein"])
def test_an_address_nobody_checked_opens_nothing(client, provider, anna, verified):
    provider.claims["email_verified"] = verified
    response = go(client)
    assert "Hier gibt es noch keinen Zugang für Sie" in response.content.decode()
    assert not is_signed_in(client)
    assert User.objects.get().check_password("ein langes Kennwort mit Sinn")


@pytest.mark.parametrize("email", ["fremd@example.org", "", None, "quatsch", 5])
def test_nobody_gets_a_new_account(client, provider, anna, email):
    provider.claims["email"] = email
    go(client)
    assert not is_signed_in(client)
    assert User.objects.count() == 1


def test_a_closed_account_stays_closed(client, provider, anna):
    anna.is_active = False
    anna.save()
    assert go(client).url == reverse("account_inactive")
    assert not is_signed_in(client)


def test_nothing_is_connected_for_good(client, provider, anna):
    go(client)
    client.post(reverse("account_logout"))
    anna.email = "neu@example.org"
    anna.save()
    go(client)
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_the_password_stays(client, provider, anna):
    go(client)
    client.post(reverse("account_logout"))
    sign_in(client, "anna")
    assert is_signed_in(client)


def test_who_changes_their_mind_is_back_at_the_form(client, provider, anna):
    provider.denies = True
    response = client.get(go(client).url)
    assert response.url == SIGN_IN


def test_a_provider_that_is_away_is_answered_with_a_page(client, provider, anna):
    provider.broken = True
    response = client.post(START)
    assert response.status_code == 502
    assert "Die Anmeldung hat nicht geklappt" in response.content.decode()


@pytest.mark.parametrize("query", ["", "?code=ein-code", "?code=ein-code&state=geraten", "?error=server_error"])
def test_answers_nobody_asked_for_are_refused(client, provider, anna, query):
    response = client.get(reverse("openid_connect_callback") + query)
    assert "Die Anmeldung hat nicht geklappt" in response.content.decode()
    assert not is_signed_in(client)


def test_looking_starts_nothing(client, provider):
    assert client.get(START).status_code == 405


def test_without_a_provider_there_is_nothing(client):
    assert "Mit Verband" not in page(client, SIGN_IN)
    assert client.post(START).status_code == 404
    assert client.get(reverse("openid_connect_callback")).status_code == 404
