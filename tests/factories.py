"""Factories for pages; whatever a test does not name has a sensible value."""

import factory
import wagtail_factories

from practices import models


class OrganisationFactory(wagtail_factories.PageFactory):
    title = factory.Sequence(lambda number: f"Organisation {number}")
    summary = "Eine Organisation für Tests."

    class Meta:
        model = models.OrganisationPage


class PracticeFactory(wagtail_factories.PageFactory):
    summary = "Eine Praxis für Tests."

    class Meta:
        abstract = True


class ProjectFactory(PracticeFactory):
    title = factory.Sequence(lambda number: f"Projekt {number}")

    class Meta:
        model = models.ProjectProfilePage


class ToolFactory(PracticeFactory):
    title = factory.Sequence(lambda number: f"Werkzeug {number}")

    class Meta:
        model = models.ToolPage


class RecordingFactory(PracticeFactory):
    title = factory.Sequence(lambda number: f"Mitschnitt {number}")

    class Meta:
        model = models.RecordingPage


class LessonFactory(PracticeFactory):
    title = factory.Sequence(lambda number: f"Erkenntnis {number}")

    class Meta:
        model = models.LessonPage
