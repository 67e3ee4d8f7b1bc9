"""Wagtail's app for accounts, with the views of ours."""

from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(WagtailUsersAppConfig):
    user_viewset = "editing.accounts.AccountViewSet"

    def ready(self) -> None:
        super().ready()
        from django.contrib.auth.models import Group
        from wagtail.permissions import register_permission_policy

        from editing.accounts import SuperusersOnly

        register_permission_policy(Group, SuperusersOnly(Group))
