"""Without the second factor a session is handed the files that everybody is handed, and no others."""

import pytest
from django.contrib.auth.models import User
from wagtail.models import PageViewRestriction

from editing.organisation_groups import group_of
from editing.roles import EDITORS
from practices.media_owners import collection_of
from practices.models import CreditedDocument, CreditedImage
from tests.editing.signing_in import person, set_up_app, sign_in
from tests.practices.rich_practices import make_document, make_image, make_practices

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.one_database]


@pytest.fixture
def hidden() -> list[str]:
    """The addresses of a document and an image that no page shows."""
    return [make_document("Entwurf", "entwurf.pdf").url, make_image().get_rendition("width-100").url]


def statuses(client, addresses) -> list[int]:
    answers = [client.get(address) for address in addresses]
    for answer in answers:
        answer.close()
    return [answer.status_code for answer in answers]


def test_drafts_need_it_where_it_is_required(client, settings, hidden):
    settings.SECOND_FACTOR_REQUIRED = True
    person("anna", EDITORS)
    sign_in(client, "anna")
    assert statuses(client, hidden) == [404, 404]
    set_up_app(client)
    assert statuses(client, hidden) == [200, 200]


def test_drafts_need_it_where_it_is_set_up(client, hidden):
    person("anna", EDITORS)
    sign_in(client, "anna")
    assert statuses(client, hidden) == [200, 200]
    set_up_app(client)
    client.logout()
    client.force_login(User.objects.get(username="anna"))
    assert statuses(client, hidden) == [404, 404]


def test_others_see_what_they_saw(client, settings, site, organisation, hidden):
    settings.SECOND_FACTOR_REQUIRED = True
    recording = make_practices(site)["mitschnitt"]
    public = client.get(recording.captions.url)
    assert (public.status_code, public.headers.get("Vary", "").count("Cookie")) == (200, 0)
    public.close()
    PageViewRestriction.objects.create(page=recording, restriction_type=PageViewRestriction.LOGIN)
    assert statuses(client, [recording.captions.url]) == [404]
    user = person("ada")
    user.groups.add(group_of(organisation))
    for model in (CreditedDocument, CreditedImage):
        model.objects.filter(collection__depth=1).update(collection=collection_of(organisation))
    client.force_login(user)
    assert statuses(client, [recording.captions.url, *hidden]) == [200, 200, 200]
