"""A PostgreSQL server of one's own for the length of a test run."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg


def find_postgres() -> Path | None:
    """Return the folder with PostgreSQL's server programs; None where it is not installed."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return debian[-1].parent if debian else Path(on_path).resolve().parent if on_path else None


@contextlib.contextmanager
def temporary_cluster(programs: Path) -> Iterator[str]:
    """Start a cluster on a free loopback port and give its DATABASE_URL; it is gone afterwards.

    The server refuses to run as root, so root hands it to the user "nobody".
    """
    folder = Path(tempfile.mkdtemp(prefix="transferhub-postgres-"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        as_user = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    data = folder / "data"
    port = _free_port()

    def run(program: str, *arguments: str) -> None:
        subprocess.run([*as_user, programs / program, *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL)

    options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    try:
        run("initdb", "-D", str(data), "-U", "transferhub", "-A", "trust", "-E", "UTF8", "--no-sync")
        run("pg_ctl", "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            yield f"postgres://transferhub@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def restart_server(url: str, programs: Path) -> None:
    """Restart the server at `url`, a temporary cluster's; connections to it are cut."""
    with psycopg.connect(url, autocommit=True) as connection:
        folder = connection.execute("SHOW data_directory").fetchone()[0]
    as_user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    subprocess.run(
        [*as_user, programs / "pg_ctl", "-D", folder, "-m", "fast", "-l", f"{folder}/../log", "-w", "restart"],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
