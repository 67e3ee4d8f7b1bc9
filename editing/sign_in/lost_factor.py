"""Helping who lost the second factor and the recovery codes."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from editing.sign_in.mails import SECOND_FACTOR_RESET, notice_for
from feeds.notices import queue


@transaction.atomic
def reset(user) -> int:
    """Remove every second factor of `user` and all recovery codes, tell them by mail, and return how many there were."""
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if removed and user.email:
        queue(notice_for(SECOND_FACTOR_RESET, user.email, {}))
    return removed
