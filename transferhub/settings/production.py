"""A public server, and `make run`: nothing has a default that would be unsafe.

The protection of cookies and transport follows the scheme of BASE_URL. Plain http is accepted for this machine alone.
"""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from transferhub.logs import logging_config
from transferhub.settings.base import *  # noqa: F403
from transferhub.settings.environment import env, read_allowed_hosts, read_base_url, read_secret

DEBUG = False
SECRET_KEY = read_secret("SECRET_KEY")
BASE_URL = read_base_url()
ALLOWED_HOSTS = read_allowed_hosts(BASE_URL)
WAGTAILADMIN_BASE_URL = BASE_URL
CSRF_TRUSTED_ORIGINS = [BASE_URL]

if BASE_URL.startswith("https://"):
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    # Containers and load balancers ask for health over plain http.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    if not env.str("EMAIL_URL", default=""):
        raise ImproperlyConfigured(
            "EMAIL_URL is missing: nobody could confirm a subscription or reset a password. "
            "Set it, for example EMAIL_URL=smtp+tls://user:password@mail.example.org:587"
        )
elif urlsplit(BASE_URL).hostname not in {"localhost", "127.0.0.1", "::1"}:
    raise ImproperlyConfigured(
        f"BASE_URL={BASE_URL} is not encrypted. Use https:// - plain http is accepted for localhost alone."
    )

LOGGING = logging_config(env.str("LOG_LEVEL", default="INFO"), "json_formatter")
