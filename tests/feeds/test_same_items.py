"""What a selection's page shows is what its feed holds, and what its mail tells: over random selections and histories."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from feeds.announcing import announce
from feeds.composing import compose_mails
from feeds.models import Mail
from feeds.planning import plan
from practices.models import FieldOfAction, PracticeChange, PracticePage
from practices.terms import all_terms
from practices.visibility import ANONYMOUS
from search.find import find
from search.indexing import drain
from search.params import SearchParams
from search.rebuild import rebuild
from tests.conftest import forget_stored_words
from tests.drills import times
from tests.factories import OrganisationFactory, ProjectFactory, ToolFactory
from tests.feeds.factories import SubscriptionFactory

WORDS = ["Sucht", "Beratung", "Suchtberatung", "Geräteverleih", "Nachtcafé", "Verleih"]
FIELDS = ["suchthilfe", "organisationsentwicklung"]
MOST_PAGES = 8


class History:
    """Two organisations with practices, and what editors do to them."""

    def __init__(self, section):
        self.owners = [OrganisationFactory(parent=section, title=title) for title in ("Haus Eins", "Haus Zwei")]

    def publish(self, one: int, other: int) -> None:
        if PracticePage.objects.count() >= MOST_PAGES:
            return
        make = ToolFactory if other % 3 == 0 else ProjectFactory
        title = f"{WORDS[one % len(WORDS)]} {WORDS[other % len(WORDS)]} {PracticeChange.objects.count()}"
        page = make(parent=self.owners[one % 2], title=title, live=False)
        page.fields_of_action.set(FieldOfAction.objects.filter(slug=FIELDS[other % 2]))
        page.save_revision().publish()

    def major(self, one: int, other: int) -> None:
        self._republish(one, title=f"{WORDS[other % len(WORDS)]} neu", note="Anders", notify=True)

    def minor(self, one: int, other: int) -> None:
        self._republish(one, title=f"{WORDS[other % len(WORDS)]} {WORDS[one % len(WORDS)]}", note="", notify=False)

    def retag(self, one: int, other: int) -> None:
        if page := self._page(one):
            page.fields_of_action.set(FieldOfAction.objects.filter(slug__in=FIELDS[: other % 3]))
            page.save()

    def unpublish(self, one: int, other: int) -> None:
        if page := self._page(one):
            page.unpublish()

    def delete(self, one: int, other: int) -> None:
        if page := self._page(one):
            page.delete()

    def restrict(self, one: int, other: int) -> None:
        page = self._page(one) if other % 2 else self.owners[one % 2]
        if page:
            PageViewRestriction.objects.create(page=page.page_ptr, restriction_type=PageViewRestriction.LOGIN)

    def unrestrict(self, one: int, other: int) -> None:
        for restriction in PageViewRestriction.objects.all()[: 1 + other % 2]:
            restriction.delete()

    def move(self, one: int, other: int) -> None:
        if page := self._page(one):
            page.move(type(self.owners[0]).objects.get(pk=self.owners[other % 2].pk), pos="last-child")

    def _republish(self, one: int, title: str, note: str, notify: bool) -> None:
        if page := self._page(one):
            page.title, page.change_note, page.notify_followers = title, note, notify
            page.save_revision().publish()

    def _page(self, number: int):
        pages = list(PracticePage.objects.order_by("pk"))
        return pages[number % len(pages)].specific if pages else None


DEEDS = ["publish", "publish", "publish", "major", "major", "minor", "retag", "unpublish", "delete", "restrict"]
DEEDS += ["unrestrict", "unrestrict", "move"]
histories = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 11), st.integers(0, 11)), max_size=14)
selections = st.lists(
    st.tuples(
        st.lists(st.sampled_from([*WORDS, "Beratungen", "Sucht*", "-Verleih", "Nachtcaffe"]), max_size=3),
        st.lists(
            st.tuples(st.sampled_from(["handlungsfeld"]), st.sampled_from(FIELDS))
            | st.tuples(st.just("typ"), st.sampled_from(["projekt", "werkzeug"]))
            | st.tuples(st.just("traeger"), st.sampled_from(["haus-eins", "haus-zwei"]))
            | st.tuples(st.sampled_from(["von", "bis"]), st.sampled_from(["2019", "2026", "2040"])),
            max_size=2,
        ),
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.drill(2)
@settings(max_examples=times(12, 5), deadline=None, suppress_health_check=list(HealthCheck))
@given(wanted=selections, before=histories, after=histories)
def test_page_feed_and_mail_of_a_selection_hold_the_same(built, site, client, wanted, before, after):
    with transaction.atomic():
        forget_stored_words()
        history = History(site)
        rebuild()
        live_through(history, before)
        queries = {canonical(words, filters) for words, filters in wanted}
        followers = {query: SubscriptionFactory(query=query, frequency="taeglich").subscriber for query in queries}
        since = PracticeChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        live_through(history, after)
        list(plan(timezone.now() + timedelta(days=2)))
        told = set(
            PracticeChange.objects.filter(pk__gt=since, notify=True)
            .exclude(kind=PracticeChange.Kind.REMOVED)
            .values_list("page_id", flat=True)
        )
        for query, follower in followers.items():
            shown = on_the_page(query)
            assert in_the_feed(client, query) == set(shown.values())
            assert in_the_mail(follower) == shown.keys() & told
        transaction.set_rollback(True)


def live_through(history: History, deeds) -> None:
    for deed, one, other in deeds:
        getattr(history, deed)(one, other)
        drain()
        announce()


def canonical(words, filters) -> str:
    query = urlencode([*([("q", " ".join(words))] if words else []), *filters])
    return SearchParams.parse(QueryDict(query)).as_selection().to_query()


def on_the_page(query: str) -> dict[int, str]:
    found = find(SearchParams.parse(QueryDict(query)), ANONYMOUS, all_terms())
    assert not found.is_reduced
    assert found.total == len(found.hits)
    return {hit.page.pk: hit.page.key for hit in found.hits}


def in_the_feed(client, query: str) -> set[str]:
    feed = json.loads(client.get(f"/suche/feed.json?{query}").content)
    return {item["_transferhub"]["key"] for item in feed["items"]}


def in_the_mail(follower) -> set[int]:
    mails = list(Mail.objects.filter(subscriber=follower).select_related("run", "subscriber"))
    return {
        news.entry.page_id for digest in compose_mails(mails).values() for topic in digest.topics for news in topic.news
    }
