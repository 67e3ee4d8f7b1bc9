"""TransferHub's own processes, as `make run` starts them, for the time of a measurement."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def web_server(port: int) -> Iterator["Browser"]:
    """Run gunicorn on `port`; give a connection to it."""
    command = [sys.executable, "-m", "gunicorn", "transferhub.wsgi", "--config", "deploy/gunicorn.conf.py"]
    with running(command, PORT=str(port)):
        browser = Browser(port)
        browser.wait()
        yield browser


@contextlib.contextmanager
def worker() -> Iterator[None]:
    """Run the worker."""
    with running([sys.executable, "manage.py", "work"]):
        yield


@contextlib.contextmanager
def running(command: list[str], **environment: str) -> Iterator[None]:
    """Run a command of the project in the background."""
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})  # noqa: S603 - our own commands
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


class Browser:
    """One connection that is kept open."""

    def __init__(self, port: int):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def get(self, path: str) -> tuple[int, bytes]:
        """Return status and body; a connection the server has closed meanwhile is opened again."""
        for last_attempt in (False, True):
            try:
                self._connection.request("GET", path)
                answer = self._connection.getresponse()
                return answer.status, answer.read()
            except OSError:
                self._connection.close()
                if last_attempt:
                    raise
        raise AssertionError

    def wait(self) -> None:
        """Wait until the server answers."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.get("/healthz")
            except ConnectionRefusedError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
            else:
                return
