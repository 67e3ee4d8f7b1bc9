"""Helping who lost the second factor and the recovery codes."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from editing.sign_in.mails import SECOND_FACTOR_RESET, notice_for
from feeds.notices import queue_within
from limits.counting import mailbox_of


@transaction.atomic
def reset(user) -> int:
    """Remove every second factor of `user` and all recovery codes, tell them by mail, and return how many there were."""
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if removed and user.email:
        notice = notice_for(SECOND_FACTOR_RESET, user.email, {})
        queue_within("account_mail", notice, sort=f"{SECOND_FACTOR_RESET} {mailbox_of(user.email)}")
    return removed
