"""Index and database stay in step: every kind of change reaches the index, whatever happens on the way."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from taggit.models import Tag
from wagtail.models import PageViewRestriction

from practices.models import ContentChange, FieldOfAction, PracticePage
from practices.services.merge_terms import merge_terms
from practices.terms import all_terms
from search.engines.protocol import EngineUnavailable
from search.find import find
from search.indexing import drain, forget_applied, sync
from search.models import IndexState
from search.params import SearchParams
from search.rebuild import compare, rebuild, reconcile
from tests.factories import OrganisationFactory, ProjectFactory, RecordingFactory, ToolFactory
from tests.practices.rich_practices import make_document

ANYBODY = AnonymousUser()


@pytest.fixture
def project(built, organisation):
    """A project that was published and indexed."""
    page = ProjectFactory(parent=organisation, title="Geräteverleih im Quartier")
    drain()
    return page


def titles(q="", user=ANYBODY, **filters) -> list[str]:
    params = SearchParams(q=q, filters={name: (value,) for name, value in filters.items()})
    return [hit.page.title for hit in find(params, user, all_terms()).hits]


def test_publishing(project):
    assert titles("Geräteverleih") == [project.title]


def test_publishing_again(project):
    project.title = "Werkzeugkiste"
    project.save_revision().publish()
    drain()
    assert (titles("Werkzeugkiste"), titles("Geräteverleih")) == (["Werkzeugkiste"], [])


def test_a_draft_changes_nothing(project):
    project.title = "Werkzeugkiste"
    project.save_revision()
    drain()
    assert titles("Geräteverleih") == ["Geräteverleih im Quartier"]


def test_unpublishing(project):
    project.unpublish()
    drain()
    assert titles("Geräteverleih") == []


def test_deleting(project):
    project.delete()
    drain()
    assert titles("Geräteverleih") == []


def test_deleting_the_organisation_above(project, organisation):
    organisation.delete()
    drain()
    assert len(compare()) == 0
    assert titles() == []


def test_moving_below_another_organisation(project, site):
    other = OrganisationFactory(parent=site, title="Nachbarschaftshaus")
    project.move(other, pos="last-child")
    drain()
    assert titles(traeger=other.key) == [project.title]


def test_restricting_and_releasing(project):
    restriction = PageViewRestriction.objects.create(
        page=project.get_parent(), restriction_type=PageViewRestriction.LOGIN
    )
    drain()
    assert (titles("Geräteverleih"), titles("Geräteverleih", User.objects.create_user("gast"))) == ([], [project.title])
    restriction.delete()
    drain()
    assert titles("Geräteverleih") == [project.title]


def test_moving_into_a_restricted_section(project, site):
    room = OrganisationFactory(parent=site)
    PageViewRestriction.objects.create(page=room, restriction_type=PageViewRestriction.LOGIN)
    project.move(room, pos="last-child")
    drain()
    assert titles("Geräteverleih") == []


def test_leaving_a_group_hides_at_once(project):
    group = Group.objects.create(name="Raum")
    restriction = PageViewRestriction.objects.create(page=project, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.add(group)
    user = User.objects.create_user("mitglied")
    user.groups.add(group)
    drain()
    assert titles("Geräteverleih", User.objects.get(pk=user.pk)) == [project.title]
    user.groups.clear()
    found = find(SearchParams(q="Geräteverleih"), User.objects.get(pk=user.pk), all_terms())
    assert (found.total, found.counts["typ"]) == (0, {})


def test_a_schedule(project):
    project.title = "Angekündigt"
    project.go_live_at = timezone.now() + timedelta(hours=1)
    project.save_revision().publish()
    drain()
    assert titles("Angekündigt") == []
    revision = project.get_latest_revision()
    revision.approved_go_live_at = timezone.now() - timedelta(hours=1)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()
    call_command("publish_scheduled", verbosity=0)
    drain()
    assert titles("Angekündigt") == ["Angekündigt"]


def test_an_expiry(project):
    project.expire_at = timezone.now() + timedelta(hours=1)
    project.save_revision().publish()
    PracticePage.objects.update(expire_at=timezone.now() - timedelta(hours=1))
    call_command("publish_scheduled", verbosity=0)
    drain()
    assert titles("Geräteverleih") == []


def test_renaming_a_term(project):
    term = FieldOfAction.objects.get(slug="suchthilfe")
    project.fields_of_action.set([term])
    project.save()
    term.name = "Wolkenkunde"
    term.save()
    drain()
    assert titles("Wolkenkunde") == [project.title]


def test_renaming_a_term_above(project):
    above = FieldOfAction.objects.get(slug="quartier")
    below = FieldOfAction.objects.get(slug="suchthilfe")
    below.broader = above
    below.save()
    project.fields_of_action.set([below])
    project.save()
    above.name = "Wolkenkunde"
    above.save()
    drain()
    assert titles("Wolkenkunde") == titles(handlungsfeld="quartier") == [project.title]


def test_merging_terms(project):
    source, target = (FieldOfAction.objects.get(slug=slug) for slug in ("suchthilfe", "quartier"))
    project.fields_of_action.set([source])
    project.save()
    drain()
    merge_terms(source, target)
    drain()
    assert titles(handlungsfeld="quartier") == [project.title]
    assert len(compare()) == 0


def test_renaming_a_tag(project):
    project.tags.add("alt")
    project.save()
    Tag.objects.get(name="alt").delete()
    drain()
    assert len(compare()) == 0


def test_an_organisation_that_is_a_draft_again_is_not_found_by_name(project, organisation):
    organisation.title = "Wolkenwerkstatt"
    organisation.save()
    drain()
    assert titles("Wolkenwerkstatt") == [project.title]
    organisation.unpublish()
    drain()
    assert titles("Wolkenwerkstatt") == []
    assert titles("Geräteverleih") == [project.title]


def test_renaming_the_organisation(project, organisation):
    organisation.title = "Wolkenwerkstatt"
    organisation.save()
    drain()
    assert titles("Wolkenwerkstatt") == [project.title]


def test_a_document_that_gets_another_title(project):
    document = make_document("Handreichung", "a.txt")
    project.documents = [("document", {"document": document})]
    project.save()
    document.title = "Wolkenplan"
    document.save()
    drain()
    assert titles("Wolkenplan") == [project.title]


def test_captions_whose_file_is_replaced(project, organisation):
    def cues(text: str) -> ContentFile:
        return ContentFile(f"WEBVTT\n\n00:00.000 --> 00:05.000\n{text}\n".encode(), "u.vtt")

    captions = make_document("Untertitel", "u.vtt", "WEBVTT\n\n00:00.000 --> 00:05.000\nHandreichung\n")
    page = RecordingFactory(parent=organisation, title="Vortrag", captions=captions)
    captions.file = cues("Wolkenplan")
    captions.save()
    drain()
    assert (titles("Wolkenplan"), titles("Handreichung")) == ([page.title], [])
    Path(captions.file.path).write_text("kein WebVTT")
    captions.save()
    drain()
    assert titles("Wolkenplan") == [page.title]
    captions.file.storage.delete(captions.file.name)
    captions.save()
    drain()
    assert titles("Wolkenplan") == [page.title]


def test_the_engine_is_away_and_comes_back(project, site_engine, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise EngineUnavailable("down for the test")

    with monkeypatch.context() as patch:
        patch.setattr(type(site_engine), "write", refuse)
        project.title = "Werkzeugkiste"
        project.save_revision().publish()
        assert drain() == 0
        assert IndexState.objects.get().failing_since
    assert drain() > 0
    assert titles("Werkzeugkiste") == ["Werkzeugkiste"]
    assert IndexState.objects.get().failing_since is None


def test_a_page_that_can_not_be_indexed_holds_up_nobody(project, organisation, monkeypatch):
    from search import documents

    make = documents._own_content
    bad = ToolFactory(parent=organisation, title="Kaputt")
    ToolFactory(parent=organisation, title="Gesund")

    def fail_for_one(page):
        if page.pk == bad.pk:
            raise ValueError("for the test")
        return make(page)

    with monkeypatch.context() as patch:
        patch.setattr(documents, "_own_content", fail_for_one)
        drain()
        assert (titles("Gesund"), titles("Kaputt")) == (["Gesund"], [])
    ContentChange.objects.update(not_before=None)
    drain()
    assert titles("Kaputt") == ["Kaputt"]


def test_syncing_twice_changes_nothing(project, site_engine):
    before = list(site_engine.digests())
    sync([project.pk])
    sync([project.pk])
    assert list(site_engine.digests()) == before


def test_a_rebuild_says_the_same_as_updates(project, site_engine):
    before = dict(site_engine.digests())
    rebuild()
    assert dict(site_engine.digests()) == before


def test_changes_applied_during_a_rebuild_are_in_the_new_index(project, organisation, monkeypatch):
    """They go into the old index while the new one is being filled; the swap must not lose them."""
    late = []

    def publish_meanwhile(done, total):
        if not late:
            late.append(ToolFactory(parent=organisation, title="Nachzügler"))
            project.unpublish()
            drain()

    rebuild(publish_meanwhile)
    assert titles() == ["Nachzügler"]
    drain()
    assert len(compare()) == 0


def test_comparing_finds_what_is_missing_stale_and_left_over(project, organisation, site_engine):
    other = ToolFactory(parent=organisation)
    drain()
    missing = ToolFactory(parent=organisation)
    PracticePage.objects.filter(pk=project.pk).update(title="Am Index vorbei")
    PracticePage.objects.filter(pk=other.pk).update(live=False)
    ContentChange.objects.all().delete()
    drift = compare()
    assert (drift.missing, drift.stale, drift.extra) == ([missing.pk], [project.pk], [other.pk])
    assert IndexState.objects.get().drift == 3
    with pytest.raises(CommandError, match="3 Abweichungen"):
        call_command("search_verify")


def test_reconciling_mends_what_differs(project):
    PracticePage.objects.filter(pk=project.pk).update(title="Am Index vorbei")
    list(reconcile())
    drain()
    assert len(compare()) == 0


def test_applied_changes_are_forgotten_after_days(project):
    ContentChange.objects.update(applied_at=timezone.now() - timedelta(days=3))
    waiting = ContentChange(page_id=1)
    waiting.save()
    forget_applied()
    assert list(ContentChange.objects.all()) == [waiting]
