"""Links to a new password."""

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator


class ResetLinks(EmailAwarePasswordResetTokenGenerator):
    """Ends them with a new password, a sign-in, another address, and while the account is closed."""

    def check_token(self, user, token) -> bool:
        return bool(user and user.is_active) and super().check_token(user, token)
