"""Counting: by whom, from where, together for all processes of a server, and forgotten in time."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.core.internal.ratelimit import Rate
from django.test import Client, RequestFactory

from limits import store
from limits.counting import LimitReached, check, mailbox_of, origin_of, spend
from limits.rates import RATES, rates_of

pytestmark = pytest.mark.one_database
DAY_S = 24 * 60 * 60


@pytest.fixture
def rates(monkeypatch):
    monkeypatch.setitem(RATES, "test", "2/h/origin,3/d/all")


def tries(number: int, **whom) -> int:
    """Return how many of so many tries were let in."""
    done = 0
    for _try in range(number):
        try:
            spend("test", **whom)
            done += 1
        except LimitReached:
            pass
    return done


def test_each_is_counted_for_itself_and_all_together(rates, later):
    assert tries(5, origin="a") == 2
    assert tries(5, origin="b") == 1
    later(60 * 60)
    assert tries(5, origin="a") == 0
    later(DAY_S)
    assert tries(5, origin="a") == 2


def test_what_is_refused_counts_for_nobody(rates):
    tries(50, origin="a")
    assert tries(1, origin="b") == 1


def test_looking_counts_nothing(rates):
    for _look in range(9):
        check("test", origin="a")
    assert tries(5, origin="a") == 2


def test_the_time_to_wait_is_until_the_oldest_is_forgotten(rates, later):
    spend("test", origin="a")
    later(600)
    spend("test", origin="a")
    with pytest.raises(LimitReached) as refused:
        check("test", origin="a")
    assert 0 <= 3000 - refused.value.retry_after <= 60


@pytest.mark.parametrize(
    "same",
    [
        ("anna@example.org", "Anna@Example.ORG", " anna+x@example.org", "anna+x+y@example.org"),
        ("anna@gmail.com", "a.n.n.a@gmail.com", "an.na+x@googlemail.com"),
    ],
)
def test_one_mailbox_has_many_spellings(same):
    assert len({mailbox_of(address) for address in same}) == 1


def test_dots_lead_to_other_mailboxes_elsewhere():
    assert mailbox_of("a.nna@example.org") != mailbox_of("anna@example.org")


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "origin"),
    [
        ("192.0.2.1", None, 0, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.9", 0, "192.0.2.1"),  # nobody we trust said so
        ("127.0.0.1", "198.51.100.9", 1, "198.51.100.9"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.9", 1, "198.51.100.9"),  # what the client made up stands first
        ("127.0.0.1", "6.6.6.6, 198.51.100.9, 10.0.0.1", 2, "198.51.100.9"),
        ("127.0.0.1", "198.51.100.9", 2, "unknown"),
        ("2001:db8:1:2:3:4:5:6", None, 0, "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", None, 0, "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", None, 0, "192.0.2.1"),
        ("", None, 0, "unknown"),
        ("quatsch", None, 0, "unknown"),
    ],
)
def test_where_a_request_comes_from(settings, remote, forwarded, proxies, origin):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert origin_of(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)) == origin


COUNTING = """
import sys
from types import SimpleNamespace
from django.conf import settings
settings.configure(DATA_DIR=sys.argv[1], SECRET_KEY="for-tests-only", INSTALLED_APPS=[])
from limits import rates
rates.RATES["test"] = "50/h/all"
from limits.counting import LimitReached, spend
done = 0
for _try in range(50):
    try:
        spend("test")
        done += 1
    except LimitReached:
        pass
print(done)
"""


def test_processes_count_together(tmp_path):
    command = [sys.executable, "-c", COUNTING, str(tmp_path)]
    root = Path(__file__).parents[2]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) for _process in range(2)]
    assert sum(int(process.communicate()[0]) for process in running) == 50


def test_an_emptied_folder_forgets_and_goes_on_counting(rates, settings):
    tries(2, origin="a")
    for file in (settings.DATA_DIR / "cache").iterdir():
        file.unlink()
    assert tries(5, origin="a") == 2


def test_the_file_names_nobody_and_forgets(rates, settings, later):
    spend("test", origin="192.0.2.1")
    with sqlite3.connect(settings.DATA_DIR / "cache" / "limits.sqlite3") as file:
        rows = file.execute("SELECT * FROM counts").fetchall()
        assert all(re.fullmatch("[0-9a-f]{64}", key) and re.fullmatch(r"\[[\d., ]*\]", value) for key, value, _ in rows)
        later(DAY_S)
        with store.counting():
            pass
        assert file.execute("SELECT count(*) FROM counts").fetchone() == (0,)


def test_another_secret_key_finds_nothing(rates, settings):
    tries(2, origin="a")
    settings.SECRET_KEY = "ein anderer Schlüssel"
    assert tries(1, origin="a") == 1


@pytest.mark.parametrize("action", RATES)
def test_what_is_known_of_origins_is_forgotten_within_an_hour_and_all_within_a_day(action):
    rates = rates_of(action)
    assert all(rate.duration <= (60 * 60 if rate.per in {"origin", "link"} else DAY_S) for rate in rates)
    assert isinstance(rates[0], Rate)


def test_nobody_reaches_alone_what_is_counted_for_all():
    for action in RATES:
        amounts = {rate.per: rate.amount for rate in rates_of(action)}
        if "all" in amounts:
            alone = min(amounts.get(per, float("inf")) for per in ("origin", "person", "mailbox"))
            assert amounts["all"] >= 5 * alone, action


def test_floods_of_links_that_are_none_end(client, site, later):
    for _number in range(100):
        assert client.get("/mitlesen/gibt-es-nicht/").status_code == 404
    response = client.get("/pflege/gibt-es-nicht/")
    assert response.status_code == 429
    assert response.headers["Retry-After"]
    assert "Bitte versuchen Sie es ab" in response.content.decode()
    assert Client(REMOTE_ADDR="192.0.2.7").get("/mitlesen/gibt-es-nicht/").status_code == 404
    later(600)
    assert client.get("/mitlesen/gibt-es-nicht/").status_code == 404
