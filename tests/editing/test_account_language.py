"""Every page of an account speaks German, whatever one does there."""

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from editing.roles import ADMINISTRATORS, EDITORS, REVIEWERS
from tests.editing.signing_in import SIGN_IN, page, person, set_up_app, sign_in

RESET = reverse("account_reset_password")
ENGLISH = re.compile(
    r"\b(the|your|you|please|password|sign (in|out)|username|email|address|log ?(in|out)|this|submit|confirm|cancel"
    r"|codes? is|authenticator|recovery|key|keys|add|remove|enter|current|account|incorrect|too many)\b",
    re.IGNORECASE,
)

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.one_database]


def text(html: str) -> str:
    """What a page says, without markup and scripts."""
    main = re.search(r"<main.*</main>", html, re.DOTALL)[0]
    title = re.search(r"<title>.*</title>", html)[0]
    return " ".join(strip_tags(title + re.sub(r"<(script|style|svg).*?</\1>", "", main, flags=re.DOTALL)).split())


@pytest.mark.parametrize("group", [REVIEWERS, EDITORS, ADMINISTRATORS])
def test_every_role_reads_german_only(client, group):
    person("person", group)
    screens = [page(client, SIGN_IN), page(client, RESET), page(client, reverse("account_reset_password_done"))]
    screens += [
        page(client, reverse("account_inactive")),
        page(client, reverse("account_reset_password_from_key_done")),
    ]
    screens += [client.post(SIGN_IN, {}).content.decode(), client.post(RESET, {"email": "quatsch"}).content.decode()]
    screens += [page(client, "/konto/passwort/neu/1-quatsch/")]
    sign_in(client, "person")
    screens += [page(client, reverse(name)) for name in ("mfa_index", "mfa_activate_totp", "account_change_password")]
    screens += [
        client.post(reverse(name), {}).content.decode() for name in ("mfa_activate_totp", "account_change_password")
    ]
    set_up_app(client)
    names = (
        "mfa_index",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
    )
    screens += [page(client, reverse(name)) for name in (*names, "mfa_reauthenticate", "account_logout")]
    screens += [client.post(reverse("mfa_reauthenticate"), {"code": "quatsch"}).content.decode()]
    screens += [client.post(reverse("mfa_add_webauthn"), {}).content.decode()]
    client.post(reverse("account_logout"))
    sign_in(client, "person")
    screens += [page(client, reverse("mfa_authenticate"))]
    screens += [client.post(reverse("mfa_authenticate"), {"code": code}).content.decode() for code in ("", "quatsch")]
    assert [
        (text(screen)[:60], ENGLISH.search(text(screen))) for screen in screens if ENGLISH.search(text(screen))
    ] == []
