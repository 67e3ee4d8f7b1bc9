"""The German chain: what must match does, and what has nothing to do with it does not."""

import json
from pathlib import Path

import pytest

from search.analysis.compounds import read_word
from search.analysis.folding import fold
from search.analysis.text import analyse
from search.analysis.tokens import clean_text, tokenise
from search.engines.embedded import EmbeddedEngine
from search.engines.protocol import Everything, IndexDocument, Question
from search.lexicon import LEXICON
from search.queries import understand
from search.synonyms import Synonyms

PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "relevance" / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
]


def forms(text: str) -> list[str]:
    return [token.form for token in tokenise(clean_text(text))]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mitarbeiter:innen", ["mitarbeiter"]),
        ("Mitarbeiter*innen", ["mitarbeiter"]),
        ("Mitarbeiter_innen", ["mitarbeiter"]),
        ("Mitarbeiter/-innen", ["mitarbeiter"]),
        ("Mitarbeiter(innen)", ["mitarbeiter"]),
        ("MitarbeiterInnen", ["mitarbeiter"]),
        ("Mitarbeitende:r", ["mitarbeitende"]),
        ("Mitarbeitende", ["mitarbeitende"]),
        ("Mitarbeiter:innenbefragung", ["mitarbeiterbefragung"]),
        ("INNENSTADT", ["innenstadt"]),
        ("Uhrzeit 12:30", ["uhrzeit", "12", "30"]),
    ],
)
def test_marks_of_gender(written, read):
    assert forms(written) == read


@pytest.mark.parametrize("written", ["SGB II", "SGB 2", "SGB2", "sgb ii", "SGB-II", "SGBII", "Sgb 2"])
def test_the_same_law_however_it_is_written(written):
    assert forms(written) == ["sgb", "2"]


def test_roman_numerals_are_numbers_only_after_names_that_are_counted():
    assert forms("Vitamin C, Hartz IV, mix") == ["vitamin", "c", "hartz", "4", "mix"]


def test_words_joined_by_hyphens_are_marked():
    assert [(token.form, token.hyphenated) for token in tokenise("E-Mail – an")] == [
        ("e", False),
        ("mail", True),
        ("an", False),
    ]


def test_the_place_of_a_word_is_where_it_stands_in_the_text():
    text = clean_text("Die Mitarbeiter:innen lernen")
    assert [text[token.start : token.end] for token in tokenise(text)] == ["Die", "Mitarbeiter:innen", "lernen"]


@pytest.mark.parametrize(("one", "other"), [("gerät", "geraet"), ("straße", "strasse"), ("grüße", "gruesse")])
def test_one_spelling_for_umlauts(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize("word", ["neue", "quelle", "treue"])
def test_no_umlaut_where_none_is_spoken(word):
    assert fold(word) == word


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("geräteverleih", ("gerate", "verleih")),
        ("projektende", ("projekt", "ende")),
        ("schuldnerberatungsstelle", ("schuldner", "beratung", "stelle")),
        ("teilnehmende", ()),
        ("ehrenamt", ()),
        ("beratung", ()),
        ("x" * 100, ()),
    ],
)
def test_parts_of_compounds(word, parts):
    assert read_word(word).parts == parts


@pytest.fixture(scope="module")
def matched(tmp_path_factory):
    """Every pair whose query finds its text among the texts of all pairs, by the words alone, without synonyms."""
    engine = EmbeddedEngine(tmp_path_factory.mktemp("pairs"))
    with engine.new_generation() as generation:
        generation.write(_document(number, pair["text"]) for number, pair in enumerate(PAIRS))
        generation.promote()
    nobody = Synonyms({})
    return [
        number in {hit.page_id for hit in _ask(engine, understand(pair["query"], nobody).strict)}
        for number, pair in enumerate(PAIRS)
    ]


def _document(number: int, text: str) -> IndexDocument:
    streams = analyse(clean_text(text), LEXICON)
    fields = {"title": streams.stems, "exact_title": streams.exact, "exact": streams.exact, "loose": streams.loose}
    texts = {name: " ".join(tokens) for name, tokens in fields.items()}
    return IndexDocument(number, "", texts, {}, {}, "", 0.0, "{}")


def _ask(engine, node):
    return engine.ask(Question(node, Everything(), limit=len(PAIRS))).hits


def test_what_must_match_does(matched):
    wanted = [(pair, hit) for pair, hit in zip(PAIRS, matched, strict=True) if pair["match"]]
    missed = [(pair["query"], pair["text"]) for pair, hit in wanted if not hit]
    assert len(wanted) >= 80
    assert len(missed) <= len(wanted) * 0.05, missed


def test_what_must_not_match_does_not(matched):
    unwanted = [(pair, hit) for pair, hit in zip(PAIRS, matched, strict=True) if not pair["match"]]
    false = [(pair["query"], pair["text"]) for pair, hit in unwanted if hit]
    assert len(unwanted) >= 60
    assert len(false) <= len(unwanted) * 0.12, false
