"""Passwords and codes: who guesses is slowed down, and nobody locks out anybody else."""

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction, PageViewRestriction

from editing.roles import EDITORS
from feeds.models import Mail
from tests.editing.signing_in import PASSWORD, is_signed_in, mails, person, set_up_app, sign_in

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.one_database]
HOME = "192.0.2.1"
ELSEWHERE = "198.51.100.7"
TOO_MANY = "Das waren zu viele Versuche. Bitte versuchen Sie es ab"


@pytest.fixture
def anna():
    return person("anna", EDITORS)


def at(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def guess(login: str, times: int, origin: str) -> list[int]:
    """Guess so often; returns the statuses."""
    return [sign_in(at(origin), login, "falsch").status_code for _time in range(times)]


def attack(login: str, times: int, origins: int = 50) -> None:
    for number in range(times):
        sign_in(at(f"203.0.113.{number % origins}"), login, "falsch")


def test_five_tries_from_one_place_then_pauses_that_double_and_end(anna, later):
    assert guess("anna", 6, ELSEWHERE) == [200] * 5 + [429]
    for minutes in (1, 2, 4, 8, 15, 15, 15):
        later(minutes * 60 - 5)
        response = sign_in(at(ELSEWHERE), "anna")
        assert response.status_code == 429
        assert TOO_MANY in response.content.decode()
        assert 0 < int(response.headers["Retry-After"]) <= 5
        later(5)
        assert guess("anna", 1, ELSEWHERE) == [200]
    later(15 * 60)
    assert is_signed_in_at(ELSEWHERE, "anna")


def is_signed_in_at(origin: str, login: str) -> bool:
    client = at(origin)
    sign_in(client, login)
    return is_signed_in(client)


def test_name_and_address_count_together(anna):
    guess("anna", 3, ELSEWHERE)
    guess("ANNA@example.org", 2, ELSEWHERE)
    assert guess("anna", 1, ELSEWHERE) == guess("anna@example.org", 1, ELSEWHERE) == [429]


def test_what_is_typed_is_kept(anna):
    guess("anna", 5, ELSEWHERE)
    assert 'value="anna"' in sign_in(at(ELSEWHERE), "anna").content.decode()


def test_others_at_the_same_place_sign_in(anna):
    person("bert")
    guess("anna", 9, ELSEWHERE)
    assert is_signed_in_at(ELSEWHERE, "bert")


def test_a_right_password_begins_anew(anna):
    for _time in range(3):
        guess("anna", 4, ELSEWHERE)
        assert is_signed_in_at(ELSEWHERE, "anna")


def test_a_thousand_wrong_passwords_keep_nobody_out(anna, later):
    assert is_signed_in_at(HOME, "anna")
    attack("anna", 1000)
    assert is_signed_in_at(HOME, "anna"), "where its owner signed in before, at once"
    response = sign_in(at(ELSEWHERE), "anna")
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) <= 15 * 60
    later(int(response.headers["Retry-After"]))
    assert is_signed_in_at(ELSEWHERE, "anna")


def test_who_was_told_a_time_gets_in_then_whatever_others_do_meanwhile(anna, later):
    attack("anna", 100)
    wait = int(sign_in(at(ELSEWHERE), "anna").headers["Retry-After"])
    for _part in range(4):
        later(wait / 4)
        attack("anna", 50)
    assert is_signed_in_at(ELSEWHERE, "anna")


def test_many_origins_together_are_slowed_down(anna, later):
    tried = [200]
    for _hour in range(4):
        tried += [guess("anna", 1, f"203.0.113.{number}")[0] for number in range(200)]
        later(15 * 60)
    assert tried.count(200) <= 10 + 1 + 3 * 200


def test_one_place_that_tries_many_accounts_is_slowed_down(anna, later):
    assert is_signed_in_at(HOME, "anna")
    statuses = [guess(f"konto{number}", 1, HOME)[0] for number in range(70)]
    assert statuses == [200] * 60 + [429] * 10
    assert is_signed_in_at(HOME, "anna"), "who signed in here before"
    later(600)
    assert guess("konto99", 1, HOME) == [200]


def shown(response) -> tuple:
    text = response.content.decode().replace("fremd", "anna").replace(response.context["csrf_token"].__str__(), "")
    return response.status_code, len(text)


def test_unknown_names_are_answered_alike(anna):
    for number in range(30):
        origin = f"203.0.113.{number % 3}"
        assert shown(sign_in(at(origin), "anna", "falsch")) == shown(sign_in(at(origin), "fremd", "falsch"))


def test_the_owner_hears_of_it_once_a_day(anna, later):
    attack("anna", 9)
    assert mails() == []
    for _time in range(3):
        attack("anna", 50)
        later(20 * 60)
    [mail] = mails()
    assert mail.to == ["anna@example.org"]
    assert mail.subject.endswith("Fehlversuche bei Ihrem Zugang")
    assert "Ihr Zugang ist nicht gesperrt." in " ".join(mail.body.split())
    attack("fremd", 50)
    later(24 * 60 * 60)
    attack("anna", 50)
    assert len(mails()) == 2


def test_25_people_behind_one_address_sign_in_and_subscribe_within_ten_minutes(site):
    for number in range(25):
        person(f"kurs{number}")
        assert guess(f"kurs{number}", 2, HOME) == [200, 200]
        assert is_signed_in_at(HOME, f"kurs{number}")
        form = {"email": f"kurs{number}@example.org", "frequency": "taeglich", "hour": "9"}
        assert [at(HOME).post(f"/abo/?q=Thema{topic}", form).status_code for topic in range(3)] == [303] * 3
        assert at(HOME).post(reverse("account_reset_password"), {"email": form["email"]}).status_code == 302
    assert Mail.objects.filter(kind=Mail.Kind.CONFIRM).count() == 75


# Other secrets


@pytest.fixture
def protected(anna):
    client = at(HOME)
    sign_in(client, "anna")
    return set_up_app(client)


def code(origin: str, text: str):
    client = at(origin)
    sign_in(client, "anna")
    return client, client.post(reverse("mfa_authenticate"), {"code": text})


def test_codes_are_guessed_as_slowly_and_the_owner_hears_of_it(anna, protected, later):
    _secret, codes = protected
    statuses = [code(f"203.0.113.{number}", "000000")[1].status_code for number in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    assert "Dann kennt jemand Ihr Passwort." in " ".join(mails()[-1].body.split())
    assert code(HOME, codes[0])[1].status_code == 302, "where its owner signed in before"
    # Of short secrets nobody has a turn: one try for all origins together.
    later(60)
    assert [code(f"203.0.113.{number}", "000000")[1].status_code for number in range(20, 23)] == [200, 429, 429]


def test_recovery_codes_count_with_the_codes_of_the_app(anna, protected):
    for text in ("000000", "00000000", "000000", "00000000", "000000"):
        code(ELSEWHERE, text)
    _client, response = code(ELSEWHERE, protected[1][0])
    assert response.status_code == 429
    assert TOO_MANY in response.content.decode()


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("account_reauthenticate", {"password": "falsch"}),
        (
            "account_change_password",
            {"oldpassword": "falsch", "password1": "x" * 20 + "y", "password2": "x" * 20 + "y"},
        ),
    ],
)
def test_a_session_somebody_left_open_helps_little_in_guessing(anna, name, form, later):
    client = at(HOME)
    sign_in(client, "anna")
    statuses = [client.post(reverse(name), form).status_code for _time in range(6)]
    assert statuses == [200] * 5 + [429]
    later(60)
    right = {field: PASSWORD if value == "falsch" else value for field, value in form.items()}
    assert client.post(reverse(name), right).status_code == 302


def test_who_is_signed_in_confirms_while_others_guess(anna, later):
    client = at(HOME)
    sign_in(client, "anna")
    later(25 * 60 * 60)
    attack("anna", 100)
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


def test_passwords_of_pages_and_documents(organisation, later):
    page = PageViewRestriction.objects.create(page=organisation, restriction_type="password", password="geheim")
    document = get_document_model()(title="Heft").collection
    papers = CollectionViewRestriction.objects.create(
        collection=document, restriction_type="password", password="geheim"
    )
    addresses = [
        reverse("wagtailcore_authenticate_with_password", args=[page.pk, organisation.pk]),
        reverse("wagtaildocs_authenticate_with_password", args=[papers.pk]),
    ]
    for _time in range(5):
        for address in addresses:
            assert at(ELSEWHERE).post(address, {"password": "falsch", "return_url": "/"}).status_code == 200
    for address in addresses:
        response = at(ELSEWHERE).post(address, {"password": "geheim", "return_url": "/"})
        assert response.status_code == 429
        assert "Bitte versuchen Sie es ab" in response.content.decode()
        assert at(HOME).post(address, {"password": "geheim", "return_url": "/"}).status_code == 302
        assert [at(HOME).get(address).status_code for _visit in range(3)] == [200] * 3
    later(600)
    assert at(ELSEWHERE).post(addresses[0], {"password": "geheim", "return_url": "/"}).status_code == 302


def test_django_allauth_keeps_no_address_in_its_cache(anna):
    sign_in(at(HOME), "anna", "falsch")
    sign_in(at(HOME), "anna")
    assert not caches["default"]._cache
    assert User.objects.get().last_login
