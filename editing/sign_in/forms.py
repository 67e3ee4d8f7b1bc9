"""django-allauth's forms with our labels, hints and errors that say what to do."""

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from editing.sign_in.guesses import CODE, PASSWORD, guessing
from limits.answers import tell
from limits.counting import LimitReached, origin_of, spend

_NEW_PASSWORD = ("Neues Passwort", "Bitte wählen Sie ein neues Passwort.")
_REPEATED = ("Neues Passwort wiederholen", "Bitte schreiben Sie das neue Passwort noch einmal.")
_PASSWORD = ("Passwort", "Bitte geben Sie Ihr Passwort ein.")
_CODE = ("Code", "Bitte geben Sie den Code ein.")
_EMAIL = "Bitte geben Sie Ihre vollständige E-Mail-Adresse ein, zum Beispiel name@beispiel.de."


_ENOUGH_LINKS = (
    "Von hier oder für diese Adresse wurden schon viele Links angefordert. Wenn es einen Zugang mit dieser Adresse gibt, liegen "
    "sie im Postfach, vielleicht im Spam-Ordner."
)


class PlainForm(forms.Form):
    """Gives each field named in `texts` its label and what to say where it is empty; no placeholders."""

    texts: dict[str, tuple[str, str]] = {}
    hints: dict[str, str] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label, required = self.texts.get(name, (field.label, None))
            field.help_text = self.hints.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "kern-form-input__input"
            if required:
                field.error_messages["required"] = required


class NewPasswordForm(PlainForm):
    """Asks for a new password twice; the rules stand below the first field."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict:
        data = super().clean() or {}
        if self.has_error("password2") and data.get("password1"):
            self.errors["password2"] = self.error_class(
                ["Die beiden Passwörter sind verschieden. Bitte schreiben Sie beide noch einmal."]
            )
        return data


class LoginForm(PlainForm, account.LoginForm):
    texts = {
        "login": ("E-Mail-Adresse oder Name des Zugangs", "Bitte geben Sie Ihre E-Mail-Adresse ein."),
        "password": _PASSWORD,
        "remember": ("Auf diesem Gerät angemeldet bleiben", ""),
    }
    hints = {"remember": "Nicht an Geräten, die auch andere benutzen."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ChangePasswordForm(NewPasswordForm, account.ChangePasswordForm):
    texts = {
        "oldpassword": ("Bisheriges Passwort", "Bitte geben Sie Ihr bisheriges Passwort ein."),
        "password1": _NEW_PASSWORD,
        "password2": _REPEATED,
    }

    def clean_oldpassword(self) -> str:
        with guessing(context.request, PASSWORD, self.user):
            return super().clean_oldpassword()


class ResetPasswordForm(PlainForm, account.ResetPasswordForm):
    texts = {"email": ("E-Mail-Adresse", _EMAIL)}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].validators = [EmailValidator(_EMAIL)]

    def clean_email(self) -> str:
        """Count the request: whether there is an account makes no difference."""
        email = super().clean_email()
        try:
            spend("password_reset", address=email.lower(), origin=origin_of(context.request))
        except LimitReached as reached:
            raise ValidationError(f"{_ENOUGH_LINKS} {tell(context.request, reached)}") from None
        return email


class ResetPasswordKeyForm(NewPasswordForm, account.ResetPasswordKeyForm):
    texts = {"password1": _NEW_PASSWORD, "password2": _REPEATED}


class PasswordAgainForm(PlainForm, account.ReauthenticateForm):
    texts = {"password": _PASSWORD}


class _GuessedCode(forms.Form):
    """Counts codes of the app and recovery codes as guesses."""

    def clean_code(self) -> str:
        with guessing(context.request, CODE, self.user):  # type: ignore[attr-defined]
            return super().clean_code()  # type: ignore[misc]


class CodeForm(PlainForm, _GuessedCode, second_factor.AuthenticateForm):
    texts = {"code": _CODE}
    hints = {"code": "Sechs Ziffern aus Ihrer App, oder einer Ihrer Ersatz-Codes."}


class CodeAgainForm(PlainForm, _GuessedCode, second_factor.ReauthenticateForm):
    texts = {"code": _CODE}
    hints = CodeForm.hints


class ActivateAppForm(PlainForm, totp.ActivateTOTPForm):
    texts = {"code": ("Code aus der App", "Bitte geben Sie den Code ein, den die App anzeigt.")}
    hints = {"code": "Sechs Ziffern. Nach einer halben Minute zeigt die App neue."}
