"""Files of drafts are for those who may choose them and for those who work on a page that refers to them; uploads come home."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from editing.models import ReviewScope
from editing.organisation_groups import group_of
from editing.roles import EDITORS, REVIEWERS
from practices.media_owners import COMMON, collection_of, common_collection
from practices.models import CreditedDocument, CreditedImage, CreditedMedia, FieldOfAction
from tests.editing.media_rights import add_document, add_image, add_video, make_pdf, make_video
from tests.editing.page_rights import NEW
from tests.factories import OrganisationFactory, RecordingFactory
from tests.practices.recordings import mp4, upload
from tests.practices.rich_practices import make_image

KINDS: dict[str, Callable[[], Model]] = {"image": make_image, "slides": make_pdf, "video": make_video}


@pytest.fixture
def other(site):
    return OrganisationFactory(parent=site, title="Werkstatt Süd")


def person(name: str, *groups: Group) -> Client:
    user = User.objects.create_user(name)
    user.groups.set(groups)
    client = Client()
    client.force_login(user)
    client.user = user
    return client


def reviewer(name: str, *fields: FieldOfAction) -> Client:
    client = person(name, Group.objects.get(name=REVIEWERS))
    ReviewScope.objects.create(user=client.user).fields_of_action.set(fields)
    return client


def fetches(client: Client, medium: Model) -> bool:
    address = medium.get_rendition("width-100").url if isinstance(medium, CreditedImage) else medium.url
    answer = client.get(address)
    b"".join(answer)
    assert answer.status_code in (200, 404)
    return answer.status_code == 200


def draft_with(organisation: Page, kind: str, medium: Model) -> Page:
    """Return a page whose newest text, and nothing stored of it, refers to `medium`."""
    page = RecordingFactory(parent=organisation, live=False)
    page.fields_of_action.set(FieldOfAction.objects.all()[:1])
    page.save()
    setattr(page, kind, medium)
    page.save_revision()
    return Page.objects.get(pk=page.pk).specific


@pytest.mark.parametrize("kind", KINDS)
def test_files_of_a_draft_are_for_those_who_work_on_it(organisation, other, kind):
    medium, field = KINDS[kind](), FieldOfAction.objects.first()
    page = draft_with(organisation, kind, medium)
    own, foreign = person("eigene", group_of(organisation)), person("andere", group_of(other))
    asked, not_asked = reviewer("gefragt", field), reviewer("nicht-gefragt", FieldOfAction.objects.last())
    editor = person("redaktion", Group.objects.get(name=EDITORS))
    everybody = {
        "own": own,
        "foreign": foreign,
        "asked": asked,
        "not asked": not_asked,
        "editor": editor,
        "-": Client(),
    }
    assert [name for name, client in everybody.items() if fetches(client, medium)] == ["own", "editor"]
    page.get_latest_revision_as_object().get_workflow().start(page, own.user)
    assert [name for name, client in everybody.items() if fetches(client, medium)] == ["own", "asked", "editor"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_that_moves_takes_along_what_it_shows(organisation, other, kind):
    medium = KINDS[kind]()
    page = draft_with(organisation, kind, medium)
    own, foreign = person("eigene", group_of(organisation)), person("andere", group_of(other))
    page.move(other, "last-child")
    assert (fetches(own, medium), fetches(foreign, medium)) == (
        True,
        True,
    )  # it is still theirs; it is on a page of theirs


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_for_all_is_fetched_by_whoever_may_choose_it(organisation, kind):
    medium = KINDS[kind]()
    type(medium).objects.update(collection=common_collection())
    medium.refresh_from_db()
    assert fetches(person("eigene", group_of(organisation)), medium)
    assert fetches(person("prueft", Group.objects.get(name=REVIEWERS)), medium)
    assert not fetches(person("ohne"), medium)


def queries(client: Client, medium: Model) -> int:
    fetches(client, medium)  # fills what is kept between requests
    with CaptureQueriesContext(
        connection,
    ) as asked:
        fetches(client, medium)
    return len(asked)


def test_the_number_of_queries_does_not_depend_on_that_of_pages(organisation, other):
    image, field = make_image(), FieldOfAction.objects.first()
    first = draft_with(organisation, "image", image)
    foreign, asked = person("andere", group_of(other)), reviewer("gefragt", field)
    first.get_workflow().start(first, foreign.user)
    before = queries(foreign, image), queries(asked, image)
    for _ in range(3):
        page = draft_with(organisation, "image", image)
        page.get_workflow().start(page, foreign.user)
    assert (queries(foreign, image), queries(asked, image)) == before


def test_a_file_that_everybody_sees_costs_no_more_than_before(organisation):
    image = make_image()
    RecordingFactory(parent=organisation, image=image)
    image.get_rendition("width-100")
    with CaptureQueriesContext(connection) as asked:
        fetches(Client(), image)
    assert len(asked) == 3  # which picture, who refers to it, is that public


@pytest.mark.parametrize(
    ("add", "model"), [(add_image, CreditedImage), (add_document, CreditedDocument), (add_video, CreditedMedia)]
)
def test_what_contributors_upload_belongs_to_their_organisation(organisation, other, add, model):
    client = person("eigene", group_of(organisation))
    assert add(client)
    medium = model.objects.get(title=NEW)
    assert medium.collection == collection_of(organisation)
    assert fetches(client, medium)
    assert not fetches(person("andere", group_of(other)), medium)


def test_who_contributes_to_two_organisations_says_for_which(organisation, other):
    client = person("beide", group_of(organisation), group_of(other))
    add_image(client)
    assert not CreditedImage.objects.filter(title=NEW).exists()  # "collection 1" is neither
    shown = client.get(reverse("wagtailimages:add")).content.decode()
    [choice] = re.findall(r'<select name="collection".*?</select>', shown, re.DOTALL)
    assert re.findall(r">([^<]+)</option>", choice) == [
        "Werkstatt Nord",
        "Werkstatt Süd",
    ]  # of which the first is chosen


def test_dialogues_for_recordings_offer_those_of_the_organisation_and_name_no_other(organisation, other):
    own, foreign, common = (make_video() for _ in range(3))
    for video, place, title in (
        (own, collection_of(organisation), "Eigener Film"),
        (foreign, collection_of(other), "Fremder Film"),
        (common, common_collection(), "Gemeinsamer Film"),
    ):
        CreditedMedia.objects.filter(pk=video.pk).update(collection=place, title=title)
        video.tags.add(f"Schlagwort zu: {title}")
    client = person("eigene", group_of(organisation))
    shown = client.get(reverse("wagtailmedia:chooser_typed", args=["video"])).json()["html"]
    assert all(word in shown for word in ("Eigener Film", "Gemeinsamer Film", "Werkstatt Nord", COMMON))
    assert not any(word in shown for word in ("Fremder Film", "Werkstatt Süd"))
    chosen = [client.get(reverse("wagtailmedia:media_chosen", args=[video.pk])) for video in (own, common, foreign)]
    assert [answer.status_code for answer in chosen] == [200, 200, 404]
    refused = client.post(
        reverse("wagtailmedia:chooser_upload", args=["video"]), {"media-chooser-upload-file": upload(mp4(b"x"))}
    )
    assert "Fremder Film" not in refused.json()["html"]
    assert "Werkstatt Süd" not in refused.json()["html"]
    assert "Fremder Film" not in client.get(reverse("wagtailmedia:index")).content.decode()


@pytest.mark.parametrize("name", ["wagtailimages_chooser:choose", "wagtailimages:index"])
def test_proposed_tags_are_those_of_what_is_for_all(organisation, other, name):
    foreign, common = make_image(), make_image()
    foreign.tags.add("fremd")
    common.tags.add("gemeinsam")
    CreditedImage.objects.filter(pk=foreign.pk).update(collection=collection_of(other))
    CreditedImage.objects.filter(pk=common.pk).update(collection=common_collection())
    shown = person("eigene", group_of(organisation)).get(reverse(name)).content.decode()
    assert ("gemeinsam" in shown, "fremd" in shown) == (True, False)
