"""Signing in, by django-allauth (ADR 16): who gets in how, and what is limited.

Attempts are counted by `limits` (ADR 21): django-allauth's own limits would lock names, and are off. Used codes are kept in
the default cache. It lies in a folder, so all processes of a server know them.
"""

from urllib.parse import urlsplit

from editing.secret_links import PASSWORD_RESET
from transferhub.settings.environment import (
    read_base_url,
    read_data_dir,
    read_oidc,
    read_switch,
    read_trusted_proxies,
)

_LOCAL = not read_base_url(default="http://127.0.0.1:8000").startswith("https://")

ACCOUNT_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
CODES_CACHE = {
    "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
    "LOCATION": read_data_dir() / "cache",
    # When it is full a part is thrown away at random. Only right codes come in, each for a few minutes.
    "OPTIONS": {"MAX_ENTRIES": 10_000},
}
ALLAUTH_TRUSTED_PROXY_COUNT = read_trusted_proxies(default=0 if _LOCAL else 1)

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
PASSWORD_RESET_TIMEOUT = int(PASSWORD_RESET.lifetime.total_seconds())
# People change passwords on allauth's pages, and administrators change addresses: links to new passwords go there.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False

ACCOUNT_ADAPTER = "editing.sign_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
# Who is signed in without the right to a page is told so there, instead of being sent round in circles.
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "editing.sign_in.reset_links.ResetLinks"  # noqa: S105 - a class
ACCOUNT_FORMS = {
    "login": "editing.sign_in.forms.LoginForm",
    "change_password": "editing.sign_in.forms.ChangePasswordForm",
    "reset_password": "editing.sign_in.forms.ResetPasswordForm",
    "reset_password_from_key": "editing.sign_in.forms.ResetPasswordKeyForm",
    "reauthenticate": "editing.sign_in.forms.PasswordAgainForm",
}

MFA_RATE_LIMITS = False
MFA_ADAPTER = "editing.sign_in.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers allow passkeys without https on localhost alone, and production settings refuse any other plain address.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _LOCAL
MFA_TOTP_ISSUER = "TransferHub"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "editing.sign_in.forms.CodeForm",
    "reauthenticate": "editing.sign_in.forms.CodeAgainForm",
    "activate_totp": "editing.sign_in.forms.ActivateAppForm",
    "add_webauthn": "editing.sign_in.passkey_forms.AddPasskeyForm",
    "authenticate_webauthn": "editing.sign_in.passkey_forms.PasskeyForm",
    "login_webauthn": "editing.sign_in.passkey_forms.PasskeyLoginForm",
    "reauthenticate_webauthn": "editing.sign_in.passkey_forms.PasskeyAgainForm",
}
# Whoever publishes or administers needs a second factor. Without https there is one person on one machine.
SECOND_FACTOR_REQUIRED = read_switch("SECOND_FACTOR_REQUIRED", default=not _LOCAL)

OIDC_PROVIDER_ID = "verband"
_OIDC = read_oidc()
# The form that leads to the provider: browsers hold redirects of forms against the policy, too.
OIDC_ORIGINS = [f"{urlsplit(_OIDC['OIDC_URL']).scheme}://{urlsplit(_OIDC['OIDC_URL']).netloc}"] if _OIDC else []
SOCIALACCOUNT_ADAPTER = "editing.sign_in.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_PROVIDERS: dict = {}
if _OIDC:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": OIDC_PROVIDER_ID,
                "name": _OIDC["OIDC_NAME"],
                "client_id": _OIDC["OIDC_CLIENT_ID"],
                "secret": _OIDC["OIDC_CLIENT_SECRET"],
                "settings": {"server_url": _OIDC["OIDC_URL"].rstrip("/")},
            }
        ],
    }
