"""Threads of the web server work on requests that are there; for those still on their way nobody waits (ADR 22).

Gunicorn's worker gives each connection a thread as soon as it says a word, and the thread waits for the rest as long as it
takes: eight clients that send a byte a second are enough to stop eight threads. Here the loop of the worker, which waits for
any number of connections at once, collects a request first. Files are too large for that: a thread reads them, at a least
speed, and never more than half of the threads do.
"""

import os
import re
import time
from collections import deque
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ

from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

# How long (in seconds) a request may take to come, and each piece of an answer to be taken.
PATIENCE_S = float(os.environ.get("WEB_PATIENCE", "20"))
_TAKEN_WITHIN_S = 60
# In addition, a body has this time for each byte: about 10 KB a second.
_S_PER_BYTE = 1 / 10_000
# Of a request, so many bytes are collected: all of a form, the beginning of a file.
MOST_HELD = 128 * 1024
_PIECE = 64 * 1024
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
_COMES_LATER = re.compile(rb"\r\n(?:transfer-encoding|expect):", re.IGNORECASE)
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Held:
    """What has come of a request."""

    def __init__(self, start: bytes = b""):
        self.data = bytearray()
        # How many bytes it takes before a thread may begin; None as long as the head is not whole.
        self.wanted: int | None = None
        # Whether the thread has to read more than was held.
        self.is_large = False
        self.add(start)

    @property
    def is_enough(self) -> bool:
        return self.wanted is not None and len(self.data) >= self.wanted

    def add(self, piece: bytes) -> None:
        """Take in the next piece."""
        seen = max(len(self.data) - len(_END_OF_HEAD), 0)
        self.data += piece
        if self.wanted is None and (end := self.data.find(_END_OF_HEAD, seen)) >= 0:
            self._measure(end + len(_END_OF_HEAD))

    def _measure(self, head: int) -> None:
        length = _LENGTH.search(self.data, 0, head)
        whole = head + (int(length[1]) if length else 0)
        self.is_large = whole > MOST_HELD or bool(_COMES_LATER.search(self.data, 0, head))
        self.wanted = head if self.is_large else whole


class ImpatientUnreader(SocketUnreader):
    """Reads the rest of a request; to the server, a client that is too slow looks like one that has hung up."""

    def begin(self, start: bytes) -> None:
        """Read a new request, of which `start` has come."""
        self.unread(start)
        self.end = time.monotonic() + PATIENCE_S

    def chunk(self, size_hint=None) -> bytes:
        left = self.end - time.monotonic()
        if left <= 0:
            return b""
        self.sock.settimeout(left)
        try:
            data = super().chunk(size_hint)
        except TimeoutError:
            return b""
        finally:
            self.sock.settimeout(_TAKEN_WITHIN_S)
        self.end += len(data) * _S_PER_BYTE
        return data


class PatientWorker(ThreadWorker):
    """Gunicorn's worker with threads, whose loop collects requests before a thread gets them.

    All but `handle` and `handle_request` runs in the loop.
    """

    def init_process(self) -> None:
        self.reading, self.most_reading = 0, max(self.cfg.threads // 2, 1)
        self.waiting: deque[TConn] = deque()
        super().init_process()

    def enqueue_req(self, conn: TConn) -> None:
        """Begin with a request: of a new connection, of one kept alive, or of one that has sent two at once."""
        conn.held = Held(conn.parser.unreader.take_buffered() if conn.parser else b"")
        if conn.held.is_enough:
            self._start(conn)
            return
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + PATIENCE_S
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def on_pending_socket_readable(self, conn: TConn, client) -> None:
        """Take in what came, and start once it is enough."""
        try:
            piece = client.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        conn.held.add(piece)
        too_large = conn.held.wanted is None and len(conn.held.data) > MOST_HELD
        if piece and not too_large and not conn.held.is_enough:
            return
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        if piece and not too_large:
            self._start(conn)
            return
        if too_large:
            with suppress(OSError):
                client.send(_TOO_LARGE)
        self.nr_conns -= 1
        conn.close()

    def _start(self, conn: TConn) -> None:
        """Give a request to a thread; where too many of them read already, later."""
        if conn.held.is_large and self.reading >= self.most_reading:
            self.waiting.append(conn)
            return
        self.reading += conn.held.is_large
        super().enqueue_req(conn)

    def finish_request(self, conn: TConn, fs) -> None:
        self.reading -= conn.held.is_large
        if conn.held.is_large and self.waiting:
            self._start(self.waiting.popleft())
        super().finish_request(conn, fs)

    def handle(self, conn: TConn):
        conn.init()
        if not isinstance(conn.parser.unreader, ImpatientUnreader):
            conn.parser.unreader = ImpatientUnreader(conn.sock)
        conn.parser.unreader.begin(bytes(conn.held.data))
        conn.held.data.clear()
        return super().handle(conn)

    def handle_request(self, req, conn: TConn):
        conn.sock.settimeout(_TAKEN_WITHIN_S)
        return super().handle_request(req, conn)
