"""What people are told who meet a limit: when to try again."""

import math
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from limits import store
from limits.counting import LimitReached


def again(reached: LimitReached) -> str:
    """Return the sentence that says when to try again, to the minute after."""
    until = _local(math.ceil(reached.until / 60) * 60)
    day = "" if until.date() == _local(store.now()).date() else f"am {until:%d.%m.%Y} "
    return f"Bitte versuchen Sie es {day}ab {until:%H:%M} Uhr noch einmal."


def tell(request: HttpRequest, reached: LimitReached) -> str:
    """Return the sentence for a form that is shown again; the middleware gives the page its status."""
    request.limit_reached = reached  # type: ignore[attr-defined]
    return again(reached)


def refusal(request: HttpRequest, reached: LimitReached) -> HttpResponse:
    """Return a page of its own."""
    tell(request, reached)
    return render(request, "429.html", {"again": again(reached)}, status=429)


def _local(seconds: float) -> datetime:
    return timezone.localtime(datetime.fromtimestamp(seconds, tz=UTC))
