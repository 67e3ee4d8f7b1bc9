"""Every address of the admin is wanted or closed, and nobody gets through one further than was decided."""

import pytest
from django.contrib.auth.models import User
from wagtail.admin.views.generic.models import CopyViewMixin

from editing.roles import ADMINISTRATORS
from tests.editing.doors import doors
from tests.editing.signing_in import person

# What a role may do is asked of Wagtail, not of the database.
pytestmark = pytest.mark.one_database


def test_no_address_saves_a_copy_over_its_original():
    """Wagtail's generic view does; copies of pages are made by a view of their own."""
    assert [door.route for door in doors() if issubclass(door.view_class or object, CopyViewMixin)] == []


def test_nobody_takes_an_account_over_by_copying_it(client, db):
    chief = User.objects.create_superuser("chefin", "chefin@example.org", "geheim")
    before = User.objects.filter(pk=chief.pk).values().get()
    client.force_login(person("verwaltet", ADMINISTRATORS))
    words = {"username": "kopie", "email": "k@example.org", "first_name": "K", "last_name": "K", "is_superuser": "on"}
    passwords = {"password1": "ein neues langes Kennwort", "password2": "ein neues langes Kennwort"}
    answer = client.post(f"/verwaltung/users/copy/{chief.pk}/", words | passwords)
    assert (answer.status_code, User.objects.filter(pk=chief.pk).values().get()) == (404, before)
