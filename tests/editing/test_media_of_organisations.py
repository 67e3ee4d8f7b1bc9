"""Media belong to the organisation whose pages show them: what comes in, what was there before, what becomes of it."""

from importlib import import_module

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from wagtail.models import Collection, CollectionViewRestriction, GroupCollectionPermission

from editing.hand_over import hand_over
from editing.organisation_groups import group_of
from editing.rights import allow_media
from editing.roles import REVIEWERS
from practices.media.library import known_files
from practices.media_owners import COMMON, collection_of, common_collection
from practices.models import CreditedImage, FundingProgramme, OrganisationCollection, OrganisationPage, RevisionFile
from tests.factories import OrganisationFactory, ToolFactory
from tests.practices.rich_practices import make_image

MIGRATION = "0009_media_of_organisations"


@pytest.fixture
def other(site) -> OrganisationPage:
    return OrganisationFactory(parent=site, title="Werkstatt Süd")


def contributor(*organisations: OrganisationPage) -> User:
    user = User.objects.create_user(f"mitwirkt-{User.objects.count()}")
    user.groups.set([group_of(organisation) for organisation in organisations])
    return user


def draft(organisation: OrganisationPage, **values):
    page = ToolFactory(parent=organisation, live=False)
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision()
    return page


def owner_of(image: CreditedImage) -> str:
    image.refresh_from_db()
    return image.collection.name


def test_what_nobody_owned_belongs_to_the_organisation_whose_draft_shows_it(organisation):
    image = make_image()
    draft(organisation, image=image)
    assert owner_of(image) == "Werkstatt Nord"


def test_what_an_organisation_shows_of_another_stays_where_it_is(organisation, other):
    image = make_image()
    draft(organisation, image=image)
    draft(other, image=image)
    assert owner_of(image) == "Werkstatt Nord"


def test_what_is_for_all_stays_so(organisation):
    image = make_image()
    CreditedImage.objects.update(collection=common_collection())
    draft(organisation, image=image)
    assert owner_of(image) == COMMON


def test_a_text_written_over_forgets_the_files_it_no_longer_has(organisation):
    page = draft(organisation, image=make_image())
    page.image = None
    page.save_revision(overwrite_revision=page.latest_revision)
    assert not RevisionFile.objects.exists()


def test_contributors_know_the_media_of_their_organisations_and_what_is_for_all(organisation, other):
    own, foreign, common, nobodys = (make_image() for _ in range(4))
    draft(organisation, image=own)
    draft(other, image=foreign)
    CreditedImage.objects.filter(pk=common.pk).update(collection=common_collection())
    assert set(known_files(CreditedImage, contributor(organisation))) == {own, common}
    assert set(known_files(CreditedImage, contributor(organisation, other))) == {own, foreign, common}
    reviewer = User.objects.create_user("prueft")
    reviewer.groups.add(Group.objects.get(name=REVIEWERS))
    assert set(known_files(CreditedImage, reviewer)) == {common}
    assert nobodys in CreditedImage.objects.all()


def test_the_collection_follows_the_name_and_sorts_by_it(organisation, other):
    organisation.title = "Zuletzt"
    organisation.save()
    names = list(Collection.objects.filter(belongs_to__organisation__isnull=False).values_list("name", flat=True))
    assert names.index("Zuletzt") > names.index("Werkstatt Süd")


def test_the_collection_does_not_follow_a_draft(organisation):
    organisation.title = "Geheim"
    organisation.save_revision()
    assert collection_of(organisation).name == "Werkstatt Nord"


def test_organisations_of_one_name_have_collections_of_their_own(site):
    first, second = (
        OrganisationFactory(parent=site, title="Diakonie", key=key, slug=key) for key in ("diakonie-a", "diakonie-b")
    )
    assert (collection_of(first).name, collection_of(second).name) == ("Diakonie", "Diakonie (diakonie-b)")


def test_media_of_an_organisation_that_is_gone_are_nobodys_again(organisation):
    image, collection = make_image(), collection_of(organisation)
    draft(organisation, image=image)
    organisation.delete()
    assert not Collection.objects.filter(pk=collection.pk).exists()
    assert owner_of(image) == Collection.get_first_root_node().name


def test_what_was_closed_stays_closed_when_the_organisation_goes(organisation):
    image, collection = make_image(), collection_of(organisation)
    draft(organisation, image=image)
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    organisation.delete()
    assert owner_of(image) == "Werkstatt Nord"


def test_no_collection_of_an_organisation_is_deleted_by_itself(organisation, client):
    client.force_login(User.objects.create_superuser("chefin"))
    collection = collection_of(organisation)
    client.post(f"/verwaltung/collections/{collection.pk}/delete/")
    assert Collection.objects.filter(pk=collection.pk).exists()


def test_who_takes_over_may_change_what_the_leaver_added(organisation):
    leaver, successor = contributor(organisation), User.objects.create_user("folgt")
    image = make_image()
    CreditedImage.objects.update(uploaded_by_user=leaver, collection=collection_of(organisation))
    hand_over(leaver, successor)
    image.refresh_from_db()
    assert image.uploaded_by_user == successor


def as_before() -> None:
    """Bring back how it was when everything lay in one collection."""
    root = Collection.get_first_root_node()
    CreditedImage.objects.filter(collection__belongs_to__isnull=False).update(collection=root)
    ids = list(OrganisationCollection.objects.values_list("collection", flat=True))
    OrganisationCollection.objects.all().delete()
    for collection in Collection.objects.filter(pk__in=ids):
        collection.delete()
    RevisionFile.objects.all().delete()
    for group in Group.objects.filter(organisation_group__isnull=False):
        allow_media(group, root, ("add", "choose"))


def migrate() -> None:
    targets = [("editing", "0008_links"), ("practices", "0011_media_owners")]
    state = MigrationLoader(connection).project_state(targets)
    import_module(f"editing.migrations.{MIGRATION}").share_out(state.apps, None)


def test_what_was_there_before_is_shared_out(organisation, other, django_assert_max_num_queries):
    names = ("own", "foreign", "both", "draft", "emblem", "unused", "of_two", "nobodys", "closed")
    images = {name: make_image() for name in names}
    draft(organisation, image=images["own"])
    ToolFactory(parent=other, image=images["foreign"])
    for each in (organisation, other):
        draft(each, image=images["both"])
    page = ToolFactory(parent=other, image=images["nobodys"])
    draft_of_live = draft(other, image=images["draft"])
    FundingProgramme.objects.create(name="ESF", emblem=images["emblem"])
    as_before()
    for name, owners in (("unused", [organisation]), ("of_two", [organisation, other])):
        CreditedImage.objects.filter(pk=images[name].pk).update(uploaded_by_user=contributor(*owners))
    closed = Collection.get_first_root_node().add_child(name="Geschlossen")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    CreditedImage.objects.filter(pk=images["closed"].pk).update(collection=closed)
    page.image = None
    page.save()
    with django_assert_max_num_queries(60):
        migrate()
    assert {name: owner_of(image) for name, image in images.items()} == {
        "own": "Werkstatt Nord",
        "foreign": "Werkstatt Süd",
        "both": COMMON,
        "draft": "Werkstatt Süd",
        "emblem": COMMON,
        "unused": "Werkstatt Nord",
        "of_two": Collection.get_first_root_node().name,
        "nobodys": Collection.get_first_root_node().name,
        "closed": "Geschlossen",
    }
    assert RevisionFile.objects.filter(revision=draft_of_live.latest_revision, file_id=images["draft"].pk).exists()


def test_rights_to_everything_are_replaced_and_the_tree_is_whole(organisation, other):
    wanted = set(GroupCollectionPermission.objects.values_list("group", "collection__name", "permission__codename"))
    as_before()
    migrate()
    found = GroupCollectionPermission.objects.values_list("group", "collection__name", "permission__codename")
    assert set(found) == wanted
    assert Collection.find_problems() == ([], [], [], [], [])


def test_an_installation_without_organisations_is_left_to_what_sets_it_up(site):
    OrganisationPage.objects.all().delete()
    before = list(Collection.objects.values_list("pk", flat=True))
    migrate()
    assert list(Collection.objects.values_list("pk", flat=True)) == before
