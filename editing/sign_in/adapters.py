"""Where django-allauth asks what to do: no open sign-up, mails by our worker, German answers."""

import re
import time
from ipaddress import ip_address

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from editing.second_factor import has_second_factor, was_shown
from editing.sign_in.encryption import decrypt, encrypt
from editing.sign_in.guesses import PASSWORD, account_of, begin, was_wrong
from editing.sign_in.mails import RESET, notice_for
from feeds.entries import absolute
from feeds.notices import queue, queue_within
from limits.counting import mailbox_of

_WRONG = "Diese Angaben passen nicht zusammen. Bitte prüfen Sie Name oder E-Mail-Adresse und Passwort."
_WRONG_CODE = (
    "Dieser Code stimmt nicht. Bitte nehmen Sie den, der gerade in der App steht, oder einen Ersatz-Code, den Sie noch nicht "
    "benutzt haben."
)
_METHODS = {
    "reauthenticate": "Mit dem Passwort bestätigen",
    "mfa_reauthenticate": "Mit einem Code bestätigen",
    "mfa_reauthenticate:webauthn": "Mit einem Passkey bestätigen",
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from invitations and administrators alone."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _WRONG,
        "username_password_mismatch": _WRONG,
        "invalid_login": _WRONG,
        "enter_current_password": "Das ist nicht Ihr bisheriges Passwort. Bitte schreiben Sie es noch einmal.",
        "incorrect_password": "Dieses Passwort stimmt nicht. Bitte schreiben Sie es noch einmal.",
        "invalid_password_reset": "Dieser Link gilt nicht mehr. Bitte fordern Sie einen neuen an.",
        "incorrect_code": _WRONG_CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the admin for those who may enter it, for all others the page of their account."""
        may_enter = request.user.has_perm("wagtailadmin.access_admin")
        return reverse("wagtailadmin_home" if may_enter else "mfa_index")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link at the address of the platform, whatever host the request named."""
        uid, _, secret = key.partition("-")
        return absolute(reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": secret}))

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Have the worker send the mail. Links to new passwords are limited where they are asked for."""
        notice = notice_for(template_prefix, email, context)
        if template_prefix == RESET:
            queue(notice)
        else:
            queue_within("account_mail", notice, sort=f"{template_prefix} {mailbox_of(email)}")

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return where the request comes from; one text for all of which nobody knows, as behind a proxy that says nothing."""
        try:
            address = ip_address(super().get_client_ip(request))
        except (ImproperlyConfigured, PermissionDenied, ValueError):
            return "unknown"
        return str(getattr(address, "ipv4_mapped", None) or address)

    def pre_authenticate(self, request: HttpRequest, **credentials) -> None:
        """Count the try, instead of django-allauth, for the account and where it comes from (`limits.guessing`)."""
        login = credentials.get("username") or credentials["email"]
        self._account = account_of(login)
        self._guess = begin(request, PASSWORD, login, self._account)

    def _rollback_login_failed_rl_usage(self) -> None:
        # Called by django-allauth where the password was right.
        self._guess.was_right()

    def authentication_failed(self, request: HttpRequest, **credentials) -> None:
        was_wrong(self._guess, self._account)

    def get_reauthentication_methods(self, user) -> list[dict]:
        """Return how `user` can confirm a delicate step: with the second factor wherever there is one."""
        methods = super().get_reauthentication_methods(user)
        strong = [method for method in methods if method["id"] != "reauthenticate"]
        return [{**method, "description": _METHODS[method["id"]]} for method in strong or methods]

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Return whether to ask again; who has just signed in, with everything there is, need not do so twice."""
        timeout = settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        if has_second_factor(self.request.user):
            return not was_shown(self.request, within_s=timeout)
        records = get_authentication_records(self.request, self.request.user)
        return not any(record["at"] > time.time() - timeout for record in records)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Apps, passkeys and recovery codes."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _WRONG_CODE,
        "cannot_generate_recovery_codes": "Bitte richten Sie zuerst einen zweiten Faktor ein.",
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def build_totp_svg(self, url: str) -> SafeString:
        """Return the QR code as markup for a page: it is made of nothing but squares."""
        svg = re.sub(r"<\?xml.*?\?>", "", super().build_totp_svg(url))
        return mark_safe(svg)  # noqa: S308 - drawn by a library, holds no text

    def generate_authenticator_name(self, user, type) -> str:
        return "Mein Gerät"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}
