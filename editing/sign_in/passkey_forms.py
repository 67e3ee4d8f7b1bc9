"""django-allauth's forms for passkeys. The browser fills in what counts; what is wrong with it is said in one sentence."""

from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.core.exceptions import ValidationError

from editing.sign_in.forms import PlainForm

_REFUSED = (
    "Dieser Passkey wurde nicht angenommen. Bitte versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg."
)


class CredentialMixin:
    """Says of whatever is wrong with a passkey what to do, where django-allauth speaks of codes or stumbles."""

    def full_clean(self) -> None:
        try:
            super().full_clean()  # type: ignore[misc]
        except (AttributeError, KeyError, TypeError, ValueError):
            # What a browser sends is read without a look at its shape.
            self.add_error("credential", ValidationError(_REFUSED))

    def add_error(self, field: str | None, error: ValidationError) -> None:
        if field in {"credential", None}:
            field = "credential"
            if getattr(error, "code", None) in {"incorrect_code", "required", "invalid"}:
                error = ValidationError(_REFUSED)
        super().add_error(field, error)  # type: ignore[misc]


class AddPasskeyForm(CredentialMixin, PlainForm, passkeys.AddWebAuthnForm):
    texts = {"name": ("Name", ""), "passwordless": ("Damit auch ohne Passwort anmelden", "")}
    hints = {
        "name": "Zum Unterscheiden, wenn Sie mehrere haben, zum Beispiel „Telefon“.",
        "passwordless": "Ältere Sicherheitsschlüssel können das nicht. Nehmen Sie dann das Kreuz weg.",
    }
    name = forms.CharField(required=False, max_length=60)
    passwordless = forms.BooleanField(required=False, initial=True)


class PasskeyForm(CredentialMixin, passkeys.AuthenticateWebAuthnForm):
    pass


class PasskeyLoginForm(CredentialMixin, passkeys.LoginWebAuthnForm):
    pass


class PasskeyAgainForm(CredentialMixin, passkeys.ReauthenticateWebAuthnForm):
    pass
