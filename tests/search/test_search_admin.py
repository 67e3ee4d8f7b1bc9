"""Editors learn from searches: synonyms, the report, and the warning on the admin's first page."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone

from practices.models import ContentChange
from search.models import SearchCount, SynonymGroup
from search.params import SearchParams
from search.search_admin import synonym_url
from search.statistics import collect_searches, note_search
from search.synonyms import SHIPPED_SYNONYMS, load_shipped_synonyms


@pytest.fixture
def editor(client, site):
    user = User.objects.create_user("redaktion")
    user.groups.add(Group.objects.get(name="Redaktion"))
    client.force_login(user)
    return client


def note(*queries: str, was_found: bool = True) -> None:
    for query in queries:
        note_search(SearchParams(q=query), was_found)


def test_searches_are_counted_by_day_without_regard_to_case(db):
    note("Demenz", "demenz", "Tafel")
    note("demenz", was_found=False)
    assert collect_searches() == 4
    rows = SearchCount.objects.order_by("query").values_list("query", "times", "without_hits")
    assert list(rows) == [("demenz", 3, 1), ("tafel", 1, 0)]


def test_counting_twice_adds_nothing(db):
    note("Demenz")
    collect_searches()
    assert collect_searches() == 0
    assert SearchCount.objects.get().times == 1


@pytest.mark.parametrize("query", ["", "anna@beispiel.de", "Akte 1234567", "x" * 101])
def test_what_may_name_a_person_is_not_counted(db, query):
    note(query)
    assert collect_searches() == 0


def test_further_pages_and_filters_are_not_counted_again(db):
    note_search(SearchParams(q="Demenz", page=2), True)
    note_search(SearchParams(q="Demenz", from_year="2024"), True)
    assert collect_searches() == 0


def test_counts_are_forgotten_after_a_year(db):
    SearchCount.objects.create(day=timezone.localdate() - timedelta(days=366), query="alt", times=1)
    collect_searches()
    assert not SearchCount.objects.exists()


def test_the_report_shows_frequent_searches_first(editor):
    note("Tafel", "Demenz", "Demenz")
    collect_searches()
    page = editor.get(reverse("search_report")).content.decode()
    assert page.index("demenz") < page.index("tafel")


def test_the_report_shows_what_found_nothing(editor):
    note("Tafel")
    note("Kleiderkammer", was_found=False)
    collect_searches()
    page = editor.get(reverse("search_report"), {"ohne_treffer": 1}).content.decode()
    assert "kleiderkammer" in page
    assert "tafel" not in page


def test_a_search_becomes_a_synonym_with_a_click(editor):
    note("Kleiderkammer", was_found=False)
    collect_searches()
    address = f"{reverse(synonym_url('add'))}?words=kleiderkammer"
    assert address in editor.get(reverse("search_report")).content.decode()
    assert ">kleiderkammer</textarea>" in editor.get(address).content.decode().replace("\n", "")


def test_one_word_is_no_group_of_synonyms(editor):
    page = editor.post(reverse(synonym_url("add")), {"words": "Kleiderkammer"}).content.decode()
    assert "mindestens zwei Wörter" in page
    assert not SynonymGroup.objects.exists()


def test_the_report_is_closed_to_others(client, site):
    client.force_login(User.objects.create_user("gast"))
    assert client.get(reverse("search_report")).status_code == 302


def test_the_admin_warns_where_changes_wait_too_long(editor, reindex):
    reindex()
    assert "nicht auf dem neuesten Stand" not in editor.get(reverse("wagtailadmin_home")).content.decode()
    ContentChange.record([1])
    ContentChange.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    assert "1 Änderung wartet" in editor.get(reverse("wagtailadmin_home")).content.decode()


def test_the_shipped_list_holds_150_groups_of_different_words(db):
    assert load_shipped_synonyms() >= 150
    groups = [group.members for group in SynonymGroup.objects.all()]
    assert [group for group in groups if len(group) < 2] == []
    assert load_shipped_synonyms() == 0, "loaded once; afterwards the list belongs to the editors"
    assert SHIPPED_SYNONYMS.exists()
