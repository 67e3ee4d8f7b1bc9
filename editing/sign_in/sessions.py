"""What a session remembers of how somebody signed in."""

from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.db.models.signals import post_save

from editing.second_factor import TYPES


def connect() -> None:
    """Let whoever has just set up a second factor go on: setting it up has shown it."""
    post_save.connect(_record_second_factor, sender=Authenticator, dispatch_uid="second-factor-set-up")


def _record_second_factor(instance: Authenticator, created: bool, **kwargs) -> None:
    request = context.request
    if created and instance.type in TYPES and request is not None and request.user == instance.user:
        record_authentication(request, instance.user, "mfa", id=instance.pk, type=instance.type)


def record_new_account(request, user) -> None:
    """Remember that `user`, who is signed in, has just chosen their password."""
    record_authentication(request, user, "password", username=user.get_username())
