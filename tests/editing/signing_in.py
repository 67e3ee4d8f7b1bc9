"""Signing in the way people do: by the forms, with the mail that comes and an app that reckons codes."""

import base64
import hashlib
import hmac
import re
import struct
import time

from django.contrib.auth.models import Group, User
from django.core import mail as mailbox
from django.urls import reverse

from feeds.sending import send_due

PASSWORD = "ein langes Kennwort mit Sinn"
SIGN_IN = reverse("account_login")


def person(name: str, *groups: str, **more) -> User:
    """Return a new account with the password `PASSWORD` in `groups`."""
    user = User.objects.create_user(name, f"{name}@example.org", PASSWORD, **more)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def sign_in(client, login: str, password: str = PASSWORD, **more):
    """Post the form; returns the response."""
    return client.post(more.pop("address", SIGN_IN), {"login": login, "password": password, **more})


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def app_code(secret: str, steps: int = 0) -> str:
    """Return what an app shows for `secret`, `steps` half minutes from now (RFC 6238)."""
    digest = hmac.new(
        base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30 + steps), hashlib.sha1
    ).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def set_up_app(client) -> tuple[str, list[str]]:
    """Set up an app for who is signed in; returns its secret and the recovery codes."""
    secret = re.search(r'th-secret">([A-Z2-7]+)<', page(client, reverse("mfa_activate_totp")))[1]
    client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
    return secret, re.findall(r"<code>(\d+)</code>", page(client, reverse("mfa_view_recovery_codes")))


def page(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code, response.headers.get("Location"))
    return response.content.decode()


def mails() -> list:
    """Send what is queued; returns all mails so far."""
    for _pause in send_due():
        pass
    return mailbox.outbox


def link(mail) -> str:
    """Return the path of the link in `mail`."""
    return re.search(r"https?://[^/]+(/konto/\S+)", mail.body)[1]
