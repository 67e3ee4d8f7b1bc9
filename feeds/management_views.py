"""The page of one's subscriptions, opened by a link in a mail. GET never changes anything, and there is no password."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from feeds import subscribing
from feeds.accounts import checked_for_accounts, own_organisations
from feeds.consent import CONSENT_VERSION, CONSENTS
from feeds.forms import AddForm, RhythmForm
from feeds.mail_messages import rhythm
from feeds.models import Subscriber, Subscription
from feeds.personal_data import export as export_of
from feeds.private_responses import see_other
from feeds.selections import labels, page_of
from practices.terms import all_terms

_ADD = "neu"
_DONE = {
    "bestaetigt": "Vielen Dank, Ihr Abonnement ist bestätigt. Die E-Mails kommen in dem Rhythmus, der hier steht.",
    "neu": "Das Abonnement ist gespeichert.",
    "voll": f"Mehr als {subscribing.MOST_SUBSCRIPTIONS} Abonnements sind nicht möglich. Bitte beenden Sie erst eines.",
    "rhythmus": "Der Rhythmus ist gespeichert.",
    "pause": "Die Pause ist gespeichert.",
    "weiter": "Ihre Abonnements laufen wieder.",
    "entfernt": "Das Abonnement ist beendet.",
    "link": "Diese Seite hat jetzt eine neue Adresse. Frühere Links zu ihr sind ungültig.",
}


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
        case "neu":
            adding = AddForm(request.POST, prefix=_ADD, terms=all_terms())
            if not adding.is_valid():
                return _manage_page(request, subscriber, adding)
            if not subscribing.add_subscription(subscriber, adding.query, adding.rhythm()):
                action = "voll"
        case "rhythmus":
            subscription = _own(subscriber, request)
            form = RhythmForm(request.POST, prefix=str(subscription.pk))
            if not form.is_valid():
                return _manage_page(request, subscriber, form)
            subscribing.change_rhythm(subscription, form.rhythm())
        case "entfernt":
            subscribing.remove(_own(subscriber, request))
            if not Subscriber.objects.filter(pk=subscriber.pk).exists():
                return render(request, "feeds/left.html")
        case "pause":
            subscribing.pause(subscriber)
        case "weiter":
            subscribing.resume(subscriber)
        case "link":
            subscribing.renew_link(subscriber)
        case "loeschen":
            subscribing.erase(subscriber)
            return render(request, "feeds/left.html")
        case _:
            raise Http404
    return back_to(subscriber, action)


@require_safe
def export(request: HttpRequest, token: str) -> HttpResponse:
    """Hand somebody all that is stored of them."""
    subscriber = _managed(request, token)
    if subscriber is None:
        return _unknown_manager(request)
    response = JsonResponse(export_of(subscriber), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = 'attachment; filename="meine-abonnements.json"'
    return response


def _managed(request: HttpRequest, token: str) -> Subscriber | None:
    """Return whose subscriptions a link manages; those of a distribution list only with its organisation's account.

    Mails to a list reach many people: they may leave, not change what the others get.
    """
    subscriber = subscribing.find_subscriber(token)
    if subscriber and subscriber.organisation and subscriber.organisation not in own_organisations(request.user):
        return None
    return subscriber


def _manage_page(request: HttpRequest, subscriber: Subscriber, bound: RhythmForm | None = None) -> HttpResponse:
    """Show the subscriptions; `bound` is the form of one of them, or the one that adds one, with errors."""
    subscriptions = list(subscriber.subscriptions.exclude(confirmed_at=None).order_by("pk"))
    terms = all_terms()
    names = labels([subscription.query for subscription in subscriptions], terms)
    rows = []
    for subscription in subscriptions:
        form = RhythmForm(
            prefix=str(subscription.pk),
            initial={name: getattr(subscription, name) for name in ("frequency", "weekday", "hour")},
        )
        if bound is not None and bound.prefix == form.prefix:
            form = bound
        rows.append((subscription, names[subscription.query], rhythm(subscription), page_of(subscription.query), form))
    context = {
        "subscriber": subscriber,
        "token": subscriber.manage_token,
        "rows": rows,
        "adding": bound if isinstance(bound, AddForm) else AddForm(prefix=_ADD, terms=terms),
        "consent": CONSENTS[CONSENT_VERSION],
        "done": _DONE.get(request.GET.get("gespeichert", "")),
    }
    return render(request, "feeds/manage.html", context, status=400 if bound else 200)


def _unknown_manager(request: HttpRequest) -> HttpResponse:
    return render(request, "feeds/unknown_link.html", {"what": "manage"}, status=404)


def back_to(subscriber: Subscriber, done: str) -> HttpResponse:
    """Lead to the page of somebody's subscriptions, which says what was done: one of _DONE."""
    address = reverse("subscription_manage", args=[subscriber.manage_token])
    return see_other(f"{address}?{urlencode({'gespeichert': done})}")


def _own(subscriber: Subscriber, request: HttpRequest) -> Subscription:
    number = request.POST.get("abo", "")
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        raise Http404
    return get_object_or_404(subscriber.subscriptions.exclude(confirmed_at=None), pk=int(number))
