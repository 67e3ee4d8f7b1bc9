"""How complete a practice is: what it lacks before readers may see it, and what would make it more useful to them.

What the model itself refuses (a missing title, a missing funding notice) is not repeated here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import ForeignKey
from django.utils.html import strip_tags
from modelcluster.contrib.taggit import ClusterTaggableManager

from practices.plain_language import plain_language_hints

if TYPE_CHECKING:
    from practices.models import PracticePage


@dataclass(frozen=True)
class Hint:
    """A field that is empty, and why it should not be."""

    field: str
    text: str
    weight: int = 1
    is_required: bool = False


@dataclass(frozen=True)
class Completeness:
    """How much of what matters is there, in percent by weight, and what is not: the required first, then by weight."""

    percent: int
    missing: list[Hint]

    @property
    def required(self) -> list[Hint]:
        """What has to be there before the page can be published or handed in."""
        return [hint for hint in self.missing if hint.is_required]

    @property
    def wishes(self) -> list[Hint]:
        """What would make the page better."""
        return [hint for hint in self.missing if not hint.is_required]


REQUIRED_TERMS = (
    Hint("clusters", "Mindestens ein Kostenträger-Cluster: Danach wird gesucht und gegliedert.", 3, True),
    Hint("fields_of_action", "Mindestens ein Handlungsfeld: Danach wird gesucht und abonniert.", 3, True),
)
CAPTIONS = Hint(
    "captions", "Untertitel zum Video: Ohne sie ist es nicht für alle zugänglich (Barrierefreiheit).", 3, True
)
DESCRIPTION = Hint(
    "image", "Die Beschreibung des Bildes: Wer es nicht sehen kann, hört diesen Text. Sie steht beim Bild.", 3, True
)
_COMMON = (
    Hint("summary", "Zusammenfassung: Sie steht in jeder Liste und entscheidet, ob jemand weiterliest.", 3, True),
    *REQUIRED_TERMS,
    Hint("easy_summary", "Das Wichtigste in einfacher Sprache: So erreichen Sie auch Menschen, die wenig lesen.", 2),
    Hint("contact_email", "Eine E-Mail-Adresse für Rückfragen: Wer etwas übernehmen will, möchte nachfragen.", 2),
    Hint("target_groups", "Zielgruppen: Für wen ist das gedacht?"),
    Hint("image", "Ein Bild, das etwas zeigt."),
    Hint("licence", "Die Lizenz: Was dürfen andere mit Ihrem Text tun?"),
    Hint("links", "Links und Quellen: Worauf stützen sich die Angaben?"),
)
_BY_TYPE = {
    "projekt": (
        Hint("approach", "Vorgehen: Welche Schritte sind Sie gegangen? Das ist der Kern für die Übertragung.", 3),
        Hint("results", "Ergebnisse: Was hat sich verändert, und was hat nicht geklappt?", 3),
        Hint("transfer_tips", "Tipps für die Übertragung: Was sollten andere vorher wissen?", 3),
        Hint("situation", "Ausgangslage: Welches Problem gab es, und für wen?", 2),
        Hint("goals", "Ziele: Was sollte am Ende anders sein?", 2),
        Hint("obstacle_items", "Hemmnisse: Aus Schwierigkeiten lernen andere am meisten.", 2),
        Hint("success_factor_items", "Gelingensfaktoren: Was hat geholfen?", 2),
        Hint("costs", "Kosten und Aufwand: Geld und Arbeitszeit, damit andere planen können.", 2),
        Hint("continuation", "Verstetigung: Wie geht es nach dem Projekt weiter?", 2),
        Hint("refinancing", "Refinanzierung: Was trägt die Leistung später, oder woran scheitert es?", 2),
        Hint("participation", "Beteiligung der Zielgruppe: Wie haben die Menschen mitgestaltet?"),
        Hint("benefits", "Nutzen: Was steht den Kosten gegenüber?"),
        Hint("programme", "Förderprogramm: Wer hat das Projekt bezahlt?"),
        Hint("start", "Beginn des Projekts."),
        Hint("end", "Ende des Projekts."),
        Hint("phase", "Phase im PDCA-Zyklus."),
        Hint("tool_items", "Eingesetzte Werkzeuge."),
    ),
    "werkzeug": (
        Hint("description", "Beschreibung: Was ist es, wofür eignet es sich, wofür nicht?", 3),
        Hint("data_protection", "Datenschutz: Welche Daten fallen an, und wo liegen sie?", 2),
        Hint("accessibility", "Barrierefreiheit: Läuft es mit Tastatur und Screenreader?", 2),
        Hint("kind", "Art des Werkzeugs.", 2),
        Hint("price", "Preis, auch wenn es nichts kostet."),
        Hint("effort", "Aufwand: Wie viel Zeit für Einführung und Pflege?"),
        Hint("prerequisites", "Voraussetzungen: Geräte, Netz, Kenntnisse."),
        Hint("hosting", "Betrieb: eigener Server, Rechenzentrum, Cloud?"),
        Hint("website", "Website: Wo steht mehr?"),
    ),
    "mitschnitt": (
        Hint("description", "Beschreibung: Worum geht es im Vortrag?", 3),
        Hint("chapters", "Kapitel: So finden andere die Stelle, die sie brauchen.", 2),
        Hint("speakers", "Vortragende: Wer spricht?", 2),
        Hint("date", "Datum der Veranstaltung."),
        Hint("duration_s", "Dauer."),
        Hint("slides", "Folien zum Nachlesen."),
    ),
    "erkenntnis": (
        Hint("statement", "Die Erkenntnis in einem Satz, den man sich merken kann.", 3),
        Hint("evidence_items", "Belege: Welche Projekte sprechen dafür oder dagegen?", 3),
        Hint("recommendation", "Empfehlung: Was folgt daraus, wer sollte was tun?", 2),
        Hint("context", "Zusammenhang: Wo und unter welchen Umständen zeigte sich das?", 2),
        Hint("addressees", "An wen richtet sich das?"),
        Hint("level", "Ebene: Leitung, Team oder Zielgruppe?"),
    ),
}


def assess(page: PracticePage) -> Completeness:
    """Return how complete `page` is as it stands in memory, drafts included. Costs one query a relation at most."""
    hints = [*_COMMON, *_BY_TYPE[page.type_key], *_for_media(page)]
    missing = [hint for hint in hints if not _is_there(page, hint)]
    total, lacking = (sum(hint.weight for hint in some) for some in (hints, missing))
    return Completeness(
        percent=round(100 * (total - lacking) / total),
        missing=sorted(missing, key=lambda hint: (not hint.is_required, -hint.weight)),
    )


def assess_for_authors(page: PracticePage) -> dict:
    """Return `completeness` of `page`, and as `language` hints on its summaries, by what the field is called."""
    texts = {"Zusammenfassung": page.summary, "In einfacher Sprache": page.easy_summary}
    language = [(label, hints) for label, text in texts.items() if (hints := plain_language_hints(text))]
    return {"completeness": assess(page), "language": language}


def _for_media(page: PracticePage) -> Iterable[Hint]:
    """Yield what the media that are there need themselves."""
    if getattr(page, "video_id", None):
        yield CAPTIONS
    if page.image_id:
        yield DESCRIPTION


def _is_there(page: PracticePage, hint: Hint) -> bool:
    field = page._meta.get_field(hint.field)
    if hint is DESCRIPTION:
        value = page.image.description if page.image else ""
    elif isinstance(field, ForeignKey):
        value = getattr(page, field.attname)
    elif isinstance(field, ClusterTaggableManager):
        value = getattr(page, hint.field).get_tagged_item_manager().all()
    else:
        value = getattr(page, hint.field)
        if hasattr(value, "all"):
            value = value.all()
    return bool(strip_tags(value).strip() if isinstance(value, str) else value)
