"""The report of subscriptions says how many, and nothing about anybody."""

import io

import openpyxl
import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone

from feeds.models import Mail, Subscription
from feeds.statistics import HIDDEN, MONTH, RHYTHM, TOPIC, subscription_report
from practices.models import FieldOfAction
from tests.feeds.factories import MailFactory, SubscriberFactory, SubscriptionFactory

SUCHTHILFE = "handlungsfeld=suchthilfe"


@pytest.fixture
def approver(client, site):
    user = User.objects.create_user("freigabe")
    user.groups.add(Group.objects.get(name="Redaktion"))
    client.force_login(user)
    return client


def follow(query: str, number: int, **values) -> None:
    for _person in range(number):
        SubscriptionFactory(query=query, **values)


def report(area: str) -> dict:
    return {row.label: row.subscribers for row in subscription_report() if row.area == area}


def test_topics_are_counted_by_people(site):
    follow(SUCHTHILFE, 6)
    follow("", 5)
    assert list(report(TOPIC).items()) == [("Suchthilfe", 6), ("Alle Beiträge", 5)]


def test_fewer_than_five_are_not_told(site):
    follow(SUCHTHILFE, 4)
    assert report(TOPIC) == {"Suchthilfe": HIDDEN}
    assert set(report(RHYTHM).values()) == {HIDDEN}


def test_topics_below_five_are_in_no_order_that_tells_their_number(site):
    follow(SUCHTHILFE, 4)
    follow("handlungsfeld=besondere-soziale-situationen", 1)
    assert list(report(TOPIC)) == sorted(report(TOPIC))


@pytest.mark.parametrize(
    "query", ["q=Anna+Muster", "schlagwort=anna-muster", "typ=anna-muster", "region=Anna+Muster", "von=anna"]
)
def test_what_somebody_typed_is_not_listed_before_five_follow_it(site, query):
    follow(query, 4)
    assert report(TOPIC) == {}
    follow(query, 1)
    assert list(report(TOPIC).values()) == [5]


@pytest.mark.parametrize(
    "state", [{"paused_at": timezone.now()}, {"suspended_at": timezone.now()}], ids=["paused", "suspended"]
)
def test_only_those_who_get_mail_count(site, state):
    follow(SUCHTHILFE, 4)
    SubscriptionFactory(query=SUCHTHILFE, subscriber=SubscriberFactory(**state))
    assert report(TOPIC) == {"Suchthilfe": HIDDEN}


def test_requests_that_nobody_confirmed_do_not_count(site):
    follow(SUCHTHILFE, 5, confirmed_at=None)
    assert report(TOPIC) == {}


def test_people_are_counted_once_a_rhythm(site):
    for person in [SubscriberFactory() for _number in range(5)]:
        for query in ("", SUCHTHILFE):
            SubscriptionFactory(subscriber=person, query=query, frequency=Subscription.Frequency.DAILY)
    assert report(RHYTHM) == {"sofort": HIDDEN, "täglich": 5, "wöchentlich": HIDDEN}


def test_digests_are_counted_by_month(site):
    january, february = (timezone.now().replace(month=month, day=15) for month in (1, 2))
    MailFactory.create_batch(3, state=Mail.State.SENT, finished_at=january)
    MailFactory(state=Mail.State.FAILED, finished_at=february)
    MailFactory(state=Mail.State.SENT, finished_at=february, run=None, kind=Mail.Kind.CONFIRM)
    rows = [(row.sent, row.failed) for row in subscription_report() if row.area == MONTH]
    assert rows == [(0, 1), (3, 0)]


def test_the_number_of_queries_does_not_grow(site, django_assert_max_num_queries):
    for term in FieldOfAction.objects.all()[:20]:
        follow(f"handlungsfeld={term.slug}", 5)
    with django_assert_max_num_queries(7):
        subscription_report()


def test_the_report_is_shown_and_exported(approver):
    follow(SUCHTHILFE, 6)
    assert "Suchthilfe" in approver.get(reverse("subscription_report")).content.decode()
    exported = approver.get(reverse("subscription_report"), {"export": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(exported.getvalue())).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("Bereich", "Bezeichnung", "Abonnierende")
    assert rows[1][:3] == ("Thema", "Suchthilfe", 6)


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@x"])
def test_an_exported_label_is_no_formula(approver, label):
    FieldOfAction.objects.filter(slug="suchthilfe").update(name=label)
    follow(SUCHTHILFE, 6)
    exported = approver.get(reverse("subscription_report"), {"export": "csv"}).getvalue().decode()
    assert f'"Thema";"\'{label}";"6"' in exported


def test_no_address_leaves_the_house(approver):
    follow("", 6)
    for query in ({}, {"export": "csv"}):
        assert "leserin" not in approver.get(reverse("subscription_report"), query).getvalue().decode()


def test_the_report_is_closed_to_reviewers(client, site):
    user = User.objects.create_user("pruefung")
    user.groups.add(Group.objects.get(name="Fachprüfung"))
    client.force_login(user)
    assert client.get(reverse("subscription_report")).status_code == 302
