"""What people write instead of keys: the labels of terms and the titles of pages."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from practices.exchange.catalogue import PAGE_MODELS, TYPE_LABELS, Catalogue
from practices.exchange.spreadsheet.cells import Misread
from practices.models import SCHEMES, LessonPage, Licence

CHOICES = {"licence": dict(Licence.choices), "level": dict(LessonPage.Level.choices)}
# Of a hundred: how alike a name must be to be proposed.
_LIKENESS = 75
# Looking for the nearest of ten thousand titles takes a while; in a file full of mistakes it is not worth it.
_MOST_MISSES = 300


@dataclass
class Names:
    """Which key a label, an abbreviation, another name or a title means. Capital letters do not matter."""

    terms: dict[str, dict[str, str]]
    labels: dict[str, dict[str, str]]
    pages: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    misses: int = 0

    def term(self, scheme: str, text: str) -> str:
        """Return the key of the term that `text` means. Raises Misread, with the nearest label where one is alike."""
        known = self.terms[scheme]
        if fold(text) in known:
            return known[fold(text)]
        label = self.nearest_term(scheme, text)
        vocabulary = SCHEMES[scheme]._meta.verbose_name_plural
        hint = f"Meinten Sie „{label}“?" if label else _choose(self.labels[scheme].values())
        raise Misread(f"Im Vokabular „{vocabulary}“ gibt es „{text[:120]}“ nicht. {hint}", label)

    def nearest_term(self, scheme: str, text: str) -> str:
        """Return the label of the term that `text` is alike; empty where there is none."""
        nearest = _nearest(text, self.terms[scheme])
        return self.labels[scheme][self.terms[scheme][nearest]] if nearest else ""

    def choice(self, name: str, text: str) -> str:
        """Return the value of a fixed list that `text` means. Raises Misread."""
        choices = {value: label for value, label in CHOICES[name].items() if value}
        known = {fold(form): value for value, label in choices.items() for form in (value, label)}
        if fold(text) in known:
            return known[fold(text)]
        nearest = _nearest(text, known)
        label = choices[known[nearest]] if nearest else ""
        hint = f"Meinten Sie „{label}“?" if label else _choose(choices.values())
        raise Misread(f"„{text[:120]}“ ist hier nicht vorgesehen. {hint}", label)

    def page(self, types: tuple[str, ...], text: str) -> str:
        """Return the key of the page whose key or else title is `text`. Raises Misread where there is none, or several."""
        keys = {key for name in types for key in self.pages[name].get(fold(text), ())}
        if text in keys or len(keys) == 1:
            return text if text in keys else keys.pop()
        if keys:
            raise Misread(
                f"Mehrere Seiten heißen „{text[:120]}“. Bitte nennen Sie die Kennung: {', '.join(sorted(keys))}."
            )
        self.misses += 1
        forms = [form for name in types for form in self.pages[name]] if self.misses <= _MOST_MISSES else []
        nearest = _nearest(text, forms)
        proposal = self._written(types, nearest) if nearest else ""
        wanted = " oder ".join(TYPE_LABELS[name] for name in types)
        hint = f"Meinten Sie „{proposal}“?" if proposal else "Bitte prüfen Sie Kennung oder Titel."
        raise Misread(f"„{text[:120]}“ gibt es weder in der Datei noch auf der Plattform ({wanted}). {hint}", proposal)

    def add_page(self, name: str, key: str, title: str) -> None:
        """Let a page of the type `name` be meant by its key and its title."""
        self.pages[name][fold(key)].add(key)
        self.pages[name][fold(title)].add(key)

    def _written(self, types: tuple[str, ...], form: str) -> str:
        keys = {key for name in types for key in self.pages[name].get(form, ())}
        return min(keys) if len(keys) == 1 else ""


def load_names(catalogue: Catalogue) -> Names:
    """Return the names of all terms of `catalogue` and of all pages, with one query for each type of page."""
    terms: dict[str, dict[str, str]] = {}
    labels: dict[str, dict[str, str]] = {}
    for scheme, by_key in catalogue.terms.items():
        current = {term.slug: term for term in by_key.values()}
        labels[scheme] = {key: term.name for key, term in current.items()}
        # The more certain a name, the later: it replaces what others call the same.
        others = ((other, key) for key, term in current.items() for other in term.alternative_labels)
        notations = ((term.notation, key) for key, term in current.items() if term.notation)
        certain = [(term.name, key) for key, term in current.items()]
        keys = [(key, term.slug) for key, term in by_key.items()]
        terms[scheme] = {fold(name): key for name, key in (*others, *notations, *certain, *keys)}
    names = Names(terms, labels)
    for name, model in PAGE_MODELS.items():
        for key, title in model.objects.values_list("key", "title"):
            names.add_page(name, key, title)
    return names


def fold(text: str) -> str:
    """Return `text` as names are compared: without regard to capital letters and spaces."""
    return " ".join(text.casefold().split())


def _nearest(text: str, known: Iterable[str]) -> str:
    nearest = process.extractOne(fold(text)[:200], list(known), scorer=fuzz.ratio, score_cutoff=_LIKENESS)
    return nearest[0] if nearest else ""


def _choose(labels: Iterable[str]) -> str:
    texts = list(labels)
    shown = "; ".join(texts[:12])
    return f"Bitte wählen Sie aus: {shown}{' …' if len(texts) > 12 else ''}."
