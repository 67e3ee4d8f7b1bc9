"""Typed readers for everything the environment can set.

A mistake stops the start with a sentence that names the variable and the remedy, instead of a traceback later on.
"""

from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


def read_secret(name: str) -> str:
    """Return the secret `name`; without a value of at least 32 characters the start is refused."""
    value = env.str(name, default="")
    if len(value) < 32:
        raise ImproperlyConfigured(
            f"{name} is missing or shorter than 32 characters. Set it in the environment or in .env, for example to "
            'the output of: python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    return value


def read_base_url(default: str | None = None) -> str:
    """Return BASE_URL (scheme and host, no trailing slash); without a usable value the start is refused."""
    value = env.str("BASE_URL", default=default or "").rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise ImproperlyConfigured(
            "BASE_URL is missing or not an address. Set it to the public address of the site, "
            "for example BASE_URL=https://praxis.example.org"
        )
    return value


def read_allowed_hosts(base_url: str) -> list[str]:
    """Return ALLOWED_HOSTS (comma separated); by default the host of `base_url` alone."""
    return env.list("ALLOWED_HOSTS", default=[urlsplit(base_url).hostname])


def read_data_dir() -> Path:
    """Return DATA_DIR as an existing, absolute folder; it holds the SQLite file, media and collected static files."""
    path = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"DATA_DIR={path} can not be created ({error.strerror}). Point it to a folder this user may write to."
        ) from error
    return path


def read_database(data_dir: Path) -> dict:
    """Return Django's database settings from DATABASE_URL; by default SQLite in `data_dir`.

    The pragmas were measured with four processes publishing at once: without them most writes fail with
    "database is locked", with them none does. Temporary files stay files: kept in memory, the journal of nested savepoints is
    walked through at each of them, which cost an import a third of its time.
    """
    url = env.str("DATABASE_URL", default="") or f"sqlite:///{data_dir / 'transferhub.sqlite3'}"
    try:
        database = dict(env.db_url_config(url))
        engine = database["ENGINE"]
    except Exception as error:
        raise ImproperlyConfigured(
            "DATABASE_URL can not be read. Write it as postgres://user:password@host:5432/name, "
            "or leave it out to use SQLite in DATA_DIR."
        ) from error
    if engine == "django.db.backends.sqlite3":
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            # An import of a spreadsheet writes for a minute; whoever saves meanwhile waits instead of losing what was typed.
            "timeout": 120,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA busy_timeout=120000;"
                "PRAGMA cache_size=-64000;PRAGMA mmap_size=134217728;"
                "PRAGMA journal_size_limit=67108864;"
            ),
        }
        database["CONN_MAX_AGE"] = None
    elif engine == "django.db.backends.postgresql":
        database["OPTIONS"] = {**database.get("OPTIONS", {}), "pool": True}
    else:
        raise ImproperlyConfigured(f"DATABASE_URL asks for {engine}; TransferHub runs on SQLite and PostgreSQL.")
    return database


def read_elasticsearch_url() -> str:
    """Return ELASTICSEARCH_URL; empty where the embedded index serves."""
    value = env.str("ELASTICSEARCH_URL", default="")
    if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
        raise ImproperlyConfigured(
            "ELASTICSEARCH_URL is not an address. Write it as https://user:password@host:9200, "
            "or leave it out to use the embedded index in DATA_DIR."
        )
    return value


def read_email() -> dict:
    """Return Django's mail settings from EMAIL_URL; without it mails are kept in DATA_DIR/mail."""
    url = env.str("EMAIL_URL", default="")
    if not url:
        return {"EMAIL_BACKEND": "feeds.local_mail.LocalMailBackend"}
    try:
        return {**env.email_url_config(url), "EMAIL_TIMEOUT": 30}
    except Exception as error:
        raise ImproperlyConfigured(
            "EMAIL_URL can not be read. Write it as smtp+tls://user:password@mail.example.org:587, or leave it out on "
            "your own machine: mails are then kept in DATA_DIR/mail."
        ) from error


def read_mail_from() -> str:
    """Return MAIL_FROM, the sender of all mails; by default an address at the host of BASE_URL."""
    host = urlsplit(env.str("BASE_URL", default="http://localhost")).hostname or "localhost"
    value = env.str("MAIL_FROM", default="") or f"TransferHub <noreply@{host}>"
    if "@" not in parseaddr(value)[1] or not value.isprintable():
        raise ImproperlyConfigured(
            f"MAIL_FROM={value!r} names no address. Write it as: TransferHub <neues@praxis.example.org>"
        )
    return value


def read_mail_per_minute() -> int:
    """Return MAIL_PER_MINUTE: how many mails a worker hands to the server in a minute, so that it is not taken for spam."""
    value = env.str("MAIL_PER_MINUTE", default="120")
    if not value.isdigit() or not 0 < int(value) <= 100_000:
        raise ImproperlyConfigured(f"MAIL_PER_MINUTE={value} is not a number from 1 to 100000.")
    return int(value)


def read_trusted_proxies(default: int) -> int:
    """Return TRUSTED_PROXIES: how many proxies of ours stand in front and write down where a request came from."""
    value = env.str("TRUSTED_PROXIES", default=str(default))
    if not value.isdigit() or int(value) > 10:
        raise ImproperlyConfigured(f"TRUSTED_PROXIES={value} is not a number from 0 to 10.")
    return int(value)


def read_switch(name: str, default: bool) -> bool:
    """Return the switch `name`: true or false. Anything else stops the start instead of meaning false."""
    value = env.str(name, default=str(default)).lower()
    if value not in {"true", "false", "1", "0"}:
        raise ImproperlyConfigured(f"{name}={value} is neither true nor false.")
    return value in {"true", "1"}


def read_oidc() -> dict[str, str]:
    """Return the OpenID Connect provider of the associations from OIDC_NAME, _URL, _CLIENT_ID, _CLIENT_SECRET; empty
    where none is set. Half a provider, and one without https, stop the start.
    """
    names = ("OIDC_NAME", "OIDC_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    values = {name: env.str(name, default="") for name in names}
    missing = [name for name in names if not values[name]]
    if len(missing) == len(names):
        return {}
    if missing:
        raise ImproperlyConfigured(f"{', '.join(missing)} missing: set all of {', '.join(names)}, or none of them.")
    parts = urlsplit(values["OIDC_URL"])
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ImproperlyConfigured(
            "OIDC_URL is not an https:// address. Set it to the issuer, the address before /.well-known/openid-configuration."
        )
    return values
