"""Sending planned mails: leased, written, handed over, marked.

A mail is marked as sent right after the server took it. A worker that is killed in between leaves a lease that expires;
whoever finds it sends the mail again with the same Message-ID: nobody is left out, and there are at most as many extra
copies as workers were killed.
"""

import logging
import re
import smtplib
from collections.abc import Collection, Generator, Iterator, Sequence
from concurrent.futures import Future
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import Count, F, Max, Q, Subquery
from django.utils import timezone

from feeds.aside import do_aside, until_answered
from feeds.composing import compose_mails
from feeds.mail_messages import confirm_message, digest_message, manage_message, notice_message
from feeds.models import Mail, Subscriber
from feeds.newsletter import introduction_for
from feeds.notices import notice_of
from feeds.secret_links import without_secrets
from feeds.selections import labels
from practices.models import ContentVersion
from practices.terms import all_terms

logger = logging.getLogger(__name__)

Kind, State = Mail.Kind, Mail.State
# Links that somebody waits for go first, and they go where the index is away as well.
_PRIORITIES = ((Kind.CONFIRM, Kind.MANAGE, Kind.NOTICE), (Kind.DIGEST,))

LEASE = timedelta(minutes=10)
BATCH = 100
# What is written may become untrue while it waits for its turn, so no more is written than goes out in so many seconds.
_SECONDS_AHEAD = 10

FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=6)
GIVE_UP = timedelta(days=2)
# So many mails in a row that come back, and the address gets no more.
MOST_BOUNCES = 3
# So many different addresses refused in a row, none taken between them: from then on it is the server, not the address.
MOST_REFUSALS = 3
# What servers say of whom they serve, or from where, and not of an address (RFC 3463, section 3.8).
_POLICY = re.compile(r"5\d\d 5\.7\.")
_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")


class ServerAway(Exception):
    """No mail can be handed over now, whoever it is for."""


def send_due() -> Iterator[float]:
    """Send what waits, batch after batch; yields after each mail how many seconds to wait before the next.

    Raises ServerAway, or EngineUnavailable where digests can not be written; what was not sent goes on waiting.
    """
    while mails := lease(min(BATCH, max(settings.MAIL_PER_MINUTE * _SECONDS_AHEAD // 60, 1))):
        try:
            yield from _send_batch(mails)
        finally:
            # What was not reached waits for the next round, not for the end of its lease.
            _leased(mails).update(state=State.PENDING, lease_until=None)
        yield 0.0


def lease(number: int = BATCH) -> list[Mail]:
    """Take up to `number` mails that wait, or whose lease has expired. Of several workers each gets others."""
    return next(filter(None, (_lease(kinds, number) for kinds in _PRIORITIES)), [])


def _lease(kinds: Collection[str], number: int) -> list[Mail]:
    now = timezone.now()
    due = Q(state=State.PENDING) & (Q(not_before=None) | Q(not_before__lte=now))
    expired = Q(state=State.SENDING, lease_until__lte=now)
    waiting = Mail.objects.filter(due | expired, kind__in=kinds).order_by("pk")
    if not waiting.exists():
        return []
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        ids = list(waiting.values_list("pk", flat=True)[:number])
        Mail.objects.filter(pk__in=ids).update(state=State.SENDING, lease_until=now + LEASE)
    mails = Mail.objects.filter(pk__in=ids, lease_until=now + LEASE).order_by("pk")
    return list(mails.select_related("run", "subscriber__organisation", "subscription__subscriber__organisation"))


def _leased(mails: Sequence[Mail]):
    """Return those of `mails`, leased together, that are leased still; others may have taken the rest."""
    return Mail.objects.filter(
        pk__in=[mail.pk for mail in mails], state=State.SENDING, lease_until=mails[0].lease_until
    )


def _send_batch(mails: Sequence[Mail]) -> Iterator[float]:
    before = _circumstances(mails)
    messages = write_messages(mails)
    server = get_connection()
    try:
        for mail in mails:
            message = messages[mail.pk]
            if message is None:
                _settle(mail, State.SKIPPED)
                continue
            if _circumstances([mail]).get(mail.pk) != before.get(mail.pk, ()):
                return
            yield from _hand_over(mail, message, server)
            yield 60 / settings.MAIL_PER_MINUTE
    finally:
        do_aside(lambda: _close(server))  # nobody waits for its farewell


def _circumstances(mails: Sequence[Mail]) -> dict[int, tuple]:
    """Return what the text of each of `mails` depends on; where that changes, the rest of the batch is written anew.

    A mail whose lease has expired, or whose subscriber has left, is missing. One query.
    """
    found = (
        _leased(mails)
        .filter(lease_until__gt=timezone.now())
        .exclude(~Q(kind=Kind.NOTICE), subscriber=None)
        .annotate(
            content=Subquery(ContentVersion.objects.values("number")[:1]),
            topics=Count("subscriber__subscriptions", filter=~Q(subscriber__subscriptions__confirmed_at=None)),
            changed=Max("subscriber__subscriptions__scheduled_at"),
        )
    )
    return {
        pk: values
        for pk, *values in found.values_list(
            "pk",
            "content",
            "topics",
            "changed",
            "subscription",
            "run__cancelled_at",
            "subscriber__manage_hash",
            "subscriber__paused_at",
            "subscriber__suspended_at",
        )
    }


def write_messages(mails: Sequence[Mail]) -> dict[int, EmailMultiAlternatives | None]:
    """Return the message of each of `mails` by id; None where there is nothing to say any more, or nobody to say it to.

    A constant number of queries. Raises EngineUnavailable where there are digests and the index can not be asked.
    """
    digests = compose_mails([mail for mail in mails if mail.kind == Kind.DIGEST])
    asked = {mail.subscription.query for mail in mails if mail.subscription}
    names = labels(asked, all_terms()) if asked else {}
    introductions = {run: introduction_for(run) for run in {mail.run for mail in mails}}
    messages: dict[int, EmailMultiAlternatives | None] = {}
    for mail in mails:
        message = None
        if mail.kind == Kind.CONFIRM:
            if mail.subscription and not mail.subscription.confirmed_at:
                message = confirm_message(mail, mail.subscription, names[mail.subscription.query])
        elif mail.kind == Kind.NOTICE:
            message = notice_message(mail, notice_of(mail))
        elif mail.subscriber and mail.kind == Kind.MANAGE:
            message = manage_message(mail, mail.subscriber)
        elif mail.subscriber and not digests[mail.pk].is_empty:
            message = digest_message(mail, mail.subscriber, digests[mail.pk], introductions[mail.run])
        messages[mail.pk] = message
    return messages


def _hand_over(mail: Mail, message: EmailMultiAlternatives, server: BaseEmailBackend) -> Generator[float]:
    """Give `message` to the server and note what came of it; yields while it lets us wait. Raises ServerAway.

    What is under way when the worker ends is waited for: else somebody would get it twice.
    """
    message.connection = server
    delivery = do_aside(lambda: _deliver(message, server))
    away = None
    try:
        yield from until_answered(delivery)
    finally:
        try:
            _note(mail, delivery, server)
        except ServerAway as error:
            away = error
    if away:
        raise away


def _deliver(message: EmailMultiAlternatives, server: BaseEmailBackend) -> None:
    try:
        server.open()
    except OSError as error:  # every failure of SMTP is one
        raise ServerAway(str(error)) from error
    message.send()


def _note(mail: Mail, delivery: Future, server: BaseEmailBackend) -> None:
    """Wait until `delivery` is over and note what came of it. Raises ServerAway."""
    try:
        delivery.result()
    except ServerAway:  # it was not asked at all
        raise
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        _refused(mail, code, reason)
    except smtplib.SMTPSenderRefused as error:  # this has nothing to do with whom the mail is for
        _try_later(mail, str(error))
        raise ServerAway(str(error)) from error
    except smtplib.SMTPResponseException as error:
        _refused(mail, error.smtp_code, error.smtp_error)
    except OSError as error:
        # It may have taken the mail before it went: one copy more is possible, none less.
        _close(server)
        _try_later(mail, str(error))
    else:
        _settle(mail, State.SENT)
        if mail.subscriber and mail.subscriber.bounces:
            Subscriber.objects.filter(pk=mail.subscriber.pk).update(bounces=0)


def _refused(mail: Mail, code: int, reason: bytes | str) -> None:
    """Note what the server answered. RFC 5321, section 4.2.1: 4yz is for now, 5yz for good; 421 is the server's farewell.

    A server that refuses whoever the mail is for blames nobody, and is tried again. Raises ServerAway.
    """
    text = f"{code} {reason.decode(errors='replace') if isinstance(reason, bytes) else reason}"
    if code < 500:
        _try_later(mail, text)
        if code == 421:
            raise ServerAway(text)
        return
    if _POLICY.match(text):
        _try_later(mail, text)
        return
    if _refuses_everybody():
        _try_later(mail, text)
        raise ServerAway(text)
    with transaction.atomic():
        _settle(mail, State.FAILED, text)
        subscribers = Subscriber.objects.filter(pk=mail.subscriber_id or 0)
        subscribers.update(bounces=F("bounces") + 1)
        subscribers.filter(bounces__gte=MOST_BOUNCES, suspended_at=None).update(suspended_at=timezone.now())


def _refuses_everybody() -> bool:
    """Return whether the server has refused several addresses since it last took a mail: it may be set up wrongly."""
    taken = Mail.objects.filter(state=State.SENT).aggregate(last=Max("finished_at"))["last"]
    refused = Mail.objects.filter(state=State.FAILED)
    if taken:
        refused = refused.filter(finished_at__gt=taken)
    return refused.values("subscriber").distinct().count() >= MOST_REFUSALS


def _try_later(mail: Mail, reason: str) -> None:
    now = timezone.now()
    if now - mail.created_at > GIVE_UP:
        _settle(mail, State.FAILED, reason)
        return
    delay = min(FIRST_DELAY * 2 ** min(mail.attempts, 20), LONGEST_DELAY)
    _update(mail, state=State.PENDING, not_before=now + delay, last_error=reason)


def _settle(mail: Mail, state: str, error: str = "") -> None:
    notice = {} if state == State.SENT else mail.notice  # what failed can be sent again for a while (feeds.forgetting)
    _update(mail, state=state, finished_at=timezone.now(), notice=notice, last_error=error)


def _update(mail: Mail, last_error: str, **values) -> None:
    """Write what came of a mail; whoever holds the lease by now decides, not who held it before.

    Servers like to quote the address, or links they do not trust. Both are left out: nothing of an address stays when its
    owner leaves, and editors, who read this, get nobody's links.
    """
    attempts = F("attempts") + int(values["state"] != State.SKIPPED)
    _leased([mail]).update(
        lease_until=None, attempts=attempts, last_error=without_addresses(without_secrets(last_error))[:500], **values
    )


def without_addresses(text: str) -> str:
    """Return what a mail server said without the addresses it repeats."""
    return _ADDRESS.sub("‹Adresse›", text)


def _close(server: BaseEmailBackend) -> None:
    try:
        server.close()
    except OSError:
        logger.info("the connection to the mail server was gone already")
