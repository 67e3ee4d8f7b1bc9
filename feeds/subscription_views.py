"""The pages on which people begin to follow and leave.

GET never changes anything; what a link allows is in the link, readers get no cookie.
"""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from feeds import subscribing
from feeds.accounts import checked_for_accounts, of_account, own_organisations
from feeds.consent import CONSENT_VERSION, CONSENTS
from feeds.forms import EmailForm, SubscribeForm
from feeds.mail_messages import rhythm
from feeds.management_views import back_to
from feeds.matching import readable
from feeds.private_responses import private, see_other
from feeds.selections import label, labels, page_of, problem_of, read
from limits.answers import tell
from limits.counting import LimitReached, origin_of, spend
from limits.rates import rates_of
from practices.models import PracticeChange
from practices.terms import TermRow, all_terms
from search.engines.protocol import EngineUnavailable
from search.find import Members
from search.params import SearchParams

_COUNTED_DAYS = 90


@checked_for_accounts
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Show what would be subscribed to, and take the request. The answer is the same whatever is known of the address."""
    terms = all_terms()
    params = SearchParams.parse(request.GET).as_selection().with_current_keys(terms)
    query = params.to_query()
    organisations, mine = own_organisations(request.user), of_account(request.user)
    form = SubscribeForm(
        request.POST if request.method == "POST" else None,
        organisations=organisations,
        initial={"email": request.user.email} if request.user.is_authenticated else None,
    )
    problem = problem_of(params, terms)
    if form.is_valid() and not problem:
        email, organisation = form.cleaned_data["email"], form.cleaned_data.get("organisation")
        if mine and mine.email == email and not organisation:
            done = "neu" if subscribing.add_subscription(mine, query, form.rhythm()) else "voll"
            return back_to(mine, done)
        if _may_ask(request, form):
            subscribing.request_subscription(email, query, form.rhythm(), organisation)
            return see_other(reverse("subscription_requested"))
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
    return render(request, "feeds/requested.html", {"most": rates_of("subscription_mail")[0].amount})


@checked_for_accounts
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm a subscription; programs that open links in mails confirm nothing.

    Confirming leads to the page of one's subscriptions, once: later the link shows no more than that it was used.
    """
    subscription = subscribing.find_request(token)
    if subscription is None:
        return render(request, "feeds/unknown_link.html", {"what": "confirm"}, status=404)
    if request.method == "POST":
        is_first = subscribing.confirm(subscription, request.user if request.user.is_authenticated else None)
        if is_first and not subscription.subscriber.organisation_id:
            return back_to(subscription.subscriber, "bestaetigt")
        return see_other(reverse("subscription_confirm", args=[token]))
    context = {
        "subscription": subscription,
        "subscriber": subscription.subscriber,
        "token": token,
        "label": labels([subscription.query], all_terms())[subscription.query],
        "rhythm": rhythm(subscription),
        "page": page_of(subscription.query),
    }
    return render(request, "feeds/confirm.html", context)


@checked_for_accounts
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """End every mail to an address: one click, or one POST by the mail program. Whether a token is known is not told."""
    if request.method == "POST":
        subscribing.leave(token)
        return render(request, "feeds/left.html")
    return render(request, "feeds/leave.html")


@checked_for_accounts
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """Send the link to their subscriptions to whoever has some; the answer is the same for everybody."""
    form = EmailForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _may_ask(request, form):
        subscribing.request_link(form.cleaned_data["email"])
        return see_other(reverse("subscription_requested"))
    return private(render(request, "feeds/link.html", {"form": form}, status=400 if form.errors else 200))


def _may_ask(request: HttpRequest, form: EmailForm) -> bool:
    """Count a request; False, with a sentence at `form`, where too many came from the same place or in all."""
    try:
        spend("subscribe", origin=origin_of(request))
    except LimitReached as reached:
        form.add_error("email", f"Im Moment kommen zu viele Anfragen. {tell(request, reached)}")
        return False
    return True


def _recent(query: str, terms: list[TermRow]) -> int | None:
    """Return of how many practices followers of `query` would have heard in the last months; None where nobody knows."""
    since = timezone.now() - timedelta(days=_COUNTED_DAYS)
    changes = PracticeChange.objects.filter(at__gte=since, notify=True).exclude(kind=PracticeChange.Kind.REMOVED)
    try:
        return len(Members(readable(set(changes.values_list("page_id", flat=True)))).of(read(query, terms)))
    except EngineUnavailable:
        return None
