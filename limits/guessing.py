"""Guessing secrets of accounts: slowed down where it happens, without locking anybody out.

A wrong guess first slows the origin it came from, for that account; then, however many origins take part, the account for
all places where its owner did not sign in within a day. Pauses double and end; nothing is locked. Who has to wait for the
account gets a turn that nobody can take: a place that was told a time may guess then, whatever others do meanwhile. What
nobody owns is slowed down alike, so pauses tell nothing about who has an account.
"""

from dataclasses import dataclass

from allauth.core.internal.ratelimit import apply_rate

from limits import store
from limits.counting import LimitReached
from limits.rates import FIRST_PAUSE_S, FREE_FROM_ALL, FREE_FROM_ONE_ORIGIN, LONGEST_PAUSE_S, rates_of
from limits.store import Rows

_DAY_S = 24 * 60 * 60
_FORGOTTEN_S = 60 * 60
# How long a turn waits for who was told about it.
_TURN_S = 15 * 60
[_WRONG] = rates_of("wrong_guess")


@dataclass(frozen=True)
class Guess:
    """A guess that was let in, and counts as wrong until it is known to be right.

    `in_all` is how many wrong ones there were for this account, from places its owner is not known at; `from_here` from
    this origin.
    """

    secret: str
    account: str
    origin: str
    in_all: int
    from_here: int

    def was_right(self) -> None:
        """Take the guess back. Wrong ones of other origins still count: owners sign in while others guess."""
        with store.counting() as rows:
            rows.drop(_here(self.secret, self.account, self.origin))
            if self.in_all:
                now = store.now()
                number, until = rows.get(_all(self.secret, self.account), [1, 0])
                # The pause that this guess began ends with it.
                until = 0 if number == self.in_all else until
                rows.put(_all(self.secret, self.account), [number - 1, until], now + _DAY_S)
                rows.put(_wrong(self.origin), rows.get(_wrong(self.origin), [])[1:], now + _WRONG.duration)

    @property
    def is_alarming(self) -> bool:
        """Whether the owner should hear of it."""
        return self.in_all >= FREE_FROM_ALL or self.from_here >= 2 * FREE_FROM_ONE_ORIGIN


def let_guess(secret: str, account: str, origin: str, *, is_known: bool = False, has_turns: bool = True) -> Guess:
    """Let `origin` guess the `secret` (password, code) of `account`, or raise LimitReached.

    `is_known` where the owner is signed in there. Where there are no turns, origins wait for each other: for short
    secrets, which many origins together could guess.
    """
    with store.counting() as rows:
        now = store.now()
        from_here, until = rows.get(_here(secret, account, origin), [0, 0])
        is_known = is_known or rows.get(_known(account, origin), False)
        if until <= now and not is_known:
            until = _wait_of_origin(rows, origin) or _wait_of_account(rows, secret, account, origin, has_turns)
        if until <= now:
            in_all = 0 if is_known else _count(rows, secret, account, origin)
            pause = _pause(from_here + 1, FREE_FROM_ONE_ORIGIN)
            # However long the pause, what is known of an origin is forgotten after an hour.
            ends = now + pause + _FORGOTTEN_S - LONGEST_PAUSE_S
            rows.put(_here(secret, account, origin), [from_here + 1, now + pause], ends)
            return Guess(secret, account, origin, in_all, from_here + 1)
    raise LimitReached(until)


def remember(account: str, origin: str) -> None:
    """Note that the owner of `account` signed in from `origin`."""
    with store.counting() as rows:
        rows.put(_known(account, origin), True, store.now() + _DAY_S)


def _wait_of_origin(rows: Rows, origin: str) -> float:
    """Return until when `origin` has to wait for what it guessed wrong of other accounts."""
    allowed, times = apply_rate(rows.get(_wrong(origin), []), store.now(), _WRONG, dry_run=True)
    return 0 if allowed else times[-1] + _WRONG.duration


def _wait_of_account(rows: Rows, secret: str, account: str, origin: str, has_turns: bool) -> float:
    """Return until when `origin` has to wait for what was guessed wrong elsewhere: until the time that it was told first."""
    now, turn = store.now(), f"turn {secret} {account} {origin}"
    _number, until = rows.get(_all(secret, account), [0, 0])
    if until <= now or not has_turns:
        return until
    mine = rows.get(turn)
    if mine is None:
        rows.put(turn, until, until + _TURN_S)
        return until
    if mine <= now:
        rows.drop(turn)
    return mine


def _count(rows: Rows, secret: str, account: str, origin: str) -> int:
    """Count a guess for its origin and for the account; return how many there were for the account."""
    now = store.now()
    _allowed, times = apply_rate(rows.get(_wrong(origin), []), now, _WRONG)
    rows.put(_wrong(origin), times, now + _WRONG.duration)
    number, _until = rows.get(_all(secret, account), [0, 0])
    rows.put(_all(secret, account), [number + 1, now + _pause(number + 1, FREE_FROM_ALL)], now + _DAY_S)
    return number + 1


def _pause(number: int, free: int) -> int:
    """Return how long to wait after wrong guess `number`, where so many are free."""
    return 0 if number < free else min(FIRST_PAUSE_S * 2 ** min(number - free, 10), LONGEST_PAUSE_S)


def _here(secret: str, account: str, origin: str) -> str:
    return f"here {secret} {account} {origin}"


def _all(secret: str, account: str) -> str:
    return f"all {secret} {account}"


def _known(account: str, origin: str) -> str:
    return f"known {account} {origin}"


def _wrong(origin: str) -> str:
    return f"wrong {origin}"
