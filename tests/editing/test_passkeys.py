"""Passkeys: what does not fit is refused with a sentence. That those which fit work is tried in a browser."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from editing.roles import EDITORS
from tests.editing.signing_in import is_signed_in, page, person, sign_in

ADD = reverse("mfa_add_webauthn")
SIGN_IN_BY_PASSKEY = reverse("mfa_login_webauthn")
REFUSED = "Dieser Passkey wurde nicht angenommen."
RUBBISH = [
    "",
    "quatsch",
    "5",
    "[]",
    "{}",
    '"text"',
    '{"id": 1}',
    '{"response": "text"}',
    '{"response": {"userHandle": 5}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "MQ", "clientDataJSON": "e30"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "e30", "attestationObject": "AA"}}',
]

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.one_database]


@pytest.mark.parametrize("credential", RUBBISH)
def test_rubbish_is_no_new_passkey(client, credential):
    person("anna", EDITORS)
    sign_in(client, "anna")
    client.get(ADD)
    response = client.post(ADD, {"name": "Telefon", "credential": credential})
    assert (response.status_code, Authenticator.objects.count()) == (200, 0)
    assert REFUSED in response.content.decode()
    assert 'value="Telefon"' in response.content.decode()


@pytest.mark.parametrize("credential", RUBBISH)
def test_rubbish_signs_nobody_in(client, credential):
    person("anna", EDITORS)
    client.get(SIGN_IN_BY_PASSKEY, headers={"accept": "application/json"})
    response = client.post(SIGN_IN_BY_PASSKEY, {"credential": credential}, follow=True)
    assert REFUSED in response.content.decode()
    assert not is_signed_in(client)


def test_the_form_asks_the_browser_without_naming_anybody(client):
    person("anna", EDITORS)
    options = client.get(SIGN_IN_BY_PASSKEY, headers={"accept": "application/json"}).json()
    assert "anna" not in json.dumps(options)
    assert options["request_options"]["publicKey"]["userVerification"] == "required"


def test_passkeys_of_others_are_not_there(client):
    bert = person("bert", EDITORS)
    passkey = Authenticator.objects.create(user=bert, type="webauthn", data={"name": "Von Bert", "credential": {}})
    person("anna", EDITORS)
    sign_in(client, "anna")
    assert "Von Bert" not in page(client, reverse("mfa_list_webauthn"))
    assert client.post(reverse("mfa_remove_webauthn", args=[passkey.pk])).status_code == 404
    assert Authenticator.objects.count() == 1
