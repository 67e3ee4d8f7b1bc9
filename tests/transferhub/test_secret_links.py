"""What follows from declaring a kind of secret link: no log holds the secret, nobody keeps an answer, none is forgotten."""

import io
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings as installed
from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from django.utils import timezone

from editing.models import ConfirmationRequest, Invitation, PartnerLink
from editing.secret_links import FRESHNESS, INVITATION, PARTNER, PASSWORD_RESET, SINGLE_SIGN_ON
from feeds.models import Subscription
from feeds.secret_links import CONFIRM, UNTIL_ITS_OWNER_ENDS_IT, declared, purpose_of, without_secrets
from tests.transferhub.failing import FailingMiddleware
from tests.transferhub.live_links import Link, live_links
from transferhub.logs import json_formatter
from transferhub.settings.environment import BASE_DIR

pytestmark = pytest.mark.one_database

TOKEN = "kxd8qhBoyXVfr1qrrA6qCg"


# No kind of link is forgotten

# Texts in addresses outside the admin that open nothing: what everybody may know.
PUBLIC = {
    ("documents/^(\\d+)/(.*)$", ""): "the name of a file; its collection is asked",
    ("medien/<path:name>", "name"): "the name of a file; the pages with it are asked",
    ("api/v1/praxis/<key>", "key"): "the key of a practice",
    ("themen/<slug:scheme>/", "scheme"): "a vocabulary",
    ("themen/<slug:scheme>/<slug:key>/", "scheme"): "a vocabulary",
    ("themen/<slug:scheme>/<slug:key>/", "key"): "a term",
    ("abo/verwalten/<str:token>/<slug:action>/", "action"): "one of our words",
    ("abo/postausgang/<slug:name>/", "name"): "the number of a mail, on this machine alone",
    ("abo/postausgang/<slug:name>/html/", "name"): "the number of a mail, on this machine alone",
    ("^((?:[\\w\\-]+/)*)$", ""): "the address of a page",
}
# Below the admin one has to be signed in; these names would say that a link is enough.
TELLING = re.compile(r"token|sign|secret|uid|hash|digest|code$|^key")
UNREACHABLE = {
    "verwaltung/password_reset/confirm/<uidb64>/<token>/": "an earlier pattern leads all below password_reset to /konto/",
}
_GROUP = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>|(?P<unnamed>\((?!\?))")


def all_patterns(resolver=None, before: str = "") -> list[str]:
    resolver = resolver or get_resolver()
    found = []
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        found += [pattern] if isinstance(entry, URLPattern) else all_patterns(entry, pattern)
    return found


def texts_in(pattern: str) -> list[tuple[str, str]]:
    """Return what `pattern` takes that may be any text: its name, empty where it has none, and what stands before it."""
    return [
        (group["name"] or "", pattern[: group.start()])
        for group in _GROUP.finditer(pattern)
        if group["converter"] != "int" and not (group["unnamed"] and pattern[group.start() :].startswith(r"(\d+)"))
    ]


def is_declared(before: str) -> bool:
    """Return whether a text that follows `before` is the secret of a purpose."""
    address = before.replace("^", "").replace("(?P", "")
    return any(re.match(rf"{purpose.under}(<uidb36>[^/]*)?$", address) for purpose in declared())


@pytest.mark.parametrize("pattern", sorted({pattern for pattern in all_patterns() if texts_in(pattern)}))
def test_every_text_in_an_address_is_secret_or_known_to_everybody(pattern):
    """Whoever adds an address has decided which it is: a secret follows the `under` of a `Purpose`."""
    for name, before in texts_in(pattern):
        if pattern.startswith("verwaltung/"):
            assert not TELLING.search(name) or pattern in UNREACHABLE
        else:
            assert is_declared(before) != ((pattern, name) in PUBLIC), f"nobody has decided about {name!r}"


def test_what_was_decided_is_there():
    assert set(PUBLIC) <= {(pattern, name) for pattern in all_patterns() for name, _before in texts_in(pattern)}
    assert set(UNREACHABLE) <= set(all_patterns())


def test_addresses_of_wagtails_own_links_to_passwords_are_out_of_reach(client, db):
    response = client.get("/verwaltung/password_reset/confirm/MQ/abc-def/")
    assert response.headers["Location"] == reverse("account_reset_password")


@pytest.mark.parametrize("purpose", declared(), ids=lambda purpose: purpose.name)
def test_the_docs_list_every_purpose(purpose):
    docs = (BASE_DIR / "docs" / "architecture.md").read_text()
    ends = "" if purpose.lifetime == UNTIL_ITS_OWNER_ENDS_IT else f"{purpose.lifetime.days} "
    assert re.search(rf"^\| `/{purpose.under}` \| [^|]+ \| [^|]*{ends}", docs, re.MULTILINE)


# Live links


@pytest.fixture
def links(organisation) -> dict[str, Link]:
    return live_links(organisation)


@pytest.fixture
def client() -> Client:
    """Somebody who gets the page about an error, as in production."""
    return Client(raise_request_exception=False)


class Log:
    """The lines that a server writes."""

    def __init__(self, stream: io.StringIO):
        self.stream = stream

    def lines(self) -> list[dict]:
        """Return what was written since the last time."""
        text = self.stream.getvalue()
        self.stream.truncate(0)
        self.stream.seek(0)
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def log(links):
    """What goes to standard error from now on, formatted as in production, down to details."""
    root, stream = logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(stream), root.level
    handler.setFormatter(json_formatter())
    root.addHandler(handler)
    root.setLevel("DEBUG")
    yield Log(stream)
    root.setLevel(level)
    root.removeHandler(handler)


def assert_private(response, what) -> None:
    headers = {name: response.headers.get(name) for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")}
    expected = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "same-origin"}
    assert headers == expected, (what, response.status_code)


def assert_untold(log: Log, links) -> list[dict]:
    """Return the lines of `log`, none of which holds a secret of `links`."""
    lines = log.lines()
    secrets = {form for link in links for secret in link.secrets for form in (secret, quote(secret), quote(secret, ""))}
    for line in lines:
        assert not [secret for secret in secrets if secret in json.dumps(line, ensure_ascii=False)], line
    return lines


def read(response):
    """Read a file to its end, which closes it."""
    if response.streaming:
        list(response)
    return response


def at(client, path: str, **more):
    """Ask for `path` as it stands: the client would take two slashes for the beginning of a host."""
    parts = urlsplit(path) if not path.startswith("//") else None
    return client.get("/", PATH_INFO=parts.path if parts else path, QUERY_STRING=parts.query if parts else "", **more)


def break_form(client, address, settings):
    return client.generic("POST", address, b"x", content_type="multipart/form-data; boundary=é")


def crowd_form(client, address, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1
    return client.post(address, {"a": "1", "b": "2"})


def forge(client, address, settings):
    """Send a form from another site that knows the link, in the name of somebody who is signed in."""
    forged = Client(enforce_csrf_checks=True, raise_request_exception=False)
    forged.force_login(User.objects.get(username="vergisst"))
    return forged.post(address, {}, secure=True, headers={"referer": f"https://elsewhere.example{address}"})


def unencrypted(client, address, settings):
    settings.SECURE_SSL_REDIRECT = True
    return Client().get(address)


# How a link is asked for, and the statuses that come of it.
WAYS = {
    "a visit": (lambda client, address, settings: client.get(address), {200, 302, 404, 405}),
    "without the slash": (
        lambda client, address, settings: client.get(address.replace("/?", "?").rstrip("/")),
        {200, 301},
    ),
    "in capitals": (lambda client, address, settings: at(client, capitals(address)), {404}),
    "slashes doubled": (lambda client, address, settings: at(client, address.replace("/", "//")), {404}),
    "in quotes": (
        lambda client, address, settings: at(client, re.sub(r"([\w:-]{16,})", r'"\1"', address)),
        {200, 404, 405},
    ),
    "another method": (lambda client, address, settings: client.put(address), {302, 405}),
    "an empty form": (lambda client, address, settings: client.post(address), {200, 302, 303, 400, 404, 405}),
    "a broken form": (break_form, {200, 303, 400, 404, 405}),
    "a crowded form": (crowd_form, {200, 303, 400, 404, 405}),
    "a forged form": (forge, {400, 403}),
    "another host": (lambda client, address, settings: client.get(address, headers={"host": "b.example"}), {400}),
    "unencrypted": (unencrypted, {301}),
}


def capitals(address: str) -> str:
    under = purpose_of(urlsplit(address).path).under
    return address.replace(under, under.upper())


def test_every_purpose_has_live_links_here(links):
    assert {purpose_of(urlsplit(link.address).path) for link in links.values()} == set(declared())


@pytest.mark.parametrize("way", WAYS)
def test_no_log_holds_a_secret_and_nobody_keeps_an_answer(client, links, log, settings, way):
    ask, statuses = WAYS[way]
    seen = set()
    for name, link in links.items():
        response = read(ask(client, link.address, settings))
        seen.add(response.status_code)
        assert_private(response, (name, link.address))
        lines = assert_untold(log, links.values())
        assert bool(lines) or response.status_code < 400, name
    assert seen == statuses


def tell_all(kind, request, kwargs):
    """Fail with an error that names the request, its address and what is in it."""
    raise kind(f"{request!r} {request.path} {request.build_absolute_uri()} {kwargs} {quote(request.path, safe='')}")


FAILURES = {
    "500": lambda request, kwargs: tell_all(RuntimeError, request, kwargs),
    "500 about an address": lambda request, kwargs: tell_all(NoReverseMatch, request, kwargs),
    "400": lambda request, kwargs: tell_all(BadRequest, request, kwargs),
    "400 suspicious": lambda request, kwargs: tell_all(SuspiciousOperation, request, kwargs),
    "403": lambda request, kwargs: tell_all(PermissionDenied, request, kwargs),
    "404": lambda request, kwargs: tell_all(Http404, request, kwargs),
    "410": lambda request, kwargs: HttpResponse(status=410),
    "429": lambda request, kwargs: HttpResponse(status=429),
    "503": lambda request, kwargs: HttpResponse(status=503),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_failures_tell_no_secret(client, links, log, settings, monkeypatch, failure):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{FailingMiddleware.__module__}.FailingMiddleware"]
    monkeypatch.setattr(FailingMiddleware, "instead", FAILURES[failure], raising=False)
    for name, link in links.items():
        for ask in (client.get, client.post):
            response = ask(link.address, headers={"referer": link.address})
            assert response.status_code == int(failure.split()[0])
            assert_private(response, name)
            lines = assert_untold(log, links.values())
            assert any("…" in json.dumps(line, ensure_ascii=False) for line in lines), name


def test_errors_of_the_error_page_tell_no_secret(client, links, log, monkeypatch):
    """Django then writes down every address it knows, and the one that was asked for."""
    monkeypatch.setattr(
        "transferhub.views.render",
        lambda request, template, status: HttpResponse(status=500) if template == "500.html" else 1 / 0,
    )
    for link in links.values():
        response = at(client, f"{link.address.partition('?')[0].rstrip('/')}/nichts/da/")
        assert response.status_code == 500
        assert assert_untold(log, links.values())


def test_no_page_behind_a_link_is_kept_for_others(links, settings):
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    caches["pages"].clear()
    for link in links.values():
        read(Client().get(link.address))  # who has a session is never given a kept page
    assert not [key for key in caches["pages"]._cache if "page-" in key]
    Client().get("/impressum/")
    assert [key for key in caches["pages"]._cache if "page-" in key], "nothing is kept at all"


def test_a_new_password_is_set_without_the_secret(client, links, log):
    asked = links["account_reset_password_from_key"]
    response = client.get(asked.address)
    form = client.get(response.headers["Location"])
    for answer in (response, form):
        assert_private(answer, answer.status_code)
        assert asked.secrets[0] not in f"{answer.headers}{answer.content}"


@pytest.mark.parametrize("purpose", [CONFIRM, FRESHNESS, INVITATION, PARTNER, PASSWORD_RESET], ids=lambda it: it.name)
def test_links_end_by_their_lifetime(client, links, purpose, monkeypatch):
    [link] = [link for link in links.values() if purpose_of(link.address) is purpose]
    assert client.get(link.address).status_code == (302 if purpose is PASSWORD_RESET else 200)
    later = timezone.now() + purpose.lifetime + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    in_berlin = timezone.make_naive(later)
    monkeypatch.setattr("django.contrib.auth.tokens.PasswordResetTokenGenerator._now", lambda self: in_berlin)
    response = Client().get(link.address)
    assert response.status_code in ({200} if purpose is PASSWORD_RESET else {404, 410})
    assert "gilt nicht mehr" in response.content.decode() or response.status_code in {404, 410}
    assert_private(response, purpose)


def test_no_row_ends_later_than_its_purpose(links):
    now = timezone.now()
    for model, purpose in ((ConfirmationRequest, FRESHNESS), (Invitation, INVITATION), (PartnerLink, PARTNER)):
        assert all(row.expires_at <= now + purpose.lifetime for row in model.objects.all())
    assert Subscription.objects.filter(confirmed_at=None).exists()
    assert timedelta(seconds=installed.PASSWORD_RESET_TIMEOUT) == PASSWORD_RESET.lifetime


# Texts


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Not Found: /mitlesen/{}/", "Not Found: /mitlesen/…/"),
        ("Bad Request: /mitlesen/datei/{}:1tq:{}?x=1", "Bad Request: /mitlesen/datei/…?x=1"),
        ("https://PRAXIS.example.org/pflege/{}/#stimmt", "https://PRAXIS.example.org/pflege/…/#stimmt"),
        ("Referer: http://a.example:8000/abo/verwalten/{}/daten.json", None),
        ("//abo//abmelden//{}/", "//abo//abmelden//…/"),
        ("/KONTO/Einladung/{}", "/KONTO/Einladung/…"),
        ("GET /konto/passwort/neu/1-{}/ HTTP/1.1", "GET /konto/passwort/neu/…/ HTTP/1.1"),
        ("/%6Ditlesen/{}/", "/%6Ditlesen/…/"),
        ("next=%2Fkonto%2Feinladung%2F{}%2F", "next=%2Fkonto%2Feinladung%2F…"),
        ("next=%252Fkonto%252Feinladung%252F{}%252F", "next=%252Fkonto%252Feinladung%252F…"),
        ("{'tried': [], 'path': 'mitlesen/{}/x'}", "{'tried': [], 'path': 'mitlesen/…/x'}"),
        ("<WSGIRequest: GET '/mitlesen/%20{}/'>", "<WSGIRequest: GET '/mitlesen/…/'>"),
        ("/mitlesen/\u200b{}/ ", "/mitlesen/…/ "),
        ('{"event": "/mitlesen/\\\\u200b{}/", "a": "b"}', '{"event": "/mitlesen/…/", "a": "b"}'),
        ('{"event": "/mitlesen/{}\\\\\\\\", "a": "b"}', '{"event": "/mitlesen/…", "a": "b"}'),
        ('{"event": "x\\nmitlesen/{}/"}', '{"event": "x\\nmitlesen/…/"}'),
        ("path%3Dmitlesen%2F{}", "path%3Dmitlesen%2F…"),
        ("/mitlesen/{} and /pflege/{}", "/mitlesen/… and /pflege/…"),
        ("/konto/anmelden/verband/zurueck/?code=4/{}&state={} HTTP", "/konto/anmelden/verband/zurueck/?… HTTP"),
        ("/konto/anmelden/verband/zurueck?error={}'", "/konto/anmelden/verband/zurueck?…'"),
        ("554 5.7.1 rejected: https://a.example/abo/bestaetigen/{}", None),
        ("/mitlesen/…/", "/mitlesen/…/"),
        ("Not Found: /mitlesen/x'{}/ ", "Not Found: /mitlesen/…/ "),
        ("Not Found: /mitlesen/'{}/", None),
        ("repr('/mitlesen/{}')", "repr('/mitlesen/…')"),
        ('{"event": "/mitlesen/\\"{}", "a": "b"}', '{"event": "/mitlesen/…", "a": "b"}'),
        ("Not Found: /mitlesen;/{}", "Not Found: /mitlesen;/…"),
        ("/mitlesen;a=b/{}/ HTTP", "/mitlesen;a=b/…/ HTTP"),
        ("/konto;x/passwort;y=1/neu%3B/1-{}/", None),
        ("/mitlesen/?x={} HTTP", "/mitlesen/?… HTTP"),
        ("/abo/verwalten?next=/{}'", "/abo/verwalten?…'"),
    ],
)
def test_a_secret_is_left_out_however_its_address_is_spelled(before, after):
    text = without_secrets(before.replace("{}", TOKEN))
    assert TOKEN not in text
    assert "…" in text
    assert after is None or text == after


@pytest.mark.parametrize(
    "text",
    [
        "Not Found: /praxis/altenpflege/tafelplaner/",
        "/praxis/alten-pflege/tafelplaner/",
        "/pflege/",
        "/pflege/?seite=2",
        "mitlesen/<str:token>/",
        '{"a": "/mitlesen/", "b": "c"}',
        "/konto/anmelden/verband/zurueck/",
        "no address at all",
        "50 % of it",
    ],
)
def test_other_texts_stay_as_they_are(text):
    assert without_secrets(text) == text


@pytest.mark.parametrize(
    ("path", "purpose"),
    [
        ("/mitlesen/x/", PARTNER),
        ("//mitlesen//x/", PARTNER),
        ("/Mitlesen/x", PARTNER),
        ("/mitlesen;/x", PARTNER),
        ("/mitlesen;a=b/x;c", PARTNER),
        ("/mitlesen/", None),
        ("/mitlesen", None),
        ("/praxis/mitlesen/x/", None),
        ("/konto/anmelden/verband/zurueck", SINGLE_SIGN_ON),
        ("/konto/anmelden/", None),
        ("", None),
    ],
)
def test_addresses_know_their_purpose(path, purpose):
    assert purpose_of(path) is purpose


def test_a_line_without_an_address_costs_nothing(monkeypatch):
    monkeypatch.setattr("feeds.secret_links._in_texts", lambda: pytest.fail("searched"))
    assert without_secrets("planning digests failed") == "planning digests failed"


# As it runs


PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "transferhub.settings.production",
    "SECRET_KEY": "long-enough-to-be-a-secret-0123456789abcdef",
    "BASE_URL": "http://127.0.0.1:8000",
    "LOG_LEVEL": "DEBUG",
}
HANDLERS = """
import logging, django
django.setup()
loggers = [logging.getLogger(), *(logging.getLogger(name) for name in sorted(logging.root.manager.loggerDict))]
print([(log.name, type(handler.formatter).__name__) for log in loggers for handler in log.handlers
    if not isinstance(handler, logging.NullHandler)])
"""
# In the database of the server: a subscription, whose link is printed.
FOLLOW = """
import django
django.setup()
from tests.feeds.factories import SubscriptionFactory
print(SubscriptionFactory().subscriber.manage_token)
"""


def run(code: str, environment: dict) -> str:
    started = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=BASE_DIR, capture_output=True, text=True, check=True
    )
    return started.stdout.strip()


@pytest.mark.parametrize("situation", ["production", "dev"])
def test_every_logger_writes_through_the_one_handler(tmp_path, situation):
    environment = {**os.environ, **PRODUCTION, "DATA_DIR": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = f"transferhub.settings.{situation}"
    assert run(HANDLERS, environment) == "[('root', 'WithoutSecrets')]"


def raw(port: int, request: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request.encode().replace(b"\n", b"\r\n"))
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.django_db  # so that the database is made of which installations are copies
def test_a_server_that_logs_all_there_is_tells_no_secret(installation, tmp_path):
    """gunicorn with its log of requests, and requests that it can not read."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    every = "%(r)s %(U)s %(q)s %(f)s %({x-original}i)s %({raw_uri}e)s %({location}o)s"
    environment = {
        **installation,
        **PRODUCTION,
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "GUNICORN_CMD_ARGS": f"--access-logfile - --log-level debug --access-logformat '{every}'",
    }
    token = run(FOLLOW, environment)
    address = f"/abo/verwalten/{token}/"
    head = (
        f"Host: 127.0.0.1\nReferer: http://127.0.0.1{address}\nX-Original: {quote(address, safe='')}\nConnection: close"
    )
    requests = [
        f"GET {address} HTTP/1.1\n{head}\n\n",
        f"GET {address.rstrip('/')} HTTP/1.1\n{head}\n\n",
        f"PUT {address}?x={quote(address)} HTTP/1.1\n{head}\nContent-Length: 0\n\n",
        f"GET http://EXAMPLE.org{address} HTTP/1.1\n{head}\n\n",
        f"GET /%61bo/verwalten/{token}/ HTTP/1.1\n{head}\n\n",
        f"GET /healthz HTTP/1.1\n{head}\n\n",
        f"GET {address} HTTP/1.1\nHost: b.example\nConnection: close\n\n",
        f"GET {address} HTTP/9.9\n{head}\n\n",
        f"GET {address}\n{head}\n\n",
        f"G<T {address} HTTP/1.1\n{head}\n\n",
        f"GET {address} HTTP/1.1\nReferer http://127.0.0.1{address}\n{head}\n\n",
        f"GET {address} HTTP/1.1\nBad Name: {address}\n{head}\n\n",
        f"POST {address}pause/ HTTP/1.1\n{head}\nContent-Length: x{address}\n\n",
        f"POST {address}entfernt/ HTTP/1.1\n{head}\nContent-Type: multipart/form-data\nContent-Length: 1\n\nx",
    ]
    output = tmp_path / "output"
    with output.open("w") as stream:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "transferhub.wsgi", "--config", "deploy/gunicorn.conf.py"],
            env=environment,
            cwd=BASE_DIR,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
        try:
            deadline = time.monotonic() + 120
            while "Booting worker" not in output.read_text() or not can_connect(port):
                assert time.monotonic() < deadline, output.read_text()
                time.sleep(0.1)
            answers = [raw(port, request) for request in requests]
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)
    text = output.read_text()
    assert all(answer.startswith(b"HTTP/") for answer in answers)
    assert token not in text
    assert text.count("/abo/verwalten/…") > len(requests)


def can_connect(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
