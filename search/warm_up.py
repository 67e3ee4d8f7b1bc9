"""Reading what searches need before the first reader has to wait for it."""

import logging

from django.db import Error

from search.engines import current_engine
from search.engines.protocol import EngineUnavailable
from search.lexicon import LEXICON
from search.models import IndexedWord
from search.synonyms import current_synonyms

logger = logging.getLogger(__name__)


def warm_up() -> None:
    """Load dictionary, synonyms and index of this process; takes about a second. A database that is away is no obstacle."""
    LEXICON.word("wörterbuch")
    try:
        LEXICON.learn(IndexedWord.objects.values_list("form", flat=True), store=False)
        current_synonyms()
        current_engine().is_ready()
    except (Error, EngineUnavailable):
        logger.exception("starting cold")
