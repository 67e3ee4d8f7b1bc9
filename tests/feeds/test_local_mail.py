"""Without a mail server mails are kept in a folder, and can be read on the same machine."""

import stat
import time
from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from feeds.local_mail import KEPT, KEPT_FOR
from transferhub.management.commands.work import forget

pytestmark = pytest.mark.one_database

BACKEND = "feeds.local_mail.LocalMailBackend"


@pytest.fixture
def local(settings, tmp_path):
    """An installation of this machine without a mail server."""
    settings.EMAIL_BACKEND = BACKEND
    settings.MAIL_DIR = tmp_path / "mail"
    settings.WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8000"


def send(subject: str, text: str = "Guten Tag", html: str = "<p>Guten Tag</p>") -> None:
    message = EmailMultiAlternatives(subject, text, to=["leserin@example.org"])
    message.attach_alternative(html, "text/html")
    message.send()


def names(settings) -> list[str]:
    return sorted(path.stem for path in settings.MAIL_DIR.glob("*.eml"))


def test_a_mail_is_kept_and_a_line_about_it_printed(local, capsys):
    send("Ihre Abonnements", "Hier: http://127.0.0.1:8000/abo/verwalten/geheim/")
    printed = capsys.readouterr().out
    assert "leserin@example.org: Ihre Abonnements" in printed
    assert "http://127.0.0.1:8000/abo/verwalten/geheim/" in printed


def test_the_last_ones_are_kept(local, settings, capsys):
    for number in range(KEPT + 2):
        send(f"Nummer {number}")
    assert len(names(settings)) == KEPT


def test_after_a_week_a_mail_is_deleted(local, db, settings, capsys):
    send("Alt")
    [path] = settings.MAIL_DIR.glob("*.eml")
    old = int(path.stem) - (KEPT_FOR + timedelta(minutes=1)) // timedelta(microseconds=1) * 1000
    path.rename(path.with_name(f"{old:019d}.eml"))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    (settings.MAIL_DIR / f"{time.time_ns():019d}.eml").write_bytes(b"Subject: Neu\n\n")
    forget()
    assert len(names(settings)) == 1


def test_only_who_runs_it_may_read_the_files(local, settings, capsys):
    settings.MAIL_DIR.mkdir(mode=0o755)
    send("Ihre Abonnements")
    [path] = settings.MAIL_DIR.glob("*.eml")
    assert [stat.S_IMODE(item.stat().st_mode) for item in (settings.MAIL_DIR, path)] == [0o700, 0o600]


def test_the_list_and_a_mail_can_be_read(local, site, client, settings, capsys):
    send("Drei neue Beiträge", "Ümlaute und <b>Klammern</b>")
    assert "Drei neue Beiträge" in client.get(reverse("outbox")).content.decode()
    page = client.get(reverse("outbox_mail", args=names(settings))).content.decode()
    assert "Ümlaute und &lt;b&gt;Klammern&lt;/b&gt;" in page


def test_html_is_shown_without_power(local, site, client, settings, capsys):
    send("Etwas", html="<p style='color:red'>rot</p><script>alert(1)</script>")
    response = client.get(reverse("outbox_html", args=names(settings)))
    policy = response.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("name", ["0", "../settings", "1234567890123456789"])
def test_other_files_are_not_read(local, site, client, name):
    assert client.get(f"/abo/postausgang/{name}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend"),
        ("WAGTAILADMIN_BASE_URL", "https://praxis.example.org"),
    ],
)
def test_elsewhere_there_is_no_such_page(local, site, client, settings, capsys, name, value):
    send("Geheim")
    setattr(settings, name, value)
    assert client.get(reverse("outbox")).status_code == 404
    assert client.get(reverse("outbox_mail", args=names(settings))).status_code == 404
    assert client.get(reverse("outbox_html", args=names(settings))).status_code == 404


def test_nothing_of_it_is_stored_by_browsers(local, site, client):
    assert client.get(reverse("outbox")).headers["Cache-Control"] == "no-store"
