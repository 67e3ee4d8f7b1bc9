"""Whether an address in the web can be reached, asked without ever touching what is not public.

The server may reach machines that readers can not. So a name is resolved here, every answer has to be a public address, and
the connection goes to exactly that one; each redirection is looked at in the same way (OWASP: Server-Side Request Forgery
Prevention). The text of an answer is never read.
"""

import ipaddress
import socket
from collections.abc import Callable
from http.client import HTTPException
from urllib.parse import urljoin

import certifi
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, LocationParseError, SSLError
from urllib3.util import Timeout, Url, parse_url

# Some servers turn away who does not say who they are.
_HEADERS = {"User-Agent": "TransferHub link check", "Accept": "*/*"}
_MOST_REDIRECTIONS = 10
_TIMEOUT = Timeout(connect=4, read=6)
_PORTS = {"http": 80, "https": 443}
_GONE = (404, 410)

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
    addresses = [ipaddress.ip_address(str(address[0]).partition("%")[0]) for *_, address in found]
    if not all(address.is_global and not address.is_multicast for address in addresses):
        raise NotPublic
    return str(addresses[0])


def fault_of(url: str, resolve: Resolver = public_address, ca_certs: str | None = None) -> str:
    """Return why readers do not get to `url`, as a German sentence; empty where they do.

    A server that wants readers to sign in, or turns programs away, is there. Certificates are checked against the file
    `ca_certs`, else against those that browsers know. Raises CannotTell.
    """
    try:
        for _ in range(_MOST_REDIRECTIONS):
            status, onward = _ask(parse_url(url), resolve, ca_certs or certifi.where())
            if not onward:
                return _fault_of_status(status)
            url = urljoin(url, onward)
    except ValueError:
        return "Das ist keine gültige Adresse."
    except Unknown:
        return "Den Server gibt es nicht."
    except NotPublic:
        return "Die Adresse liegt nicht im öffentlichen Netz."
    except SSLError:
        return "Die sichere Verbindung gelingt nicht (Zertifikat)."
    except (HTTPError, HTTPException, OSError):
        return "Der Server antwortet nicht."
    return "Die Adresse leitet im Kreis weiter."


def _ask(url: Url, resolve: Resolver, ca_certs: str) -> tuple[int, str]:
    """Return the status of the answer from `url`, and the address to which it redirects."""
    host = (url.host or "").strip("[]")
    if url.scheme not in _PORTS or not host:
        raise LocationParseError(str(url))
    port = url.port or _PORTS[url.scheme]
    address = resolve(host, port)
    if url.scheme == "https":
        pool: HTTPConnectionPool = HTTPSConnectionPool(
            address, port, ca_certs=ca_certs, cert_reqs="CERT_REQUIRED", server_hostname=host, assert_hostname=host
        )
    else:
        pool = HTTPConnectionPool(address, port)
    with pool:
        answer = pool.urlopen(
            "GET",
            url.request_uri,
            headers={**_HEADERS, "Host": url.netloc or host},
            timeout=_TIMEOUT,
            retries=False,
            redirect=False,
            preload_content=False,
        )
        answer.close()
        return answer.status, answer.get_redirect_location() or ""


def _fault_of_status(status: int) -> str:
    if status in _GONE:
        return f"Die Seite gibt es dort nicht mehr ({status})."
    if status >= 500:
        return f"Der Server meldet einen Fehler ({status})."
    return ""
