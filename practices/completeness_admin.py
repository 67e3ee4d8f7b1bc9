"""The panel "Vollständigkeit" is renewed while somebody writes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.http import require_safe
from wagtail.admin.auth import permission_denied

from practices.completeness import assess_for_authors
from practices.models import PracticePage


@require_safe
def completeness(request: HttpRequest, page_id: int) -> HttpResponse:
    """Answer with the inside of the panel for the newest draft of a practice."""
    page = get_object_or_404(PracticePage, pk=page_id).specific
    if not page.permissions_for_user(request.user).can_edit():
        return permission_denied(request)
    draft = page.get_latest_revision_as_object()
    return render(request, "practices/admin/completeness.html", assess_for_authors(draft))


completeness_urls = [path("vollstaendigkeit/<int:page_id>/", completeness, name="completeness")]
