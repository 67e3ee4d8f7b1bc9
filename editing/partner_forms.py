"""The forms around reading along. What was typed is shown again with what to do about it."""

from datetime import datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils import timezone

from editing.models import PartnerLink
from editing.models.partners import LONGEST_REMARK
from editing.partner_links import MOST_OPEN_LINKS, has_enough_links
from editing.secret_links import PARTNER

_EMAIL = "Bitte geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@beispiel.de, oder lassen Sie das Feld leer."
_LONGEST = f"{LONGEST_REMARK:,}".replace(",", ".")
_INPUT = {"class": "kern-form-input__input"}
_APPROVE = "zustimmen"


class OneLineField(forms.CharField):
    """A name: one line, however it was sent."""

    def to_python(self, value) -> str:
        return " ".join((super().to_python(value) or "").split())


class PartnerLinkForm(forms.ModelForm):
    """For whom a link is, what they may do and how long."""

    partner = OneLineField(
        label="Partnerorganisation",
        max_length=200,
        error_messages={"required": "Bitte nennen Sie die Organisation, die mitlesen soll."},
    )
    email = forms.CharField(
        label="E-Mail-Adresse",
        required=False,
        max_length=254,
        validators=[EmailValidator(_EMAIL, allowlist=[])],
        help_text="Dorthin schicken wir den Link. Ohne Adresse kopieren Sie ihn aus der Liste und geben ihn selbst weiter.",
        widget=forms.EmailInput,
    )
    may_approve = forms.BooleanField(
        label="Darf zustimmen",
        required=False,
        help_text="Kommentieren geht immer. Eine Zustimmung veröffentlicht nichts.",
    )
    days = forms.TypedChoiceField(
        label="Gilt",
        coerce=int,
        choices=[(days, f"{days} Tage") for days in (14, 30, PARTNER.lifetime.days)],
        initial=30,
        error_messages={
            "required": "Bitte wählen Sie, wie lange der Link gilt.",
            "invalid_choice": "Bitte wählen Sie, wie lange der Link gilt.",
        },
    )

    class Meta:
        model = PartnerLink
        fields = ["partner", "email", "may_approve"]

    def clean(self) -> dict:
        data = super().clean() or {}
        if has_enough_links(self.instance.page):
            raise ValidationError(
                f"Diese Seite hat schon {MOST_OPEN_LINKS} offene Links. Bitte ziehen Sie erst einen zurück."
            )
        if "days" in data:
            self.instance.expires_at = timezone.now() + timedelta(days=data["days"])
        return data


class RemarkForm(forms.Form):
    """What somebody of a partner organisation wants to say about the text saved at `text_from`."""

    name = OneLineField(
        label="Ihr Name",
        max_length=120,
        error_messages={"required": "Bitte nennen Sie Ihren Namen.", "max_length": "Bitte kürzen Sie den Namen."},
        widget=forms.TextInput(attrs={"autocomplete": "name", **_INPUT}),
    )
    text = forms.CharField(
        label="Ihr Kommentar",
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 6, "aria-describedby": "mitlesen_text_hint mitlesen_text_error", **_INPUT}
        ),
    )
    seen = forms.CharField(label="Fassung", required=False, widget=forms.HiddenInput)
    hints = {"text": f"Höchstens {_LONGEST} Zeichen. Nennen Sie am besten die Stelle, um die es geht."}

    def __init__(self, data=None, *, link: PartnerLink, text_from: datetime | None):
        newest = text_from.isoformat() if text_from else ""
        super().__init__(data, auto_id="mitlesen_%s", initial={"seen": newest})
        self.link, self.newest = link, newest

    @property
    def approves(self) -> bool:
        """Whether the text is to be approved, not only commented on."""
        return self.link.may_approve and _APPROVE in self.data

    @property
    def is_about_newest(self) -> bool:
        """Whether the text that was shown with this form is the newest one."""
        return self.cleaned_data.get("seen") == self.newest

    def clean(self) -> dict:
        data = super().clean() or {}
        if not self.approves and "text" in data and not data["text"]:
            self.add_error("text", "Bitte schreiben Sie einen Kommentar.")
        too_much = len(data.get("text", "")) - LONGEST_REMARK
        if too_much > 0:
            self.add_error("text", f"Bitte kürzen Sie Ihren Kommentar um {too_much} Zeichen.")
        if self.approves and not self.is_about_newest:
            # The text below is the newest one, so the next attempt is about that.
            self.data = dict(self.data.items()) | {"seen": self.newest}
            self.add_error(
                "text",
                "Der Text wurde inzwischen geändert. Bitte lesen Sie ihn noch einmal und stimmen Sie dann erneut zu.",
            )
        return data
