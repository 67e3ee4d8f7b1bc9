"""The pages around subscriptions. GET never changes anything; what a link allows is in the link, readers get no cookie."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.permissions import page_permission_policy

from feeds import subscribing
from feeds.consent import CONSENT_VERSION, CONSENTS
from feeds.forms import EmailForm, RhythmForm, SubscribeForm
from feeds.mail_messages import rhythm
from feeds.matching import readable
from feeds.models import MAX_QUERY, Subscriber, Subscription
from feeds.personal_data import export as export_of
from feeds.private_responses import private
from feeds.selections import label, labels, read, unknown_values
from practices.models import OrganisationPage, PracticeChange
from practices.terms import TermRow, all_terms
from search.engines.protocol import EngineUnavailable
from search.find import Members
from search.params import SearchParams

_COUNTED_DAYS = 90
_DONE = {
    "bestaetigt": "Vielen Dank, Ihr Abonnement ist bestätigt. Sie bekommen eine E-Mail, sobald es Neues gibt.",
    "neu": "Das Abonnement ist gespeichert.",
    "voll": f"Mehr als {subscribing.MOST_SUBSCRIPTIONS} Abonnements sind nicht möglich. Bitte beenden Sie erst eines.",
    "rhythmus": "Der Rhythmus ist gespeichert.",
    "pause": "Die Pause ist gespeichert.",
    "weiter": "Ihre Abonnements laufen wieder.",
    "entfernt": "Das Abonnement ist beendet.",
    "link": "Diese Seite hat jetzt eine neue Adresse. Frühere Links zu ihr sind ungültig.",
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
    params = SearchParams.parse(request.GET).as_selection().with_current_keys(terms)
    query = params.to_query()
    organisations, mine = _own_organisations(request.user), _of_account(request.user)
    form = SubscribeForm(
        request.POST if request.method == "POST" else None,
        organisations=organisations,
        initial={"email": request.user.email} if request.user.is_authenticated else None,
    )
    problem = _problem(params, query, terms)
    if form.is_valid() and not problem:
        email, organisation = form.cleaned_data["email"], form.cleaned_data.get("organisation")
        if mine and mine.email == email and not organisation:
            done = "neu" if subscribing.add_subscription(mine, query, form.rhythm()) else "voll"
            return _back_to(mine, done)
        subscribing.request_subscription(email, query, form.rhythm(), organisation)
        return _see_other(reverse("subscription_requested"))
    context = {
        "form": form,
        "query": query,
        "label": label(params, terms),
        "problem": problem,
        "recent": None if problem else _recent(query, terms),
        "days": _COUNTED_DAYS,
        "consent": CONSENTS[CONSENT_VERSION],
        "lists": subscribing.lists_of(organisations),
        "mine": mine,
    }
    status = 400 if form.errors or (form.is_bound and problem) else 200
    return private(render(request, "feeds/subscribe.html", context, status=status))


@require_safe
def requested(request: HttpRequest) -> HttpResponse:
    """Say what happens next."""
    return render(request, "feeds/requested.html", {"most": subscribing.MOST_LINKS_A_DAY})


@checked_for_accounts
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm a subscription; programs that open links in mails confirm nothing.

    Confirming leads to the page of one's subscriptions, once: later the link shows no more than that it was used.
    """
    subscription = subscribing.find_request(token)
    if subscription is None:
        return private(render(request, "feeds/unknown_link.html", {"what": "confirm"}, status=404))
    if request.method == "POST":
        is_first = subscribing.confirm(subscription, request.user if request.user.is_authenticated else None)
        if is_first and not subscription.subscriber.organisation_id:
            return _back_to(subscription.subscriber, "bestaetigt")
        return _see_other(reverse("subscription_confirm", args=[token]))
    context = {
        "subscription": subscription,
        "subscriber": subscription.subscriber,
        "token": token,
        "label": labels([subscription.query], all_terms())[subscription.query],
        "rhythm": rhythm(subscription),
        "page": _page_of(subscription),
    }
    return private(render(request, "feeds/confirm.html", context))


@checked_for_accounts
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """End every mail to an address: one click, or one POST by the mail program. Whether a token is known is not told."""
    if request.method == "POST":
        subscribing.leave(token)
        return private(render(request, "feeds/left.html"))
    return private(render(request, "feeds/leave.html"))


@checked_for_accounts
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """Send the link to their subscriptions to whoever has some; the answer is the same for everybody."""
    form = EmailForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        subscribing.request_link(form.cleaned_data["email"])
        return _see_other(reverse("subscription_requested"))
    return private(render(request, "feeds/link.html", {"form": form}, status=400 if form.errors else 200))


@require_safe
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """Show somebody their subscriptions."""
    subscriber = _managed(request, token)
    return _manage_page(request, subscriber) if subscriber else _unknown_manager(request)


@checked_for_accounts
@require_POST
def change(request: HttpRequest, token: str, action: str) -> HttpResponse:
    """Do one thing on the page of somebody's subscriptions and show it again."""
    subscriber = _managed(request, token)
    if subscriber is None:
        return _unknown_manager(request)
    match action:
        case "rhythmus":
            subscription = _own(subscriber, request)
            form = RhythmForm(request.POST, prefix=str(subscription.pk))
            if not form.is_valid():
                return _manage_page(request, subscriber, form)
            subscribing.change_rhythm(subscription, form.rhythm())
        case "entfernt":
            subscribing.remove(_own(subscriber, request))
            if not Subscriber.objects.filter(pk=subscriber.pk).exists():
                return private(render(request, "feeds/left.html"))
        case "pause":
            subscribing.pause(subscriber)
        case "weiter":
            subscribing.resume(subscriber)
        case "link":
            subscribing.renew_link(subscriber)
        case "loeschen":
            subscribing.erase(subscriber)
            return private(render(request, "feeds/left.html"))
        case _:
            raise Http404
    return _back_to(subscriber, action)


@require_safe
def export(request: HttpRequest, token: str) -> HttpResponse:
    """Hand somebody all that is stored of them."""
    subscriber = _managed(request, token)
    if subscriber is None:
        return _unknown_manager(request)
    response = JsonResponse(export_of(subscriber), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = 'attachment; filename="meine-abonnements.json"'
    return private(response)


def _managed(request: HttpRequest, token: str) -> Subscriber | None:
    """Return whose subscriptions a link manages; those of a distribution list only with its organisation's account.

    Mails to a list reach many people: they may leave, not change what the others get.
    """
    subscriber = subscribing.find_subscriber(token)
    if subscriber and subscriber.organisation and subscriber.organisation not in _own_organisations(request.user):
        return None
    return subscriber


def _manage_page(request: HttpRequest, subscriber: Subscriber, bound: RhythmForm | None = None) -> HttpResponse:
    """Show the subscriptions; `bound` is the form of one of them, with errors."""
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
    return private(render(request, "feeds/manage.html", context, status=400 if bound else 200))


def _unknown_manager(request: HttpRequest) -> HttpResponse:
    return private(render(request, "feeds/unknown_link.html", {"what": "manage"}, status=404))


def _back_to(subscriber: Subscriber, done: str) -> HttpResponse:
    """Lead to the page of somebody's subscriptions, which says what was done: one of _DONE."""
    address = reverse("subscription_manage", args=[subscriber.manage_token])
    return _see_other(f"{address}?{urlencode({'gespeichert': done})}")


def _see_other(address: str) -> HttpResponse:
    """Answer a form that did its work: reloading the next page sends nothing again (RFC 9110, section 15.4.4)."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return private(response)


def _own(subscriber: Subscriber, request: HttpRequest) -> Subscription:
    number = request.POST.get("abo", "")
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        raise Http404
    return get_object_or_404(subscriber.subscriptions.exclude(confirmed_at=None), pk=int(number))


def _page_of(subscription: Subscription) -> str:
    return f"{reverse('search')}?{subscription.query}" if subscription.query else reverse("search")


def _problem(params: SearchParams, query: str, terms: list[TermRow]) -> str:
    """Return why a selection can not be followed, and what to do; "" where it can."""
    if len(query) > MAX_QUERY:
        return "Diese Auswahl hat zu viele Filter für ein Abonnement. Bitte entfernen Sie einige."
    if unknown := unknown_values(params, terms):
        return f"Diesen Filter gibt es nicht: {', '.join(unknown)}. Bitte entfernen Sie ihn."
    return ""


def _recent(query: str, terms: list[TermRow]) -> int | None:
    """Return of how many practices followers of `query` would have heard in the last months; None where nobody knows."""
    since = timezone.now() - timedelta(days=_COUNTED_DAYS)
    changes = PracticeChange.objects.filter(at__gte=since, notify=True).exclude(kind=PracticeChange.Kind.REMOVED)
    try:
        return len(Members(readable(set(changes.values_list("page_id", flat=True)))).of(read(query, terms)))
    except EngineUnavailable:
        return None


def _own_organisations(user) -> QuerySet[OrganisationPage]:
    """Return the organisations that `user` may edit: Wagtail's own permissions on the page tree."""
    if not user.is_authenticated:
        return OrganisationPage.objects.none()
    editable = page_permission_policy.instances_user_has_permission_for(user, "change")
    return OrganisationPage.objects.filter(live=True, pk__in=editable.values("pk")).order_by("title")


def _of_account(user) -> Subscriber | None:
    """Return the confirmed subscriptions that belong to an account."""
    return subscribing.active(Subscriber.objects.filter(user=user)).first() if user.is_authenticated else None
