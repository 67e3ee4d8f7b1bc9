"""What django-allauth tells people by mail, in our words."""

from django.urls import reverse
from django.utils import timezone

from feeds.entries import absolute
from feeds.notices import Action, Notice

SECOND_FACTOR_RESET = "second_factor_reset"
WRONG_PASSWORDS = "wrong_passwords"
WRONG_CODES = "wrong_codes"
RESET = "account/email/password_reset_key"
_CHANGES = {
    "account/email/password_changed": ("Ihr Passwort wurde geändert", "Ihr Passwort für TransferHub wurde geändert."),
    "account/email/password_reset": (
        "Ihr Passwort ist neu",
        "Für Ihren Zugang zu TransferHub wurde ein neues Passwort gesetzt.",
    ),
    "mfa/email/totp_activated": (
        "Zweiter Faktor eingerichtet",
        "Für Ihren Zugang zu TransferHub wurde eine App eingerichtet. Beim Anmelden fragen wir nun auch nach einem Code.",
    ),
    "mfa/email/totp_deactivated": (
        "Zweiter Faktor ausgeschaltet",
        "Für Ihren Zugang zu TransferHub wurde die App ausgeschaltet. Wir fragen nicht mehr nach ihrem Code.",
    ),
    SECOND_FACTOR_RESET: (
        "Zweiter Faktor zurückgesetzt",
        "Der zweite Faktor Ihres Zugangs zu TransferHub wurde zurückgesetzt. Beim nächsten Anmelden genügt das Passwort.",
    ),
    "mfa/email/webauthn_added": (
        "Passkey hinzugefügt",
        "Für Ihren Zugang zu TransferHub gibt es einen neuen Passkey. Mit ihm kann man sich anmelden.",
    ),
    "mfa/email/webauthn_removed": (
        "Passkey entfernt",
        "Für Ihren Zugang zu TransferHub wurde ein Passkey entfernt. Mit ihm kann man sich nicht mehr anmelden.",
    ),
    "mfa/email/recovery_codes_generated": (
        "Neue Ersatz-Codes",
        "Für Ihren Zugang zu TransferHub gibt es neue Ersatz-Codes. Die alten gelten nicht mehr.",
    ),
}
_ATTEMPTS = {
    WRONG_PASSWORDS: (
        "Es gab Fehlversuche, sich mit Ihrem Zugang zu TransferHub anzumelden: Mehrmals stimmte das Passwort nicht.",
        "Waren Sie das nicht? Dann brauchen Sie nichts zu tun, solange Ihr Passwort lang ist und Sie es nur hier benutzen. "
        "Sonst setzen Sie bitte ein neues.",
    ),
    WRONG_CODES: (
        "Es gab Fehlversuche, sich mit Ihrem Zugang zu TransferHub anzumelden: Das Passwort stimmte, mehrmals aber nicht der "
        "Code aus der App.",
        "Waren Sie das nicht? Dann kennt jemand Ihr Passwort. Bitte setzen Sie gleich ein neues und sagen Sie der Stelle "
        "Bescheid, die die Plattform verwaltet.",
    ),
}


def notice_for(kind: str, email: str, context: dict) -> Notice:
    """Return the notice for allauth's mail `kind` (the prefix of its templates, or one of ours) with allauth's `context`."""
    if kind == RESET:
        return _reset(email, context["password_reset_url"])
    if kind in _ATTEMPTS:
        return _attempts(kind, email)
    subject, sentence = _CHANGES[kind]
    now = timezone.localtime()
    return Notice(
        address=email,
        subject=subject,
        paragraphs=(
            sentence,
            f"Das war am {now:%d.%m.%Y} um {now:%H:%M} Uhr.",
            "Waren Sie das nicht? Dann setzen Sie bitte gleich ein neues Passwort und sagen Sie der Stelle Bescheid, die "
            "die Plattform verwaltet.",
        ),
        actions=(Action("Neues Passwort setzen", absolute(reverse("account_reset_password"))),),
    )


def _reset(email: str, link: str) -> Notice:
    return Notice(
        address=email,
        subject="Neues Passwort für TransferHub",
        paragraphs=(
            "Mit diesem Link setzen Sie ein neues Passwort. Er gilt einen Tag und nur einmal.",
            "Bitte geben Sie den Link nicht weiter.",
            "Haben Sie damit nicht gerechnet? Dann brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist.",
        ),
        actions=(Action("Neues Passwort setzen", link),),
    )


def _attempts(kind: str, email: str) -> Notice:
    what, advice = _ATTEMPTS[kind]
    return Notice(
        address=email,
        subject="Fehlversuche bei Ihrem Zugang",
        paragraphs=(
            what,
            "Ihr Zugang ist nicht gesperrt. Wo Sie sich in den letzten 24 Stunden angemeldet haben, geht es weiter wie gewohnt; an "
            "anderen Orten kann das Anmelden höchstens 15 Minuten länger dauern.",
            advice,
            "Diese Nachricht kommt höchstens einmal am Tag.",
        ),
        actions=(Action("Neues Passwort setzen", absolute(reverse("account_reset_password"))),),
    )
