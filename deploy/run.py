"""Start TransferHub on this machine: prepare the data folder, then web server and worker together.

Reads PORT (8000) and DATA_DIR (var/) from the environment. On an empty data folder it makes the secret key, the database,
the example content and two demo accounts whose passwords are made afresh and shown once here.
"""

import hashlib
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORT = os.environ.get("PORT", "8000")
ADDRESS = f"http://127.0.0.1:{PORT}"


def main() -> None:
    if not (PORT.isdigit() and 0 < int(PORT) < 65536):
        sys.exit(f"PORT={PORT} is not a port number. Use a number between 1 and 65535, for example PORT=8001 make run.")
    os.umask(0o077)  # for what is made here and by all that starts from here
    data_dir = Path(os.environ.get("DATA_DIR") or ROOT / "var").expanduser().resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="transferhub.settings.production",
        DATA_DIR=str(data_dir),
        SECRET_KEY=os.environ.get("SECRET_KEY") or stored_secret(data_dir / "secret_key"),
        BASE_URL=ADDRESS,
        PYTHONUNBUFFERED="1",
    )
    os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost")
    print("TransferHub starts …")
    step("Database", "migrate", "--verbosity=0")
    step("Vocabularies and basic pages", "prepare")
    collect_static_files(data_dir / "static.fingerprint")
    print(f"\n  {ADDRESS}/                 the site\n  {ADDRESS}/verwaltung/      the editors' side")
    if not os.environ.get("EMAIL_URL"):
        print(f"  {ADDRESS}/abo/postausgang/ the mails it would have sent")
    print("  Ctrl-C stops everything.\n")
    os.chdir(ROOT)
    os.execv(
        sys.executable,
        [
            sys.executable,
            "-m",
            "honcho",
            "--procfile",
            str(ROOT / "deploy" / "Procfile"),
            "--app-root",
            str(ROOT),
            "start",
        ],
    )


def stored_secret(path: Path) -> str:
    """Return the key kept at `path`, made on the first start and readable by this user alone."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


def collect_static_files(fingerprint: Path) -> None:
    """Collect and compress the static files unless neither they nor the installed packages changed since the last time."""
    state = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        state.update(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    if fingerprint.exists() and fingerprint.read_text() == state.hexdigest():
        return
    step("Static files", "collectstatic", "--noinput", "--verbosity=0")
    fingerprint.write_text(state.hexdigest())


def step(label: str, *command: str) -> None:
    """Run a management command and say how long it took."""
    started = time.monotonic()
    quiet = {**os.environ, "LOG_LEVEL": "WARNING"}
    result = subprocess.run([sys.executable, str(ROOT / "manage.py"), *command], cwd=ROOT, env=quiet, check=False)  # noqa: S603
    if result.returncode:
        sys.exit(f"The step “{label}” failed, see above. Nothing was started.")
    print(f"  {label:<32}{time.monotonic() - started:6.1f} s")


if __name__ == "__main__":
    main()
