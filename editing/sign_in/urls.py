"""The pages of an account, those of django-allauth that are needed here and no others."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import RedirectView
from wagtail.admin.views.account import LogoutView
from wagtail.utils.urlpatterns import decorate_urlpatterns

from editing.secret_links import PASSWORD_RESET, SINGLE_SIGN_ON
from editing.sign_in import single_sign_on

_account = [
    path("", second_factor.index, name="mfa_index"),
    path("anmelden/", account.login, name="account_login"),
    path("abmelden/", account.logout, name="account_logout"),
    path("gesperrt/", account.account_inactive, name="account_inactive"),
    path("bestaetigen/", account.reauthenticate, name="account_reauthenticate"),
    path("passwort/", account.password_change, name="account_change_password"),
    path("passwort/vergessen/", account.password_reset, name="account_reset_password"),
    path("passwort/unterwegs/", account.password_reset_done, name="account_reset_password_done"),
    path("passwort/gesetzt/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    # Who has no password gets one as those do who forgot theirs.
    path("passwort/setzen/", RedirectView.as_view(pattern_name="account_reset_password"), name="account_set_password"),
]
_second_factor = [
    path("anmelden/code/", second_factor.authenticate, name="mfa_authenticate"),
    path("bestaetigen/code/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("app/", totp.activate_totp, name="mfa_activate_totp"),
    path("app/ausschalten/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("ersatz-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("ersatz-codes/neu/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("ersatz-codes/datei/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
_passkeys = [
    path("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/neu/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/entfernen/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("anmelden/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("bestaetigen/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
]
_single_sign_on = [
    path("anmelden/verband/", single_sign_on.start, name="single_sign_on"),
    path(
        "anmelden/verband/abgebrochen/",
        RedirectView.as_view(pattern_name="account_login"),
        name="socialaccount_login_cancelled",
    ),
]
_secret_links = [
    re_path(
        rf"^{PASSWORD_RESET.under}(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        SINGLE_SIGN_ON.under,
        single_sign_on.finish,
        {"provider_id": settings.OIDC_PROVIDER_ID},
        name="openid_connect_callback",
    ),
]
# Wagtail's own ways in know nothing of a second factor: all of them lead to ours.
_to_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)
_to_reset = RedirectView.as_view(pattern_name="account_reset_password")

urlpatterns = [
    path(
        "konto/", include(decorate_urlpatterns([*_account, *_second_factor, *_passkeys, *_single_sign_on], never_cache))
    ),
    *_secret_links,
    path("verwaltung/login/", _to_sign_in),
    # Asked in another way, Wagtail's view refuses, and has the browser forget a session that goes on.
    path("verwaltung/logout/", require_POST(LogoutView.as_view())),
    path("_util/login/", _to_sign_in),
    re_path(r"^verwaltung/password_reset/", _to_reset),
]
