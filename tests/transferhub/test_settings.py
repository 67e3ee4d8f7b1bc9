"""A mistake in the environment stops the start with a sentence that helps."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.one_database

GOOD = {
    "DJANGO_SETTINGS_MODULE": "transferhub.settings.production",
    "SECRET_KEY": "long-enough-to-be-a-secret-0123456789abcdef",
    "BASE_URL": "https://praxis.example.org",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
}
OIDC = {
    "OIDC_NAME": "Verband Nord",
    "OIDC_URL": "https://anmelden.example.org/realms/nord/",
    "OIDC_CLIENT_ID": "transferhub",
    "OIDC_CLIENT_SECRET": "geheim",
}
MAIL = (
    "from django.conf import settings as s; "
    "print(s.EMAIL_BACKEND, s.EMAIL_HOST, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL, s.DEFAULT_FROM_EMAIL, s.MAIL_PER_MINUTE)"
)


NAMES = "from django.conf import settings; print(settings.ALLOWED_HOSTS, settings.SESSION_COOKIE_NAME)"


def start(tmp_path, code: str = NAMES, **environment: str) -> subprocess.CompletedProcess:
    """Load the settings in a process of its own, the way a server does."""
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **environment}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)


def test_production_starts_with_three_settings(tmp_path):
    assert start(tmp_path, **GOOD).stdout == "['praxis.example.org'] __Host-session\n"


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "short"}, "shorter than 32 characters"),
        ({"BASE_URL": ""}, "BASE_URL is missing"),
        ({"BASE_URL": "praxis.example.org"}, "BASE_URL is missing or not an address"),
        ({"BASE_URL": "http://praxis.example.org"}, "not encrypted"),
        ({"DATABASE_URL": "mysql://x@localhost/y"}, "runs on SQLite and PostgreSQL"),
        ({"DATABASE_URL": "quatsch"}, "DATABASE_URL"),
        ({"EMAIL_URL": ""}, "EMAIL_URL is missing"),
        ({"EMAIL_URL": "mail.example.org"}, "Write it as smtp+tls://"),
        ({"EMAIL_URL": "gopher://mail.example.org"}, "Write it as smtp+tls://"),
        ({"MAIL_FROM": "TransferHub"}, "names no address"),
        ({"MAIL_FROM": "Hub <a@b.example>\nBcc: c@d.example"}, "names no address"),
        ({"MAIL_PER_MINUTE": "viele"}, "not a number from 1"),
        ({"MAIL_PER_MINUTE": "0"}, "not a number from 1"),
        ({"SECOND_FACTOR_REQUIRED": "vielleicht"}, "is neither true nor false"),
        ({"CHECK_LINKS": "manchmal"}, "is neither true nor false"),
        ({"REVIEW_FOUR_EYES": "vielleicht"}, "is neither true nor false"),
        ({"TRUSTED_PROXIES": "-1"}, "not a number from 0"),
        ({"OIDC_NAME": "Verband Nord"}, "OIDC_URL, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET missing"),
        ({**OIDC, "OIDC_URL": "http://anmelden.example.org"}, "OIDC_URL is not an https:// address"),
        ({"DATA_DIR": "/proc/nowhere"}, "Point it to a folder this user may write to"),
    ],
)
def test_production_refuses_to_start(tmp_path, change, hint):
    result = start(tmp_path, **{**GOOD, **change})
    assert result.returncode != 0
    assert hint in result.stderr


def test_this_machine_needs_no_certificate(tmp_path):
    result = start(tmp_path, **{**GOOD, "BASE_URL": "http://127.0.0.1:8000"})
    assert result.stdout == "['127.0.0.1'] sessionid\n"


def test_forms_may_lead_to_the_sign_in_of_the_association(tmp_path):
    code = (
        "from django.conf import settings as s; "
        "print(s.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS'][0]['settings'], s.PUBLIC_CSP['form-action'])"
    )
    expected = (
        "{'server_url': 'https://anmelden.example.org/realms/nord'} [\"'self'\", 'https://anmelden.example.org']\n"
    )
    assert start(tmp_path, code, **GOOD, **OIDC).stdout == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "True 1"),
        ({"SECOND_FACTOR_REQUIRED": "false", "TRUSTED_PROXIES": "2"}, "False 2"),
        ({"BASE_URL": "http://127.0.0.1:8000"}, "False 0"),
        ({"BASE_URL": "http://127.0.0.1:8000", "SECOND_FACTOR_REQUIRED": "true"}, "True 0"),
    ],
)
def test_servers_ask_for_a_second_factor_unless_told_otherwise(tmp_path, change, expected):
    code = "from django.conf import settings as s; print(s.SECOND_FACTOR_REQUIRED, s.ALLAUTH_TRUSTED_PROXY_COUNT)"
    assert start(tmp_path, code, **{**GOOD, **change}).stdout == f"{expected}\n"


@pytest.mark.parametrize(
    ("address", "encryption"),
    [
        ("smtp://mail.example.org:25", "False False"),
        ("smtp+tls://user:password@mail.example.org:587", "True False"),
        ("smtp+ssl://user:password@mail.example.org:465", "False True"),
    ],
)
def test_mail_goes_to_the_server_named(tmp_path, address, encryption):
    result = start(tmp_path, MAIL, **{**GOOD, "EMAIL_URL": address})
    backend = "django.core.mail.backends.smtp.EmailBackend"
    sender = "TransferHub <noreply@praxis.example.org>"
    assert result.stdout == f"{backend} mail.example.org {encryption} {sender} 120\n"


def test_this_machine_needs_no_mail_server(tmp_path):
    code = "from django.conf import settings; print(settings.EMAIL_BACKEND)"
    result = start(tmp_path, code, **{**GOOD, "BASE_URL": "http://127.0.0.1:8000", "EMAIL_URL": ""})
    assert result.stdout == "feeds.local_mail.LocalMailBackend\n"
