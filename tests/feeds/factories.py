"""Factories for who follows what."""

import factory
from django.utils import timezone

from feeds.announcing import newest_announcement
from feeds.models import Announcement, DigestRun, Mail, Subscriber, Subscription
from practices.models import PracticeChange


class SubscriberFactory(factory.django.DjangoModelFactory):
    email = factory.Sequence(lambda number: f"leserin{number}@example.org")

    class Meta:
        model = Subscriber


class SubscriptionFactory(factory.django.DjangoModelFactory):
    """A confirmed subscription to everything, told at once of what comes from now on."""

    subscriber = factory.SubFactory(SubscriberFactory)
    query = ""
    frequency = Subscription.Frequency.AT_ONCE
    consent_version = "test"
    confirmed_at = factory.LazyFunction(timezone.now)
    scheduled_at = factory.SelfAttribute("confirmed_at")
    position = factory.LazyFunction(newest_announcement)

    class Meta:
        model = Subscription


class RunFactory(factory.django.DjangoModelFactory):
    """A run that is planned."""

    frequency = Subscription.Frequency.AT_ONCE
    slot = factory.LazyFunction(timezone.now)
    planned_at = factory.SelfAttribute("slot")

    class Meta:
        model = DigestRun


class MailFactory(factory.django.DjangoModelFactory):
    """A digest that waits."""

    kind = Mail.Kind.DIGEST
    run = factory.SubFactory(RunFactory)
    subscriber = factory.SubFactory(SubscriberFactory)

    class Meta:
        model = Mail


class AnnouncementFactory(factory.django.DjangoModelFactory):
    """An announcement of the last change of `page`."""

    class Meta:
        model = Announcement

    class Params:
        page = None

    change = factory.LazyAttribute(lambda self: PracticeChange.objects.filter(page_id=self.page.pk).latest("pk"))
