"""The mail address of an account is `User.email`; django-allauth's own list of addresses follows it.

People are invited to an address by a link sent there, or administrators enter it; nobody changes their own. So every
address counts as verified, and once it changes, no link to a new password goes to the old one.
"""

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db.models.signals import post_save


def connect() -> None:
    """Keep the list up to date from now on."""
    post_save.connect(_follow, sender=get_user_model(), dispatch_uid="addresses-of-accounts")


def _follow(instance, update_fields=None, raw=False, **kwargs) -> None:
    if not raw and (update_fields is None or "email" in update_fields):
        follow(instance)


def follow(user) -> None:
    """Make the address of `user` their only one; where two accounts share one, the first keeps it verified."""
    email = user.email.lower()
    EmailAddress.objects.filter(user=user).exclude(email=email).delete()
    if email:
        taken = EmailAddress.objects.filter(email=email, verified=True).exclude(user=user).exists()
        EmailAddress.objects.update_or_create(user=user, email=email, defaults={"primary": True, "verified": not taken})
