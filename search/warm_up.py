"""Reading what searches need before the first reader has to wait for it."""

from search.engines import current_engine
from search.lexicon import LEXICON
from search.synonyms import current_synonyms


def warm_up() -> None:
    """Load dictionary, synonyms and index of this process; takes about a second."""
    LEXICON.word("wörterbuch")
    current_synonyms()
    current_engine().is_ready()
