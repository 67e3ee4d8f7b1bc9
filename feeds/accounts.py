"""What it means for the pages around subscriptions that somebody is signed in."""

from collections.abc import Callable
from functools import wraps

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from wagtail.permissions import page_permission_policy

from feeds import subscribing
from feeds.models import Subscriber
from practices.models import OrganisationPage


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


def own_organisations(user) -> QuerySet[OrganisationPage]:
    """Return the organisations that `user` may edit: Wagtail's own permissions on the page tree."""
    if not user.is_authenticated:
        return OrganisationPage.objects.none()
    editable = page_permission_policy.instances_user_has_permission_for(user, "change")
    return OrganisationPage.objects.filter(live=True, pk__in=editable.values("pk")).order_by("title")


def of_account(user) -> Subscriber | None:
    """Return the confirmed subscriptions that belong to an account."""
    return subscribing.active(Subscriber.objects.filter(user=user)).first() if user.is_authenticated else None
