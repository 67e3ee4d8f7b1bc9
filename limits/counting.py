"""Counting what is done, and refusing what is too much."""

import math

from allauth.core.internal.ratelimit import apply_rate, get_ip
from django.http import HttpRequest

from limits import store
from limits.rates import rates_of

# Domains of one provider that leads all spellings with dots to one mailbox.
_WITHOUT_DOTS = ("gmail.com", "googlemail.com")


class LimitReached(Exception):
    """Something was done too often; it may be done again at the time `until`, in seconds."""

    def __init__(self, until: float):
        super().__init__(until)
        self.until = until

    @property
    def retry_after(self) -> int:
        """How many seconds to wait."""
        return max(1, math.ceil(self.until - store.now()))


def spend(action: str, **whom: object) -> None:
    """Count that `action` is done, for each of those `whom` its rates name. Raises LimitReached, and then counts nothing."""
    _ask(action, whom, counts=True)


def check(action: str, **whom: object) -> None:
    """Raise LimitReached where `action` may not be done now. Nothing is counted."""
    _ask(action, whom, counts=False)


def _ask(action: str, whom: dict, counts: bool) -> None:
    with store.counting() as rows:
        now = store.now()
        for rate in rates_of(action):
            key = f"{action} {rate} {'' if rate.per == 'all' else whom[rate.per]}"
            allowed, times = apply_rate(rows.get(key, []), now, rate)
            if not allowed:
                raise LimitReached(times[-1] + rate.duration)
            if counts:
                rows.put(key, times, now + rate.duration)


def origin_of(request: HttpRequest) -> str:
    """Return where `request` comes from, as the trusted proxies say: an IPv4 address, or the /64 of an IPv6 one."""
    return get_ip(request)


def mailbox_of(address: str) -> str:
    """Return one text for all spellings of `address` that lead to the same mailbox on most servers."""
    name, _at, domain = address.strip().lower().rpartition("@")
    name = name.partition("+")[0]
    if domain in _WITHOUT_DOTS:
        name, domain = name.replace(".", ""), _WITHOUT_DOTS[0]
    return f"{name}@{domain}"
