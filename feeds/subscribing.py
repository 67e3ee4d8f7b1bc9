"""What happens to subscriptions: asked for, confirmed, changed, paused, ended. Every step may be repeated without harm."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from feeds.announcing import newest_announcement
from feeds.models import Mail, Subscriber, Subscription
from feeds.tokens import digest, new_secret
from practices.models import OrganisationPage

# The words somebody agrees to; whoever changes the text in feeds/forms.py gives it a new name here.
CONSENT_VERSION = "2026-11"
REQUEST_LIFETIME = timedelta(days=7)
# Nobody can use the form to fill somebody's mailbox: so many links for one address a day, so many for all an hour.
MOST_LINKS_A_DAY = 3
MOST_LINKS_AN_HOUR = 500
MOST_SUBSCRIPTIONS = 50


def request_subscription(
    email: str,
    query: str,
    rhythm: dict,
    organisation: OrganisationPage | None = None,
    user=None,
) -> None:
    """Note that somebody wants `query` by mail, and have the owner of `email` asked whether it was them.

    `rhythm` has frequency, weekday and hour. Who follows the selection already gets the link to their subscriptions
    instead. Above the limits nothing happens. The caller can not tell these cases apart, and so nobody learns who follows
    what.
    """
    with transaction.atomic():
        subscriber = _subscriber(email.strip().lower(), organisation, user)
        if _has_too_many_links(subscriber):
            return
        followed = subscriber.subscriptions.filter(query=query).first()
        if followed and followed.confirmed_at:
            _send_link(subscriber, Mail.Kind.MANAGE)
            return
        if followed is None:
            if subscriber.subscriptions.count() >= MOST_SUBSCRIPTIONS:
                _send_link(subscriber, Mail.Kind.MANAGE)
                return
            followed = Subscription(subscriber=subscriber, query=query)
        for name, value in rhythm.items():
            setattr(followed, name, value)
        followed.consent_version = CONSENT_VERSION
        followed.requested_at = timezone.now()
        followed.save()
        _send_link(subscriber, Mail.Kind.CONFIRM, followed)


def add_subscription(subscriber: Subscriber, query: str, rhythm: dict) -> Subscription:
    """Let the owner of a confirmed address follow one selection more; nothing has to be confirmed again."""
    subscription, _ = Subscription.objects.get_or_create(
        subscriber=subscriber, query=query, defaults={"consent_version": CONSENT_VERSION, **rhythm}
    )
    _begin(subscription)
    return subscription


def request_link(email: str) -> None:
    """Send the link to their subscriptions to whoever has some; otherwise, and above the limits, nothing happens."""
    subscriber = Subscriber.objects.filter(email=email.strip().lower(), organisation=None).first()
    confirmed = subscriber and subscriber.subscriptions.exclude(confirmed_at=None).exists()
    if subscriber and confirmed and not _has_too_many_links(subscriber):
        _send_link(subscriber, Mail.Kind.MANAGE)


def find_request(token: str) -> Subscription | None:
    """Return the subscription that `token` confirms; None where it is unknown or too old."""
    subscription = (
        Subscription.objects.select_related("subscriber__organisation").filter(confirm_hash=digest(token)).first()
    )
    if subscription is None or subscription.confirmed_at:
        return subscription
    return subscription if timezone.now() - subscription.requested_at < REQUEST_LIFETIME else None


def confirm(subscription: Subscription) -> None:
    """Let `subscription` count from now on; what happened before is not told. Confirming lifts a suspension."""
    Subscriber.objects.filter(pk=subscription.subscriber_id).update(suspended_at=None, bounces=0)
    _begin(subscription)


def find_manager(token: str) -> Subscriber | None:
    """Return whose subscriptions `token` manages; those of a distribution list are managed by its organisation."""
    return Subscriber.objects.filter(manage_hash=digest(token), organisation=None).first()


def change_rhythm(subscription: Subscription, rhythm: dict) -> None:
    """Tell of `subscription` in another rhythm from now on; what has not been told yet is told then."""
    for name, value in rhythm.items():
        setattr(subscription, name, value)
    subscription.scheduled_at = timezone.now()
    subscription.save(update_fields=[*rhythm, "scheduled_at"])


def pause(subscriber: Subscriber) -> None:
    """Send nothing until further notice."""
    Subscriber.objects.filter(pk=subscriber.pk, paused_at=None).update(paused_at=timezone.now())


def resume(subscriber: Subscriber) -> None:
    """Send again from now on; what happened during the pause is not told."""
    with transaction.atomic():
        subscriber.subscriptions.update(position=newest_announcement())
        Subscriber.objects.filter(pk=subscriber.pk).update(paused_at=None)


def renew_links(subscriber: Subscriber) -> None:
    """Make every link sent so far worthless."""
    subscriber.secret = new_secret()
    subscriber.save(update_fields=["secret", "manage_hash", "leave_hash"])


def remove(subscription: Subscription) -> None:
    """End one subscription, and forget the address when it was the last."""
    with transaction.atomic():
        subscription.delete()
        if not subscription.subscriber.subscriptions.exists():
            subscription.subscriber.delete()


def leave(token: str) -> None:
    """End every mail to the address of `token` and forget it, proof of consent included; nothing where it is unknown.

    RFC 8058, section 3.2: no cookie, no further question, and repeating it is the same.
    """
    Subscriber.objects.filter(leave_hash=digest(token)).delete()


def export(subscriber: Subscriber) -> dict:
    """Return everything that is stored of `subscriber` (Art. 15 and 20 GDPR), ready for JSON."""
    return {
        "email": subscriber.email,
        "angelegt": subscriber.created_at.isoformat(),
        "pausiert_seit": subscriber.paused_at and subscriber.paused_at.isoformat(),
        "gesperrt_seit": subscriber.suspended_at and subscriber.suspended_at.isoformat(),
        "unzustellbar_in_folge": subscriber.bounces,
        "konto": subscriber.user and subscriber.user.get_username(),
        "abonnements": [
            {
                "auswahl": subscription.query,
                "rhythmus": subscription.frequency,
                "wochentag": subscription.get_weekday_display(),
                "stunde": subscription.hour,
                "einwilligung_fassung": subscription.consent_version,
                "angefragt": subscription.requested_at.isoformat(),
                "bestaetigt": subscription.confirmed_at and subscription.confirmed_at.isoformat(),
                "bestaetigt_mit_link_pruefsumme": subscription.confirm_hash,
            }
            for subscription in subscriber.subscriptions.order_by("pk")
        ],
        "emails": [
            {
                "art": mail.get_kind_display(),
                "stand": mail.get_state_display(),
                "angelegt": mail.created_at.isoformat(),
                "beendet": mail.finished_at and mail.finished_at.isoformat(),
                "fehler": mail.last_error,
            }
            for mail in subscriber.mails.order_by("pk")
        ],
    }


def forget_requests() -> None:
    """Delete what nobody confirmed within a week, and addresses that follow nothing any more."""
    Subscription.objects.filter(confirmed_at=None, requested_at__lt=timezone.now() - REQUEST_LIFETIME).delete()
    Subscriber.objects.filter(subscriptions=None, created_at__lt=timezone.now() - REQUEST_LIFETIME).delete()


def lists_of(organisations: Iterable[OrganisationPage]) -> list[Subscriber]:
    """Return the distribution lists that belong to `organisations`."""
    return list(Subscriber.objects.filter(organisation__in=organisations).select_related("organisation"))


def _subscriber(email: str, organisation: OrganisationPage | None, user) -> Subscriber:
    """Return the row of `email`, made where there is none; what it belongs to already stays."""
    subscriber = Subscriber.objects.filter(email=email).first()
    if subscriber is None:
        owner = user if user and user.email.lower() == email and not Subscriber.objects.filter(user=user) else None
        subscriber = Subscriber(email=email, organisation=organisation, user=None if organisation else owner)
        try:
            with transaction.atomic():
                subscriber.save()
        except IntegrityError:  # somebody was faster
            subscriber = Subscriber.objects.get(email=email)
    return subscriber


def _has_too_many_links(subscriber: Subscriber) -> bool:
    links = Mail.objects.exclude(kind=Mail.Kind.DIGEST)
    now = timezone.now()
    of_address = links.filter(subscriber=subscriber, created_at__gt=now - timedelta(days=1)).count()
    of_all = links.filter(created_at__gt=now - timedelta(hours=1)).count()
    return of_address >= MOST_LINKS_A_DAY or of_all >= MOST_LINKS_AN_HOUR


def _send_link(subscriber: Subscriber, kind: str, subscription: Subscription | None = None) -> None:
    Mail.objects.create(kind=kind, subscriber=subscriber, subscription=subscription)


def _begin(subscription: Subscription) -> None:
    now = timezone.now()
    Subscription.objects.filter(pk=subscription.pk, confirmed_at=None).update(
        confirmed_at=now, scheduled_at=now, position=newest_announcement()
    )
