"""The ground of every installation."""

from home.models import HomePage, StandardPage
from home.services.set_up_site import set_up_site
from practices.models import OrganisationPage, PracticeIndexPage


def test_is_idempotent(site):
    counts = [model.objects.count() for model in (HomePage, StandardPage, PracticeIndexPage, OrganisationPage)]
    set_up_site()
    assert counts == [1, 5, 1, 1]
    assert counts == [model.objects.count() for model in (HomePage, StandardPage, PracticeIndexPage, OrganisationPage)]


def test_keeps_what_editors_wrote(site):
    StandardPage.objects.filter(slug="hilfe").update(intro="Von uns.")
    set_up_site()
    assert StandardPage.objects.get(slug="hilfe").intro == "Von uns."


def test_standard_pages_are_cleaned_on_their_way_in(site):
    page = StandardPage.objects.get(slug="hilfe")
    page.body = [("text", "<p onclick='x()'>Gut<script>alert(1)</script></p>")]
    page.save()
    assert StandardPage.objects.get(slug="hilfe").body[0].value.source == "<p>Gut</p>"
