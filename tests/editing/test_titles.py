"""Nobody comes across titles of drafts that are not theirs, nor of pages they may not read, anywhere in the admin."""

import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from django.db import transaction
from django.http import StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.models import Page

from editing.known_pages import HIDDEN, known_drafts, known_pages, viewer_of
from editing.page_titles import PageTitlesMiddleware
from practices.models import ProjectProfilePage
from tests.editing.door_addresses import address
from tests.editing.door_decisions import decisions
from tests.editing.title_world import COMMON, DRAFT, PEOPLE, SLUG, STATES, TITLE, TitleWorld, may_see, word
from tests.factories import LessonFactory

pytestmark = pytest.mark.django_db

ALL_WORDS = may_see("S")
DECIDED = [line for line in decisions() if line.route.lstrip("^").startswith("verwaltung/")]
# What stands in an address, or in what it is about, in place of a page.
_A_PAGE = (
    "page_id",
    "parent_page_id",
    "page_to_move_id",
    "destination_id",
    "page_pk",
    "object_id",
    "{page}",
    "/^pages",
    "pages/^(",
)
_TYPES = ("", "&page_type=practices.toolpage", "&page_type=practices.organisationpage", "&multiple=1")
_REPORTS = ("workflow", "workflow_tasks", "site-history", "aging-pages", "page-types-usage", "locked")
_OWN_REPORTS = ("abdeckung", "lange-nicht-bestaetigt", "medien", "links", "pruefungen")
ASKED = (
    *(f"/verwaltung/choose-page/search/?q={COMMON}{kind}" for kind in _TYPES),
    *(f"/verwaltung/choose-page/?{kind}" for kind in _TYPES),
    *(f"/verwaltung/pages/search/{results}?q={COMMON}" for results in ("", "results/")),
    *(f"/verwaltung/reports/{name}/?export={kind}" for name in _REPORTS for kind in ("csv", "xlsx")),
    *(f"/verwaltung/berichte/{name}/?export={kind}" for name in _OWN_REPORTS for kind in ("csv", "xlsx")),
    *(f"/verwaltung/api/main/pages/?{query}" for query in ("fields=*&limit=20", f"search={COMMON}")),
    "/verwaltung/reports/site-history/?label=xq",
    "/verwaltung/tag-autocomplete/?term=zebratag",
    f"/verwaltung/pages/usage/practices/toolpage/?q={COMMON}",
    f"/verwaltung/bulk/wagtailcore/page/practice_terms/?id=all&q={COMMON}",
)


@pytest.fixture(scope="module")
def media_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, media_folder):
    """A platform for all tests of this module, taken back at the end."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr("django.conf.settings.MEDIA_ROOT", media_folder)
        yield TitleWorld()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def files_stay(settings, data_dir, media_folder):
    settings.MEDIA_ROOT = media_folder


def client_of(world: TitleWorld, letter: str) -> Client:
    client = Client()
    client.force_login(world.doors.people[letter])
    return client


def words_in(response) -> set[str]:
    """Return the words that stand in an answer, in its headers, and in the messages that the next page will show."""
    body = b"".join(response)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(map(book.read, book.namelist()))
    said = " ".join(map(str, response.wsgi_request._messages))
    text = html.unescape(unquote(f"{body.decode(errors='replace')} {response.headers} {said}")).casefold()
    return {found for found in re.findall(r"xq[a-z]+?qx", text) if found in ALL_WORDS} | set(
        re.findall(r"zebratag[a-z]+", text)
    )


def addresses(world: TitleWorld, letter: str, states: tuple[str, ...] = ()) -> Iterator[str]:
    """Return every address of the admin, those about a page once for each of `states`, or of all; and lists with questions."""
    named = world.named()
    there = [world.about(named[state]) for state in states or named]
    for line in DECIDED:
        is_open = bool(set(line.letters) & set("CDR"))
        if any(place in f"{line.route} {line.target}" for place in _A_PAGE):
            # Where none of them gets in, one page is refused as the other.
            for about_it in there if is_open else there[:1]:
                yield address(line.route, line.target, about_it, letter)
        elif is_open:
            yield address(line.route, line.target, world.doors, letter)
    yield from ASKED
    section = world.above["bereich"].pk
    yield from (f"/verwaltung/api/main/pages/?fields=*&{where}={section}" for where in ("child_of", "descendant_of"))
    yield f"/verwaltung/choose-page/{section}/?multiple=1"
    marked = "&".join(f"id={page.pk}" for page in named.values())
    yield f"/verwaltung/choose-page/chosen-multiple/?{marked}"


def leaks(world: TitleWorld, letter: str, *states: str) -> dict[str, set[str]]:
    """Return what `letter` sees at which address and should not."""
    client, found = client_of(world, letter), {}
    tags = {f"zebratag{state}" for state in STATES if word(state, TITLE) in may_see(letter)}
    for path in dict.fromkeys(addresses(world, letter, states)):
        response = client.get(path)
        assert response.status_code < 500, path
        if seen := words_in(response) - may_see(letter) - tags:
            found[path] = seen
    return found


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("letter", "states"),
    [
        ("M", ()),
        ("R", ("geaendert", "zu", "unterzu", "entwurf", "pruefung", "livepruefung", "orgentwurf")),
        ("X", ("geaendert", "zu", "pruefung", "eigenes")),
    ],
)
def test_no_address_names_what_somebody_may_not_know(world, letter, states):
    found = leaks(world, letter, *states)
    assert found == {}, "\n".join(f"{path}: {sorted(words)}" for path, words in found.items())


@pytest.mark.one_database
@pytest.mark.parametrize("letter", ["C", "D", "Q"])
def test_nor_do_the_lists_of_those_who_may_do_less_than_they(world, letter):
    found = leaks(world, letter, "unterzu", "orgentwurf")
    assert found == {}, "\n".join(f"{path}: {sorted(words)}" for path, words in found.items())


@pytest.mark.parametrize("letter", PEOPLE)
def test_what_is_known_is_said_the_same_of_one_page_and_of_many(world, letter):
    user = world.doors.people[letter]
    viewer, pages = viewer_of(user), list(Page.objects.all())
    known = set(known_pages(Page.objects.all(), user).values_list("pk", flat=True))
    drafts = set(known_drafts(user).values_list("pk", flat=True))
    assert known == {page.pk for page in pages if viewer.knows(page)}
    assert drafts == {page.pk for page in pages if viewer.knows_draft(page)}
    assert drafts <= known
    assert {page.pk for page in pages if viewer.title_of(page) == HIDDEN} == {page.pk for page in pages} - known
    there = {state: page for state, page in world.named().items() if state in STATES}
    titles = {state: viewer.title_of(Page.objects.get(pk=page.pk)) for state, page in there.items()}
    assert all(set(re.findall("xq[a-z]+qx", title)) <= may_see(letter) for title in titles.values())
    assert {state for state, title in titles.items() if title != HIDDEN} == {
        state for state in there if word(state, TITLE) in may_see(letter)
    }
    assert (word("livepruefung", DRAFT) in titles["livepruefung"]) == (letter in "CREAS")


@pytest.mark.parametrize("letter", PEOPLE)
def test_the_search_of_the_chooser_finds_all_that_is_known(world, letter):
    path = f"/verwaltung/choose-page/search/?q={COMMON}&page_type=practices.toolpage"
    client, found = client_of(world, letter), set()
    for number in (1, 2):
        found |= set(
            re.findall(r'data-title="Zebra xq([a-z]+)titelqx"', client.get(f"{path}&p={number}").content.decode())
        )
    assert found == {state for state in world.named() if state in STATES and word(state, TITLE) in may_see(letter)}


@pytest.mark.parametrize("letter", PEOPLE)
def test_browsing_leads_down_to_every_page_that_is_known(world, letter):
    client, found, open_ones, seen = client_of(world, letter), set(), ["/verwaltung/choose-page/"], set()
    while open_ones:
        text = json.loads(client.get(open_ones.pop()).content)["html"]
        found |= set(re.findall(r'data-title="Zebra xq([a-z]+)titelqx"', text))
        further = set(re.findall(r'href="(/verwaltung/choose-page/\d+/)', text)) - seen
        seen |= further
        open_ones += further
    assert found == {state for state in world.named() if state in STATES and word(state, TITLE) in may_see(letter)}


def test_the_dialogue_begins_where_something_is_known(world):
    """All lessons there are lie below an organisation that is closed."""
    lesson = LessonFactory(parent=world.above["orgzu"])
    path = "/verwaltung/choose-page/?page_type=practices.lessonpage"
    beginnings = {letter: json.loads(client_of(world, letter).get(path).content)["parent_page_id"] for letter in "DE"}
    assert beginnings == {"D": Page.get_first_root_node().pk, "E": world.above["orgzu"].pk}
    lesson.delete()


def test_what_only_leads_to_others_has_no_name_and_is_not_chosen(world):
    section, organisation = world.above["bereich"], world.above["orgentwurf"]
    text = json.loads(client_of(world, "D").get(f"/verwaltung/choose-page/{section.pk}/").content)["html"]
    assert HIDDEN in text
    assert f'data-id="{organisation.pk}"' not in text


def test_the_dialogue_opens_beside_a_relation_to_a_page_that_was_hidden(world):
    """It would open at the page above that one, which is hidden as well."""
    client = client_of(world, "D")
    response = client.get(f"/verwaltung/choose-page/{world.above['orgzu'].pk}/?page_type=practices.toolpage")
    assert json.loads(response.content)["parent_page_id"] == world.above["bereich"].pk
    assert words_in(response) <= may_see("D")


@pytest.mark.parametrize("path", ["/verwaltung/", f"/verwaltung/bulk/wagtailcore/page/move/?id=all&q={COMMON}"])
def test_lists_do_not_even_count_hidden_pages(world, path):
    """How many lines without a name there are would say how many hidden pages hold the word that was asked for."""
    text = client_of(world, "D").get(path).content.decode()
    assert HIDDEN not in text
    assert "Zebra" in text or path == "/verwaltung/"


def test_the_menu_says_nothing_of_a_hidden_page_above_ones_own(world):
    section = world.above["bereich"]
    Page.objects.filter(pk=section.pk).update(live=False)
    [found] = [
        item
        for item in client_of(world, "M").get("/verwaltung/api/main/pages/?limit=20").json()["items"]
        if item["id"] == section.pk
    ]
    assert (found["title"], found["meta"]["slug"], found["meta"]["html_url"]) == (HIDDEN, None, None)


def test_a_file_sent_row_by_row_names_pages_as_its_page_would(world):
    page, request = Page.objects.get(pk=world.pages["zu"].pk), RequestFactory().get("/verwaltung/reports/")
    request.user = world.doors.people["D"]
    answer = PageTitlesMiddleware(lambda _: StreamingHttpResponse(page.get_admin_display_title() for _ in range(2)))
    assert b"".join(answer(request)).decode() == HIDDEN * 2
    assert word("zu", DRAFT) in page.get_admin_display_title()  # where nobody looks


def test_a_relation_to_a_hidden_page_stays_and_is_called_nothing(world):
    text = client_of(world, "D").get(reverse("wagtailadmin_pages:edit", args=[world.own.pk])).content.decode()
    assert HIDDEN in text
    assert all(f'value="{tool.pk}"' in text for tool in world.there())


def test_a_link_to_a_hidden_page_stays_and_shows_no_address(world):
    page = ProjectProfilePage.objects.get(pk=world.own.pk)
    page.approach = "".join(f'<p><a linktype="page" id="{tool.pk}">dort</a></p>' for tool in world.there())
    page.save_revision()
    for letter in "DE":
        response = client_of(world, letter).get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        slugs = {word(state, SLUG) for state in STATES} & words_in(response)
        assert slugs == {word(state, SLUG) for state in STATES if word(state, SLUG) in may_see(letter)} - {
            word("geloescht", SLUG)
        }


@pytest.mark.parametrize("state", ["live", "geaendert", "zu", "unterzu", "entwurf"])
def test_the_address_of_a_page_becomes_a_link_to_it_where_it_is_known(world, state):
    page = world.pages[state]
    data = {"external-link-chooser-url": page.get_url(), "external-link-chooser-link_text": "dort"}
    response = client_of(world, "D").post("/verwaltung/choose-external-link/", data)
    result = json.loads(response.content)["result"]
    assert words_in(response) <= may_see("D") | {word(state, SLUG), word("orgzu", SLUG)}  # echoed
    assert result.get("id") == (page.pk if state in ("live", "geaendert") else None)
    assert result["url"] == page.get_url()


def _posts(world: TitleWorld) -> Iterator[tuple[str, dict]]:
    state = world.pages["pruefung"].current_workflow_state.current_task_state
    for page in world.named().values():
        yield "/verwaltung/pages/create/practices/toolpage", {"parent_page": page.pk}
        yield f"/verwaltung/pages/workflow/action/{page.pk}/approve/{state.pk}/", {"comment": "x"}
        yield f"/verwaltung/pages/{page.pk}/copy/", {"new_title": "x", "new_slug": "x", "new_parent_page": page.pk}
        yield f"/verwaltung/pages/{world.own.pk}/copy/", {"new_title": "x", "new_slug": "x", "new_parent_page": page.pk}
        yield f"/verwaltung/bulk/wagtailcore/page/publish/?id={page.pk}", {"include_descendants": "on"}
        yield f"/verwaltung/pages/{page.pk}/lock/", {}
        yield f"/verwaltung/pages/{page.pk}/edit/", {"title": "x"}


@pytest.mark.one_database
@pytest.mark.parametrize("letter", ["M", "Q", "X"])
def test_no_refusal_names_what_somebody_may_not_know(world, letter):
    client, found = client_of(world, letter), {}
    for path, data in _posts(world):
        with transaction.atomic():
            if seen := words_in(client.post(path, data)) - may_see(letter):
                found[path] = seen
            transaction.set_rollback(True)
    assert found == {}


def test_a_turn_in_a_review_is_no_right_to_copy(world):
    """A copy would hold every earlier text of the page."""
    page = world.pages["pruefung"]
    assert page.permissions_for_user(world.doors.people["R"]).can_edit()
    assert not page.permissions_for_user(world.doors.people["R"]).can_copy()
    for letter in "CEAS":
        assert page.permissions_for_user(world.doors.people[letter]).can_copy(), letter
