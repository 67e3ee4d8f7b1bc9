"""A link that names no page or document by its key breaks nothing, whichever way it came into a text."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from editing.models import PartnerLink
from tests.factories import OrganisationFactory, ToolFactory

pytestmark = pytest.mark.one_database

BROKEN = [
    f'<a linktype="{kind}"{key}>Verweis</a>'
    for kind in ("page", "document")
    for key in (
        "",
        ' id=""',
        ' id="abc"',
        ' id="1e3"',
        ' id="-1"',
        ' id="1.5"',
        ' id="١"',
        f' id="{"9" * 30}"',
        ' id=" 1"',
    )
]
GONE = ['<a linktype="page" id="999999">Verweis</a>', '<a linktype="gibtesnicht" id="1">Verweis</a>']


@pytest.mark.parametrize("link", [*BROKEN, *GONE])
def test_a_page_with_it_is_shown_everywhere(client, site, link):
    tool = ToolFactory(parent=OrganisationFactory(parent=site), description=f"<p>{link}</p>")
    tool.save_revision().publish()
    tool.description = f"<p>{link} neu</p>"
    tool.save_revision()
    tomorrow = timezone.now() + timedelta(days=1)
    partner = PartnerLink.objects.create(page=tool, partner="Verband", expires_at=tomorrow)
    assert b"Verweis" in client.get(tool.url).content
    assert b"Verweis" in client.get(reverse("partner_reading", args=[partner.token])).content
    client.force_login(User.objects.create_superuser("amt"))
    for name in ("edit", "view_draft"):
        assert b"Verweis" in client.get(reverse(f"wagtailadmin_pages:{name}", args=[tool.pk])).content


def test_a_preview_gets_it_cleaned(client, site):
    tool = ToolFactory(parent=OrganisationFactory(parent=site))
    client.force_login(User.objects.create_superuser("amt"))
    form = client.get(reverse("wagtailadmin_pages:edit", args=[tool.pk])).context["form"]
    sent = '<p><a linktype="document" id="abc">Verweis</a><script>x</script></p>'
    assert form.fields["description"].clean(sent) == "<p><a>Verweis</a></p>"
