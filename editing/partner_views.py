"""The page behind the link of a partner organisation: the newest text as readers would see it, and a place to answer."""

from copy import copy

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from wagtail.models import Page

from editing.models import PartnerLink
from editing.partner_forms import RemarkForm
from editing.partner_links import find, newest_text, say
from limits.answers import tell
from limits.counting import LimitReached, origin_of, spend
from practices.visibility import ANONYMOUS

_DONE = {
    "kommentar": "Danke! Ihr Kommentar ist angekommen.",
    "zustimmung": "Danke! Ihre Zustimmung ist angekommen.",
}


@csrf_exempt  # what a request may do is in its address, which nobody can know who was not given it; so no cookie is needed
@require_http_methods(["GET", "HEAD", "POST"])
def partner_reading(request: HttpRequest, token: str) -> HttpResponse:
    """Show the newest text of a page to whoever has a link that is open, and take what they say about it.

    Everybody sees what readers without an account would see, so an account gives no view into what is restricted.
    """
    link = find(token)
    if link is None or not link.is_open:
        status = 404 if link is None else 410
        return render(request, "editing/partner_link_over.html", {"link": link}, status=status)
    page = newest_text(link)
    data = request.POST if request.method == "POST" else None
    form = RemarkForm(data, link=link, text_from=page.latest_revision_created_at)
    if form.is_valid() and _may_say(request, link, form):
        name, text = form.cleaned_data["name"], form.cleaned_data["text"]
        say(link, page, name=name, text=text, approves=form.approves, is_about_newest=form.is_about_newest)
        done = "zustimmung" if form.approves else "kommentar"
        address = reverse("partner_reading", args=[token])
        response = redirect(f"{address}?gesendet={done}#rueckmeldung")
        response.status_code = 303
        return response
    return _show(request, page, link, form)


def _may_say(request: HttpRequest, link: PartnerLink, form: RemarkForm) -> bool:
    """Count a remark; False, with a sentence at `form`, where too much was said by the link or from the same place."""
    try:
        spend("remark", link=link.pk, origin=origin_of(request))
    except LimitReached as reached:
        form.add_error("text", f"In der letzten Stunde kamen schon viele Rückmeldungen. {tell(request, reached)}")
        return False
    return True


def _show(request: HttpRequest, page: Page, link: PartnerLink, form: RemarkForm) -> HttpResponse:
    # The page is asked itself, at its own address: Wagtail's request for previews would pass the page cache on its way.
    reader = copy(request)
    reader.method, reader.user = "GET", ANONYMOUS
    reader.path = page.get_url() or "/"
    response: TemplateResponse = page.serve_preview(reader, page.default_preview_mode)
    reading = {
        "link": link,
        "page": page,
        "is_live": page.live and page.live_revision_id == page.latest_revision_id,
        "form": form,
        "done": _DONE.get(request.GET.get("gesendet", "")),
        "remarks": [(remark, remark.is_about(page)) for remark in link.remarks.order_by("pk")],
        "address": reverse("partner_reading", args=[link.token]),
    }
    response.context_data = {**(response.context_data or {}), "reading": reading}
    response.status_code = 400 if form.errors else 200
    return response.render()
