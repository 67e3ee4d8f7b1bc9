"""The pages around subscriptions. GET never changes anything; what a link allows is in the link, readers get no cookie."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from feeds import subscribing
from feeds.forms import EmailForm, RhythmForm, SubscribeForm
from feeds.mail_messages import rhythm
from feeds.matching import held_by, readable
from feeds.models import MAX_QUERY, Subscriber, Subscription
from feeds.selections import label, labels
from practices.models import OrganisationPage, PracticeChange
from practices.terms import TermRow, all_terms
from search.engines.protocol import EngineUnavailable
from search.params import SearchParams

_COUNTED_DAYS = 90
_DONE = {
    "rhythmus": "Der Rhythmus ist gespeichert.",
    "pause": "Ihre Abonnements sind pausiert. Sie bekommen keine E-Mails, bis Sie weitermachen.",
    "weiter": "Ihre Abonnements laufen wieder.",
    "entfernt": "Das Abonnement ist beendet.",
    "neu": "Das Abonnement ist angelegt.",
    "links": "Alle früheren Links sind ungültig. Diese Seite hat jetzt eine neue Adresse.",
}


def checked_for_accounts(view: Callable) -> Callable:
    """Ask for Django's CSRF token where there is a session that a foreign page could misuse.

    Without one a request carries no power of its own - what it may do is in the link or goes to an address that is asked
    first - so readers need no cookie, and mail programs can unsubscribe with a bare POST (RFC 8058).
    """
    protected = csrf_protect(view)

    @wraps(view)
    def choose(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return (protected if request.user.is_authenticated else view)(request, *args, **kwargs)

    return csrf_exempt(choose)


@checked_for_accounts
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Show what would be subscribed to, and take the request. The answer is the same whatever is known of the address."""
    terms = all_terms()
    params = SearchParams.parse(request.GET).with_current_keys(terms).as_selection()
    query = params.to_query()
    organisations = _own_organisations(request.user)
    form = SubscribeForm(
        request.POST or None,
        organisations=organisations,
        initial={"email": request.user.email} if request.user.is_authenticated else None,
    )
    too_long = len(query) > MAX_QUERY
    if form.is_valid() and not too_long:
        subscribing.request_subscription(
            form.cleaned_data["email"],
            query,
            form.rhythm(),
            form.cleaned_data.get("organisation"),
            request.user if request.user.is_authenticated else None,
        )
        return redirect("subscription_requested")
    context = {
        "form": form,
        "query": query,
        "label": label(params, terms),
        "too_long": too_long,
        "recent": _recent(query, terms),
        "days": _COUNTED_DAYS,
        "lists": subscribing.lists_of(organisations),
        "mine": _of_account(request.user),
    }
    return _private(render(request, "feeds/subscribe.html", context, status=400 if form.errors or too_long else 200))


@require_http_methods(["GET", "HEAD"])
def requested(request: HttpRequest) -> HttpResponse:
    """Say what happens next."""
    return render(request, "feeds/requested.html")


@checked_for_accounts
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm a subscription; programs that open links in mails confirm nothing."""
    subscription = subscribing.find_request(token)
    if subscription is None:
        return _private(render(request, "feeds/unknown_link.html", {"what": "confirm"}, status=404))
    if request.method == "POST":
        subscribing.confirm(subscription)
        return redirect("subscription_confirm", token=token)
    context = {
        "subscription": subscription,
        "subscriber": subscription.subscriber,
        "label": labels([subscription.query], all_terms())[subscription.query],
        "rhythm": rhythm(subscription),
        "page": _page_of(subscription),
    }
    return _private(render(request, "feeds/confirm.html", context))


@checked_for_accounts
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """End every mail to an address: one click, or one POST by the mail program. Whether a token is known is not told."""
    if request.method == "POST":
        subscribing.leave(token)
        return _private(render(request, "feeds/left.html"))
    return _private(render(request, "feeds/leave.html"))


@checked_for_accounts
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """Send the link to their subscriptions to whoever has some; the answer is the same for everybody."""
    form = EmailForm(request.POST or None)
    if form.is_valid():
        subscribing.request_link(form.cleaned_data["email"])
        return redirect("subscription_requested")
    return _private(render(request, "feeds/link.html", {"form": form}, status=400 if form.errors else 200))


@require_http_methods(["GET", "HEAD"])
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """Show somebody their subscriptions."""
    subscriber = subscribing.find_manager(token)
    if subscriber is None:
        return _private(render(request, "feeds/unknown_link.html", {"what": "manage"}, status=404))
    return _manage_page(request, subscriber)


@checked_for_accounts
@require_POST
def change(request: HttpRequest, token: str, action: str) -> HttpResponse:
    """Do one thing on the page of somebody's subscriptions and show it again."""
    subscriber = subscribing.find_manager(token)
    if subscriber is None:
        return _private(render(request, "feeds/unknown_link.html", {"what": "manage"}, status=404))
    match action:
        case "rhythmus":
            subscription = _own(subscriber, request)
            form = RhythmForm(request.POST, prefix=str(subscription.pk))
            if not form.is_valid():
                return _manage_page(request, subscriber, form, status=400)
            subscribing.change_rhythm(subscription, form.rhythm())
        case "entfernt":
            subscribing.remove(_own(subscriber, request))
            if not Subscriber.objects.filter(pk=subscriber.pk).exists():
                return _private(render(request, "feeds/left.html"))
        case "neu":
            params = SearchParams.parse(request.POST).as_selection()
            form = RhythmForm(request.POST)
            if not form.is_valid() or len(params.to_query()) > MAX_QUERY:
                raise Http404
            subscribing.add_subscription(subscriber, params.to_query(), form.rhythm())
        case "pause":
            subscribing.pause(subscriber)
        case "weiter":
            subscribing.resume(subscriber)
        case "links":
            subscribing.renew_links(subscriber)
        case "loeschen":
            subscriber.delete()
            return _private(render(request, "feeds/left.html"))
        case _:
            raise Http404
    address = reverse("subscription_manage", args=[subscriber.manage_token])
    return redirect(f"{address}?{urlencode({'gespeichert': action})}")


@require_http_methods(["GET", "HEAD"])
def export(request: HttpRequest, token: str) -> HttpResponse:
    """Hand somebody all that is stored of them."""
    subscriber = subscribing.find_manager(token)
    if subscriber is None:
        raise Http404
    response = JsonResponse(subscribing.export(subscriber), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = 'attachment; filename="meine-abonnements.json"'
    return _private(response)


@csrf_protect
@require_POST
def remove_list(request: HttpRequest, pk: int) -> HttpResponse:
    """End the subscriptions of a distribution list, for those who may edit its organisation."""
    subscriber = get_object_or_404(Subscriber, pk=pk, organisation__in=_own_organisations(request.user))
    subscriber.delete()
    return redirect("subscribe")


def _manage_page(request: HttpRequest, subscriber: Subscriber, bound: RhythmForm | None = None, status: int = 200):
    subscriptions = list(subscriber.subscriptions.exclude(confirmed_at=None).order_by("pk"))
    names = labels([subscription.query for subscription in subscriptions], all_terms())
    rows = []
    for subscription in subscriptions:
        form = RhythmForm(
            prefix=str(subscription.pk),
            initial={name: getattr(subscription, name) for name in ("frequency", "weekday", "hour")},
        )
        if bound is not None and bound.prefix == form.prefix:
            form = bound
        rows.append((subscription, names[subscription.query], rhythm(subscription), _page_of(subscription), form))
    context = {
        "subscriber": subscriber,
        "token": subscriber.manage_token,
        "rows": rows,
        "done": _DONE.get(request.GET.get("gespeichert", "")),
    }
    return _private(render(request, "feeds/manage.html", context, status=status))


def _own(subscriber: Subscriber, request: HttpRequest) -> Subscription:
    number = request.POST.get("abo", "")
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        raise Http404
    return get_object_or_404(subscriber.subscriptions, pk=int(number))


def _page_of(subscription: Subscription) -> str:
    return f"{reverse('search')}?{subscription.query}" if subscription.query else reverse("search")


def _recent(query: str, terms: list[TermRow]) -> int | None:
    """Return of how many practices followers of `query` would have heard in the last months; None where nobody knows."""
    since = timezone.now() - timedelta(days=_COUNTED_DAYS)
    changes = PracticeChange.objects.filter(at__gte=since, notify=True).exclude(kind=PracticeChange.Kind.REMOVED)
    try:
        return len(held_by([query], readable(set(changes.values_list("page_id", flat=True))), terms)[query])
    except EngineUnavailable:
        return None


def _own_organisations(user):
    """Return the organisations that `user` may edit: Wagtail's own permissions on the page tree."""
    if not user.is_authenticated or not user.is_active:
        return OrganisationPage.objects.none()
    pages = OrganisationPage.objects.filter(live=True).order_by("title")
    own = [page.pk for page in pages if page.permissions_for_user(user).can_edit()]
    return pages.filter(pk__in=own)


def _of_account(user) -> Subscriber | None:
    """Return the confirmed subscriptions that belong to an account."""
    if not user.is_authenticated:
        return None
    return Subscriber.objects.filter(user=user).exclude(subscriptions__confirmed_at=None).first()


def _private(response: HttpResponse) -> HttpResponse:
    """Links in addresses open doors: nobody keeps these pages or lists them (SECURE_REFERRER_POLICY keeps them to us)."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
