"""Words are read by two processes while an index is made, and by one if need be."""

import contextlib
import multiprocessing

import pytest

from search import second_reader
from search.models import IndexedWord
from search.rebuild import rebuild
from search.second_reader import SecondReader, read_words
from tests.factories import ToolFactory

FORMS = ["jugendhilfeplanung", "lotsinnen", "mitarbeitende", "schuldnerberatungen", "wohngruppen", "xyzzy"]


@pytest.fixture(autouse=True)
def shared(monkeypatch):
    """A few words are enough to share, and there are processors for it."""
    monkeypatch.setattr(second_reader, "_WORTH_STARTING", 2)
    monkeypatch.setattr(second_reader, "_WORTH_SHARING", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)


@pytest.fixture
def reader():
    with contextlib.closing(SecondReader()) as reader:
        yield reader


def test_two_processes_read_what_one_does(reader):
    assert reader.read(FORMS) == read_words(FORMS)
    assert len(multiprocessing.active_children()) == 1
    reader.close()
    assert not multiprocessing.active_children()


def test_the_process_ends_when_there_is_little_to_read(reader):
    reader.read(FORMS)
    assert reader.read(FORMS[:1]) == read_words(FORMS[:1])
    assert not multiprocessing.active_children()


def test_no_word_is_lost_with_the_process(reader, caplog):
    reader.read(FORMS)
    (process,) = multiprocessing.active_children()
    process.kill()
    process.join()
    assert reader.read(FORMS) == read_words(FORMS)
    assert "is lost" in caplog.text
    assert reader.read(FORMS) == read_words(FORMS)


@pytest.mark.django_db
def test_a_rebuild_reads_new_words_by_two_and_leaves_one(organisation):
    ToolFactory(parent=organisation, title="Quarkspeisenverleihstelle, Rübenmuslotsinnen")
    running = []
    rebuild(lambda _done, _total: running.append(len(multiprocessing.active_children())))
    assert running == [1]
    assert not multiprocessing.active_children()
    read = dict(IndexedWord.objects.values_list("form", "base"))
    assert read["rübenmuslotsinnen"] == read_words(["rübenmuslotsinnen"])["rübenmuslotsinnen"].base
