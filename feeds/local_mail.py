"""Mails of an installation without a mail server: kept in a folder, and readable in the browser on the same machine."""

import re
import time
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from feeds.private_responses import private

KEPT = 50
KEPT_FOR = timedelta(days=7)
_NAME = re.compile(r"\d{19}\.eml")
_LINK = re.compile(r"https?://\S+")


class LocalMailBackend(BaseEmailBackend):
    """Writes each mail to MAIL_DIR, for this user alone, keeps the last ones, and prints a line about each."""

    def open(self) -> bool:
        settings.MAIL_DIR.mkdir(parents=True, exist_ok=True)
        settings.MAIL_DIR.chmod(0o700)  # links in mails open doors
        return True

    def send_messages(self, email_messages) -> int:
        self.open()
        for message in email_messages:
            path = settings.MAIL_DIR / f"{time.time_ns():019d}.eml"
            path.touch(mode=0o600)
            path.write_bytes(message.message().as_bytes())
            print(f"Mail to {', '.join(message.to)}: {message.subject}")  # noqa: T201 - for who runs it
            for link in _LINK.findall(message.body)[:1]:
                print(f"  {link}")  # noqa: T201
        forget_mails()
        return len(email_messages)


def forget_mails() -> None:
    """Delete what is older than a week, and all but the last ones."""
    oldest = time.time_ns() - KEPT_FOR // timedelta(microseconds=1) * 1000
    stored = _stored()
    for path in {*stored[KEPT:], *(path for path in stored if int(path.stem) < oldest)}:
        path.unlink(missing_ok=True)


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """List the mails that were kept."""
    _only_here()
    mails = [{"name": path.stem, "mail": _read(path)} for path in _stored()]
    return private(render(request, "feeds/outbox.html", {"mails": mails}))


@require_safe
def outbox_mail(request: HttpRequest, name: str) -> HttpResponse:
    """Show a mail as plain text, with its headers."""
    mail = _find(name)
    body = mail.get_body(("plain",))
    context = {"name": name, "mail": mail, "headers": mail.items(), "text": body.get_content() if body else ""}
    return private(render(request, "feeds/outbox_mail.html", context))


@require_safe
def outbox_html(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with the HTML of a mail alone, boxed in like in a mail program."""
    body = _find(name).get_body(("html",))
    response = HttpResponse(body.get_content() if body else "")
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    return private(response)


def _only_here() -> None:
    """Mails hold links that open doors: they are shown where there is no mail server, on the machine itself."""
    is_local = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname in {"localhost", "127.0.0.1", "::1"}
    if not is_local or f"{__name__}.LocalMailBackend" != settings.EMAIL_BACKEND:
        raise Http404


def _stored() -> list[Path]:
    """Return the kept mails, the newest first."""
    return sorted((path for path in settings.MAIL_DIR.glob("*.eml") if _NAME.fullmatch(path.name)), reverse=True)


def _find(name: str) -> EmailMessage:
    _only_here()
    path = next((path for path in _stored() if path.stem == name), None)
    if path is None:
        raise Http404
    return _read(path)


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)
