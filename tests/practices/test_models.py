"""Rules that hold for every page and term, whichever way it is edited."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from practices.models import (
    CostBearer,
    FieldOfAction,
    FundingProgramme,
    IndicatorValue,
    ProjectObstacle,
    ProjectProfilePage,
)
from tests.factories import OrganisationFactory, ProjectFactory


def test_the_key_of_a_term_stays(vocabularies):
    term = CostBearer.objects.get(slug="sgb-02")
    term.slug = "anders"
    with pytest.raises(ValidationError, match="bleibt, wie er ist"):
        term.full_clean()


def test_terms_form_no_circle(vocabularies):
    broader = FieldOfAction.objects.get(slug="besondere-soziale-situationen")
    broader.broader = FieldOfAction.objects.get(slug="suchthilfe")
    with pytest.raises(ValidationError, match="nicht sein eigener Oberbegriff"):
        broader.full_clean()


def test_a_key_is_made_from_the_title(organisation):
    assert ProjectFactory(parent=organisation, title="Größere Brücke").key == "groessere-bruecke"


def test_keys_are_unique_among_organisations_and_practices(organisation):
    page = ProjectFactory(parent=organisation, title=organisation.title)
    assert page.key == f"{organisation.key}-2"
    page.key = organisation.key
    with pytest.raises(ValidationError, match="gehört schon zu einer anderen Seite"):
        page.full_clean()


def test_a_copied_page_gets_a_key_of_its_own(organisation):
    page = ProjectFactory(parent=organisation)
    assert page.copy(update_attrs={"slug": "kopie"}).key not in ("", page.key)


def test_addresses_write_umlauts_out(site):
    assert OrganisationFactory(parent=site, title="Größe & Maß", slug="").slug == "groesse-mass"


def test_a_project_ends_after_its_start(organisation):
    page = ProjectFactory(parent=organisation)
    page.start, page.end = datetime.date(2022, 1, 1), datetime.date(2021, 1, 1)
    with pytest.raises(ValidationError, match="Ende liegt vor dem Beginn"):
        page.full_clean()


@pytest.mark.parametrize(
    ("programme", "accepted"),
    [
        (None, False),
        ({"kind": "eu", "statement": ""}, False),
        ({"kind": "sonstige", "statement": "Kofinanziert von der Europäischen Union"}, False),
        ({"kind": "eu", "statement": "Kofinanziert von der Europäischen Union"}, True),
    ],
)
def test_eu_money_needs_statement_and_emblem(organisation, programme, accepted):
    page = ProjectFactory(parent=organisation)
    page.eu_funded = True
    page.programme = FundingProgramme.objects.create(name="ESF", **programme) if programme else None
    if accepted:
        page.full_clean()
    else:
        with pytest.raises(ValidationError, match="Förderhinweis und Emblem"):
            page.full_clean()


@pytest.mark.parametrize(
    ("term", "statement", "accepted"),
    [(True, "", True), (False, "Satz.", True), (True, "Satz.", False), (False, "", False)],
)
def test_a_factor_is_a_term_or_a_sentence(organisation, vocabularies, term, statement, accepted):
    from practices.models import Obstacle

    row = ProjectObstacle(
        project=ProjectFactory(parent=organisation),
        statement=statement,
        term=Obstacle.objects.first() if term else None,
    )
    if accepted:
        row.full_clean()
    else:
        with pytest.raises(ValidationError, match="entweder einen Begriff oder"):
            row.full_clean()


@pytest.mark.parametrize(
    ("target", "actual", "percent"), [(10, 5, 50), (3, 1, 33), (0, 5, None), (None, 5, None), (5, None, None)]
)
def test_achievement_in_percent(target, actual, percent):
    from decimal import Decimal

    def decimal(number):
        return None if number is None else Decimal(number)

    assert IndicatorValue(target=decimal(target), actual=decimal(actual)).achievement == percent


def test_rich_text_is_cleaned_on_its_way_in(organisation):
    page = ProjectFactory(
        parent=organisation, results='<p onclick="x()">Gut<script>alert(1)</script></p><a href="javascript:x()">y</a>'
    )
    assert ProjectProfilePage.objects.get(pk=page.pk).results == "<p>Gut</p><a>y</a>"
