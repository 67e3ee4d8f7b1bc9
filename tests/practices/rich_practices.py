"""One practice of each kind with everything it can hold, each related to the others."""

import datetime
import itertools
from decimal import Decimal
from pathlib import Path

from django.core.files.base import ContentFile
from django.db.models import F
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from practices import models
from tests.factories import LessonFactory, OrganisationFactory, ProjectFactory, RecordingFactory, ToolFactory
from tests.practices.documents import document_of
from tests.practices.page_rows import insert_practices

# Ninety seconds of one colour, which a browser plays, as the intake leaves it.
FILM = Path(__file__).parent / "files" / "film.webm"
TEXT = "<p>Ein Absatz mit <b>Betonung</b> und <a href='https://example.org/'>Link</a>.</p>"
ADDRESSES = {
    "home": "/",
    "organisation": "/praxis/werkstatt-sud/",
    "organisations": "/praxis/",
    "project": "/praxis/werkstatt-sud/projekt/",
    "tool": "/praxis/werkstatt-sud/werkzeug/",
    "recording": "/praxis/werkstatt-sud/mitschnitt/",
    "lesson": "/praxis/werkstatt-sud/erkenntnis/",
    "topics": "/themen/",
    "scheme": "/themen/handlungsfeld/",
    "topic": "/themen/cluster/arbeit/",
    "search": "/suche/",
    "search with words": "/suche/?q=Worum&typ=projekt&cluster=arbeit&schlagwort=ger%C3%A4t",
    "impressum": "/impressum/",
    "datenschutz": "/datenschutz/",
    "barrierefreiheit": "/barrierefreiheit/",
    "leichte sprache": "/leichte-sprache/",
    "hilfe": "/hilfe/",
}
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:05.000\nGuten Tag.\n\n00:05.000 --> 00:09.000\nWir beginnen.\n"


def make_document(title: str, name: str, content: str = "Inhalt") -> models.CreditedDocument:
    file = ContentFile(document_of(name, content), name=name)
    return models.CreditedDocument.objects.create(title=title, credit="Testquelle", file=file)


def make_image(title: str = "Bild") -> models.CreditedImage:
    return models.CreditedImage.objects.create(
        title=title, credit="Testquelle", description="Ein blaues Rechteck", file=get_test_image_file()
    )


def _shared(organisation) -> dict:
    return {
        "parent": organisation,
        "summary": "Worum es geht, in zwei Sätzen. Mit Ergebnis.",
        "easy_summary": "Kurz gesagt.\nEinfach gesagt.",
        "licence": "CC-BY-4.0",
        "image": make_image(),
        "links": [("link", {"label": "Quelle", "url": "https://example.org/", "accessed": datetime.date(2022, 5, 15)})],
        "documents": [("document", {"document": make_document("Vorlage", "vorlage.pdf")})],
        "contact_role": "Projektleitung",
        "contact_email": "projekt@example.org",
        "change_note": "Ergebnisse ergänzt",
        "last_confirmed": datetime.date(2026, 1, 31),
    }


def make_practices(site) -> dict[str, models.PracticePage]:
    """Create four practices in an organisation and a partner organisation; return them by their type's key."""
    organisation = OrganisationFactory(parent=site, title="Werkstatt Süd", place="Köln", image=make_image())
    partner = OrganisationFactory(parent=site, title="Partnerin West")
    tool = ToolFactory(
        **_shared(organisation),
        kind=models.ToolKind.objects.first(),
        description=TEXT,
        website="https://example.org/werkzeug",
        price="kostenfrei, siehe https://example.org/preise",
        data_protection=TEXT,
        accessibility=TEXT,
        hosting="eigener Server",
        effort="zwei Tage",
        prerequisites=TEXT,
    )
    recording = RecordingFactory(
        **_shared(organisation),
        date=datetime.date(2022, 3, 16),
        series="Transferworkshop",
        speakers=[("speaker", {"name": "", "organisation": "Werkstatt Süd"})],
        duration_s=725,
        video=models.CreditedMedia.objects.create(
            title="Video",
            type="video",
            credit="Testquelle",
            duration=725,
            file=ContentFile(FILM.read_bytes(), name="video.webm"),
        ),
        captions=make_document("Untertitel", "untertitel.vtt", CAPTIONS),
        slides=make_document("Folien", "folien.pdf"),
        description=TEXT,
    )
    project = ProjectFactory(
        **_shared(organisation),
        place="Köln",
        region="Nordrhein-Westfalen",
        start=datetime.date(2021, 1, 1),
        end=datetime.date(2022, 6, 30),
        programme=models.FundingProgramme.objects.create(
            name="ESF Plus",
            funder="Land",
            kind="eu",
            statement="Kofinanziert von der Europäischen Union",
            emblem=make_image("Emblem"),
        ),
        eu_funded=True,
        funding_eur=Decimal("98400.50"),
        phase=models.Phase.objects.first(),
        experiment_field=models.ExperimentField.objects.first(),
        continuation=models.Continuation.objects.first(),
        benefits=[("benefit", "Mehr Zeit für Beratung")],
        **dict.fromkeys(
            ("refinancing", "situation", "goals", "approach", "results", "participation", "costs", "transfer_tips"),
            TEXT,
        ),
    )
    lesson = LessonFactory(
        **_shared(organisation), statement="Leitung geht voran.", context=TEXT, recommendation=TEXT, level="leitung"
    )
    practices = {"projekt": project, "werkzeug": tool, "mitschnitt": recording, "erkenntnis": lesson}
    for practice in practices.values():
        practice.clusters.set(models.Cluster.objects.all()[:2])
        practice.cost_bearers.set(models.CostBearer.objects.all()[:2])
        practice.fields_of_action.set(models.FieldOfAction.objects.all()[:2])
        practice.target_groups.set(models.TargetGroup.objects.all()[:2])
        practice.work_areas.set(models.WorkArea.objects.all()[:2])
        practice.tags.add("Gerät", "Ausleihe")
        practice.partners.add(models.PracticePartner(organisation=partner, role="Kooperation"))
    project.tool_items.add(models.ProjectTool(tool=tool))
    project.recording_items.add(models.ProjectRecording(recording=recording))
    project.success_factor_items.add(models.ProjectSuccessFactor(term=models.SuccessFactor.objects.first()))
    project.obstacle_items.add(models.ProjectObstacle(statement="Zu wenig Zeit in der Werkstatt."))
    indicator = models.ProjectIndicator(name="Geschulte", unit="Personen")
    indicator.values.add(models.IndicatorValue(half_year="2021-H1", target=12, actual=9))
    project.indicators.add(indicator)
    recording.chapters.add(models.RecordingChapter(start=65, title="Einführung", practice=project))
    lesson.addressees.set(models.Addressee.objects.all()[:2])
    lesson.evidence_items.add(models.LessonEvidence(project=project))
    for practice in practices.values():
        practice.save_revision().publish()
        practice.refresh_from_db()
    return practices


def make_many_projects(number: int, like: models.ProjectProfilePage) -> None:
    """Create `number` live projects in the organisation of `like`, with the same clusters and fields of action."""
    owner = like.organisation
    last = owner.get_children().order_by("path").last()
    places = itertools.count(int(last.path[-Page.steplen :], 36) + 1)
    now = timezone.now()
    pages = [
        models.ProjectProfilePage(
            title=f"Vielzahl {count}",
            draft_title=f"Vielzahl {count}",
            slug=f"viel-{count}",
            key=f"viel-{count}",
            summary="Eins von vielen.",
            path=Page._get_path(owner.path, owner.depth + 1, next(places)),
            depth=owner.depth + 1,
            url_path=f"{owner.url_path}viel-{count}/",
            first_published_at=now,
            last_published_at=now,
        )
        for count in range(number)
    ]
    insert_practices(pages)
    Page.objects.filter(pk=owner.pk).update(numchild=F("numchild") + number)
    new = models.PracticeChange.Kind.NEW
    models.PracticeChange.objects.bulk_create(
        models.PracticeChange(kind=new, page_id=page.pk, title=page.title) for page in pages
    )
    for through, terms in (
        (models.PracticeCluster, like.clusters.all()),
        (models.PracticeFieldOfAction, like.fields_of_action.all()),
    ):
        through.objects.bulk_create(through(tag=term, content_object_id=page.pk) for term in terms for page in pages)


def publish_under_fixed_addresses(practices: dict) -> dict[str, models.PracticePage]:
    """Give the practices of `make_practices` addresses that do not depend on numbering, those of ADDRESSES."""
    organisation = practices["projekt"].organisation
    organisation.slug = "werkstatt-sud"
    organisation.save()
    for key, page in practices.items():
        page = models.PracticePage.objects.get(pk=page.pk).specific
        page.slug = key
        page.save_revision().publish()
    return {key: models.PracticePage.objects.get(slug=key).specific for key in practices}
