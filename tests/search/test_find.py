"""What readers find, the same on both engines."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.http import QueryDict
from django.utils import timezone
from wagtail.models import PageViewRestriction

from practices.models import FieldOfAction, PracticeChange, PracticePage, PracticePartner
from practices.services.merge_terms import merge_terms
from practices.terms import all_terms, terms_of
from search.engines.protocol import EngineUnavailable
from search.facets import Labels
from search.find import Members, find
from search.indexing import drain
from search.models import SynonymGroup
from search.params import MAX_RESULTS, SearchParams
from search.presenters import present_facets
from search.rebuild import rebuild
from search.similar import find_similar
from search.synonyms import current_synonyms, stems_of
from tests.factories import LessonFactory, OrganisationFactory, ProjectFactory, RecordingFactory, ToolFactory
from tests.practices.rich_practices import make_document

ANYBODY = AnonymousUser()


@pytest.fixture
def publish(built, organisation):
    """A function that publishes and indexes a project for each title, and returns them."""

    def make(*titles, **fields):
        made = [ProjectFactory(parent=organisation, title=title, **fields) for title in titles]
        drain()
        return made

    return make


def search(q="", page=1, **filters):
    values = {name: value if isinstance(value, tuple) else (value,) for name, value in filters.items()}
    return find(SearchParams(q=q, filters=values, page=page), ANYBODY, all_terms())


def titles(*args, **kwargs) -> list[str]:
    return [hit.page.title for hit in search(*args, **kwargs).hits]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Geräteverleih", "Verleih von Geräten"),
        ("Geräte verleihen", "Geräteverleih"),
        ("geraeteverleih", "Geräteverleih"),
        ("gerateverleih", "Geräteverleih"),
        ("GERÄTE-VERLEIH", "Geräteverleih"),
        ("Email", "E-Mail für alle"),
        ("E-Mail", "Email für alle"),
        ("SGB 2", "Leistungen nach SGB II"),
        ("SGB II", "Leistungen nach SGB2"),
        ("Berater:innen", "Beratende und Berater"),
        ("Kolleginnen", "Kolleg*innen lernen"),
        ("Häuser", "Das Haus"),
        ("Strasse", "Auf der Straße"),
        ("schulen", "Schulung im Betrieb"),
        ("Tourenplanung", "Wie wir Touren planen"),
        ("Seniorenhandy", "Handys für Senioren"),
        ("Lotsinnen", "Ein Lotse im Quartier"),
        ("Vorlesepatinnen", "Paten, die vorlesen"),
        ("vermitteln", "Vermittlung in Arbeit"),
        ("Nachtcafé", "Ein Café in der Nacht"),
        ("MITARBEITER:INNEN", "Für Mitarbeiter"),
        ("PC", "Alte PCs"),
        ("§ 16i SGB II", "Förderung nach § 16i SGB 2"),
    ],
)
def test_what_is_typed_finds_what_is_meant(publish, query, title):
    publish(title, "Etwas anderes")
    assert titles(query)[:1] == [title]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Pflegeausbildung", "Pflege"),
        ("Seite", "Seit gestern"),
        ("SGB 3", "SGB II"),
        ("Kost", "Kosten senken"),
        ("Schule", "Schulung im Betrieb"),
        ("Bild", "Bildung"),
        ("Spaten", "Bildungspaten"),
    ],
)
def test_what_is_not_meant_is_not_found(publish, query, title):
    publish(title)
    assert titles(query) == []


def test_what_is_rare_decides_where_not_everything_is_there(publish):
    publish("Digitale Hilfe", "Digitale Beratung", "Digitale Pflege")
    publish("Im Büro", approach="<p>Über die Rechnungsfreigabe.</p>")
    assert titles("digitale Rechnungsfreigabe")[0] == "Im Büro"


def test_exact_before_stem_before_part_of_a_compound(publish):
    publish("Beratungsstelle", "Beratungen", "Beratung")
    assert titles("Beratung") == ["Beratung", "Beratungen", "Beratungsstelle"]


def test_title_before_summary_before_body_before_attached_text(publish, organisation):
    publish("Im Fließtext", approach="<p>Demenz</p>")
    publish("In der Zusammenfassung", summary="Demenz")
    publish("Demenz")
    captions = make_document("Untertitel", "u.vtt", "WEBVTT\n\n00:00.000 --> 00:05.000\nDemenz\n")
    RecordingFactory(parent=organisation, title="Im Film", captions=captions)
    drain()
    assert titles("Demenz") == ["Demenz", "In der Zusammenfassung", "Im Fließtext", "Im Film"]


def test_recently_confirmed_first_where_all_else_is_equal(publish):
    publish("Demenz A", last_confirmed="2016-01-01")
    publish("Demenz B", last_confirmed="2026-01-01")
    publish("Demenz C", last_confirmed="2020-01-01")
    assert titles("Demenz") == ["Demenz B", "Demenz C", "Demenz A"]


def test_words_in_quotes_stand_side_by_side(publish):
    publish("Digitale Teilhabe", "Teilhabe wird digitale Aufgabe")
    assert titles('"digitale Teilhabe"') == ["Digitale Teilhabe"]


def test_a_word_in_quotes_is_taken_as_written(publish):
    publish("Beratung", "Beratungen")
    assert titles('"Beratungen"') == ["Beratungen"]


def test_a_minus_excludes(publish):
    publish("Teilhabe im Alter", "Teilhabe in der Jugend")
    assert titles("Teilhabe -Jugend") == ["Teilhabe im Alter"]


def test_a_star_asks_for_a_beginning(publish):
    publish("Smartphonekurs", "Telefonkette")
    assert titles("Smartph*") == ["Smartphonekurs"]


def test_synonyms_of_editors_hold_at_once_and_rank_below_the_word_itself(publish):
    publish("Kleiderkammer", "Umsonstladen")
    assert titles("Umsonstladen") == ["Umsonstladen"]
    SynonymGroup.objects.create(words="Umsonstladen\nKleiderkammer")
    assert titles("Umsonstladen") == ["Umsonstladen", "Kleiderkammer"]


def test_synonyms_with_several_words_are_phrases(publish):
    SynonymGroup.objects.create(words="Kita\nHaus der kleinen Leute")
    publish("Haus der kleinen Leute", "Kleinen Haus Leute der", "Kita")
    assert titles("Kita") == ["Kita", "Haus der kleinen Leute"]
    assert titles("Haus der kleinen Leute")[-1] == "Kita"


def test_synonyms_of_a_law_hold_with_its_number(publish):
    SynonymGroup.objects.create(words="SGB\nSozialgesetzbuch")
    publish("Förderung nach SGB 2", "Förderung nach SGB 3")
    assert titles("Sozialgesetzbuch II") == ["Förderung nach SGB 2"]


def test_other_names_of_a_term_find_what_carries_it(publish):
    (page,) = publish("Ohne das Wort")
    term = FieldOfAction.objects.get(slug="suchthilfe")
    term.alt_labels = "Wolkenkunde"
    term.save()
    page.fields_of_action.set([term])
    page.save()
    drain()
    assert titles("Wolkenkunde") == ["Ohne das Wort"]


def test_synonyms_are_made_anew_when_a_name_changes_and_only_then(publish):
    publish("Kleiderkammer")
    synonyms = current_synonyms()
    publish("Umsonstladen")
    assert current_synonyms() is synonyms
    SynonymGroup.objects.create(words="Wolkenkammer\nUmsonstladen")
    assert stems_of("Wolkenkammer") in current_synonyms().groups
    term = FieldOfAction.objects.get(slug="suchthilfe")
    term.alt_labels = "Wolkenkunde"
    term.save()
    assert stems_of("Wolkenkunde") in current_synonyms().groups


def test_a_typing_error_is_corrected_and_said(publish):
    publish("Sprechstunde für Technik")
    found = search("Sprchstunde")
    assert ([hit.page.title for hit in found.hits], found.correction) == (["Sprechstunde für Technik"], "Sprechstunde")


def test_a_word_that_occurs_is_not_corrected(publish):
    publish("Tafel", "Tafeln", "Kabel")
    assert search("Kabel").correction is None


def test_where_few_have_all_words_those_with_some_follow(publish):
    publish("Schulden und Sucht", "Schulden", "Sucht", "Wohnen")
    found = search("Schulden Sucht")
    assert found.is_relaxed
    assert found.hits[0].page.title == "Schulden und Sucht"
    assert {hit.page.title for hit in found.hits} == {"Schulden und Sucht", "Schulden", "Sucht"}


def test_where_enough_have_all_words_no_others_follow(publish):
    publish(*(f"Schulden und Sucht {number}" for number in range(5)), "Schulden")
    found = search("Schulden Sucht")
    assert (found.total, found.is_relaxed) == (5, False)


def test_a_filter_does_not_change_how_words_are_read(publish, organisation):
    publish(*(f"Schulden und Sucht {number}" for number in range(5)))
    ToolFactory(parent=organisation, title="Sucht")
    drain()
    assert search("Schulden Sucht", typ="werkzeug").total == 0


def test_values_of_a_facet_are_alternatives_and_facets_all_have_to_hold(publish, organisation):
    publish("Projekt")
    ToolFactory(parent=organisation, title="Werkzeug")
    LessonFactory(parent=organisation, title="Erkenntnis")
    drain()
    assert sorted(titles(typ=("projekt", "werkzeug"))) == ["Projekt", "Werkzeug"]
    assert titles(typ=("projekt", "werkzeug"), traeger="gibt-es-nicht") == []


def test_a_term_includes_its_narrower_terms(publish):
    (page,) = publish("Projekt")
    below = FieldOfAction.objects.get(slug="suchthilfe")
    below.broader = FieldOfAction.objects.get(slug="quartier")
    below.save()
    page.fields_of_action.set([below])
    page.save()
    drain()
    found = search(handlungsfeld="quartier")
    assert (found.total, found.counts["handlungsfeld"]) == (1, {"quartier": 1, "suchthilfe": 1})


def test_counts_of_a_facet_ignore_its_own_selection_only(publish, organisation):
    publish("Projekt A", "Projekt B")
    other = OrganisationFactory(parent=organisation.get_parent())
    ToolFactory(parent=other)
    drain()
    counts = search(typ="projekt").counts
    assert counts["typ"] == {"projekt": 2, "werkzeug": 1}
    assert counts["traeger"] == {organisation.key: 2}


def test_a_selected_value_is_listed_even_at_zero(publish):
    publish("Projekt")
    params = SearchParams(filters={"handlungsfeld": ("suchthilfe",), "schlagwort": ("gibt-es-nicht",)})
    terms = all_terms()
    facets = present_facets(params, find(params, ANYBODY, terms), Labels(terms, ANYBODY))
    listed = {option.value: option for facet in facets for option in facet.all_options()}
    assert (listed["suchthilfe"].count, listed["suchthilfe"].selected) == (0, True)


def test_years_ask_for_what_overlaps(publish):
    publish("2019 bis 2021", start="2019-03-01", end="2021-06-30")
    publish("2023", start="2023-01-01", end="2023-12-31")

    def between(first, last):
        found = find(SearchParams(from_year=first, to_year=last), ANYBODY, all_terms())
        assert not found.is_reduced
        return sorted(hit.page.title for hit in found.hits)

    assert between("2021", "2022") == ["2019 bis 2021"]
    assert between("2022", "2022") == []
    assert between("2021", "") == ["2019 bis 2021", "2023"]
    assert between("", "2020") == ["2019 bis 2021"]


def test_regions_are_those_of_the_practice_or_of_its_organisation(publish, organisation):
    publish("Eigene", region="Hessen")
    publish("Von der Organisation")
    organisation.region = "Berlin"
    organisation.save()
    drain()
    assert search().counts["region"] == {"Hessen": 1, "Berlin": 1}


def test_lists_are_sorted_by_title_without_regard_to_umlauts(publish):
    publish("Zelt", "Übung", "Uhr", "apfel")
    found = find(SearchParams(asked_sort="titel"), ANYBODY, all_terms())
    assert [hit.page.title for hit in found.hits] == ["apfel", "Übung", "Uhr", "Zelt"]


def test_without_words_the_newest_come_first(publish):
    publish("Älter", "Jünger")
    PracticePage.objects.filter(title="Älter").update(first_published_at="2020-01-01T00:00Z")
    PracticePage.objects.filter(title="Jünger").update(first_published_at="2021-01-01T00:00Z")
    rebuild()
    assert titles() == ["Jünger", "Älter"]


def test_pages_do_not_overlap_and_a_page_beyond_the_last_is_the_last(publish):
    publish(*(f"Seite {number:02d}" for number in range(45)))
    pages = [[hit.page.pk for hit in search(page=page).hits] for page in (1, 2, 3)]
    assert [len(ids) for ids in pages] == [20, 20, 5]
    assert len({pk for ids in pages for pk in ids}) == 45
    assert [hit.page.pk for hit in search(page=40).hits] == pages[2]


@pytest.mark.parametrize("per_page", [30, 60, 100])
def test_pages_go_as_far_as_the_last_hit_that_can_be_reached(per_page):
    last = -(-MAX_RESULTS // per_page)
    assert SearchParams.parse(QueryDict(f"anzahl={per_page}&seite=5000")).page == last


@pytest.mark.parametrize("query", ["???", "🙂", '"', "-", "*", "§"])
def test_no_words_find_nothing_and_say_so(publish, query):
    publish("Projekt")
    found = search(query)
    assert (found.total, found.has_words) == (0, False)


def test_without_an_engine_the_database_answers(publish, built, monkeypatch):
    publish("Geräteverleih", "Anderes")

    def refuse(*_args, **_kwargs):
        raise EngineUnavailable("down for the test")

    monkeypatch.setattr(type(built), "ask", refuse)
    found = search("Geräteverleih")
    assert ([hit.page.title for hit in found.hits], found.is_reduced) == (["Geräteverleih"], True)
    assert titles("der Geräteverleih") == ["Geräteverleih"]
    assert titles("-Geräteverleih") == ["Anderes"]


def test_a_moment_of_a_recording_is_found_and_led_to(publish, organisation, client):
    captions = "WEBVTT\n\n00:00.000 --> 00:05.000\nGuten Tag.\n\n02:05.000 --> 02:09.000\nJetzt zur Demenz.\n"
    page = RecordingFactory(
        parent=organisation, title="Vortrag", captions=make_document("Untertitel", "u.vtt", captions)
    )
    drain()
    (hit,) = client.get("/api/v1/suche", {"q": "Demenz"}).json()["hits"]
    (passage,) = hit["passages"]
    assert passage["url"].endswith(f"{page.url}#t=125")
    assert passage["snippet"] == "Jetzt zur <mark>Demenz</mark>."


def test_similar_practices_share_most(publish, organisation):
    one, near, far, _other = publish("Eine", "Nahe", "Fernere", "Fremde")
    for page, slugs in ((one, ("suchthilfe", "quartier")), (near, ("suchthilfe", "quartier")), (far, ("quartier",))):
        page.fields_of_action.set(FieldOfAction.objects.filter(slug__in=slugs))
        page.save()
    drain()
    assert find_similar(one.pk, terms_of([one.pk])[one.pk], ANYBODY, 5) == [near.pk, far.pk]


@pytest.mark.parametrize(
    "params",
    [
        SearchParams(),
        SearchParams(q="Verleih"),
        SearchParams(q="Verlieh"),
        SearchParams(q="Verleih Nachtcafé Werkzeugkiste"),
        SearchParams(q="Garten", filters={"typ": ("projekt",)}),
        SearchParams(filters={"typ": ("werkzeug",)}),
        SearchParams(q="!?"),
    ],
)
def test_a_part_of_an_answer_is_the_answer_in_part(publish, params):
    pages = publish("Verleih von Rädern", "Geräteverleih", "Garten", "Nachtcafé", "Etwas anderes")
    everything = {hit.page.pk for hit in find(params, ANYBODY, all_terms()).hits}
    for page in pages:
        assert Members([page.pk]).of(params) == everything & {page.pk}


def test_what_changed_last_comes_first_for_who_asks_so(publish):
    first, _second, third = publish("Erstes", "Zweites", "Drittes")
    PracticeChange.objects.filter(page_id=first.pk).update(at=timezone.now() + timedelta(hours=1))
    PracticeChange.objects.filter(page_id=third.pk).update(at=timezone.now() + timedelta(hours=2), notify=False)
    rebuild()
    found = find(SearchParams(asked_sort="geaendert"), ANYBODY, all_terms())
    assert [hit.page.title for hit in found.hits] == ["Erstes", "Zweites", "Drittes"]


def test_without_an_engine_what_changed_last_comes_first_as_well(site, organisation):
    first = ProjectFactory(parent=organisation, title="Erstes")
    ProjectFactory(parent=organisation, title="Zweites")
    PracticeChange.objects.filter(page_id=first.pk).update(at=timezone.now() + timedelta(hours=1))
    found = find(SearchParams(asked_sort="geaendert"), ANYBODY, all_terms())
    assert found.is_reduced
    assert [hit.page.title for hit in found.hits] == ["Erstes", "Zweites"]


def test_the_key_of_a_merged_term_still_finds(publish, client):
    old, new = FieldOfAction.objects.filter(merged_into=None)[:2]
    [page] = publish("Mit dem alten Begriff")
    page.fields_of_action.set([old])
    page.save()
    merge_terms(old, new)
    drain()
    answer = client.get(f"/api/v1/suche?handlungsfeld={old.slug}").json()
    assert [hit["title"] for hit in answer["hits"]] == ["Mit dem alten Begriff"]


@pytest.mark.parametrize("way", ["restricted", "unpublished", "moved", "deleted", "expired"])
def test_what_was_hidden_is_neither_found_nor_counted_while_the_worker_stands_still(publish, site, way):
    shown, hidden = publish("Sichtbar", "Versteckt", region="Hamburg")
    closed = OrganisationFactory(parent=site)
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    hidden.region = "Bremen"
    hidden.save_revision().publish()
    drain()
    match way:
        case "restricted":
            PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
        case "unpublished":
            hidden.unpublish()
        case "moved":
            hidden.move(closed, pos="last-child")
        case "deleted":
            hidden.delete()
        case "expired":
            PracticePage.objects.filter(pk=hidden.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
            call_command("publish_scheduled", verbosity=0)
    found = search()
    assert ([hit.page.pk for hit in found.hits], found.total) == ([shown.pk], 1)
    assert found.counts["region"] == {"Hamburg": 1}
    assert sum(found.counts["typ"].values()) == 1


def test_nothing_is_quoted_of_what_the_index_does_not_know_yet(publish, site):
    partner = OrganisationFactory(parent=site, title="Geheimbund")
    (project,) = publish("Verleih")
    project.partners.add(PracticePartner(organisation=partner))
    project.save_revision().publish()
    drain()
    assert search("Geheimbund").hits[0].source["body"]
    partner.unpublish()
    assert [hit.source for hit in search("Geheimbund").hits] == [{}]
    drain()
    assert search("Geheimbund").hits == []
