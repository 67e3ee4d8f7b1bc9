"""Examples and lengths that help to write a practice; the examples are made up and say so."""

_EXAMPLE = "Beispiel (erfunden): „{}“"
WRITING_HELP = {
    "title": "Richtwert: bis 60 Zeichen. " + _EXAMPLE.format("Tablets ausleihen und gemeinsam lernen"),
    "summary": "Richtwert: 200 bis 400 Zeichen. "
    + _EXAMPLE.format(
        "Bewohnerinnen und Bewohner einer Wohngruppe leihen Tablets aus und lernen sie in einer Sprechstunde kennen. "
        "Nach einem Jahr nutzen zwei von drei ein Gerät allein."
    ),
    "easy_summary": "Richtwert: 5 bis 10 kurze Sätze. "
    + _EXAMPLE.format("Menschen in einer Wohngruppe leihen Tablets aus. Sie üben zusammen. Jemand hilft dabei."),
    "situation": _EXAMPLE.format("In der Wohngruppe gab es WLAN, aber kein einziges gemeinsames Gerät."),
    "goals": _EXAMPLE.format("Nach zwölf Monaten nutzt jede zweite Person ein Tablet ohne Hilfe."),
    "approach": "Richtwert: 150 bis 400 Wörter. "
    + _EXAMPLE.format("Zuerst haben wir gefragt, was die Menschen tun möchten. Dann haben wir zehn Geräte gekauft."),
    "results": "Richtwert: 100 bis 300 Wörter. "
    + _EXAMPLE.format("Videoanrufe gelingen fast allen. Online-Banking hat sich kaum jemand zugetraut."),
    "participation": _EXAMPLE.format("Der Bewohnerbeirat hat die Geräte mit ausgesucht."),
    "costs": _EXAMPLE.format("Zehn Tablets: 3.500 Euro. Sprechstunde: vier Stunden in der Woche."),
    "refinancing": _EXAMPLE.format("Die Sprechstunde ist seit 2025 Teil der Leistungsvereinbarung."),
    "transfer_tips": _EXAMPLE.format("Klären Sie vor dem Kauf, wer Updates einspielt."),
    "description": "Richtwert: 100 bis 250 Wörter.",
    "data_protection": _EXAMPLE.format("Die Daten bleiben auf dem Gerät. Ein Konto ist nicht nötig."),
    "accessibility": _EXAMPLE.format("Mit Tastatur bedienbar, Untertitel vorhanden, Vorlesen noch lückenhaft."),
    "effort": _EXAMPLE.format("Einrichtung ein Tag, danach eine Stunde im Monat"),
    "statement": "Richtwert: bis 200 Zeichen. "
    + _EXAMPLE.format("Geräte ohne Sprechstunde bleiben nach wenigen Wochen liegen."),
    "recommendation": _EXAMPLE.format("Leitungen sollten feste Zeiten für Fragen einplanen."),
}
