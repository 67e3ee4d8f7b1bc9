"""A number in an address that no database reads names nothing: it is no error of the server."""

import re

import pytest
from django.contrib.auth.models import User

from tests.editing.doors import doors

pytestmark = pytest.mark.one_database

_NUMBER = re.compile(r"<int:\w+>|\((?:\?P<\w+>)?(?:\\d|\[0-9\])\+\)")
_TEXT = re.compile(r"<\w+:\w+>|<\w+>|\(\.\*\)")


@pytest.mark.parametrize("role", ["nobody", "superuser"])
def test_no_address_breaks_on_a_huge_number(client, organisation, role):
    if role == "superuser":
        client.force_login(User.objects.create_superuser("verwaltung"))
    client.raise_request_exception = False
    routes = [door.route for door in doors() if _NUMBER.search(door.route)]
    assert len(routes) > 150
    broken = []
    for route in routes:
        address = "/" + _TEXT.sub("a", _NUMBER.sub(str(10**30), route)).replace("^", "").replace("$", "")
        broken += [address for ask in (client.get, client.post) if ask(address).status_code >= 500]
    assert broken == []
