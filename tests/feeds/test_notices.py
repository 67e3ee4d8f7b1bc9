"""Notices: sent as they were meant, not kept once they are sent, never of what was taken back."""

import pytest
from django.core import mail as mailbox
from django.db import transaction

from feeds.models import Mail
from feeds.notices import Action, Notice, queue
from feeds.sending import send_due
from tests.feeds.smtp_server import running_inbox

LINK = Action("Seite ansehen", "https://praxis.example.org/verwaltung/")


def notice(**fields) -> Notice:
    defaults = {
        "address": "lesen@example.org",
        "subject": "Ihre Seite wartet",
        "paragraphs": ("Bitte prüfen Sie <sie>.",),
    }
    return Notice(**defaults | fields)


def send() -> None:
    for _pause in send_due():
        pass


def test_says_what_it_was_given_in_text_and_html(db):
    queue(notice(actions=(LINK,)))
    send()
    [message] = mailbox.outbox
    assert message.to == ["lesen@example.org"]
    assert message.subject == "Ihre Seite wartet"
    assert "Bitte prüfen Sie <sie>." in message.body
    assert "Seite ansehen:\nhttps://praxis.example.org/verwaltung/" in message.body
    html = message.alternatives[0].content
    assert "Bitte prüfen Sie &lt;sie&gt;." in html
    assert 'href="https://praxis.example.org/verwaltung/"' in html


def test_is_forgotten_once_it_is_sent(db):
    queue(notice())
    send()
    assert Mail.objects.get().state == Mail.State.SENT
    assert Mail.objects.get().notice == {}


def test_is_sent_once(db):
    queue(notice())
    send()
    send()
    assert len(mailbox.outbox) == 1


def test_is_kept_while_the_server_is_busy_or_refuses_so_that_it_can_be_sent_again(db, settings):
    with running_inbox() as (inbox, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        inbox.recipients = {"lesen@example.org": "451 later"}
        queue(notice())
        send()
        assert Mail.objects.get().notice["subject"] == "Ihre Seite wartet"
        Mail.objects.update(not_before=None)
        inbox.recipients = {"lesen@example.org": "550 unknown"}
        send()
    assert Mail.objects.get().state == Mail.State.FAILED
    assert Mail.objects.get().notice["subject"] == "Ihre Seite wartet"


@pytest.mark.django_db(transaction=True)
def test_is_not_sent_where_the_transaction_is_taken_back():
    with transaction.atomic():
        queue(notice())
        transaction.set_rollback(True)
    send()
    assert not mailbox.outbox


def test_a_subject_is_one_line(db):
    queue(notice(subject="Titel\r\nBcc: alle@example.org"))
    send()
    assert mailbox.outbox[0].subject == "Titel Bcc: alle@example.org"
