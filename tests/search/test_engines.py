"""What every engine promises, asked of both; and that both rank alike."""

import itertools
import random

import pytest

from search.engines.protocol import (
    AllOf,
    Among,
    AnyOf,
    Beginning,
    Best,
    Between,
    Boosted,
    EngineUnavailable,
    Everything,
    IndexDocument,
    Phrase,
    Question,
    Term,
)
from tests.search.asking import asked_meanwhile


def document(page_id, freshness=0.0, title_order="", digest="d", integers=None, **fields) -> IndexDocument:
    """A document; texts are given as text, keywords as lists."""
    return IndexDocument(
        page_id=page_id,
        digest=digest,
        texts={name: value for name, value in fields.items() if isinstance(value, str)},
        keywords={name: value for name, value in fields.items() if isinstance(value, list)},
        integers=integers or {},
        title_order=title_order,
        freshness=freshness,
        source=f'{{"seite": {page_id}}}',
    )


def load(engine, *documents):
    with engine.new_generation() as generation:
        generation.write(documents, version=1)
        generation.promote()


def ask(engine, scored=None, always=None, **question):
    return engine.ask(Question(scored=scored or Everything(), always=always or Everything(), **question))


def found(engine, scored=None, **question) -> list[int]:
    return [hit.page_id for hit in ask(engine, scored, **question).hits]


def test_a_term_is_found_in_its_field_only(engine):
    load(engine, document(1, title="pflege"), document(2, body="pflege"), document(3, title="pflegen"))
    assert found(engine, Term("title", "pflege")) == [1]


def test_a_term_is_found_among_keywords(engine):
    load(engine, document(1, typ=["projekt", "werkzeug"]), document(2, typ=["werkzeug"]))
    assert found(engine, Term("typ", "projekt")) == [1]


def test_tokens_are_left_as_they_are(engine):
    long = "donaudampfschifffahrt" * 20
    load(engine, document(1, title=f"Pflege c++ {long}"))
    assert found(engine, Term("title", "pflege")) == []
    for token in ("Pflege", "c++", long):
        assert found(engine, Term("title", token)) == [1]


def test_a_phrase_needs_its_tokens_side_by_side_and_in_order(engine):
    load(engine, document(1, body="ein haus am see"), document(2, body="am haus ein see"), document(3, body="am see"))
    assert found(engine, Phrase("body", ("haus", "am", "see"))) == [1]


def test_a_beginning_finds_every_token_that_begins_so(engine):
    load(engine, document(1, names="haus pflege"), document(2, names="pflegen"), document(3, names="kurzpflege pfad"))
    assert sorted(found(engine, Beginning("names", "pfl"))) == [1, 2]
    assert sorted(found(engine, Beginning("names", "pflegen"))) == [2]
    assert found(engine, Beginning("names", "p.*")) == []


def test_any_of_adds_up_what_matches(engine):
    load(engine, document(1, body="a x"), document(2, body="a b"), document(3, body="x y"))
    assert found(engine, AnyOf((Term("body", "a"), Term("body", "b")))) == [2, 1]


def test_any_of_may_ask_for_more_than_one(engine):
    load(engine, document(1, body="a x"), document(2, body="a b"), document(3, body="b c"))
    nodes = (Term("body", "a"), Term("body", "b"), Term("body", "c"))
    assert sorted(found(engine, AnyOf(nodes, at_least=2))) == [2, 3]


@pytest.mark.parametrize("node", [AnyOf(()), Best(()), Among("typ", ()), Boosted(AnyOf(()), 2.0)], ids=repr)
def test_no_alternative_finds_nothing(engine, node):
    load(engine, document(1, body="a"))
    assert found(engine, node) == []


def test_all_of_needs_every_node_and_nothing_forbidden(engine):
    load(engine, document(1, body="a b"), document(2, body="a"), document(3, body="a b c"))
    assert found(engine, AllOf((Term("body", "a"), Term("body", "b")), without=(Term("body", "c"),))) == [1]


def test_all_of_nothing_is_everything_but_the_forbidden(engine):
    load(engine, document(1, body="a"), document(2, body="c"))
    assert found(engine, AllOf((), without=(Term("body", "c"),))) == [1]


def test_best_takes_the_better_score_and_does_not_add_up(engine):
    load(engine, document(1, title="a"), document(2, title="a", summary="a"), document(3, summary="a"))
    both = Best((Boosted(Term("title", "a"), 2.0), Term("summary", "a")))
    scores = {hit.page_id: hit.score for hit in ask(engine, both).hits}
    assert scores[1] == pytest.approx(scores[2])
    assert scores[1] > scores[3]


@pytest.mark.parametrize(
    "node",
    [
        Term("body", "a"),
        Phrase("body", ("a", "b")),
        Beginning("names", "pf"),
        Among("typ", ("projekt",)),
        Between("newest", 1, 5),
        Everything(),
        AllOf((Term("body", "a"), Term("body", "b"))),
        AnyOf((Term("body", "a"), Term("body", "b"))),
        Best((Term("body", "a"), Term("body", "b"))),
        Boosted(Term("body", "a"), 2.0),
    ],
    ids=lambda node: type(node).__name__,
)
def test_a_boost_multiplies_the_score_of_any_node(engine, node):
    load(engine, document(1, body="a b", names="pflege", typ=["projekt"], integers={"newest": 3}))
    (plain,) = ask(engine, node).hits
    (boosted,) = ask(engine, Boosted(node, 2.5)).hits
    assert plain.score > 0
    assert boosted.score == pytest.approx(2.5 * plain.score, rel=1e-4)


def test_boosts_decide_between_zones(engine):
    load(engine, document(1, loose="a"), document(2, body="a"), document(3, exact="a"))
    zones = (Boosted(Term("exact", "a"), 4.0), Boosted(Term("body", "a"), 2.0), Boosted(Term("loose", "a"), 0.5))
    assert found(engine, Best(zones)) == [3, 2, 1]


def test_ranges_include_their_bounds_and_may_be_open(engine):
    load(engine, *(document(year, integers={"year_from": year}) for year in (2019, 2020, 2021)), document(1))
    assert sorted(found(engine, Between("year_from", 2020, 2021))) == [2020, 2021]
    assert sorted(found(engine, Between("year_from", low=2020))) == [2020, 2021]
    assert sorted(found(engine, Between("year_from", high=2020))) == [2019, 2020]


def test_pages_are_found_by_id(engine):
    load(engine, document(1), document(2), document(3))
    assert sorted(found(engine, Among("page_id", (1, 3, 99)))) == [1, 3]


def test_what_always_excludes_is_neither_found_nor_counted(engine):
    load(engine, document(1, audience=["alle"], typ=["projekt"]), document(2, audience=["g7"], typ=["projekt"]))
    answer = ask(engine, always=Among("audience", ("alle",)), facets=["typ"])
    assert [hit.page_id for hit in answer.hits] == [1]
    assert (answer.total, answer.unfiltered, answer.counts) == (1, 1, {"typ": {"projekt": 1}})
    assert engine.count([Everything()], Among("audience", ("alle",))) == [1]


def test_always_does_not_change_scores(engine):
    load(engine, document(1, body="a", audience=["alle"]))
    (free,) = ask(engine, Term("body", "a")).hits
    (held,) = ask(engine, Term("body", "a"), Among("audience", ("alle",))).hits
    assert free.score == pytest.approx(held.score)


def test_counts_ignore_the_filter_of_their_own_field(engine):
    load(
        engine,
        document(1, typ=["projekt"], region=["nord"]),
        document(2, typ=["projekt"], region=["süd"]),
        document(3, typ=["werkzeug"], region=["nord", "süd"]),
    )
    filters = {"typ": Among("typ", ("projekt",)), "region": Among("region", ("nord",))}
    answer = ask(engine, filters=filters, facets=["typ", "region", "phase"])
    assert [hit.page_id for hit in answer.hits] == [1]
    assert answer.counts == {"typ": {"projekt": 1, "werkzeug": 1}, "region": {"nord": 1, "süd": 1}, "phase": {}}


@pytest.mark.parametrize(
    ("filters", "counts"),
    [
        ({"typ": "keiner"}, {"typ": {"projekt": 1, "werkzeug": 1}, "region": {}}),
        ({"typ": "keiner", "region": "nord"}, {"typ": {"projekt": 1}, "region": {}}),
        ({"typ": "keiner", "region": "nirgends"}, {"typ": {}, "region": {}}),
        ({"typ": "projekt", "region": "süd"}, {"typ": {"werkzeug": 1}, "region": {"nord": 1}}),
    ],
)
def test_counts_lead_on_where_filters_leave_nothing(engine, filters, counts):
    load(engine, document(1, typ=["projekt"], region=["nord"]), document(2, typ=["werkzeug"], region=["süd"]))
    asked = {name: Among(name, (value,)) for name, value in filters.items()}
    answer = ask(engine, filters=asked, facets=["typ", "region"])
    assert (answer.total, answer.counts) == (0, counts)


def test_totals_with_and_without_filters(engine):
    load(engine, *(document(number, body="a", typ=["ab"[number % 2]]) for number in range(7)), document(99, body="b"))
    answer = ask(engine, Term("body", "a"), filters={"typ": Among("typ", ("a",))}, limit=2)
    assert (answer.total, answer.unfiltered, len(answer.hits)) == (4, 7, 2)


def test_a_question_for_counts_alone(engine):
    load(engine, document(1, body="a", typ=["projekt"]), document(2, body="a"))
    answer = ask(engine, Term("body", "a"), facets=["typ"], limit=0)
    assert (answer.total, answer.hits, answer.counts) == (2, [], {"typ": {"projekt": 1}})


def test_queries_are_counted_in_one_go(engine):
    load(engine, document(1, body="a b", typ=["x"]), document(2, body="a", typ=["x"]), document(3, body="a"))
    assert engine.count([Term("body", "a"), Term("body", "b"), Term("body", "c")], Among("typ", ("x",))) == [2, 1, 0]
    assert engine.count([], Everything()) == []


def test_fresher_practices_rank_higher(engine):
    load(engine, document(3, body="a"), document(2, body="a", freshness=2.0), document(1, body="a", freshness=6.0))
    hits = ask(engine, Term("body", "a")).hits
    assert [hit.page_id for hit in hits] == [1, 2, 3]
    assert [hit.score / hits[-1].score for hit in hits] == pytest.approx([3.0, 2.0, 1.0], rel=1e-4)


def test_newest_first(engine):
    load(engine, *(document(page, integers={"newest": newest}) for page, newest in ((1, 5), (2, 9), (3, 7))))
    assert found(engine, sort="neu") == [2, 3, 1]


def test_last_changed_first(engine):
    load(engine, *(document(page, integers={"changed": changed}) for page, changed in ((1, 5), (2, 9), (3, 7))))
    assert found(engine, sort="geaendert") == [2, 3, 1]


def test_titles_from_a_to_z(engine):
    load(engine, *(document(page, title_order=title) for page, title in ((1, "obst"), (2, "äpfel"), (3, "birnen"))))
    assert found(engine, sort="titel") == [3, 1, 2]


@pytest.mark.parametrize("sort", ["relevanz", "neu", "geaendert", "titel"])
def test_pages_of_a_list_neither_overlap_nor_leave_out(engine, sort):
    load(engine, *(document(page, integers={"newest": 1, "changed": 1}, title_order="gleich") for page in range(1, 8)))
    pages = [found(engine, sort=sort, offset=offset, limit=3) for offset in (0, 3, 6, 9)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert sorted(itertools.chain(*pages)) == list(range(1, 8))


def test_far_beyond_the_end_there_is_nothing(engine):
    load(engine, document(1))
    answer = ask(engine, offset=200_000)
    assert (answer.total, answer.hits) == (1, [])


def test_hits_hand_their_source_back(engine):
    load(engine, document(7, body="a"))
    (hit,) = ask(engine).hits
    assert hit.source == {"seite": 7}


def test_written_documents_are_found_at_once_and_replace_the_former(engine):
    load(engine, document(1, body="alt"))
    assert engine.write([document(1, body="neu"), document(2, body="neu")], [], version=2) == set()
    assert sorted(found(engine, Term("body", "neu"))) == [1, 2]
    assert found(engine, Term("body", "alt")) == []


def test_writing_the_same_again_is_harmless(engine):
    load(engine, document(1, body="a"))
    for _time in range(2):
        assert engine.write([document(1, body="b")], [], version=2) == set()
    assert found(engine) == [1]


def test_removed_pages_are_gone_and_missing_ones_no_error(engine):
    load(engine, document(1), document(2))
    assert engine.write([], [2, 99], version=2) == set()
    assert found(engine) == [1]


def test_every_document_tells_its_digest(engine):
    load(engine, *(document(page, digest=f"d{page}") for page in range(1, 30)))
    engine.write([document(3, digest="neu")], [4], version=2)
    expected = {page: f"d{page}" for page in range(1, 30) if page != 4} | {3: "neu"}
    assert dict(engine.digests()) == expected


def test_nothing_is_ready_before_something_was_built(engine):
    assert not engine.is_ready()
    with pytest.raises(EngineUnavailable):
        ask(engine)
    with pytest.raises(EngineUnavailable):
        engine.count([Everything()], Everything())
    with pytest.raises(EngineUnavailable):
        list(engine.digests())
    with pytest.raises(EngineUnavailable):
        engine.write([document(1)], [], version=1)
    assert not engine.is_ready()
    load(engine)
    assert engine.is_ready()
    assert found(engine) == []


def test_a_generation_answers_once_it_is_promoted(engine):
    load(engine, document(1))
    with engine.new_generation() as generation:
        generation.write([document(2), document(3)], version=2)
        assert found(engine) == [1]
        generation.write([document(4)], [3], version=3)
        assert dict(engine.digests()) == {1: "d"}
        generation.promote()
        assert sorted(found(engine)) == [2, 4]
    assert sorted(found(engine)) == [2, 4]


def test_the_promoted_generation_is_written_from_then_on(engine):
    load(engine, document(1))
    load(engine, document(2))
    load(engine, document(3))
    engine.write([document(4)], [], version=2)
    assert sorted(found(engine)) == [3, 4]


def test_whoever_asks_while_generations_are_built_and_swapped_always_finds_everything(engine):
    documents = [document(page, body="pflege") for page in range(1, 61)]
    load(engine, *documents)
    with asked_meanwhile(lambda: ask(engine, Term("body", "pflege")).total) as totals:
        for _swap in range(3):
            with engine.new_generation() as generation:
                for start in range(0, 60, 20):
                    generation.write(documents[start : start + 20], version=1)
                generation.promote()
    assert set(totals) == {60}


def test_a_generation_left_without_promotion_changes_nothing(engine):
    load(engine, document(1))
    with pytest.raises(ZeroDivisionError), engine.new_generation() as generation:
        generation.write([document(2)], version=2)
        raise ZeroDivisionError
    assert found(engine) == [1]


def test_both_engines_rank_alike(embedded, elasticsearch):
    """Half of the summaries are empty, and lengths differ: both count towards BM25."""
    chance = random.Random(7)  # noqa: S311

    def words(most):
        return " ".join(chance.choices("abcdefgh", (9, 7, 5, 4, 3, 2, 1, 1), k=chance.randint(0, most)))

    texts = ({"title": words(6), "summary": words(30) if page % 2 else "", "body": words(300)} for page in range(1, 80))
    documents = [document(page, chance.uniform(0, 9), **fields) for page, fields in enumerate(texts, 1)]
    tree = AllOf(
        (
            AnyOf(
                tuple(
                    Best(
                        (Boosted(Term("title", token), 3.0), Boosted(Term("summary", token), 1.5), Term("body", token))
                    )
                    for token in "aeh"
                ),
                at_least=2,
            ),
            AnyOf((Everything(), Boosted(Phrase("body", ("a", "e")), 2.0), Phrase("summary", ("b", "a")))),
        ),
        without=(Term("title", "d"),),
    )
    rankings = []
    for engine in (embedded, elasticsearch):
        load(engine, *documents)
        rankings.append({hit.page_id: hit.score for hit in ask(engine, tree, limit=100).hits})
    ours, theirs = rankings
    assert list(ours) == list(theirs)
    assert len(ours) > 20
    factor = next(iter(theirs.values())) / next(iter(ours.values()))
    assert [theirs[page] / score for page, score in ours.items()] == pytest.approx([factor] * len(ours), rel=1e-3)
