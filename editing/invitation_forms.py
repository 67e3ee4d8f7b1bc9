"""The forms around invitations. What was typed is shown again with what to do about it."""

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from editing.invitations import account_of, organisations_of, roles_offered_by
from editing.models import Invitation
from practices.models import FieldOfAction

Role = Invitation.Role
_EMAIL = "Bitte geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@beispiel.de."
_CLOSED = "Der Zugang zu dieser Adresse ist geschlossen. Bitte lassen Sie ihn zuerst von der Verwaltung wieder öffnen."
_ONESELF = "Das ist Ihre eigene Adresse. Eine weitere Rolle gibt Ihnen jemand anderes."
_INPUT = {"class": "kern-form-input__input"}


class InvitationForm(forms.ModelForm):
    """Whom to invite as what; offers only what its user may offer."""

    email = forms.CharField(
        label="E-Mail-Adresse",
        max_length=150,  # the name of an account holds no more
        validators=[EmailValidator(_EMAIL, allowlist=[])],
        error_messages={"required": _EMAIL},
        widget=forms.EmailInput,
    )

    class Meta:
        model = Invitation
        fields = ["email", "role", "organisation", "fields_of_action"]
        widgets = {
            "fields_of_action": forms.CheckboxSelectMultiple,
            "organisation": forms.Select(attrs={"class": "w-w-full"}),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        roles = roles_offered_by(user)
        choices = [(role.value, role.label) for role in roles]
        role = forms.ChoiceField(
            label="Rolle",
            choices=choices if len(choices) == 1 else [("", "Bitte wählen"), *choices],
            widget=forms.Select(attrs={"class": "w-w-full"}),
            error_messages={
                "required": "Bitte wählen Sie eine Rolle.",
                "invalid_choice": "Bitte wählen Sie eine Rolle.",
            },
        )
        self.fields["role"] = role
        organisation = self.fields["organisation"]
        organisation.queryset = organisations_of(user)  # type: ignore[attr-defined]
        organisation.empty_label = "Bitte wählen"  # type: ignore[attr-defined]
        organisation.help_text = "Nur für Mitwirkung."
        organisation.error_messages["invalid_choice"] = "Zu dieser Organisation können Sie nicht einladen."
        if Role.REVIEWER in roles:
            self.fields["fields_of_action"].queryset = FieldOfAction.objects.current()  # type: ignore[attr-defined]
            self.fields["fields_of_action"].help_text = "Nur für Fachprüfung. Ohne Auswahl: alle Handlungsfelder."
        else:
            del self.fields["fields_of_action"]

    def clean_email(self) -> str:
        account = account_of(self.cleaned_data["email"])
        if account is not None and not account.is_active:
            raise ValidationError(_CLOSED)
        if account == self.user and not self.user.is_superuser:
            raise ValidationError(_ONESELF)
        return self.cleaned_data["email"]

    def clean(self) -> dict:
        data = super().clean() or {}
        if data.get("role") == Role.CONTRIBUTOR and not data.get("organisation") and "organisation" not in self.errors:
            self.add_error("organisation", "Bitte wählen Sie die Organisation, für die diese Person schreiben soll.")
        if data.get("role") != Role.CONTRIBUTOR:
            data["organisation"] = None
        if data.get("role") != Role.REVIEWER:
            data["fields_of_action"] = FieldOfAction.objects.none()
        return data


class NewAccountForm(forms.Form):
    """What somebody who was invited has to say before there is an account."""

    name = forms.CharField(
        label="Ihr Name",
        max_length=150,
        error_messages={"required": "Bitte nennen Sie Ihren Namen.", "max_length": "Bitte kürzen Sie den Namen."},
        widget=forms.TextInput(attrs={"autocomplete": "name", **_INPUT}),
    )
    password = forms.CharField(
        label="Passwort",
        strip=False,
        error_messages={"required": "Bitte wählen Sie ein Passwort."},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", **_INPUT}),
    )
    repeated = forms.CharField(
        label="Passwort wiederholen",
        strip=False,
        error_messages={"required": "Bitte schreiben Sie das Passwort noch einmal."},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", **_INPUT}),
    )

    def __init__(self, *args, email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    @property
    def password_rules(self) -> list[str]:
        """What a password has to be like, as sentences."""
        return password_validators_help_texts()

    def clean(self) -> dict:
        data = super().clean() or {}
        password = data.get("password")
        if password and "repeated" in data and data["repeated"] != password:
            self.add_error("repeated", "Die beiden Passwörter sind verschieden. Bitte schreiben Sie beide noch einmal.")
        if password:
            person = get_user_model()(username=self.email, email=self.email, last_name=data.get("name", ""))
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return data
