"""Signing in with the account of one's association, by OpenID Connect.

It opens an account that is there already and has the same address; the provider has to have checked that address. Nothing is
connected for good: every sign-in compares anew. A second factor of ours is asked for as after a password.
"""

import logging

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import callback
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

# What a provider that is away, or answers with something else, makes its library raise.
_PROVIDER_FAILS = (RequestException, OAuth2Error, AttributeError, KeyError, TypeError, ValueError)
logger = logging.getLogger(__name__)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Trusts only those addresses of which the provider says that it has checked them."""

    def authenticate_by_email(self, sociallogin: SocialLogin):
        # Some providers write the truth value as text, and "false" must not count as true.
        checked = [address for address in sociallogin.email_addresses if str(address.verified).lower() == "true"]
        sociallogin.email_addresses = checked
        return super().authenticate_by_email(sociallogin)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider; 404 where none is set, a page that says so where it does not answer."""
    if not settings.SOCIALACCOUNT_PROVIDERS:
        raise Http404
    provider = get_adapter().get_provider(request, settings.OIDC_PROVIDER_ID)
    try:
        return provider.redirect(request, process=AuthProcess.LOGIN, next_url=get_next_redirect_url(request))
    except _PROVIDER_FAILS:
        return _sorry(request)


@require_safe
def finish(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Sign in who comes back from the provider with its word for it."""
    if not settings.SOCIALACCOUNT_PROVIDERS:
        raise Http404
    try:
        return callback(request, provider_id)
    except _PROVIDER_FAILS:
        return _sorry(request)


def _sorry(request: HttpRequest) -> HttpResponse:
    logger.warning("the OpenID Connect provider failed", exc_info=True)
    return render(request, "socialaccount/authentication_error.html", status=502)
