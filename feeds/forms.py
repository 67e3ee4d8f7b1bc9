"""The forms around subscriptions. What was typed is shown again with what to do about it."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.http import QueryDict
from django.utils.encoding import punycode

from feeds.models import Subscription
from feeds.selections import topic_choices
from practices.models import OrganisationPage
from practices.terms import TermRow
from search.params import MAX_QUERY_LENGTH, SearchParams

Frequency = Subscription.Frequency
_HOURS = [(hour, f"{hour} Uhr") for hour in range(24)]
# What fits into the envelope of a mail (RFC 5321, section 4.5.3.1.3, without its brackets).
_LONGEST_EMAIL = 254
_EMAIL = "Bitte geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@beispiel.de."
_TOO_LONG = "Diese Adresse ist zu lang. Bitte prüfen Sie, ob sie stimmt."
_INPUT = {"class": "kern-form-input__input"}


class RhythmForm(forms.Form):
    """How often somebody wants to hear of a selection."""

    frequency = forms.ChoiceField(
        label="Wie oft möchten Sie E-Mails bekommen?",
        choices=Frequency.choices,
        initial=Frequency.WEEKLY,
        error_messages={
            "required": "Bitte wählen Sie sofort, täglich oder wöchentlich.",
            "invalid_choice": "Bitte wählen Sie sofort, täglich oder wöchentlich.",
        },
        widget=forms.RadioSelect,
    )
    weekday = forms.TypedChoiceField(
        label="Wochentag",
        choices=Subscription.Weekday.choices,
        initial=0,
        empty_value="0",
        required=False,
        error_messages={"invalid_choice": "Bitte wählen Sie einen Wochentag."},
        widget=forms.Select(attrs=_INPUT),
    )
    hour = forms.TypedChoiceField(
        label="Uhrzeit",
        choices=_HOURS,
        initial=7,
        empty_value="7",
        required=False,
        error_messages={"invalid_choice": "Bitte wählen Sie eine volle Stunde von 0 bis 23 Uhr."},
        widget=forms.Select(attrs=_INPUT),
    )

    def rhythm(self) -> dict:
        """Return what was chosen, as fields of a subscription."""
        numbers = {name: int(self.cleaned_data[name]) for name in ("weekday", "hour")}
        return {"frequency": self.cleaned_data["frequency"], **numbers}


class AddForm(RhythmForm):
    """Adds a selection to what somebody follows: a topic or a type, words, or both. `query` is what was chosen."""

    field_order = ["topic", "words", "frequency", "weekday", "hour"]
    topic = forms.ChoiceField(
        label="Thema",
        required=False,
        error_messages={"invalid_choice": "Dieses Thema gibt es nicht mehr. Bitte wählen Sie ein anderes."},
        widget=forms.Select(attrs=_INPUT),
    )
    words = forms.CharField(
        label="Wörter",
        required=False,
        max_length=MAX_QUERY_LENGTH,
        error_messages={"max_length": f"Bitte kürzen Sie die Wörter auf {MAX_QUERY_LENGTH} Zeichen."},
        widget=forms.TextInput(attrs=_INPUT),
    )

    def __init__(self, *args, terms: Sequence[TermRow], **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["topic"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Alle Themen"), *topic_choices(terms)]

    def clean(self) -> dict:
        """Ask for something to be chosen: everything is followed from the search, knowingly."""
        chosen = super().clean() or {}
        name, _, value = chosen.get("topic", "").partition("=")
        pairs = [("q", chosen.get("words", "")), *([(name, value)] if name else [])]
        self.query = SearchParams.parse(QueryDict(urlencode(pairs))).as_selection().to_query()
        if not self.errors and not self.query:
            self.add_error("topic", "Bitte wählen Sie ein Thema, oder geben Sie Wörter ein.")
        return chosen


class EmailForm(forms.Form):
    """An address that is asked whether it is meant."""

    email = forms.CharField(
        label="Ihre E-Mail-Adresse",
        max_length=_LONGEST_EMAIL,
        validators=[EmailValidator(_EMAIL, allowlist=[])],
        error_messages={"required": _EMAIL, "max_length": _TOO_LONG},
        widget=forms.EmailInput(attrs={"autocomplete": "email", **_INPUT}),
    )

    def clean_email(self) -> str:
        """Return the address as it is kept: one spelling for each mailbox, in ASCII (RFC 5890 for the domain).

        Case does not matter where people write addresses. What follows a plus sign stays: only its owner knows whether
        it is the same mailbox. Quoted names and numeric hosts belong to nobody who reads newsletters. Letters that only
        become ASCII in another case (ſ, ı) would be another address.
        """
        name, _, domain = self.cleaned_data["email"].rpartition("@")
        try:
            email = f"{name}@{punycode(domain)}".lower()
        except UnicodeError:
            raise ValidationError(_EMAIL) from None
        if name.startswith('"') or domain.startswith("[") or not name.isascii():
            raise ValidationError(_EMAIL)
        if len(email) > _LONGEST_EMAIL:
            raise ValidationError(_TOO_LONG)
        return email


class SubscribeForm(EmailForm, RhythmForm):
    """Asks for a subscription. Whoever may edit organisations can subscribe a distribution list for one of them."""

    field_order = ["email", "organisation", "frequency", "weekday", "hour"]
    organisation: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Für den Verteiler einer Organisation",
        queryset=OrganisationPage.objects.none(),
        required=False,
        empty_label="Nein, für mich",
        error_messages={"invalid_choice": "Für diese Organisation dürfen Sie keinen Verteiler anmelden."},
        widget=forms.Select(attrs=_INPUT),
    )

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        if organisations and isinstance(field, forms.ModelChoiceField):
            field.queryset = organisations
        else:
            del self.fields["organisation"]
