"""Accounts and organisations: who is signed in saves a step, and distribution lists belong to their organisation."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse
from wagtail.models import GroupPagePermission

from feeds import subscribing
from feeds.models import Mail, Subscriber, Subscription
from tests.factories import OrganisationFactory
from tests.feeds.factories import SubscriptionFactory
from tests.feeds.test_subscribing import WORDS, confirm_address, manage_address, pending, send


@pytest.fixture
def editor(organisation):
    """An account that may edit one organisation and nothing else."""
    user = User.objects.create_user("lea", "lea@example.org")
    group = Group.objects.create(name="Werkstatt Nord")
    permission = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
    GroupPagePermission.objects.create(group=group, page=organisation, permission=permission)
    user.groups.add(group)
    return user


def test_an_account_confirms_its_address_once(client, site):
    user = User.objects.create_user("anna", "anna@example.org")
    client.force_login(user)
    send(client, WORDS)
    assert Subscriber.objects.get().user is None
    client.post(confirm_address(pending()))
    assert Subscriber.objects.get().user == user
    response = send(client, "typ=werkzeug")
    assert response.url == f"{manage_address(Subscriber.objects.get())}?gespeichert=neu"
    assert Subscription.objects.exclude(confirmed_at=None).count() == 2


def test_an_account_finds_its_subscriptions(client, site):
    user = User.objects.create_user("anna", "anna@example.org")
    subscription = SubscriptionFactory(subscriber__user=user)
    client.force_login(user)
    assert manage_address(subscription.subscriber) in client.get("/abo/").content.decode()


def test_an_address_in_an_account_proves_nothing(client, site):
    """Somebody writes a foreign address into their account; its owner confirms without being signed in."""
    client.force_login(User.objects.create_user("mallory", "anna@example.org"))
    send(client, WORDS)
    client.logout()
    client.post(confirm_address(pending()))
    assert Subscriber.objects.get().user is None


def test_an_account_takes_over_no_other_address(client, site):
    send(client, WORDS)
    client.force_login(User.objects.create_user("berta", "berta@example.org"))
    client.post(confirm_address(pending()))
    assert Subscriber.objects.get().user is None


def test_an_account_subscribes_other_addresses_by_mail_only(client, site):
    user = User.objects.create_user("anna", "anna@example.org")
    SubscriptionFactory(subscriber__user=user, subscriber__email=user.email)
    client.force_login(user)
    send(client, WORDS, email="berta@example.org")
    assert pending().subscriber.email == "berta@example.org"


def test_nobody_follows_without_end(client, site, monkeypatch):
    monkeypatch.setattr(subscribing, "MOST_SUBSCRIPTIONS", 1)
    user = User.objects.create_user("anna", "anna@example.org")
    SubscriptionFactory(subscriber__user=user, subscriber__email=user.email)
    client.force_login(user)
    assert send(client, WORDS).url.endswith("?gespeichert=voll")
    client.logout()
    send(client, WORDS)
    assert Subscription.objects.count() == 1
    assert [mail.kind for mail in Mail.objects.all()] == [Mail.Kind.MANAGE]


def test_deleting_an_account_ends_no_subscription(site):
    subscription = SubscriptionFactory(subscriber__user=User.objects.create_user("anna"))
    User.objects.all().delete()
    assert Subscription.objects.get().subscriber == subscription.subscriber


def test_an_organisation_subscribes_its_distribution_list(client, editor, organisation, work):
    client.force_login(editor)
    send(client, WORDS, email="team@example.org", organisation=organisation.pk)
    [message] = work()
    assert organisation.title in message.body
    client.logout()
    response = client.post(confirm_address(pending()), follow=True)
    assert f"Der Verteiler von {organisation.title}" in response.content.decode()
    assert Subscriber.objects.get().organisation == organisation
    assert "/abo/verwalten/" not in response.content.decode()


def test_a_list_is_managed_by_its_organisation_alone(client, editor, organisation):
    team = SubscriptionFactory(subscriber__organisation=organisation).subscriber
    elsewhere = OrganisationFactory(parent=organisation.get_parent())
    foreign = SubscriptionFactory(subscriber__organisation=elsewhere).subscriber
    assert client.get(manage_address(team)).status_code == 404
    client.force_login(editor)
    assert client.get(manage_address(team)).status_code == 200
    assert client.get(manage_address(foreign)).status_code == 404
    offered = client.get("/abo/").content.decode()
    assert manage_address(team) in offered
    assert manage_address(foreign) not in offered


def test_members_of_a_list_can_leave_for_all(client, organisation):
    team = SubscriptionFactory(subscriber__organisation=organisation).subscriber
    client.post(reverse("subscription_leave", args=[team.leave_token]))
    assert not Subscriber.objects.exists()


def test_nobody_else_asks_for_a_list(client, editor, organisation, site):
    team = SubscriptionFactory(subscriber__organisation=organisation, query="typ=projekt").subscriber
    send(client, WORDS, email=team.email)
    send(client, "typ=projekt", email=team.email)
    client.post("/abo/link/", {"email": team.email})
    assert not Mail.objects.exists()
    client.force_login(editor)
    send(client, WORDS, email=team.email, organisation=organisation.pk)
    assert [mail.kind for mail in Mail.objects.all()] == [Mail.Kind.CONFIRM]


def test_a_persons_address_becomes_no_list(client, editor, organisation):
    anna = SubscriptionFactory(query="typ=projekt").subscriber
    client.force_login(editor)
    send(client, WORDS, email=anna.email, organisation=organisation.pk)
    assert pending().subscriber.organisation is None


def test_lists_are_for_organisations_one_may_edit(client, editor, organisation):
    foreign = OrganisationFactory(parent=organisation.get_parent())
    assert "Für den Verteiler" not in client.get("/abo/").content.decode()
    client.force_login(editor)
    response = send(client, WORDS, organisation=foreign.pk)
    assert response.status_code == 400
    assert "dürfen Sie keinen Verteiler anmelden" in response.content.decode()
    assert not Subscription.objects.exists()
