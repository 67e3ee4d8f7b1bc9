"""Mails as they go out: German, in plain text and HTML, without images, tracking or anything from elsewhere."""

import re
import textwrap
from email.utils import formatdate
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac

from feeds.composing import Digest
from feeds.entries import absolute
from feeds.models import DigestRun, Mail, Subscriber, Subscription
from feeds.newsletter import Introduction
from feeds.notices import Notice
from feeds.selections import EVERYTHING

WIDTH = 74
_MOST_SUBJECT = 120
# Where the words of a line begin: after spaces, the number of an item, or the dash of another.
_BEGINNING = re.compile(r"\s*(?:\d+\. |- )?")
_LIKE_A_LINK = re.compile(r"://|@|\bwww\b|\w\.\w{2,}", re.IGNORECASE)


def digest_message(
    mail: Mail, subscriber: Subscriber, digest: Digest, introduction: Introduction | None
) -> EmailMultiAlternatives:
    """Return the message of a digest to `subscriber`, with one click to leave (RFC 8058)."""
    leave = absolute(reverse("subscription_leave", args=[subscriber.leave_token]))
    message = _message(
        mail,
        subscriber.email,
        digest_subject(digest, introduction),
        *render_digest(digest, introduction, subscriber=subscriber, run=mail.run),
    )
    host = _host()
    message.extra_headers |= {
        "List-Id": f"Neues auf TransferHub <neues.{host}>",  # RFC 2919
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return message


def confirm_message(mail: Mail, subscription: Subscription, label: str) -> EmailMultiAlternatives:
    """Return the message that asks the owner of an address whether the subscription is theirs."""
    context = {
        "label": _harmless(label),
        "rhythm": rhythm(subscription),
        "organisation": subscription.subscriber.organisation,
        "link": absolute(reverse("subscription_confirm", args=[subscription.confirm_token])),
        "subject": "Bitte bestätigen Sie Ihr Abonnement",
    }
    return _message(
        mail, subscription.subscriber.email, "Bitte bestätigen Sie Ihr Abonnement", *_render("confirm", context)
    )


def manage_message(mail: Mail, subscriber: Subscriber) -> EmailMultiAlternatives:
    """Return the message with the link to one's subscriptions."""
    context = {
        "link": absolute(reverse("subscription_manage", args=[subscriber.manage_token])),
        "subject": "Ihre Abonnements",
    }
    return _message(mail, subscriber.email, "Ihre Abonnements", *_render("manage", context))


def notice_message(mail: Mail, notice: Notice) -> EmailMultiAlternatives:
    """Return the message of a notice."""
    subject = _one_line(notice.subject)
    return _message(mail, notice.address, subject, *_render("notice", {"notice": notice, "subject": subject}))


def render_digest(
    digest: Digest,
    introduction: Introduction | None,
    subscriber: Subscriber | None = None,
    run: DigestRun | None = None,
) -> tuple[str, str]:
    """Return a digest as plain text and as HTML; without a subscriber as a sample, without links that open anything."""
    manage = ""
    if subscriber is not None and subscriber.organisation_id is None:
        manage = absolute(reverse("subscription_manage", args=[subscriber.manage_token]))
    return _render(
        "digest",
        {
            "digest": digest,
            "introduction": introduction,
            "subject": digest_subject(digest, introduction),
            "frequency": run.get_frequency_display() if run else "",
            "organisation": subscriber.organisation if subscriber else None,
            "manage": manage,
            "leave": absolute(reverse("subscription_leave", args=[subscriber.leave_token])) if subscriber else "",
        },
    )


def digest_subject(digest: Digest, introduction: Introduction | None) -> str:
    """Return a subject that says how much is new and about what."""
    if introduction:
        return _one_line(introduction.title)
    number = digest.number
    if not number:
        return _one_line(f"Nicht mehr verfügbar: {digest.removals[0].title}")
    kinds = {news.is_new for topic in digest.topics for news in topic.news}
    if kinds == {True}:
        what = "1 neuer Beitrag" if number == 1 else f"{number} neue Beiträge"
    elif kinds == {False}:
        what = "1 geänderter Beitrag" if number == 1 else f"{number} geänderte Beiträge"
    else:
        what = f"{number} neue und geänderte Beiträge"
    if len(digest.topics) > 1:
        return f"{what} zu Ihren Themen"
    about = digest.topics[0].label
    return f"{what} auf TransferHub" if about == EVERYTHING else _one_line(f"{what}: {about}")


def rhythm(subscription: Subscription) -> str:
    """Return how often, in words: „wöchentlich, montags um 7 Uhr“."""
    match subscription.frequency:
        case Subscription.Frequency.AT_ONCE:
            return "sofort"
        case Subscription.Frequency.DAILY:
            return f"täglich um {subscription.hour} Uhr"
    return f"wöchentlich, {subscription.get_weekday_display().lower()}s um {subscription.hour} Uhr"


def _message(mail: Mail, address: str, subject: str, text: str, html: str) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=subject,
        body=text,
        to=[address],
        headers={
            "Message-ID": message_id(mail),
            "Date": formatdate(localtime=False, usegmt=True),
            "Auto-Submitted": "auto-generated",  # RFC 3834
            "Content-Language": "de",
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def message_id(mail: Mail) -> str:
    """Return the Message-ID of `mail`: the same however often it is sent, and without a word about the person."""
    return f"<{salted_hmac('feeds.message-id', str(mail.pk), algorithm='sha256').hexdigest()[:32]}@{_host()}>"


def _host() -> str:
    return urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"


def _harmless(label: str) -> str:
    """Return `label` without a word where it could be read as a link: anybody may ask for a mail to any address."""
    return "Eine Suche mit eigenen Worten" if _LIKE_A_LINK.search(label) else _one_line(label)


def _one_line(text: str) -> str:
    return textwrap.shorten("".join(c if c.isprintable() else " " for c in text), _MOST_SUBJECT, placeholder=" …")


def _render(name: str, context: dict) -> tuple[str, str]:
    """Return plain text, wrapped, and HTML made from the two templates of `name`."""
    context |= {
        "site": absolute("/"),
        "imprint": absolute("/impressum/"),
        "privacy": absolute("/datenschutz/"),
    }
    text = render_to_string(f"feeds/mail/{name}.txt", context)
    return _wrapped(text), render_to_string(f"feeds/mail/{name}.html", context)


def _wrapped(text: str) -> str:
    """Wrap each line below where its words begin, keep links whole, and leave at most one blank line between paragraphs."""
    lines: list[str] = []
    for line in text.splitlines():
        wrapped = _wrapped_line(line)
        if any(wrapped) or (lines and lines[-1]):
            lines += wrapped
    return "\n".join(lines).strip() + "\n"


@lru_cache(maxsize=4096)
def _wrapped_line(line: str) -> tuple[str, ...]:
    """Return `line` as one line or several; kept, because digests written together share most of theirs."""
    words = _BEGINNING.sub("", line, count=1)
    if "://" in words and " " not in words:
        return (line,)
    indent = line[: len(line) - len(words)]
    wrapper = textwrap.TextWrapper(WIDTH, indent, " " * len(indent), break_long_words=False, break_on_hyphens=False)
    return tuple(wrapper.wrap(words)) or ("",)
