"""What somebody may want to do with accounts, tried through the views: each function says whether it worked."""

from django.contrib.auth.models import Group, User
from django.urls import reverse

from editing.roles import EDITORS
from tests.editing.page_rights import opens, posts
from tests.editing.signing_in import PASSWORD


def edit_account(client):
    return opens(client, "wagtailusers_users:edit", User.objects.create_user("x").pk)


def edit_superuser(client):
    return opens(client, "wagtailusers_users:edit", User.objects.create_superuser("chefin").pk)


def _form_of(name: str, **more) -> dict:
    return {"username": name, "email": "x@example.org", "first_name": "X", "last_name": "Y"} | more


def add_superuser(client):
    passwords = {"password1": PASSWORD, "password2": PASSWORD}
    posts(client, "wagtailusers_users:add", data=_form_of("neu", is_superuser="on", **passwords))
    return User.objects.filter(username="neu", is_superuser=True).exists()


def promote(client):
    user = User.objects.create_user("x")
    posts(client, "wagtailusers_users:edit", user.pk, data=_form_of("x", is_active="on", is_superuser="on"))
    user.refresh_from_db()
    return user.is_superuser


def promote_oneself(client):
    own = client.session.get("_auth_user_id", 0)
    posts(client, "wagtailusers_users:edit", own, data=_form_of("selbst", is_active="on", is_superuser="on"))
    return User.objects.filter(pk=own, is_superuser=True).exists()


def _bulk(client, action: str, user: User, data: dict) -> User:
    start = reverse("wagtail_bulk_action", args=["auth", "user", action])
    client.post(f"{start}?id={user.pk}&next=/verwaltung/", data)
    return User.objects.get(pk=user.pk)


def _close(client, user: User) -> bool:
    return not _bulk(client, "set_active_state", user, {"mark_as_active": "False"}).is_active


def close_many(client):
    return _close(client, User.objects.create_user("x"))


def close_superuser(client):
    return _close(client, User.objects.create_superuser("chefin"))


def _give_role(client, user: User) -> bool:
    role = Group.objects.get(name=EDITORS)
    return _bulk(client, "assign_role", user, {"role": role.pk}).groups.filter(pk=role.pk).exists()


def give_many_a_role(client):
    return _give_role(client, User.objects.create_user("x"))


def give_superuser_a_role(client):
    return _give_role(client, User.objects.create_superuser("chefin"))


ACCOUNTS = {
    "change an account": (edit_account, "AS"),
    "change an account that runs the platform": (edit_superuser, "S"),
    "make an account that runs the platform": (add_superuser, "S"),
    "let an account run the platform": (promote, "S"),
    "run the platform oneself": (promote_oneself, "S"),
    "close accounts": (close_many, "AS"),
    "close an account that runs the platform": (close_superuser, "S"),
    "give accounts a role": (give_many_a_role, "AS"),
    "give a role to an account that runs the platform": (give_superuser_a_role, "S"),
}
