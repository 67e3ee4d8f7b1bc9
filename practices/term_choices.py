"""The terms of all vocabularies, read at once for the editor's form, which would ask for each vocabulary and each item."""

from collections import defaultdict
from collections.abc import Mapping

from django.db import connection
from django.db.models import Value
from django.forms import ModelChoiceField, ModelForm, ModelMultipleChoiceField
from django.forms.widgets import ChoiceWidget

from practices.models.vocabulary import SCHEMES, Term

Terms = Mapping[type[Term], Mapping[int, Term]]


def current_terms() -> Terms:
    """Return the terms that may be used by vocabulary and id, in editors' order; one query."""
    models = list(SCHEMES.values())
    names = [field.attname for field in models[0]._meta.concrete_fields]
    parts = [
        model.objects.current().order_by().annotate(part=Value(part)).values_list("part", *names)
        for part, model in enumerate(models)
    ]
    found: dict[type[Term], dict[int, Term]] = defaultdict(dict)
    for part, *values in parts[0].union(*parts[1:], all=True):
        term = models[part].from_db(connection.alias, names, values)
        found[models[part]][term.pk] = term
    return {model: dict(sorted(terms.items(), key=lambda item: _place(item[1]))) for model, terms in found.items()}


def offer(terms: Terms, *forms: ModelForm) -> None:
    """Let the fields of `forms` that offer terms choose among `terms`, in the order they have them in."""
    for form in forms:
        for field in form.fields.values():
            if isinstance(field, ModelChoiceField) and isinstance(field.widget, ChoiceWidget):
                model = field.queryset.model if field.queryset is not None else None
                if model is None or not issubclass(model, Term):
                    continue
                offered = terms.get(model, {})
                in_order = _in_tree_order(offered) if isinstance(field, ModelMultipleChoiceField) else offered.values()
                blank = [] if field.empty_label is None else [("", field.empty_label)]
                field.choices = [*blank, *((term.pk, field.label_from_instance(term)) for term in in_order)]


def _place(term: Term) -> tuple[int, str]:
    return term.order, term.name


def _in_tree_order(terms: Mapping[int, Term]) -> list[Term]:
    """Return `terms` so that narrower ones follow their broader one, as TermQuerySet.in_tree_order does."""

    def place(term: Term) -> tuple:
        top = terms.get(term.broader_id, term)
        return *_place(top), term.broader_id is not None, *_place(term)

    return sorted(terms.values(), key=place)
