"""One request, taken back: where it led, and which tables it wrote to."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie

from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client

IN, OUT, NOT_THIS_METHOD, BROKEN = "in", "out", "not this method", "broken"
_WRITE = re.compile(r'\s*(INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
_TO_SIGN_IN = ("/konto/anmelden/?next=", "/verwaltung/login/?next=")
_HOME = "/verwaltung/"


@dataclass(frozen=True)
class Visit:
    """What came back, and the tables of which rows were written before it was taken back."""

    path: str
    status: int
    location: str
    written: frozenset[str]
    html: str

    @property
    def outcome(self) -> str:
        """Whether the visitor got in. Wagtail sends to its start who may not; pages of an account do so after work is done."""
        if self.status >= 500:
            return BROKEN
        if self.status == 405:
            return NOT_THIS_METHOD
        is_sent_home = self.location == _HOME and self.path.startswith(_HOME)
        if self.status in (403, 404) or self.location.startswith(_TO_SIGN_IN) or is_sent_home:
            return OUT
        return IN


@contextmanager
def _tables() -> Iterator[set[str]]:
    found: set[str] = set()

    def note(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        write = _WRITE.match(sql)
        if write and (write[1].upper().startswith("INSERT") or context["cursor"].rowcount):
            found.add(write[2])
        return result

    with connection.execute_wrapper(note):
        yield found


class Visitor:
    """Somebody with a browser that forgets everything but the session after each request."""

    def __init__(self, user=None):
        self.client = Client(raise_request_exception=False)
        if user is not None:
            self.client.force_login(user)
        self._cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}

    @contextmanager
    def visit(self, method: str, path: str, data: dict | None = None) -> Iterator[Visit]:
        """Ask for `path`; the database is as that left it until the block ends, and then as it was before."""
        self.client.cookies = SimpleCookie(self._cookies)
        with transaction.atomic():
            with _tables() as written:
                answer = getattr(self.client, method.lower())(path, data or {})
            content = b"" if answer.streaming else answer.content
            answer.close()  # files
            location = answer.headers.get("Location", "")
            yield Visit(path, answer.status_code, location, frozenset(written), content.decode(errors="replace"))
            transaction.set_rollback(True)
        for cache in caches.all(initialized_only=True):
            cache.clear()
