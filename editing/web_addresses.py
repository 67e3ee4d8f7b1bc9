"""Whether an address in the web can be reached, asked without ever touching what is not public.

The server may reach machines that readers can not. So a name is resolved here, every answer has to be a public address, and
the connection goes to exactly that one; each redirection is looked at in the same way (OWASP: Server-Side Request Forgery
Prevention). The text of an answer is never read. Whatever names and servers do, an answer comes in time.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPConnection, HTTPException
from urllib.parse import urljoin

import certifi
from urllib3.util import Url, parse_url

from editing.public_networks import is_public
from feeds.aside import do_aside

# Some servers turn away who does not say who they are.
_HEADERS = {"User-Agent": "TransferHub link check", "Accept": "*/*"}
_MOST_REDIRECTIONS = 10
# How long (in seconds) a server may be silent, and all of them together, the looking up of names included, may take.
_CONNECT, _SILENCE, _WHOLE = 4, 6, 20
_PORTS = {"http": 80, "https": 443}
_REDIRECTIONS = (301, 302, 303, 307, 308)
_GONE = (404, 410)
_SILENT = "Der Server antwortet nicht."

Resolver = Callable[[str, int], str]


class CannotTell(Exception):
    """This server can not look up names at the moment, which says nothing about the address."""


class NotPublic(Exception):
    """The name stands for a machine that is not in the public net."""


class Unknown(Exception):
    """There is no machine of that name."""


def public_address(host: str, port: int) -> str:
    """Return an IP address of `host` that everybody can reach. Raises CannotTell, NotPublic, Unknown."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise CannotTell if error.errno == socket.EAI_AGAIN else Unknown from error
    except UnicodeError as error:
        raise Unknown from error
    addresses = [str(address[0]).partition("%")[0] for *_, address in found]
    if not all(map(is_public, addresses)):
        raise NotPublic
    return addresses[0]


def fault_of(url: str, resolve: Resolver = public_address, ca_certs: str | None = None, within: float = _WHOLE) -> str:
    """Return why readers do not get to `url`, as a German sentence; empty where they do.

    A server that wants readers to sign in, or turns programs away, is there. Certificates are checked against the file
    `ca_certs`, else against those that browsers know. What takes more than `within` seconds, with all redirections, does
    not answer. Raises CannotTell.
    """
    end = time.monotonic() + within
    try:
        for _ in range(_MOST_REDIRECTIONS):
            status, onward = _ask(parse_url(url), resolve, ca_certs or certifi.where(), end)
            if not onward:
                return _fault_of_status(status)
            url = urljoin(url, onward)
    except Unknown:
        return "Den Server gibt es nicht."
    except NotPublic:
        return "Die Adresse liegt nicht im öffentlichen Netz."
    except ssl.SSLEOFError:
        return _SILENT
    except ssl.SSLError:
        return "Die sichere Verbindung gelingt nicht (Zertifikat)."
    except (HTTPException, OSError):
        return _SILENT
    except ValueError:
        return "Das ist keine gültige Adresse."
    return "Die Adresse leitet im Kreis weiter."


def _ask(url: Url, resolve: Resolver, ca_certs: str, end: float) -> tuple[int, str]:
    """Return the status of the answer from `url`, and the address to which it redirects. Raises OSError at the time `end`.

    The answer's head is bounded by http.client: 100 lines of 64 KB.
    """
    host = (url.host or "").strip("[]")
    if url.scheme not in _PORTS or not host:
        raise ValueError
    port = url.port or _PORTS[url.scheme]
    address = do_aside(partial(resolve, host, port)).result(timeout=_left(end))
    with socket.create_connection((address, port), timeout=min(_CONNECT, _left(end))) as plain, _hung_up_at(end, plain):
        plain.settimeout(_SILENCE)
        connection = HTTPConnection(host, port)
        connection.sock = plain
        if url.scheme == "https":
            context = ssl.create_default_context(cafile=ca_certs)
            connection.sock = context.wrap_socket(plain, server_hostname=host)
        with connection.sock:
            connection.request("GET", url.request_uri, headers={**_HEADERS, "Host": url.netloc or host})
            answer = connection.getresponse()
            answer.close()
        onward = answer.getheader("Location") if answer.status in _REDIRECTIONS else None
        return answer.status, onward or ""


@contextmanager
def _hung_up_at(end: float, connection: socket.socket) -> Iterator[None]:
    """Hang up at the time `end`, whoever waits for what; the timeout of a socket starts anew with each byte. Raises OSError."""
    late = threading.Event()
    with connection.dup() as line:  # TLS takes over the socket itself

        def hang_up() -> None:
            late.set()
            with suppress(OSError):  # the other side was faster
                line.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(_left(end), hang_up)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
    if late.is_set():  # what had come until then looks like a whole answer
        raise TimeoutError


def _left(end: float) -> float:
    """Return how many seconds are left until `end`. Raises TimeoutError where none is."""
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _fault_of_status(status: int) -> str:
    if status in _GONE:
        return f"Die Seite gibt es dort nicht mehr ({status})."
    if status >= 500:
        return f"Der Server meldet einen Fehler ({status})."
    return ""
