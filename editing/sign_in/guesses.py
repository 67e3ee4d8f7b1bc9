"""Passwords and codes that are typed: each is a guess, counted for its account, whichever name it goes by."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from editing.sign_in.mails import WRONG_CODES, WRONG_PASSWORDS, notice_for
from feeds.notices import queue
from limits.answers import tell
from limits.counting import LimitReached, origin_of, spend
from limits.guessing import Guess, let_guess, remember

PASSWORD = "password"  # noqa: S105 - what is guessed
CODE = "code"
_TOO_MANY = "Das waren zu viele Versuche."
_KINDS = {PASSWORD: WRONG_PASSWORDS, CODE: WRONG_CODES}


def connect() -> None:
    """Remember for a day where people have signed in, as a hash: there they get in whatever others guess elsewhere."""
    user_logged_in.connect(_remember, dispatch_uid="known-origins")


def account_of(login: str):
    """Return the account that `login`, a name or a mail address, signs in; None where there is none."""
    by_address = sorted(filter_users_by_email(login, prefer_verified=True, for_login=True), key=lambda user: user.pk)
    return get_user_by_username(login) or next(iter(by_address), None)


def begin(request: HttpRequest, secret: str, login: str, account) -> Guess:
    """Let `secret` be guessed for `account`, or for `login` where there is none. Raises ValidationError with when to try again.

    Where an account is signed in, only what was guessed there counts against it.
    """
    counted = _counted(account) if account else f"name {login.strip().casefold()}"
    is_known = bool(account) and getattr(request, "user", None) == account
    try:
        return let_guess(secret, counted, origin_of(request), is_known=is_known, has_turns=secret == PASSWORD)
    except LimitReached as reached:
        raise ValidationError(f"{_TOO_MANY} {tell(request, reached)}", code="too_many_login_attempts") from None


def was_wrong(guess: Guess, account) -> None:
    """Tell the owner of `account` by mail where it happens often, at most once a day."""
    if not (account and account.is_active and account.email and guess.is_alarming):
        return
    try:
        spend("attempts_mail", account=f"{guess.secret} {_counted(account)}")
    except LimitReached:
        return
    queue(notice_for(_KINDS[guess.secret], account.email, {}))


@contextmanager
def guessing(request: HttpRequest, secret: str, account) -> Iterator[None]:
    """Let `account` be asked for `secret` within the block, which raises ValidationError where it is wrong."""
    guess = begin(request, secret, "", account)
    try:
        yield
    except ValidationError:
        was_wrong(guess, account)
        raise
    guess.was_right()


def _counted(account) -> str:
    return f"account {account.pk}"


def _remember(request, user, **kwargs) -> None:
    if request is not None:
        remember(_counted(user), origin_of(request))
