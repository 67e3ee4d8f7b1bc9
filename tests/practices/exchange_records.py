"""Lines of the exchange format, and files for them; whatever a test does not name has a sensible value."""

import json
from pathlib import Path

from PIL import Image

from tests.practices.documents import pdf
from tests.practices.recordings import mp4

CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:04.000\nGuten Tag\n"


# What readers find a practice by; to publish one without is warned of.
TERMS = {"clusters": ["arbeit"], "fields_of_action": ["arbeitsmarktintegration"]}


def organisation(key="werkstatt", **fields) -> dict:
    return {"type": "organisation", "key": key, "title": "Werkstatt", "summary": "Eine Organisation."} | fields


def project(key="projekt", **fields) -> dict:
    return {
        "type": "project",
        "key": key,
        "title": "Projekt",
        "summary": "Ein Projekt.",
        "organisation": "redaktion",
        **TERMS,
    } | fields


def tool(key="werkzeug", **fields) -> dict:
    return {"type": "tool", "key": key, "title": "Werkzeug", "summary": "Ein Werkzeug.", **TERMS} | fields


def recording(key="mitschnitt", **fields) -> dict:
    return {"type": "recording", "key": key, "title": "Mitschnitt", "summary": "Ein Mitschnitt.", **TERMS} | fields


def lesson(key="erkenntnis", **fields) -> dict:
    return {"type": "lesson", "key": key, "title": "Erkenntnis", "summary": "Eine Erkenntnis.", **TERMS} | fields


def write_lines(path: Path, *lines: dict) -> Path:
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return path


def write_files(folder: Path) -> None:
    """Put an image, a document, captions and a video into `folder`."""
    Image.new("RGB", (20, 10), "red").save(folder / "bild.png")
    (folder / "vorlage.pdf").write_bytes(pdf("Vorlage"))
    (folder / "folien.pdf").write_bytes(pdf("Folien"))
    (folder / "vortrag.vtt").write_text(CAPTIONS, encoding="utf-8")
    (folder / "vortrag.mp4").write_bytes(mp4())


COMMON = {
    "easy_summary": "Ganz einfach.",
    "clusters": ["arbeit"],
    "cost_bearers": ["sgb-02"],
    "fields_of_action": ["TERM:handlungsfeld"],
    "target_groups": ["TERM:zielgruppe"],
    "work_areas": ["TERM:arbeitsbereich"],
    "tags": ["Ausleihe", "Tablets"],
    "licence": "CC-BY-4.0",
    "image": {"path": "bild.png", "alt": "Ein rotes Rechteck", "credit": "ZAQ"},
    "documents": [{"title": "Vorlage", "path": "vorlage.pdf", "credit": "ZAQ"}],
    "links": [{"label": "Bericht", "url": "https://example.org/", "accessed": "2024-05-31"}],
    "contact": {"name": "Ada Beispiel", "role": "Leitung", "email": "ada@example.org"},
    "published": "2023-04-05",
    "change_note": "Ergebnisse ergänzt",
}
RICH = "<p>Ein <b>starker</b> „Absatz“ &amp; mehr.</p><ul><li>Punkt</li></ul>"
OWNED = {"partners": [{"organisation": "werkstatt", "role": "Partnerin"}], "archive_reason": "Es ist beendet."}


def every_field() -> list[dict]:
    """Return one line of every type in which every field has a value; the lines refer to each other in circles."""
    rich = dict.fromkeys(
        ("refinancing", "situation", "goals", "approach", "results", "participation", "costs", "transfer_tips"), RICH
    )
    lines = [
        lesson(
            **COMMON,
            **OWNED,
            organisation="redaktion",
            statement="Erst fragen.",
            context=RICH,
            recommendation=RICH,
            addressees=["praxis", "traeger"],
            level="leitung",
            evidence=["projekt"],
            contradicting=["projekt-2"],
        ),
        recording(
            **COMMON,
            **OWNED,
            organisation="redaktion",
            date="2024-02-29",
            series="Digitaltag",
            speakers=[{"name": "Ada", "organisation": "ZAQ"}],
            duration_s=600,
            video="vortrag.mp4",
            captions="vortrag.vtt",
            slides="folien.pdf",
            chapters=[{"start": 0, "title": "Anfang", "practice": "projekt"}, {"start": 60, "title": "Ende"}],
            description=RICH,
        ),
        project("projekt-2", published="2023-04-05"),
        project(
            **COMMON,
            **OWNED,
            **rich,
            place="Oberhausen",
            region="NRW",
            start="2020-01-01",
            end="2022-12-31",
            programme="rückenwind",
            funder="ESF",
            eu_funded=True,
            funding_eur=1234.5,
            phase="act",
            experiment_field="TERM:experimentierfeld",
            continuation="TERM:verstetigung",
            success_factors=["klare-zustaendigkeit", "Ein eigener Satz."],
            obstacles=["Noch ein eigener Satz."],
            benefits=["Zeit gespart"],
            tools=["werkzeug"],
            recordings=["mitschnitt"],
            indicators=[
                {
                    "name": "Köpfe",
                    "unit": "Personen",
                    "targets": {"2022-H1": 10},
                    "actuals": {"2022-H1": 0, "2022-H2": 9.5},
                }
            ],
        ),
        tool(
            **COMMON,
            **OWNED,
            organisation="redaktion",
            kind="software",
            description=RICH,
            url="https://example.org/werkzeug",
            price="kostenfrei",
            data_protection=RICH,
            accessibility=RICH,
            hosting="eigener Server",
            effort="ein Tag",
            prerequisites=RICH,
        ),
        organisation(
            **COMMON,
            place="Oberhausen",
            region="NRW",
            url="https://example.org/",
            association="Diakonie",
            employees=12,
        ),
    ]
    return [{name: _first_term(value) for name, value in line.items()} for line in lines]


def _first_term(value):
    """The shipped vocabularies may change: any term of the scheme will do."""
    from practices.models import SCHEMES

    if isinstance(value, list):
        return [_first_term(part) for part in value]
    if isinstance(value, str) and value.startswith("TERM:"):
        return SCHEMES[value.removeprefix("TERM:")].objects.current().first().slug
    return value
