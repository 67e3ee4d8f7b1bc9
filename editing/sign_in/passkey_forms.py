"""django-allauth's forms for passkeys. The browser fills in what counts; what is wrong with it is said in one sentence."""

from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.core.exceptions import ValidationError

from editing.sign_in.forms import PlainForm

_REFUSED = (
    "Dieser Passkey wurde nicht angenommen. Bitte versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg."
)


class CredentialForm(forms.Form):
    """Says of whatever is wrong with a passkey what to do, where django-allauth speaks of codes or stumbles."""

    def full_clean(self) -> None:
        try:
            super().full_clean()
        except (AttributeError, KeyError, TypeError, ValueError):
            # What a browser sends is read without a look at its shape.
            self.add_error("credential", ValidationError(_REFUSED))

    def add_error(self, field, error) -> None:
        if field in {"credential", None}:
            field = "credential"
            if getattr(error, "code", None) in {"incorrect_code", "required", "invalid"}:
                error = ValidationError(_REFUSED)
        super().add_error(field, error)


class AddPasskeyForm(CredentialForm, PlainForm, passkeys.AddWebAuthnForm):
    texts = {"name": ("Name", ""), "passwordless": ("Damit auch ohne Passwort anmelden", "")}
    hints = {
        "name": "Zum Unterscheiden, wenn Sie mehrere haben, zum Beispiel „Telefon“.",
        "passwordless": "Ältere Sicherheitsschlüssel können das nicht. Nehmen Sie dann das Kreuz weg.",
    }
    name = forms.CharField(required=False, max_length=60)
    passwordless = forms.BooleanField(required=False, initial=True)


class PasskeyForm(CredentialForm, passkeys.AuthenticateWebAuthnForm):
    pass


class PasskeyLoginForm(CredentialForm, passkeys.LoginWebAuthnForm):
    pass


class PasskeyAgainForm(CredentialForm, passkeys.ReauthenticateWebAuthnForm):
    pass
