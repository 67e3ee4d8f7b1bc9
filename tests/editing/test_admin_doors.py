"""Every address of the admin and of accounts is wanted or closed, and nobody does more there than was decided.

The decisions stand in `decided/*.txt`, one line for a single pattern, or for a pattern and what it is asked about. Each is tried
by somebody of every role: by GET, and by POST with the form that the page shows to who runs the platform, filled in to do harm.
"""

import gc
from collections import Counter

import pytest
from django.db import transaction
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.views.generic.models import CopyViewMixin

from tests.editing.door_addresses import address
from tests.editing.door_changes import GUARDED, SEEN_BY_LOOKING, guarded, kinds
from tests.editing.door_decisions import Decision, decisions
from tests.editing.door_forms import fill_in, instead
from tests.editing.door_visits import BROKEN, IN, NOT_THIS_METHOD, OUT, Visit, Visitor
from tests.editing.door_world import ROLES, build_world
from tests.editing.doors import doors

# What a role may do is asked of Wagtail, not of the database.
pytestmark = pytest.mark.one_database
AREAS = ("verwaltung/", "konto/", "documents/", "_util/")
DECIDED = decisions()
BULK = "verwaltung/bulk/<str:app_label>/<str:model_name>/<str:action>/"


def test_no_address_saves_a_copy_over_its_original():
    """Wagtail's generic view does; copies of pages are made by a view of their own."""
    assert [door.route for door in doors() if issubclass(door.view_class or object, CopyViewMixin)] == []


def test_every_address_was_decided_about():
    there, decided = {door.route for door in doors(*AREAS)}, {decision.route for decision in DECIDED}
    assert there - decided == set(), "nobody decided about these"
    assert decided - there == set(), "these are gone"


def test_every_bulk_action_was_decided_about():
    bulk_action_registry._scan_for_bulk_actions()
    there = {
        f"app_label=={app} model_name=={model} action=={action}"
        for app, models in bulk_action_registry.actions.items()
        for model, actions in models.items()
        for action in actions
    }
    assert {" ".join(decision.target.split()[:3]) for decision in DECIDED if decision.route == BULK} == there


def test_every_line_stands_once():
    assert [line for line, times in Counter(map(str, DECIDED)).items() if times > 1] == []


@pytest.fixture(scope="module")
def media_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, media_folder):
    """A platform for all tests of this module, taken back at the end."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr("django.conf.settings.MEDIA_ROOT", media_folder)
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def visitors(world) -> dict[str, Visitor]:
    return {letter: Visitor(world.people.get(letter)) for letter in ROLES}


@pytest.fixture(scope="module")
def forms() -> dict[str, dict]:
    """What is sent to each address: its form, as who runs the platform sees it; filled while that person walks."""
    return {}


@pytest.fixture
def files_stay(settings, data_dir, media_folder):
    settings.MEDIA_ROOT = media_folder


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # Wagtail leaves open what was uploaded
@pytest.mark.drill(20)
@pytest.mark.parametrize("letter", ROLES[::-1], ids=lambda letter: letter.replace("-", "nobody"))
@pytest.mark.parametrize("subject", dict.fromkeys(decision.subject for decision in DECIDED))
def test_everybody_gets_where_was_decided_and_changes_what_was_decided(
    subject, letter, world, visitors, forms, files_stay
):
    visitor, untouched = visitors[letter], guarded(letter, world)
    wrong = []
    for decision in DECIDED:
        if decision.subject != subject:
            continue
        path = address(decision.route, decision.target, world, letter)
        with visitor.visit("GET", path) as look:
            wrong += _wrong_look(decision, letter, look)
            if letter == "S":
                forms[str(decision)] = fill_in(look.html, path)
        if str(decision) not in forms:
            with visitors["S"].visit("GET", address(decision.route, decision.target, world)) as seen:
                forms[str(decision)] = fill_in(seen.html, seen.path)
        data = instead(forms[str(decision)], path, decision.target, world, letter)
        with visitor.visit("POST", path, data) as done:
            wrong += _wrong_form(decision, letter, look, done)
            if kinds(done.written) & GUARDED:
                now = guarded(letter, world)
                wrong += [f"{decision}: {letter} POST touched {name}" for name in now if now[name] != untouched[name]]
    gc.collect()  # while the warnings about open files are expected
    assert not wrong, "\n".join(wrong)


def _wrong_look(decision: Decision, letter: str, look: Visit) -> list[str]:
    here = f"{decision}: {letter} GET {look.status} {look.location}"
    if look.outcome == BROKEN:
        return [f"{here} broke"]
    expected = letter in decision.letters
    found = [f"{here}, decided was {expected}"] if look.outcome not in (NOT_THIS_METHOD, _outcome(expected)) else []
    return found + [f"{here} changed {kind}" for kind in kinds(look.written) - SEEN_BY_LOOKING]


def _wrong_form(decision: Decision, letter: str, look: Visit, done: Visit) -> list[str]:
    here = f"{decision}: {letter} POST {done.status} {done.location}"
    if done.outcome == BROKEN:
        return [f"{here} broke"]
    found, expected, changed = [], letter in decision.letters, kinds(done.written)
    if done.outcome == IN and not expected:
        found = [f"{here} got in"]
    elif look.outcome == NOT_THIS_METHOD and expected and done.outcome != IN:
        found = [f"{here} did not get in"]
    if not expected and done.written - {"django_session"}:
        found.append(f"{here} wrote to {sorted(done.written)}")
    if changed != decision.changed_by(letter):
        found.append(f"{here} changed {sorted(changed)}, decided was {sorted(decision.changed_by(letter))}")
    return found


def _outcome(expected: bool) -> str:
    return IN if expected else OUT
