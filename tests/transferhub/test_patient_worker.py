"""Whoever sends slowly takes no thread from others, and is hung up on; whatever comes whole is answered."""

import socket
import subprocess
import sys
from contextlib import ExitStack

import pytest
from django.conf import settings

from transferhub.patient_worker import MOST_HELD

pytestmark = pytest.mark.one_database

HEAD = b"Host: 127.0.0.1\r\n"
LARGE = 3 * MOST_HELD
SLOW = {
    "nothing": b"",
    "a piece of a line": b"GET / HT",
    "half a head": b"GET / HTTP/1.1\r\n" + HEAD,
    "half a form": b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: 100\r\n\r\n" + b"x" * 50,
    "half a file": b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: 9000000\r\n\r\n" + b"x" * 50,
    "half in chunks": b"POST / HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
    "half after half": b"GET / HTTP/1.1\r\n" + HEAD + b"\r\nGET / HT",
}


@pytest.fixture(scope="module")
def port():
    """The port of a server with two threads and little patience."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.set_inheritable(True)
        command = [sys.executable, "-m", "gunicorn", "tests.transferhub.echo_server", "--threads", "2", "--bind"]
        command += [
            f"fd://{listening.fileno()}",
            "-k",
            "transferhub.patient_worker.PatientWorker",
            "--no-control-socket",
        ]
        environment = {"WEB_PATIENCE": "1", "PYTHONPATH": str(settings.BASE_DIR)}
        server = subprocess.Popen(
            command, env=environment, cwd=settings.BASE_DIR, pass_fds=[listening.fileno()], stderr=subprocess.DEVNULL
        )
        yield listening.getsockname()[1]
        server.terminate()
        server.wait(30)


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def answer(port: int, *pieces: bytes) -> bytes:
    """Return what is answered to a request that comes in `pieces`."""
    with connected(port) as client:
        for piece in pieces:
            client.sendall(piece)
        return b"".join(iter(lambda: client.recv(65536), b""))


def read(port: int) -> bytes:
    return answer(port, b"GET / HTTP/1.1\r\nConnection: close\r\n" + HEAD + b"\r\n")


@pytest.mark.parametrize("sent", SLOW)
def test_slow_clients_take_no_thread_from_others(port, sent):
    with ExitStack() as stack:
        clients = [stack.enter_context(connected(port)) for _ in range(2)]
        for client in clients:
            client.sendall(SLOW[sent])
        assert read(port).endswith(b"GET 0")
        for client in clients:
            while client.recv(65536):  # until it is hung up
                pass


@pytest.mark.parametrize(
    ("head", "body", "found"),
    [
        (b"GET / HTTP/1.1\r\n", b"", b"GET 0"),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\n", b"a" * 5, b"POST 5"),
        (b"POST / HTTP/1.1\r\nContent-length:%d \r\n" % LARGE, b"a" * LARGE, b"POST %d" % LARGE),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", b"5\r\nabcde\r\n0\r\n\r\n", b"POST 5"),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n", b"abcde", b"POST 5"),
    ],
)
def test_a_request_is_answered_in_how_many_pieces_ever_it_comes(port, head, body, found):
    request = head + HEAD + b"Connection: close\r\n\r\n" + body
    assert answer(port, request).endswith(found)
    assert answer(port, request[:7], request[7:40], request[40:]).endswith(found)
    assert answer(port, *(request[place : place + 1] for place in range(90)), request[90:]).endswith(found)


def test_requests_follow_each_other_on_a_connection(port):
    one = b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: 3\r\n\r\nabc"
    last = b"GET / HTTP/1.1\r\nConnection: close\r\n" + HEAD + b"\r\n"
    assert answer(port, one + one + last).count(b" 200 OK") == 3
    with connected(port) as client:
        for _ in range(2):
            client.sendall(one)
            received = b""
            while not received.endswith(b"POST 3"):
                received += client.recv(65536)


def test_a_head_without_end_is_refused(port):
    with connected(port) as client:
        client.sendall(b"GET /" + b"a" * (MOST_HELD + 1))
        assert client.recv(65536).startswith(b"HTTP/1.1 431 ")
