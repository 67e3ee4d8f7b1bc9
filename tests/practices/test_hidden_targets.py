"""Neither links in texts nor old addresses name a page that their reader may not read."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from practices.exchange.exporter import _rich
from tests.factories import OrganisationFactory, ToolFactory
from tests.practices.rich_practices import make_document

LOGIN = PageViewRestriction.LOGIN


def _move(page):
    closed = OrganisationFactory(parent=page.get_parent().get_parent(), title="Geschlossen")
    PageViewRestriction.objects.create(page=closed, restriction_type=LOGIN)
    page.move(closed, pos="last-child")


HIDDEN = {
    "never published": lambda page: page.unpublish(),
    "planned": lambda page: type(page).objects.filter(pk=page.pk).update(live=False, go_live_at=timezone.now()),
    "restricted": lambda page: PageViewRestriction.objects.create(page=page, restriction_type=LOGIN),
    "below a restricted organisation": lambda page: PageViewRestriction.objects.create(
        page=page.get_parent(), restriction_type=LOGIN
    ),
    "moved into a restricted organisation": _move,
}


@pytest.fixture
def target(site):
    return ToolFactory(
        parent=OrganisationFactory(parent=site, title="Ziel-Träger"), title="Geheimnis", slug="geheimnis"
    )


@pytest.fixture
def linking(organisation, target):
    links = (
        f'<a linktype="page" id="{target.pk}">hier</a> und <a linktype="page" id="{target.get_parent().pk}">dort</a>'
    )
    return ToolFactory(parent=organisation, description=f"<p>Siehe {links}.</p>")


def surfaces(client, page) -> str:
    return "".join(client.get(address).content.decode() for address in (page.url, f"/api/v1/praxis/{page.key}"))


def test_a_link_to_what_everybody_may_read_leads_there(client, linking, target):
    shown = surfaces(client, linking)
    assert shown.count(target.url) == 2
    assert shown.count(target.get_parent().url) > 2


@pytest.mark.parametrize("hide", HIDDEN.values(), ids=HIDDEN)
def test_of_a_link_to_what_is_hidden_the_words_remain(client, linking, target, hide):
    before = target.url
    surfaces(client, linking)
    hide(target)
    shown = surfaces(client, linking)
    assert "hier" in shown and "dort" in shown
    assert "geheimnis" not in shown and before not in shown


def test_the_organisation_is_hidden_too(client, linking, target):
    PageViewRestriction.objects.create(page=target.get_parent(), restriction_type=LOGIN)
    assert "ziel-" not in surfaces(client, linking)


def test_links_of_a_text_cost_one_query_however_many(linking, target, django_assert_num_queries):
    from wagtail.rich_text import expand_db_html

    expand_db_html(linking.description)
    with django_assert_num_queries(1):
        expand_db_html(linking.description * 20)


def test_documents_of_closed_collections_are_not_named(client, organisation):
    closed = Collection.get_first_root_node().add_child(name="Zu")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type=CollectionViewRestriction.LOGIN)
    document = make_document("Anlage", "geheime-anlage.pdf")
    page = ToolFactory(parent=organisation, description=f'<p><a linktype="document" id="{document.pk}">Anlage</a></p>')
    assert "geheime-anlage" in surfaces(client, page)
    document.collection = closed
    document.save()
    assert "geheime-anlage" not in surfaces(client, page)


def test_an_export_keeps_the_address_for_who_brings_it_back(linking, target):
    PageViewRestriction.objects.create(page=target, restriction_type=LOGIN)
    assert target.url in _rich(linking.description)


@pytest.fixture
def old_address(target):
    old = target.url
    Redirect.objects.create(old_path=Redirect.normalise_path("/alt/"), redirect_page=target)
    return old


def test_an_old_address_leads_on(client, target, old_address):
    assert client.get("/alt/?x=1").url.endswith(target.url)


@pytest.mark.parametrize("hide", HIDDEN.values(), ids=HIDDEN)
def test_an_old_address_does_not_tell_where_a_hidden_page_lies(client, target, old_address, hide):
    hide(target)
    for address in ("/alt/", "/alt/?x=1", "/alt"):
        answer = client.get(address, follow=False)
        while answer.status_code in (301, 302) and answer.url.startswith("/alt"):
            answer = client.get(answer.url)
        assert answer.status_code == 404
        assert "geheimnis" not in f"{answer.headers}{answer.content.decode()}"


def test_who_may_read_it_is_led_on(client, target, old_address):
    PageViewRestriction.objects.create(page=target, restriction_type=LOGIN)
    client.force_login(User.objects.create_user("mitglied"))
    assert client.get("/alt/").url.endswith(target.url)
