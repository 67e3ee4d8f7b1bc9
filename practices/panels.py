"""The editor's forms, grouped the way an author thinks: what, how and what came out, who paid, what belongs to it."""

from django import forms
from wagtail.admin.panels import (
    FieldPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.models import Page
from wagtailmedia.edit_handlers import MediaChooserPanel

PRACTICE_START = HelpPanel(template="practices/admin/completeness_panel.html", heading="Vollständigkeit")
OPENING = [
    TitleFieldPanel("title", placeholder="Sprechender Titel, ohne Abkürzungen"),
    FieldPanel("summary"),
    FieldPanel("easy_summary"),
    FieldPanel("image"),
]
TERMS = [
    FieldPanel("clusters"),
    FieldPanel("cost_bearers"),
    FieldPanel("fields_of_action"),
    FieldPanel("target_groups"),
    FieldPanel("work_areas"),
    FieldPanel("tags"),
]
CONTACT = MultiFieldPanel(
    [FieldPanel("contact_name"), FieldPanel("contact_role"), FieldPanel("contact_email")], heading="Kontakt"
)
SOURCES = [FieldPanel("links"), FieldPanel("documents")]
PARTNERS = InlinePanel("partners", heading="Weitere beteiligte Organisationen", label="Organisation")


def term_panel(name: str) -> FieldPanel:
    """Return a field for one term as a plain list to choose from: quicker than a dialogue for a dozen terms."""
    return FieldPanel(name, widget=forms.Select)


def _form(*tabs, publication: list) -> TabbedInterface:
    """Return a tabbed form; every page type ends with the same tab for publication."""
    return TabbedInterface(
        [
            *tabs,
            ObjectList(
                [
                    *publication,
                    FieldPanel("licence"),
                    FieldPanel("key"),
                    *Page.promote_panels,
                    *Page.settings_panels,
                ],
                heading="Veröffentlichung",
            ),
        ]
    )


def organisation_panels() -> TabbedInterface:
    """Return the form of an organisation."""
    return _form(
        ObjectList(
            [
                *OPENING,
                MultiFieldPanel(
                    [
                        FieldPanel("place"),
                        FieldPanel("region"),
                        FieldPanel("website"),
                        FieldPanel("association"),
                        FieldPanel("employees"),
                    ],
                    heading="Eckdaten",
                ),
                CONTACT,
            ],
            heading="Organisation",
        ),
        ObjectList(TERMS, heading="Einordnung"),
        ObjectList(SOURCES, heading="Links und Dokumente"),
        publication=[FieldPanel("change_note"), FieldPanel("is_editorial")],
    )


def _practice_form(*tabs, belongings: list) -> TabbedInterface:
    return _form(
        *tabs,
        ObjectList(TERMS, heading="Einordnung"),
        ObjectList([PARTNERS, *belongings, *SOURCES, CONTACT], heading="Beteiligte und Quellen"),
        publication=[
            MultiFieldPanel([FieldPanel("change_note"), FieldPanel("notify_followers")], heading="Diese Änderung"),
            FieldPanel("last_confirmed"),
            FieldPanel("archive_reason"),
        ],
    )


def project_panels() -> TabbedInterface:
    """Return the form of a project profile."""
    return _practice_form(
        ObjectList(
            [
                PRACTICE_START,
                *OPENING,
                MultiFieldPanel(
                    [FieldPanel("place"), FieldPanel("region"), FieldPanel("start"), FieldPanel("end")],
                    heading="Ort und Zeitraum",
                ),
                MultiFieldPanel(
                    [
                        FieldPanel("situation"),
                        FieldPanel("goals"),
                        FieldPanel("approach"),
                        FieldPanel("participation"),
                        FieldPanel("results"),
                    ],
                    heading="Das Projekt",
                ),
            ],
            heading="Projekt",
        ),
        ObjectList(
            [
                InlinePanel("success_factor_items", heading="Was hat geholfen?", label="Gelingensfaktor"),
                InlinePanel("obstacle_items", heading="Was war schwierig?", label="Hemmnis"),
                FieldPanel("transfer_tips"),
                MultiFieldPanel(
                    [term_panel("phase"), term_panel("experiment_field")], heading="Einordnung der Erprobung"
                ),
                InlinePanel("indicators", heading="Kennzahlen", label="Kennzahl"),
            ],
            heading="Erfahrungen",
        ),
        ObjectList(
            [
                MultiFieldPanel(
                    [
                        FieldPanel("programme"),
                        FieldPanel("eu_funded"),
                        FieldPanel("funding_eur"),
                    ],
                    heading="Förderung",
                ),
                FieldPanel("costs"),
                FieldPanel("benefits"),
                MultiFieldPanel([term_panel("continuation"), FieldPanel("refinancing")], heading="Nach dem Projekt"),
            ],
            heading="Förderung, Kosten und Nutzen",
        ),
        belongings=[
            InlinePanel("tool_items", heading="Eingesetzte Werkzeuge", label="Werkzeug"),
            InlinePanel("recording_items", heading="Mitschnitte", label="Mitschnitt"),
        ],
    )


def tool_panels() -> TabbedInterface:
    """Return the form of a tool."""
    return _practice_form(
        ObjectList(
            [
                PRACTICE_START,
                *OPENING,
                term_panel("kind"),
                FieldPanel("description"),
                FieldPanel("website"),
                MultiFieldPanel(
                    [
                        FieldPanel("price"),
                        FieldPanel("effort"),
                        FieldPanel("hosting"),
                        FieldPanel("prerequisites"),
                        FieldPanel("data_protection"),
                        FieldPanel("accessibility"),
                    ],
                    heading="Was Sie vor dem Einsatz wissen sollten",
                ),
            ],
            heading="Werkzeug",
        ),
        belongings=[],
    )


def recording_panels() -> TabbedInterface:
    """Return the form of a recording."""
    return _practice_form(
        ObjectList(
            [
                PRACTICE_START,
                *OPENING,
                MultiFieldPanel(
                    [FieldPanel("date"), FieldPanel("series"), FieldPanel("speakers")], heading="Veranstaltung"
                ),
                FieldPanel("description"),
                MultiFieldPanel(
                    [
                        MediaChooserPanel("video", media_type="video"),
                        FieldPanel("video_url"),
                        FieldPanel("duration_s"),
                        FieldPanel("captions"),
                        FieldPanel("slides"),
                    ],
                    heading="Video und Folien",
                ),
                InlinePanel("chapters", heading="Kapitel", label="Kapitel"),
            ],
            heading="Mitschnitt",
        ),
        belongings=[],
    )


def lesson_panels() -> TabbedInterface:
    """Return the form of a lesson learned."""
    return _practice_form(
        ObjectList(
            [
                PRACTICE_START,
                *OPENING,
                FieldPanel("statement"),
                FieldPanel("context"),
                FieldPanel("recommendation"),
                MultiFieldPanel([FieldPanel("addressees"), FieldPanel("level")], heading="Für wen gilt das?"),
            ],
            heading="Erkenntnis",
        ),
        ObjectList(
            [InlinePanel("evidence_items", heading="Projekte, die dafür oder dagegen sprechen", label="Projekt")],
            heading="Belege",
        ),
        belongings=[],
    )
