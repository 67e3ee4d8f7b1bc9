"""Health, robots, headers and error pages."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from feeds.models import Mail
from practices.models import ContentChange
from tests.feeds.factories import MailFactory
from transferhub import views


def test_alive_without_a_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok"


def test_ready(client, reindex):
    reindex()
    state = client.get("/readyz").json()
    assert state["ready"]
    assert state["checks"] == {"database": "ok", "index": "ok", "backlog": "ok", "drift": "ok", "mail": "ok"}


def test_a_missing_index_is_reported_and_does_not_end_the_traffic(client, db):
    response = client.get("/readyz")
    assert (response.status_code, response.json()["checks"]["index"]) == (200, "unavailable")


def test_a_backlog_is_counted_and_called_late_after_five_minutes(client, db):
    ContentChange.record([1, 2])
    ContentChange.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    state = client.get("/readyz").json()
    assert (state["search"]["backlog"], state["checks"]["backlog"]) == (2, "late")


def test_mails_that_wait_are_counted_and_called_late_after_fifteen_minutes(client, db):
    for state in (Mail.State.PENDING, Mail.State.SENDING, Mail.State.SENT):
        MailFactory(state=state)
    MailFactory(state=Mail.State.FAILED, finished_at=timezone.now())
    MailFactory(state=Mail.State.FAILED, finished_at=timezone.now() - timedelta(days=2))
    waiting = Mail.objects.filter(state=Mail.State.PENDING)
    waiting.update(created_at=timezone.now() - timedelta(minutes=16))
    response = client.get("/readyz")
    state = response.json()
    assert (response.status_code, state["checks"]["mail"]) == (200, "late")
    assert (state["mail"]["backlog"], state["mail"]["failed"]) == (2, 1)
    assert parse_datetime(state["mail"]["waiting_since"]) - waiting.get().created_at < timedelta(milliseconds=1)


def test_not_ready_without_a_database(client, db, monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", refuse)
        response = client.get("/readyz")
    assert (response.status_code, response.json()["ready"]) == (503, False)


def test_robots_name_the_sitemap(client, db):
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_the_sitemap_lists_public_pages_only(client, site):
    assert "/impressum/" in client.get("/sitemap.xml").content.decode()


def test_public_pages_carry_the_strict_policy(client, site):
    headers = client.get("/").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


def test_the_admin_may_frame_its_own_previews(client, site):
    headers = client.get("/verwaltung/").headers
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "SAMEORIGIN"


def test_an_error_answers_in_german_without_a_database(rf, django_db_blocker):
    response = views.server_error(rf.get("/"))
    assert "Der Fehler liegt bei uns" in response.content.decode()


def test_a_forged_form_is_refused_in_german(site):
    response = Client(enforce_csrf_checks=True).post("/konto/anmelden/", {})
    assert response.status_code == 403
    assert "verify" not in response.content.decode()
