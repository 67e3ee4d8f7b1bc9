"""A middleware that lets every view fail, or answer, as a test says."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class FailingMiddleware:
    """Calls `instead` with the request and what its address holds."""

    instead: Callable[..., HttpResponse]

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse:
        return type(self).instead(request, kwargs)
