"""What is stored of somebody who gets mail, for themselves to read and take along."""

from feeds.consent import CONSENTS
from feeds.models import Mail, Subscriber, Subscription


def export(subscriber: Subscriber) -> dict:
    """Return everything that is stored of `subscriber` (Art. 15 and 20 GDPR), ready for JSON; of secrets, that they are.

    The links that open something are left out: whoever reads the file along could use them.
    """
    return {
        "email": subscriber.email,
        "angelegt": subscriber.created_at,
        "pausiert_seit": subscriber.paused_at,
        "unzustellbar_in_folge": subscriber.bounces,
        "gesperrt_seit": subscriber.suspended_at,
        "konto": subscriber.user and subscriber.user.get_username(),
        "verteiler_von": subscriber.organisation and subscriber.organisation.title,
        "abonnements": [_subscription(row) for row in subscriber.subscriptions.order_by("pk")],
        "emails": [_mail(row) for row in subscriber.mails.order_by("pk")],
        "geheimnisse": "zwei Zufallszahlen und ihre Prüfsummen, aus denen die Links in Ihren E-Mails entstehen",
    }


def _subscription(row: Subscription) -> dict:
    return {
        "auswahl": row.query,
        "rhythmus": row.frequency,
        "wochentag": row.get_weekday_display(),
        "stunde": row.hour,
        "rhythmus_seit": row.scheduled_at,
        "angekuendigt_bis": row.position,
        "angefragt": row.requested_at,
        "bestaetigt": row.confirmed_at,
        "bestaetigt_mit_link_pruefsumme": row.confirm_hash,
        "einwilligung_fassung": row.consent_version,
        "einwilligung_text": CONSENTS.get(row.consent_version, ""),
    }


def _mail(row: Mail) -> dict:
    return {
        "art": row.get_kind_display(),
        "stand": row.get_state_display(),
        "ankuendigungen": row.announcements,
        "versuche": row.attempts,
        "angelegt": row.created_at,
        "beendet": row.finished_at,
        "fehler": row.last_error,
    }
