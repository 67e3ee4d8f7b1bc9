"""A partner's link opens the files that the newest text of its page shows, and not one more, whatever is typed.

Every type of page in every state, with links that are open, revoked or expired, and everything that somebody might type:
each address in each answer is followed, and the names of all files that came back are those expected, no more, no fewer.
"""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from editing.models import PartnerLink, PartnerRemark
from tests.editing.partner_pages import STATES, TYPES, Others, PartnerPage, names_of_files, typed_by_partners

pytestmark = pytest.mark.one_database

_ADDRESS = re.compile(r"/mitlesen/datei/[^\s\"'<>,]+")
LINK_STATES = {"revoked": "revoked_at", "expired": "expires_at"}


class Partner:
    """Whoever holds a link to `page`: reads, types and follows every address."""

    def __init__(self, page):
        ends = timezone.now() + timedelta(days=30)
        self.link = PartnerLink.objects.create(page=page, partner="Verband West", expires_at=ends)
        self.way = reverse("partner_reading", args=[self.link.token])
        self.client = Client()
        self.followed: dict[str, str | None] = {}

    def read(self, **query) -> str:
        return self._shown(self.client.get(self.way, query))

    def type(self, **data) -> str:
        return self._shown(self.client.post(self.way, data))

    def _shown(self, response) -> str:
        assert response.status_code < 500
        assert response.headers["Cache-Control"] == "no-store"
        return response.content.decode()

    def files(self, addresses: set[str]) -> set[str]:
        """Return the names of the files behind `addresses`."""
        return {name for address in addresses if (name := self._follow(address))}

    def _follow(self, address: str) -> str | None:
        # Each second signs the same thing anew: what is signed stands before the first colon, and is fetched once.
        what = address.partition(":")[0]
        if what not in self.followed:
            self.followed[what] = self.fetch(address)
        return self.followed[what]

    def fetch(self, address: str) -> str | None:
        """Return the name of the file behind `address`; None where there is none."""
        response = self.client.get(address)
        body = b"".join(response)
        assert response.headers["Cache-Control"] == "no-store"
        assert response.status_code in {200, 404}
        if response.status_code == 404:
            return None
        return names_of_files()[body]


def addresses_in(shown: str) -> set[str]:
    """Return the signed addresses anywhere in a page, as text or in an attribute."""
    return set(_ADDRESS.findall(html.unescape(shown)))


def put(link: PartnerLink, state: str) -> None:
    """Bring `link` into one of LINK_STATES."""
    PartnerLink.objects.filter(pk=link.pk).update(**{LINK_STATES[state]: timezone.now() - timedelta(seconds=1)})


@pytest.mark.drill(12)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", TYPES)
def test_a_link_opens_the_files_of_its_page_and_no_others(site, kind, state):
    others = Others(site)
    other_partner = Partner(others.page)
    of_another_link = addresses_in(other_partner.read())
    made = PartnerPage(kind, state, site, others)
    partner = Partner(made.page)
    own = addresses_in(partner.read())
    assert partner.files(own) == made.open
    one_of_each = {partner.files({address}).pop(): address for address in own}.values()
    assert other_partner.fetch(min(of_another_link))
    typed = typed_by_partners(made, min(of_another_link))
    everything = " ".join(text for texts in typed.values() for text in texts)
    had_before = html.unescape(everything)
    mistakes = []

    def new(shown: str) -> set[str]:
        return {address for address in addresses_in(shown) if address not in had_before}

    def expect(cell: str, shown: str, files: set[str]) -> None:
        _page, _, answer = shown.partition('id="rueckmeldung"')
        if signed := new(answer):
            mistakes.append((cell, "was signed", signed))
        found = partner.files(new(shown))
        if found != files:
            mistakes.append((cell, "too many", found - files, "too few", files - found))

    for cell, texts in typed.items():
        text = "\n".join(texts)
        expect(cell, partner.type(name="", text=text, seen=text), made.open)
        for text in texts:
            PartnerRemark.objects.create(link=partner.link, name=text[:120], text=text)
    expect("in the name", partner.type(name=everything, text="", zustimmen=everything), made.open)
    expect("among the remarks, and where nothing is asked", partner.read(gesendet=everything, t=everything), made.open)
    for link_state in LINK_STATES:
        put(partner.link, link_state)
        assert {partner.fetch(address) for address in one_of_each} <= {None}
        expect(link_state, partner.type(name="", text=everything) + partner.read(gesendet=everything), set())
        PartnerLink.objects.update(revoked_at=None, expires_at=timezone.now() + timedelta(days=1))
    made.clear()
    assert {partner.fetch(address) for address in one_of_each} <= {None}
    expect("the newest text has no files", partner.type(name="", text=everything), set())
    made.page.delete()
    assert {partner.fetch(address) for address in one_of_each} <= {None}
    expect("the page is gone", partner.type(name="", text=everything) + partner.read(), set())
    assert mistakes == []
