"""What happens to subscriptions: asked for, confirmed, changed, paused, ended. Every step may be repeated without harm."""

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from feeds.announcing import newest_announcement
from feeds.consent import CONSENT_VERSION
from feeds.models import Mail, Subscriber, Subscription
from feeds.secret_links import CONFIRM
from feeds.tokens import digest, new_secret
from limits.counting import LimitReached, check, mailbox_of, spend
from practices.models import OrganisationPage

MOST_SUBSCRIPTIONS = 50
# How far back operators lift suspensions: who was left out for longer would get stale news, or has left the address.
LIFTED = timedelta(days=30)


def request_subscription(email: str, query: str, rhythm: dict, organisation: OrganisationPage | None = None) -> None:
    """Note that somebody wants `query` by mail, and have the owner of `email` asked whether it was them.

    `rhythm` has frequency, weekday and hour; with `organisation` the address is a distribution list of theirs. Who
    follows the selection already gets the link to their subscriptions instead. Where the mailbox got enough links today
    nothing happens. The caller can not tell these cases apart, and so nobody learns who follows what.
    """
    if _has_enough_links(email):
        return
    with transaction.atomic():
        subscriber = _subscriber_for(email, organisation)
        if subscriber is None:
            return
        request = subscriber.subscriptions.filter(query=query).first()
        if (request and request.confirmed_at) or (not request and _is_full(subscriber)):
            if not subscriber.organisation_id:  # the links of a list stay with its organisation
                _send(Mail.Kind.MANAGE, subscriber)
            return
        request = _note(request or Subscription(subscriber=subscriber, query=query), rhythm)
        _send(Mail.Kind.CONFIRM, subscriber, request)


def add_subscription(subscriber: Subscriber, query: str, rhythm: dict) -> bool:
    """Let the owner of a confirmed address follow `query` as well, in `rhythm`; there is nothing to confirm again.

    Return whether it is so; not where they follow too many selections already.
    """
    with transaction.atomic():
        subscription = subscriber.subscriptions.filter(query=query).first()
        if subscription and subscription.confirmed_at:
            change_rhythm(subscription, rhythm)
            return True
        if subscription is None and _is_full(subscriber):
            return False
        _begin(_note(subscription or Subscription(subscriber=subscriber, query=query), rhythm))
        return True


def request_link(email: str) -> None:
    """Send the link to their subscriptions to whoever has some and did not get enough links today; otherwise do nothing."""
    if _has_enough_links(email):
        return
    with transaction.atomic():
        subscriber = Subscriber.objects.select_for_update().filter(email=email, organisation=None).first()
        if subscriber and _has_confirmed(subscriber):
            _send(Mail.Kind.MANAGE, subscriber)


def find_request(token: str) -> Subscription | None:
    """Return the subscription that `token` confirms; None where it is unknown or too old."""
    subscription = (
        Subscription.objects.select_related("subscriber__organisation").filter(confirm_hash=digest(token)).first()
    )
    if subscription is None or subscription.confirmed_at:
        return subscription
    return subscription if timezone.now() - subscription.requested_at < CONFIRM.lifetime else None


def confirm(subscription: Subscription, user=None) -> bool:
    """Let `subscription` count from now on; return whether this call did it. What happened before is not told.

    Where mails to the address came back, it gets mail again. If it is the address of `user`, who is signed in, their
    account manages it from now on: an address in an account alone proves nothing, the link in the mail does.
    """
    with transaction.atomic():
        begun = _begin(subscription)
        if begun:
            _let_flow(subscription.subscriber, suspended_at=None, bounces=0)
            if (
                user
                and not subscription.subscriber.organisation_id
                and not Subscriber.objects.filter(user=user).exists()
            ):
                Subscriber.objects.filter(pk=subscription.subscriber_id, email=user.email.lower()).update(user=user)
        return begun


def find_subscriber(token: str) -> Subscriber | None:
    """Return whose subscriptions `token` manages."""
    return Subscriber.objects.select_related("organisation", "user").filter(manage_hash=digest(token)).first()


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
    """Send again from now on, after a pause or after mails came back; what happened meanwhile is not told."""
    with transaction.atomic():
        _let_flow(subscriber, paused_at=None, suspended_at=None, bounces=0)


def suspended_lately() -> QuerySet[Subscriber]:
    """Return the addresses that were suspended so lately that the fault may have been the mail server's."""
    return Subscriber.objects.filter(suspended_at__gte=timezone.now() - LIFTED)


def lift_suspensions() -> int:
    """Send again to those suspended lately, what happened meanwhile included: they are not to blame. Return how many."""
    return suspended_lately().update(suspended_at=None, bounces=0)


def renew_link(subscriber: Subscriber) -> None:
    """Make every link to the page of these subscriptions worthless; those to leave work for good."""
    subscriber.manage_secret = new_secret()
    subscriber.save(update_fields=["manage_secret", "manage_hash", "leave_hash"])


def remove(subscription: Subscription) -> None:
    """End one subscription, and forget the address when it was the last."""
    with transaction.atomic():
        subscription.delete()
        if not subscription.subscriber.subscriptions.exists():
            erase(subscription.subscriber)


def leave(token: str) -> None:
    """End every mail to the address of `token` and forget it, proof of consent included; nothing where it is unknown.

    RFC 8058, section 3.2: no cookie, no further question, and repeating it is the same.
    """
    subscriber = Subscriber.objects.filter(leave_hash=digest(token)).first()
    if subscriber:
        erase(subscriber)


def erase(subscriber: Subscriber) -> None:
    """Delete an address with all its subscriptions and proofs; of its mails numbers stay (Art. 17 GDPR)."""
    Subscriber.objects.filter(pk=subscriber.pk).delete()


def forget_requests() -> None:
    """Delete what nobody confirmed within a week, and addresses that follow nothing any more."""
    before = timezone.now() - CONFIRM.lifetime
    Subscription.objects.filter(confirmed_at=None, requested_at__lt=before).delete()
    Subscriber.objects.filter(subscriptions=None, created_at__lt=before).delete()


def lists_of(organisations: QuerySet[OrganisationPage]) -> QuerySet[Subscriber]:
    """Return the distribution lists that belong to `organisations` and have confirmed."""
    return active(Subscriber.objects.filter(organisation__in=organisations)).select_related("organisation")


def active(subscribers: QuerySet[Subscriber]) -> QuerySet[Subscriber]:
    """Return those of `subscribers` that follow something and have confirmed it, by address."""
    return subscribers.filter(subscriptions__confirmed_at__isnull=False).distinct().order_by("email")


def _subscriber_for(email: str, organisation: OrganisationPage | None) -> Subscriber | None:
    """Return the row of `email`, locked until the transaction ends, made where there is none.

    Once confirmed, an address belongs to whom it belongs: a person stays a person, and of a distribution list only its
    organisation may ask for something; for others there is None.
    """
    Subscriber.objects.get_or_create(email=email, defaults={"organisation": organisation})
    subscriber = Subscriber.objects.select_for_update().filter(email=email).first()
    if subscriber is None or subscriber.organisation_id == (organisation and organisation.pk):
        return subscriber
    if _has_confirmed(subscriber):
        return None if subscriber.organisation_id else subscriber
    subscriber.organisation = organisation
    subscriber.save(update_fields=["organisation"])
    return subscriber


def _has_confirmed(subscriber: Subscriber) -> bool:
    return subscriber.subscriptions.exclude(confirmed_at=None).exists()


def _is_full(subscriber: Subscriber) -> bool:
    """Return whether `subscriber` follows as much as is possible; requests do not count, anybody can make them."""
    return subscriber.subscriptions.exclude(confirmed_at=None).count() >= MOST_SUBSCRIPTIONS


def _has_enough_links(email: str) -> bool:
    """Return whether the mailbox of `email` got as many links as it may: nobody fills anybody's."""
    try:
        check("subscription_mail", mailbox=mailbox_of(email))
    except LimitReached:
        return True
    return False


def _send(kind: Mail.Kind, subscriber: Subscriber, subscription: Subscription | None = None) -> None:
    """Send a link. Only what is sent counts: who asks in vain in somebody's name takes nothing away from them."""
    with suppress(LimitReached):
        spend("subscription_mail", mailbox=mailbox_of(subscriber.email))
        Mail.objects.create(kind=kind, subscriber=subscriber, subscription=subscription)


def _note(request: Subscription, rhythm: dict) -> Subscription:
    """Store what was asked for just now, and to which words its asker agreed."""
    for name, value in rhythm.items():
        setattr(request, name, value)
    request.consent_version, request.requested_at = CONSENT_VERSION, timezone.now()
    request.save()
    return request


def _begin(subscription: Subscription) -> bool:
    now = timezone.now()
    fresh = Subscription.objects.filter(pk=subscription.pk, confirmed_at=None)
    return bool(fresh.update(confirmed_at=now, scheduled_at=now, position=newest_announcement()))


def _let_flow(subscriber: Subscriber, **stops) -> None:
    """Take away what stops the mails of `subscriber`. Where something did, what happened meanwhile counts as told."""
    stopped = Subscriber.objects.filter(pk=subscriber.pk).exclude(
        **{name: None for name in stops if name.endswith("_at")}
    )
    if stopped.update(**stops):
        subscriber.subscriptions.update(position=newest_announcement())
