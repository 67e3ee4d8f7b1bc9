"""The forms around subscriptions. What was typed is shown again with what to do about it."""

from django import forms
from django.core.validators import EmailValidator

from feeds.models import Subscription
from practices.models import OrganisationPage

Frequency = Subscription.Frequency
_HOURS = [(hour, f"{hour} Uhr") for hour in range(24)]
_EMAIL = "Bitte geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@beispiel.de."


class RhythmForm(forms.Form):
    """How often somebody wants to hear of a selection."""

    frequency = forms.ChoiceField(
        label="Wie oft möchten Sie davon erfahren?",
        choices=Frequency.choices,
        initial=Frequency.WEEKLY,
        error_messages={
            "required": "Bitte wählen Sie, wie oft Sie E-Mails bekommen möchten.",
            "invalid_choice": "Bitte wählen Sie sofort, täglich oder wöchentlich.",
        },
    )
    weekday = forms.TypedChoiceField(
        label="Wochentag",
        choices=Subscription.Weekday.choices,
        initial=0,
        empty_value="0",
        required=False,
        error_messages={"invalid_choice": "Bitte wählen Sie einen Wochentag."},
    )
    hour = forms.TypedChoiceField(
        label="Uhrzeit",
        choices=_HOURS,
        coerce=int,
        initial=7,
        empty_value="7",
        required=False,
        error_messages={"invalid_choice": "Bitte wählen Sie eine volle Stunde von 0 bis 23 Uhr."},
    )

    def rhythm(self) -> dict:
        """Return what was chosen, as fields of a subscription."""
        names = ("weekday", "hour")
        return {"frequency": self.cleaned_data["frequency"], **{name: int(self.cleaned_data[name]) for name in names}}


class EmailForm(forms.Form):
    """An address that is asked whether it is meant."""

    # 254 is all that fits into a mail's envelope (RFC 5321, section 4.5.3.1.3).
    email = forms.CharField(
        label="Ihre E-Mail-Adresse",
        max_length=254,
        validators=[EmailValidator(_EMAIL)],
        error_messages={
            "required": _EMAIL,
            "max_length": "Diese Adresse ist zu lang. Bitte prüfen Sie, ob sie stimmt.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class SubscribeForm(EmailForm, RhythmForm):
    """Asks for a subscription. Whoever may edit organisations can subscribe a distribution list for one of them."""

    field_order = ["email", "organisation", "frequency", "weekday", "hour"]
    organisation: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Für den Verteiler einer Organisation",
        queryset=OrganisationPage.objects.none(),
        required=False,
        empty_label="Nein, für mich",
        error_messages={"invalid_choice": "Für diese Organisation dürfen Sie keinen Verteiler anmelden."},
    )

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        if organisations and isinstance(field, forms.ModelChoiceField):
            field.queryset = organisations
        else:
            del self.fields["organisation"]
