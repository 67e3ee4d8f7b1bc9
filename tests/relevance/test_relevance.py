"""How well and how alike the engines answer the judged queries. The floors are those the project promises."""

import json

import pytest
from django.db import transaction
from django.test import override_settings

from search.engines import current_engine
from search.rebuild import rebuild
from tests.conftest import forget_stored_words
from tests.elasticsearch_server import client_options, engine_for_tests
from tests.relevance.measure import EXAMPLE, PRACTICES, as_table, by_class, load_content, measure, read_queries
from tests.search.conftest import server_or_reason

pytestmark = pytest.mark.django_db

ENGINES = ["embedded", "elasticsearch"]
STRICT_CLASSES = ("compound", "inflection", "umlaut", "gender", "abbreviation")


@pytest.fixture(scope="module", autouse=True)
def data_dir(tmp_path_factory):
    """One media folder and one index for all tests of this module."""
    folder = tmp_path_factory.mktemp("relevance")
    with override_settings(MEDIA_ROOT=folder / "media", INDEX_DIR=folder / "index"):
        yield


@pytest.fixture(scope="module")
def content(django_db_setup, django_db_blocker, data_dir):
    """The example content and the practices written for this suite; taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_content()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def results(content):
    """A function that gives what an engine answers to every judged query; asked once."""
    answered = {}

    def ask(engine):
        if engine not in answered:
            answered[engine] = _ask(engine)
        return answered[engine]

    return ask


def _ask(engine: str):
    forget_stored_words()  # what an earlier test stored was rolled back
    if engine == "embedded":
        rebuild()
        return measure(read_queries())
    with (
        engine_for_tests(server_or_reason()) as server,
        override_settings(
            ELASTICSEARCH_URL=server.url,
            ELASTICSEARCH_PREFIX=server.prefix,
            ELASTICSEARCH_OPTIONS=client_options(server.url),
        ),
    ):
        rebuild()
        assert current_engine().name == "elasticsearch"
        return measure(read_queries())


@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_asked_for_is_among_the_first_five(results, engine):
    figures = by_class(results(engine))
    assert figures["all"]["recall"] >= 0.97, as_table(figures)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_best_come_first(results, engine):
    figures = by_class(results(engine))
    assert figures["all"]["ndcg"] >= 0.90, as_table(figures)


@pytest.mark.parametrize("engine", ENGINES)
def test_hardly_a_query_finds_nothing(results, engine):
    figures = by_class(results(engine))
    assert figures["all"]["zero"] <= 0.02, as_table(figures)


@pytest.mark.parametrize("engine", ENGINES)
def test_german_is_understood(results, engine):
    figures = by_class(results(engine))
    weak = {name: figures[name]["recall"] for name in STRICT_CLASSES if figures[name]["recall"] < 0.95}
    assert not weak, as_table(figures)


@pytest.mark.parametrize("engine", ENGINES)
def test_typing_errors_are_forgiven(results, engine):
    figures = by_class(results(engine))
    assert figures["typo"]["recall"] >= 0.90, as_table(figures)


def test_both_engines_show_the_same_first_five(results):
    pairs = zip(results("embedded"), results("elasticsearch"), strict=True)
    shares = [_overlap(one.keys[:5], other.keys[:5]) for one, other in pairs]
    assert sum(shares) / len(shares) >= 0.90


def _overlap(one: list[str], other: list[str]) -> float:
    return len(set(one) & set(other)) / max(len(one), len(other), 1) if one or other else 1.0


def test_the_suite_is_large_enough():
    queries = read_queries()
    keys = [json.loads(line)["key"] for path in (EXAMPLE, PRACTICES) for line in path.read_text("utf-8").splitlines()]
    assert len(queries) >= 150
    assert len(keys) >= 120
    assert {key for judged in queries for key in judged.relevant} <= set(keys)
