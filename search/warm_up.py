"""Reading what searches need before the first reader has to wait for it."""

from search.engines import current_engine
from search.lexicon import LEXICON
from search.models import IndexedWord
from search.synonyms import current_synonyms


def warm_up() -> None:
    """Load dictionary, synonyms and index of this process; takes about a second."""
    LEXICON.word("wörterbuch")
    LEXICON.learn(IndexedWord.objects.values_list("form", flat=True), store=False)
    current_synonyms()
    current_engine().is_ready()
