"""What Elasticsearch promises beyond what every engine does."""

import socket
import time

import pytest

from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.protocol import EngineUnavailable, Term
from tests.search.test_engines import ask, document, found, load


@pytest.mark.parametrize("sort", ["relevanz", "neu", "titel"])
def test_it_puts_the_later_page_first_among_equals(elasticsearch, sort):
    load(elasticsearch, *(document(page, integers={"newest": 1}, title_order="gleich") for page in (2, 3, 1)))
    assert found(elasticsearch, sort=sort) == [3, 2, 1]


def test_it_leaves_newer_content_alone(elasticsearch):
    load(elasticsearch, document(1))
    elasticsearch.write([document(1, body="neu")], [2], version=5)
    assert elasticsearch.write([document(1, body="alt"), document(2), document(3)], [], version=4) == {1, 2}
    assert elasticsearch.write([], [1], version=4) == {1}
    assert sorted(found(elasticsearch)) == [1, 3]
    assert found(elasticsearch, Term("body", "neu")) == [1]
    assert elasticsearch.write([document(2)], [1], version=6) == set()
    assert sorted(found(elasticsearch)) == [2, 3]


def test_it_keeps_one_former_generation(elasticsearch):
    client = elasticsearch.client.indices
    foreign = f"{elasticsearch.prefix}-probe-20200101-000000-000000"
    client.create(index=foreign)
    client.create(index=f"{elasticsearch.prefix}-20200101-000000-000000")
    for page in (1, 2, 3):
        load(elasticsearch, document(page))
    former, current = sorted(set(client.get_alias(index=f"{elasticsearch.prefix}-*")) - {foreign})
    assert list(client.get_alias(name=elasticsearch.prefix)) == [current]
    client.update_aliases(
        actions=[
            {"remove": {"index": current, "alias": elasticsearch.prefix}},
            {"add": {"index": former, "alias": elasticsearch.prefix}},
        ]
    )
    assert found(elasticsearch) == [2]


def test_what_answers_has_a_copy_on_a_second_node_where_there_is_one(elasticsearch):
    load(elasticsearch, document(1))
    client = elasticsearch.client
    (settings,) = client.indices.get_settings(index=elasticsearch.prefix).values()
    assert settings["settings"]["index"]["auto_expand_replicas"] == "0-1"
    assert client.cluster.health(index=elasticsearch.prefix, wait_for_status="green")["status"] == "green"


def test_it_makes_no_index_by_itself(elasticsearch):
    with elasticsearch.new_generation() as generation:
        elasticsearch.client.indices.delete(index=generation.index)
        with pytest.raises(EngineUnavailable):
            generation.write([document(1)], [2])
    assert not elasticsearch.client.indices.exists(index=f"{elasticsearch.prefix}*", allow_no_indices=False)


def test_it_refuses_fields_nobody_declared(elasticsearch):
    load(elasticsearch)
    with pytest.raises(EngineUnavailable, match="Page 1"):
        elasticsearch.write([document(1, unbekannt=["a"])], [], version=1)


@pytest.mark.parametrize("listening", [False, True], ids=["gone", "hanging"])
def test_a_server_that_does_not_answer_is_reported_within_two_seconds(listening):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if listening:
            server.listen()
        engine = ElasticsearchEngine(f"http://127.0.0.1:{server.getsockname()[1]}")
        started = time.monotonic()
        with pytest.raises(EngineUnavailable):
            ask(engine)
        assert time.monotonic() - started < 2
        assert not engine.is_ready()
        engine.client.close()
