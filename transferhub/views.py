"""Health, robots and error pages."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from feeds.delivery_health import delivery_health
from search.health import search_health


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process is alive, without asking anything else."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer whether requests can be served: 200 with the state of each part, 503 where the database fails.

    Search that is away or behind makes pages poorer, not unavailable: it is reported, and does not end the traffic.
    """
    state: dict = {"ready": True, "checks": {}}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        state["checks"]["database"] = "ok"
        state |= _search_state(state["checks"]) | _mail_state(state["checks"])
    except Exception as error:  # noqa: BLE001 - any failure means "not ready"; its kind is reported
        state["checks"]["database"] = type(error).__name__
        state["ready"] = False
    return JsonResponse(state, status=200 if state["ready"] else 503)


def _search_state(checks: dict) -> dict:
    health = search_health()
    checks["index"] = "ok" if health.is_ready else "unavailable"
    checks["backlog"] = "late" if health.is_late else "ok"
    checks["drift"] = "ok" if not health.drift else "found"
    return {
        "search": {
            "engine": health.engine,
            "backlog": health.backlog,
            "waiting_since": health.waiting_since,
            "drift": health.drift,
            "compared_at": health.compared_at,
            "failing_since": health.failing_since,
        }
    }


def _mail_state(checks: dict) -> dict:
    health = delivery_health()
    checks["mail"] = "late" if health.is_late else "ok"
    return {
        "mail": {
            "backlog": health.backlog,
            "waiting_since": health.waiting_since,
            "failed": health.failed + health.failed_others,
            "planned": health.is_planned,
        }
    }


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers where the sitemap is and that the admin is not for them."""
    lines = ["User-agent: *", "Disallow: /verwaltung/", f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Render without context processors: the failing part may be one of them."""
    return render(None, "500.html", status=500)
