"""A real SMTP server for tests, on a free port of this machine, that answers as badly as a test wants it to."""

import contextlib
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller


class Inbox:
    """What the server took, and how it behaves.

    `recipients` maps addresses to what is answered to them instead of 250, `senders` is answered to every sender,
    `contents` to every text. After the first `drops` texts the connection is cut instead of an answer. Before an answer
    to EHLO, MAIL, RCPT or DATA what stands in `before` is called with the number of mails taken.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Be empty and well-behaved again."""
        self.mails: list[EmailMessage] = []
        self.before: dict[str, Callable[[int], object]] = {}
        self.connections = 0
        self.recipients: dict[str, str] = {}
        self.senders = self.contents = ""
        self.drops = 0

    @property
    def addresses(self) -> list[str]:
        return [mail["To"] for mail in self.mails]

    @property
    def copies(self) -> Counter[str]:
        """How often each Message-ID came."""
        return Counter(mail["Message-ID"] for mail in self.mails)

    def _notice(self, command: str) -> None:
        if command in self.before:
            self.before[command](len(self.mails))

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802 - aiosmtpd's names
        self._notice("EHLO")
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        self._notice("MAIL")
        if self.senders:
            return self.senders
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        self._notice("RCPT")
        if address in self.recipients:
            return self.recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.contents:
            return self.contents
        self._notice("DATA")
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.drops:
            self.drops -= 1
            server.transport.abort()
        return "250 OK"


@contextlib.contextmanager
def running_inbox() -> Iterator[tuple[Inbox, int]]:
    """Give an inbox that takes mail, and its port."""
    inbox = Inbox()
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port, decode_data=False)
    controller.start()
    try:
        yield inbox, port
    finally:
        controller.stop()
