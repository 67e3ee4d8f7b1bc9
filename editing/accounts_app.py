"""Wagtail's app for accounts, with the views of ours."""

from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(WagtailUsersAppConfig):
    user_viewset = "editing.accounts.AccountViewSet"
