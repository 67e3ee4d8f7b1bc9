"""Answers where a limit was reached."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from limits.answers import refusal
from limits.counting import LimitReached


class LimitMiddleware:
    """Gives every page that says so the status 429 and the header Retry-After, and what no view has caught a page of its own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        reached = getattr(request, "limit_reached", None)
        if reached is not None:
            if response.status_code in {200, 400}:
                response.status_code = 429
            response.headers["Retry-After"] = str(reached.retry_after)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return refusal(request, exception) if isinstance(exception, LimitReached) else None
