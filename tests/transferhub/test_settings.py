"""A mistake in the environment stops the start with a sentence that helps."""

import os
import subprocess
import sys

import pytest

GOOD = {
    "DJANGO_SETTINGS_MODULE": "transferhub.settings.production",
    "SECRET_KEY": "long-enough-to-be-a-secret-0123456789abcdef",
    "BASE_URL": "https://praxis.example.org",
}


def start(tmp_path, **environment: str) -> subprocess.CompletedProcess:
    """Load the settings in a process of its own, the way a server does."""
    code = "from django.conf import settings; print(settings.ALLOWED_HOSTS, settings.SESSION_COOKIE_NAME)"
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **environment}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)


def test_production_starts_with_two_settings(tmp_path):
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
