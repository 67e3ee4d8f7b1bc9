"""German word lists, and the some 60,000 word forms composed from them."""

import itertools
import json
import random
import re
from collections import Counter
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parent.parent / "practices" / "example" / "content.jsonl"
FORMS = 60_000

FUNCTION_WORDS = """
und die der in den von zu das mit für auf ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird
bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sich
wenn können ihre dann unter wir soll ich eines gegen vom kann schon mehrere waren diese ihr seine keine dieser ohne sowie
damit zwischen immer alle dort sehr viele etwa bereits seit während jedoch dabei jede jeder beim ihnen ihrer wobei
""".split()

# Nouns: singular, and how plural and genitive are made ("-" for a form that does not exist or looks like the singular).
HEADS = """
Beratung:en:- Angebot:e:s Projekt:e:s Konzept:e:s Gruppe:n:- Maßnahme:n:- Einrichtung:en:- Arbeit:en:- Hilfe:n:-
Förderung:en:- Plan:-:s Netzwerk:e:s Dienst:e:es Stelle:n:- Träger:-:s Zentrum:-:s Kurs:e:es Schulung:en:-
Fachkraft:-:- Leitung:en:- Kompetenz:en:- Prozess:e:es Verfahren:-:s Werkzeug:e:s Methode:n:- Bedarf:e:s Ziel:e:s
Ergebnis:se:ses Wirkung:en:- Auswertung:en:- Befragung:en:- Planung:en:- Steuerung:en:- Entwicklung:en:- Begleitung:en:-
Betreuung:en:- Versorgung:en:- Vermittlung:en:- Integration:en:- Teilhabe:-:- Zugang:-:s Platz:-:es Raum:-:es Haus:-:es
Treff:s:s Büro:s:s Team:s:s Gespräch:e:s Training:s:s Programm:e:s Modell:e:s Standard:s:s Leitfaden:-:s Material:ien:s
Handbuch:-:s Vorlage:n:- Plattform:en:- System:e:s Software:-:- Anwendung:en:- Gerät:e:s Technik:en:- Daten:-:-
Schutz:-:es Sicherheit:en:- Qualität:en:- Sicherung:en:- Prüfung:en:- Bericht:e:s Dokumentation:en:- Analyse:n:-
Studie:n:- Forschung:en:- Praxis:-:- Alltag:-:s Leben:-:s Phase:n:- Übergang:-:s Beginn:-:s Abschluss:-:es
Vereinbarung:en:- Vertrag:-:s Antrag:-:s Bescheid:e:s Leistung:en:- Kosten:-:- Mittel:-:s Finanzierung:en:- Fonds:-:-
Budget:s:s Aufwand:-:s Zeit:en:- Woche:n:- Tag:e:es Jahr:e:es Veranstaltung:en:- Workshop:s:s Tagung:en:- Messe:n:-
Austausch:-:s Transfer:s:s Wissen:-:s Lernen:-:s Unterricht:-:s Bildung:-:- Lehrgang:-:s Prüfer:-:s Anleiter:-:s
Helfer:-:s Berater:-:s Betreuer:-:s Vertreter:-:s Leiter:-:s Sprecher:-:s Teilnehmer:-:s Bewohner:-:s Nutzer:-:s
Besucher:-:s Mitglied:er:s Beirat:-:s Ausschuss:-:es Konferenz:en:- Runde:n:- Kreis:e:es Verbund:e:s Verein:e:s
Verband:-:es Stiftung:en:- Genossenschaft:en:- Partner:-:s Partnerschaft:en:- Kooperation:en:- Vernetzung:en:-
Beteiligung:en:- Befähigung:en:- Stärkung:en:- Entlastung:en:- Erfahrung:en:- Erkenntnis:se:- Haltung:en:- Kultur:en:-
Sprache:n:- Küche:n:- Garten:-:s Werkstatt:-:- Labor:e:s Studio:s:s Mobil:e:s Koffer:-:s Karte:n:- Spiel:e:s Film:e:s
""".split()
MODIFIERS = """
Pflege Alten Alters Senioren Jugend Kinder Familien Eltern Schul Schulden Sucht Drogen Wohnungslosen Wohn Quartiers
Sozial Stadtteil Gemeinde Landes Bundes Kreis Arbeits Arbeitsmarkt Berufs Ausbildungs Weiterbildungs Bildungs Lern Lehr
Sprach Integrations Migrations Flucht Flüchtlings Behinderten Eingliederungs Teilhabe Inklusions Gesundheits Kranken
Klinik Hospiz Palliativ Reha Präventions Therapie Psychiatrie Krisen Notfall Gewaltschutz Frauen Männer Mädchen Jungen
Opfer Täter Straffälligen Haft Entlass Übergangs Insolvenz Finanz Haushalts Verbraucher Energie Klima Umwelt Mobilitäts
Verkehrs Bus Ehrenamts Freiwilligen Engagement Selbsthilfe Nachbarschafts Begegnungs Kultur Kunst Musik Theater Sport
Bewegungs Ernährungs Koch Garten Werkstatt Handwerks Holz Metall Technik Digital Daten Medien Video Ton Bild Foto Netz
Internet Online Computer Tablet Geräte Software Plattform Datenschutz Informations Kommunikations Öffentlichkeits Presse
Verwaltungs Personal Leitungs Führungs Team Organisations Struktur Prozess Qualitäts Projekt Programm Förder Zuwendungs
Spenden Stiftungs Verbands Vereins Träger Einrichtungs Heim Tages Nacht Wochen Ferien Sommer Winter Erst Folge Abschluss
Einzel Gruppen Groß Klein Haupt Neben Zusatz Grund Fach Praxis Erfahrungs Wissens Transfer Forschungs Evaluations Bedarfs
Zukunfts Lebens Biografie Trauer Demenz Betreuungs Angehörigen Entlastungs Besuchs Fahr Hol Liefer Einkaufs Tafel Kleider
Möbel Miet Wohnraum Obdach Straßen Park Platz Markt Laden Café Bahnhofs Bezirks Regional Europa Auslands Partner Mentoren
Paten Coaching Trainings Beratungs Sprechstunden Telefon Chat Brief Antrags Rechts Sozialrechts Vertrags Vormundschafts
""".split()
ADJECTIVES = """
sozial digital gemeinsam regional kommunal inklusiv partizipativ nachhaltig barrierefrei niedrigschwellig beruflich
schulisch kulturell politisch persönlich individuell ganzheitlich ambulant stationär mobil aufsuchend präventiv
medizinisch pflegerisch pädagogisch therapeutisch psychologisch rechtlich finanziell technisch fachlich methodisch
praktisch theoretisch langfristig kurzfristig regelmäßig verlässlich verbindlich transparent offen vertraulich anonym
freiwillig ehrenamtlich hauptamtlich jung alt neu bewährt erfolgreich schwierig wichtig notwendig wirksam messbar
einfach verständlich mehrsprachig muttersprachlich interkulturell geschlechtergerecht diskriminierungsfrei selbstbestimmt
eigenständig unabhängig trägerübergreifend fachübergreifend kostenlos günstig teuer öffentlich privat frei kirchlich
städtisch ländlich dörflich örtlich überörtlich landesweit bundesweit europäisch international befristet dauerhaft
verstetigt gefördert refinanziert evaluiert wissenschaftlich qualitativ quantitativ modular flexibel hybrid virtuell
""".split()
VERBS = """
beraten fördern stärken begleiten betreuen vermitteln planen steuern entwickeln erproben auswerten befragen schulen
qualifizieren vernetzen beteiligen entlasten unterstützen ermöglichen verbessern verändern sichern finanzieren beantragen
dokumentieren berichten prüfen bewerten messen erreichen gewinnen einladen besuchen treffen kochen lernen lehren üben
spielen filmen gestalten bauen reparieren leihen teilen tauschen sprechen schreiben lesen hören fragen antworten helfen
schützen pflegen wohnen arbeiten leiten führen organisieren koordinieren kooperieren umsetzen einführen anpassen
übertragen verstetigen abschließen beginnen dauern kosten brauchen nutzen anbieten veröffentlichen weitergeben
""".split()


def content_units(seed: int) -> list[str]:
    """Return words and fixed expressions of several words, the most frequent first; always the same for a seed."""
    chance = random.Random(seed)  # noqa: S311 - for tests
    adjectives = [stem + ending for stem in ADJECTIVES for ending in ("", "e", "en", "er", "es", "em")]
    verbs = [form for verb in VERBS for form in (verb, verb.removesuffix("n"), verb.removesuffix("en") + "t")]
    nouns = [form for head in HEADS for form in _forms(head)]
    example, expressions = _example_words()
    two_parts = [
        modifier + form.lower()
        for modifier, head in itertools.product(MODIFIERS, HEADS)
        for form in _forms(head)
        if modifier.lower() != form.lower()
    ]
    expressions += [f"{chance.choice(adjectives)} {chance.choice(nouns + two_parts)}" for _ in range(3000)]
    common = list(dict.fromkeys([*example, *chance.sample(nouns, len(nouns)), *adjectives, *verbs]))
    compounds = set(two_parts)
    while len(compounds) + len(common) < FORMS:
        compounds.add(chance.choice(MODIFIERS) + chance.choice(two_parts).lower())
    rare = chance.sample(sorted(compounds), FORMS - len(common))
    ranks = {unit: float(rank) for rank, unit in enumerate([*common, *rare])}
    ranks |= {expression: 300 * (FORMS / 300) ** chance.random() for expression in expressions}
    return sorted(ranks, key=lambda unit: (ranks[unit], unit))


def _forms(head: str) -> list[str]:
    """Return the forms of a noun."""
    noun, *endings = head.split(":")
    return [noun, *(noun + ending for ending in endings if ending != "-")]


def _example_words() -> tuple[list[str], list[str]]:
    """Return the words of the example content, the most frequent first, and pairs of words that stand together in it."""
    words: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        texts = [value for value in json.loads(line).values() if isinstance(value, str) and " " in value]
        found = re.findall(r"\b[A-Za-zÄÖÜäöüß]{3,}\b", re.sub(r"<[^>]+>", " ", " ".join(texts)))
        content = [word if word.lower() not in FUNCTION_WORDS else "" for word in found]
        words.update(word for word in content if word)
        pairs.update(f"{one} {two}" for one, two in itertools.pairwise(content) if one and two)
    return [word for word, _ in words.most_common()], [pair for pair, count in pairs.most_common() if count > 1]
