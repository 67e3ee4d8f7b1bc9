"""The words of all texts, kept in the database and in memory, so that none is analysed twice."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence

from search.analysis.compounds import Morphology, read_word
from search.analysis.edition import edition
from search.analysis.tokens import WORD, read_piece
from search.analysis.words import Word, make_word
from search.models import MAX_FORM, IndexedWord
from search.second_reader import SecondReader, read_words

_BATCH = 5000
_MOST_IN_MEMORY = 300_000


class Lexicon:
    """Words by their forms. One for each process; what texts contain is learnt before they are analysed."""

    def __init__(self) -> None:
        self._words: dict[str, Word] = {}
        self._stored: set[str] = set()
        self._pieces: dict[str, tuple[Word, ...]] = {}
        self._stored_pieces: set[str] = set()
        self._keys: dict[str, frozenset[str]] = {}
        self._read_new: Callable[[Sequence[str]], dict[str, Morphology]] = read_words

    def word(self, form: str) -> Word:
        """Return the word for a form in lower case; a form nobody learnt before is read afresh."""
        word = self._words.get(form)
        return word if word is not None else self._keep(form, read_word(form))

    def read(self, piece: str) -> tuple[Word, ...]:
        """Return the words that a piece of a text stands for by itself; kept, because texts are made of few pieces."""
        words = self._pieces.get(piece)
        if words is None:
            words = self._pieces[piece] = tuple(self.word(form) for form in read_piece(piece))
        return words

    def keys(self, piece: str) -> frozenset[str]:
        """Return what a piece of a text, a word as written, may be marked by: as written (=), stem, parts, other forms.

        Kept for each piece, because every page of hits asks it for thousands.
        """
        keys = self._keys.get(piece)
        if keys is None:
            if len(self._keys) >= _MOST_IN_MEMORY:
                self._keys.clear()
            keys = frozenset(
                key for word in self.read(piece) for key in (f"={word.exact}", word.stem, *word.parts, *word.relatives)
            )
            self._keys[piece] = keys
        return keys

    def learn_texts(self, texts: Iterable[str], store: bool = True) -> None:
        """Make the words of `texts` known, and store them unless told otherwise."""
        pieces = {piece for text in texts for piece in WORD.findall(text)}
        pieces -= self._stored_pieces if store else self._pieces.keys()
        self.learn({form for piece in pieces for form in read_piece(piece)}, store)
        if store:
            self._stored_pieces |= pieces

    @contextlib.contextmanager
    def with_second_reader(self) -> Iterator[None]:
        """While this lasts, a second process takes part in reading words that nobody learnt before."""
        with contextlib.closing(SecondReader()) as reader:
            self._read_new = reader.read
            try:
                yield
            finally:
                self._read_new = read_words

    def forget_what_is_stored(self) -> None:
        """Look again which words the database holds: it may have been replaced."""
        self._stored.clear()
        self._stored_pieces.clear()

    def learn(self, forms: Iterable[str], store: bool = True) -> None:
        """Make the words of `forms` known: from the database where they are there, else by reading (and storing) them."""
        known = self._stored if store else self._words.keys()
        unknown = sorted(form for form in forms if form not in known)
        for start in range(0, len(unknown), _BATCH):
            self._learn_batch(unknown[start : start + _BATCH], store)

    def _learn_batch(self, forms: list[str], store: bool) -> None:
        stored = {
            row.form: Morphology(tuple(row.parts.split()), row.base)
            for row in IndexedWord.objects.filter(form__in=forms, edition=edition())
        }
        read = self._read_new([form for form in forms if form not in stored])
        if store:
            self._store(read)
            self._stored.update(forms)
        for form, found in (stored | read).items():
            self._keep(form, found)

    def _store(self, read: dict[str, Morphology]) -> None:
        IndexedWord.objects.bulk_create(
            (
                IndexedWord(form=form, parts=" ".join(found.parts), base=found.base[:MAX_FORM], edition=edition())
                for form, found in read.items()
            ),
            update_conflicts=True,
            unique_fields=["form"],
            update_fields=["parts", "base", "edition"],
        )

    def _keep(self, form: str, found: Morphology) -> Word:
        if len(self._words) >= _MOST_IN_MEMORY:
            self._words.clear()
            self._pieces.clear()
            self._keys.clear()
            self.forget_what_is_stored()
        word = self._words[form] = make_word(form, lambda _form: found)
        return word


LEXICON = Lexicon()
