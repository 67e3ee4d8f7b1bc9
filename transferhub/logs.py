"""One line of JSON for each log record, so that any log collector can read it, and none with the secret of a link."""

import logging
import re

import structlog
from django.utils.log import ServerFormatter

import editing.secret_links  # noqa: F401 - declared from the first line on
from feeds.secret_links import purpose_of, without_secrets

# The part of an address that can be a secret, without what mail programs and people put around it.
_SECRET = re.compile(r"[\w:-]{16,}")


class WithoutSecrets(logging.Formatter):
    """Takes secrets out of lines that another formatter has written, exceptions and all else that was logged included."""

    def __init__(self, formatter: logging.Formatter):
        super().__init__()
        self.formatter = formatter

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. The secret of the request it is about is taken out where it stands without its address, too."""
        line = without_secrets(self.formatter.format(record))
        request = getattr(record, "request", None)
        path = getattr(request, "path_info", "")
        if purpose_of(path):
            match = getattr(request, "resolver_match", None)
            for secret in _SECRET.findall(f"{path} {match.kwargs if match else ''}"):
                line = line.replace(secret, "…")
        return line


def json_formatter() -> WithoutSecrets:
    """Return the formatter of a server."""
    return WithoutSecrets(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.format_exc_info,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ]
        )
    )


def plain_formatter() -> WithoutSecrets:
    """Return the formatter of a developer's machine."""
    return WithoutSecrets(ServerFormatter("[{server_time}] {message}", style="{"))


def logging_config(level: str, formatter: str) -> dict:
    """Return settings with which every line goes to standard error, written by the function `formatter` of this module."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": f"{__name__}.{formatter}"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "loggers": {
            # Each saved page runs a few of Wagtail's small tasks; only their failures are worth a line.
            "django_tasks": {"level": "WARNING"},
            # Django's own handlers write and mail whole requests: one way out is enough.
            "django": {"handlers": []},
            "django.server": {"handlers": [], "propagate": True},
        },
        "root": {"handlers": ["stderr"], "level": level},
    }
