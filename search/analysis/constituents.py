"""Words of the sector that compounds are made of and that the dictionary of HanTa lacks, or cuts too small.

They are never split themselves: Ehrenamt is no office (Amt), Teilhabe no part (Teil).
"""

CONSTITUENTS = frozenset(
    """
    tablet laptop handy smartphone computer internet online offline digital video audio podcast app apps web
    website software hardware chat chatbot mail email cloud server wlan browser daten datei datenschutz
    datenbank plattform portal messenger newsletter social media medien netz netzwerk netzwerke roboter robotik
    sensor sensorik ki algorithmus automatisierung prozess workflow dokumentation tool tools workshop webinar
    coaching mentoring hackathon design thinking scrum sprint team teams projekt programm konzept strategie
    leitbild leitfaden leitfäden handreichung checkliste vorlage muster beispiel praxis modell pilot transfer
    wissen lern lernen lehr bildung ausbildung weiterbildung fortbildung schulung training kurs kurse seminar
    unterricht führerschein sprechstunde sprechzeit beratung begleitung betreuung assistenz hilfe hilfen
    förderung unterstützung vermittlung versorgung verwaltung verleih ausleihe leih spende spenden spendenaktion
    antrag anträge abrechnung buchhaltung finanzierung refinanzierung förderer förder mittel kosten budget
    haushalt rechnung vertrag verträge vereinbarung verordnung gesetz recht pflicht schutz sicherheit qualität
    management koordination steuerung leitung führung kräfte kraft fachkraft fachkräfte personal mitarbeiter
    mitarbeitenden mitarbeitende beschäftigten beschäftigung arbeit arbeitsmarkt arbeitgeber arbeitslosen
    erwerbslosen beruf berufs job jobcenter werkstatt werkstätten betrieb träger verband verbände verein vereins
    dienst dienste einrichtung einrichtungen angebot angebote klient klienten kunden nutzer nutzung zielgruppe
    gruppe gruppen gemeinschaft gemeinde quartier stadtteil sozialraum nachbarschaft land ländlich dorf kommune
    kommunal ehrenamt freiwilligen engagement selbsthilfe teilhabe inklusion integration partizipation
    beteiligung barriere barrierefreiheit behinderung behinderten behinderter eingliederung eingliederungshilfe
    pflege altenpflege krankenpflege senioren alten alter jugend jugendlichen kinder kind familie familien
    eltern frauen männer mädchen jungen flüchtling flüchtlinge geflüchteten migration migranten asyl sprache
    sprach dolmetscher dolmetsch dolmetschen übersetzung prophylaxe rückfall pfändung konto brille wohnung
    wohnungslosen obdachlosen wohnen wohn heim wohnheim tagesstätte kita krippe hort schule schul schuldner
    schulden insolvenz sucht drogen gewalt hospiz palliativ trauer demenz gesundheit kranken krankenkasse
    krankenhaus therapie psychiatrie seelsorge notruf telefon tafel lebensmittel essen küche kleider fahrdienst
    mobilität mobil fahrrad auto gerät geräte technik technologie digitalisierung transformation wandel
    veränderung innovation kultur werte haltung kommunikation öffentlichkeit presse information kompetenz
    kompetenzen medienkompetenz analyse bedarf befragung umfrage evaluation wirkung messung kennzahl bericht
    ergebnis nachweis verwendung verwendungsnachweis termin kalender planung dienstplan zeit ende anfang start
    raum räume haus häuser zentrum zentren büro stelle stellen anlauf anlaufstelle kontakt treff café punkt
    passwort tutorial crowdfunding streetwork onboarding homeoffice stakeholder backup login cyber phishing
    housing curriculum curricula resilienz akquise ombud reha rollator erkenntnis hemmnis erwachsenen
    angehörigen ehrenamtlichen pflegenden lernenden vorlese sterbe besuchs notfall manager rechner drucker
    kamera brillen lizenz lizenzen update impuls reflexion intervision supervision fall akte akten formular
    bescheid behörde behörden amt ämter programme verleihen leihen beraten pflegen lehren schulen begleiten
    betreuen dokumentieren verwalten planen reparieren reparatur tausch schrank karte landkarte plan pläne ampel
    bewertung abend abende brief briefe regel regeln wund elektro geronto psycho melder pate paten lotse lotsen
    """.split()
)
