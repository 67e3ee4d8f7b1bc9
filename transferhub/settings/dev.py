"""A developer's machine: debugging on, nothing to configure."""

from transferhub.logs import logging_config
from transferhub.settings.base import *  # noqa: F403
from transferhub.settings.environment import env

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = "for-development-only-never-used-in-production"  # noqa: S105 - stated in its own text
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING = logging_config("INFO", "plain_formatter")
