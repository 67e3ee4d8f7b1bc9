"""Whether an address works is found out, and no machine beside the public net is ever spoken to."""

import socket
import threading
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from editing.public_networks import is_public
from editing.web_addresses import CannotTell, NotPublic, Unknown, fault_of, public_address
from tests.editing.web_server import make_certificate, serving

pytestmark = pytest.mark.one_database

HOST = "verein.example"


@pytest.fixture
def server():
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("certificates"), HOST)


def on_loopback(host: str, port: int) -> str:
    if host == "intern.example":
        raise NotPublic
    if host != HOST:
        raise Unknown
    return "127.0.0.1"


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (200, ""),
        (204, ""),
        (401, ""),
        (403, ""),
        (405, ""),
        (429, ""),
        (404, "Die Seite gibt es dort nicht mehr (404)."),
        (410, "Die Seite gibt es dort nicht mehr (410)."),
        (500, "Der Server meldet einen Fehler (500)."),
        (503, "Der Server meldet einen Fehler (503)."),
    ],
)
def test_the_answer_says_whether_the_page_is_there(server, status, fault):
    server.answers["/seite?a=1"] = status
    assert fault_of(server.url("/seite?a=1"), on_loopback) == fault
    assert server.asked == [f"{HOST}:{server.server_port}/seite?a=1"]


def test_redirections_are_followed(server):
    server.answers |= {"/alt": "/umweg", "/umweg": server.url("/neu"), "/neu": 404}
    assert fault_of(server.url("/alt"), on_loopback) == "Die Seite gibt es dort nicht mehr (404)."


def test_a_circle_ends(server):
    server.answers |= {"/a": "/b", "/b": "/a"}
    assert fault_of(server.url("/a"), on_loopback) == "Die Adresse leitet im Kreis weiter."
    assert len(server.asked) == 10


def test_a_redirection_does_not_lead_inside(server):
    server.answers["/tor"] = server.url("/geheim", host="intern.example")
    assert fault_of(server.url("/tor"), on_loopback) == "Die Adresse liegt nicht im öffentlichen Netz."
    assert [asked.partition("/")[2] for asked in server.asked] == ["tor"]


@pytest.mark.parametrize("onward", ["file:///etc/passwd", "ftp://verein.example/", "http://[", "https://"])
def test_a_redirection_leads_to_web_pages_only(server, onward):
    server.answers["/tor"] = onward
    assert fault_of(server.url("/tor"), on_loopback) == "Das ist keine gültige Adresse."


def test_a_server_that_is_switched_off(server):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert fault_of(f"http://{HOST}:{port}/", on_loopback) == "Der Server antwortet nicht."


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0\xff\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300,
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000,
    ],
    ids=["none", "bytes", "no status", "headers without end", "a header without end"],
)
def test_a_server_that_talks_nonsense(answer):
    def talk(listening) -> None:
        connection, _address = listening.accept()
        with connection:
            connection.recv(10_000)
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=talk, args=(listening,))
        thread.start()
        fault = fault_of(f"http://{HOST}:{listening.getsockname()[1]}/", on_loopback)
        thread.join()
    assert fault == "Der Server antwortet nicht."


@pytest.mark.parametrize(
    ("scheme", "start"),
    [("http", b"HTTP/1.1 200 OK\r\nX: "), ("https", b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03")],
)
def test_a_server_that_talks_in_drops_is_hung_up_on(scheme, start):
    def talk(listening) -> None:
        connection, _address = listening.accept()
        with connection, suppress(ConnectionError):
            connection.sendall(start)
            connection.settimeout(0.05)
            for _ in range(60):
                with suppress(TimeoutError):
                    while connection.recv(10_000):
                        pass
                    return  # hung up
                connection.sendall(b"y")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=talk, args=(listening,))
        thread.start()
        fault = fault_of(f"{scheme}://{HOST}:{listening.getsockname()[1]}/", on_loopback, within=0.3)
        thread.join()
    assert fault == "Der Server antwortet nicht."


def test_a_name_is_not_looked_up_for_ever(server):
    asked = threading.Event()

    def slowly(host, port):
        asked.wait(10)
        return "127.0.0.1"

    assert fault_of(server.url(), slowly, within=0.1) == "Der Server antwortet nicht."
    asked.set()


def test_a_name_nobody_has(server):
    assert fault_of(server.url(host="niemand.example"), on_loopback) == "Den Server gibt es nicht."


class TestCertificates:
    @pytest.fixture
    def server(self, certificate):
        with serving(certificate) as server:
            yield server

    def test_one_that_is_trusted(self, server, certificate):
        assert fault_of(server.url(), on_loopback, str(certificate)) == ""
        assert server.asked == [f"{HOST}:{server.server_port}/"]

    def test_one_that_nobody_knows(self, server):
        assert fault_of(server.url(), on_loopback) == "Die sichere Verbindung gelingt nicht (Zertifikat)."
        assert server.asked == []

    def test_one_of_somebody_else(self, server, certificate):
        fault = fault_of(server.url(host="anderer.example"), lambda host, port: "127.0.0.1", str(certificate))
        assert fault == "Die sichere Verbindung gelingt nicht (Zertifikat)."


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0.0.0.0",  # noqa: S104 - asked for, not listened on
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "192.0.0.8",
        "192.88.99.1",
        "fec0::1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "::127.0.0.1",
        "100::1",
        "5f00::1",
        "2001:db8::1",
        "3fff::1",
        "ff0e::1",
        "4000::1",
    ],
)
def test_what_is_not_public_is_never_connected_to(host):
    with pytest.raises(NotPublic):
        public_address(host, 80)


@pytest.mark.parametrize(
    "host", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e", "::ffff:93.184.215.14"]
)
def test_a_public_address_is_its_own(host):
    assert public_address(host, 80) == host


def _embedded(address: IPv4Address) -> list[int]:
    """Return the IPv6 addresses behind which a gateway, tunnel or system may reach the IPv4 `address`."""
    ipv4, public = int(address), 0x2606_2800 << 96
    return [
        ipv4,  # IPv4-compatible
        0xFFFF << 32 | ipv4,  # mapped
        0xFFFF << 48 | ipv4,  # translated (SIIT)
        0x64_FF9B << 96 | ipv4,  # NAT64
        0x64_FF9B_0001 << 80 | ipv4,  # NAT64 for local use
        0x2002 << 112 | ipv4 << 80,  # 6to4
        0x2001 << 112 | (ipv4 ^ 0xFFFF_FFFF),  # the client of Teredo
        0x2001 << 112 | ipv4 << 64,  # the server of Teredo
        public | 0x5EFE << 32 | ipv4,  # ISATAP
        public | 0x0200_5EFE << 32 | ipv4,
        0xFE80 << 112 | 0x5EFE << 32 | ipv4,
    ]


@given(
    st.sampled_from(["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"])
    | st.sampled_from(
        ["192.0.0.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"]
    ),
    st.integers(0, 2**32 - 1),
)
def test_no_closed_address_comes_through_in_another_one(network, number):
    closed = IPv4Network(network)
    address = IPv4Address(int(closed.network_address) | number & int(closed.hostmask))
    assert not is_public(str(address))
    assert [str(IPv6Address(form)) for form in _embedded(address) if is_public(str(IPv6Address(form)))] == []


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "..", "a..b"])
def test_a_name_that_can_not_be(host):
    with pytest.raises(Unknown):
        public_address(host, 80)


def test_one_closed_address_among_open_ones_closes_the_name(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 80)) for host in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: found)
    with pytest.raises(NotPublic):
        public_address(HOST, 80)


def test_without_names_nothing_is_said(monkeypatch):
    def away(*args, **options):
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", away)
    with pytest.raises(CannotTell):
        fault_of("https://verein.example/")


@given(st.one_of(st.text(), st.text().map("http://{}".format), st.text().map("https://verein.example:{}".format)))
def test_any_text_gets_an_answer(text):
    def nobody(host, port):
        raise Unknown

    assert fault_of(text, nobody) in ("Den Server gibt es nicht.", "Das ist keine gültige Adresse.")


def test_pages_and_accounts_make_the_server_fetch_nothing(settings):
    assert not apps.is_installed("wagtail.embeds")
    assert settings.WAGTAILEMBEDS_FINDERS == []
    assert settings.WAGTAIL_GRAVATAR_PROVIDER_URL is None
    assert settings.WAGTAIL_ENABLE_UPDATE_CHECK is False
    assert settings.WAGTAIL_ENABLE_WHATS_NEW_BANNER is False
