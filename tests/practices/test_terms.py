"""Which terms there are, who carries them and how often."""

from django.contrib.auth.models import AnonymousUser

from practices.models import SCHEMES, CostBearer, FieldOfAction, PracticePage, ProjectSuccessFactor, SuccessFactor
from practices.services.load_terms import load_terms
from practices.terms import TermRef, all_terms, terms_of, usage_counts
from tests.factories import ProjectFactory


def tagged(organisation, *keys, **kwargs):
    page = ProjectFactory(parent=organisation, **kwargs)
    page.fields_of_action.set(FieldOfAction.objects.filter(slug__in=keys))
    page.save()
    return page


def counts():
    return usage_counts(PracticePage.objects.visible_to(AnonymousUser()), all_terms())


def test_every_scheme_of_the_table_is_loaded(vocabularies):
    assert {term.scheme for term in all_terms()} == set(SCHEMES)


def test_loading_again_changes_nothing(vocabularies):
    CostBearer.objects.filter(slug="sgb-02").update(name="Von uns umbenannt")
    assert load_terms() == 0
    assert CostBearer.objects.get(slug="sgb-02").name == "Von uns umbenannt"


def test_terms_of_a_page_come_from_every_vocabulary(organisation):
    page = tagged(organisation, "suchthilfe")
    page.tags.add("Videosprechstunde")
    page.save()
    factor = SuccessFactor.objects.first()
    ProjectSuccessFactor.objects.create(project=page, term=factor)
    ProjectSuccessFactor.objects.create(project=page, statement="Ein eigener Satz.")
    assert set(terms_of([page.pk])[page.pk]) == {
        TermRef("handlungsfeld", "suchthilfe", "Suchthilfe"),
        TermRef("gelingensfaktor", factor.slug, factor.name),
        TermRef("schlagwort", "videosprechstunde", "Videosprechstunde"),
    }


def test_a_broader_term_counts_each_page_once(organisation):
    tagged(organisation, "suchthilfe", "wohnungslosenhilfe")
    tagged(organisation, "besondere-soziale-situationen")
    assert counts()["handlungsfeld", "besondere-soziale-situationen"] == 2
    assert counts()["handlungsfeld", "suchthilfe"] == 1


def test_unpublished_pages_are_not_counted(organisation):
    tagged(organisation, "suchthilfe", live=False)
    assert counts() == {}
