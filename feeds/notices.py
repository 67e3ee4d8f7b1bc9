"""Notices: mails the platform sends to one person about one thing, such as an invitation or a page that waits for them."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass

from feeds.models import Mail
from limits.counting import LimitReached, mailbox_of, spend


@dataclass(frozen=True)
class Action:
    """Something the reader of a notice can do: what it says on the button, and the full address behind it."""

    label: str
    url: str


@dataclass(frozen=True)
class Notice:
    """What a notice says. `paragraphs` are plain text; the first is the most important one."""

    address: str
    subject: str
    paragraphs: Sequence[str]
    actions: Sequence[Action] = ()


def queue(*notices: Notice) -> None:
    """Have the worker send `notices`: exactly if the transaction of the caller is kept, and at least once."""
    Mail.objects.bulk_create(Mail(kind=Mail.Kind.NOTICE, notice=asdict(notice)) for notice in notices)


def queue_within(limit: str, *notices: Notice, **whom: object) -> None:
    """As `queue`, but for those whose mailbox got as many as `limit` allows: what they miss stands on the platform as well."""
    for notice in notices:
        with suppress(LimitReached):
            spend(limit, mailbox=mailbox_of(notice.address), **whom)
            queue(notice)


def notice_of(mail: Mail) -> Notice:
    """Return what `mail`, a notice that was not sent yet, is to say."""
    actions = tuple(Action(**action) for action in mail.notice["actions"])
    return Notice(**{**mail.notice, "actions": actions})
