"""German starting texts of the standard pages; gaps only the operator can fill are visible placeholders."""


def _heading(text: str) -> tuple[str, str]:
    return ("heading", text)


def _text(html: str) -> tuple[str, str]:
    return ("text", html)


def _gap(text: str) -> tuple[str, str]:
    return ("placeholder", text)


STANDARD_PAGES: dict[str, tuple[str, str, list[tuple[str, str]]]] = {
    "impressum": (
        "Impressum",
        "Wer diese Plattform betreibt und verantwortet.",
        [
            _heading("Anbieterin oder Anbieter"),
            _gap("Name der Organisation, Rechtsform, vertretungsberechtigte Personen, Anschrift"),
            _heading("Kontakt"),
            _gap("E-Mail-Adresse und Telefonnummer"),
            _heading("Register und Umsatzsteuer"),
            _gap("Registergericht und Registernummer, Umsatzsteuer-Identifikationsnummer (soweit vorhanden)"),
            _heading("Verantwortlich für den Inhalt"),
            _gap("Name und Anschrift der verantwortlichen Person nach § 18 Absatz 2 Medienstaatsvertrag"),
            _heading("Inhalte der Organisationen"),
            _text(
                "<p>Projektprofile, Werkzeuge, Mitschnitte und Erkenntnisse stammen von den Organisationen, die auf der "
                "jeweiligen Seite genannt sind. Bildnachweise stehen direkt am Bild.</p>"
            ),
        ],
    ),
    "datenschutz": (
        "Datenschutzerklärung",
        "Welche Daten beim Besuch dieser Seiten entstehen und was damit geschieht.",
        [
            _heading("Das Wichtigste in Kürze"),
            _text(
                "<ul><li>Sie können alle öffentlichen Seiten lesen, ohne sich anzumelden.</li>"
                "<li>Beim Lesen setzen wir keine Cookies und messen nicht, wer Sie sind.</li>"
                "<li>Schriften, Bilder und Programme kommen von diesem Server. Es gibt keine Anfragen an Dritte.</li></ul>"
            ),
            _heading("Verantwortliche Stelle"),
            _gap("Name, Anschrift und E-Mail-Adresse der verantwortlichen Stelle"),
            _heading("Datenschutzbeauftragte Person"),
            _gap("Kontakt der datenschutzbeauftragten Person"),
            _heading("Protokolle des Servers"),
            _text(
                "<p>Der Server hält für den sicheren Betrieb fest, welche Adresse wann aufgerufen wurde. Rechtsgrundlage "
                "ist Artikel 6 Absatz 1 Buchstabe f DSGVO.</p>"
            ),
            _gap("Dauer der Speicherung von Protokollen und Name des Rechenzentrums"),
            _heading("Suchen"),
            _text(
                "<p>Wir zählen je Tag, welche Wörter gesucht wurden und ob es Treffer gab, damit die Suche besser wird. Wir "
                "halten nicht fest, wer gesucht hat. Anfragen mit E-Mail-Adressen oder langen Zahlen zählen wir nicht. Nach "
                "einem Jahr löschen wir die Zahlen.</p>"
            ),
            _heading("E-Mails zu Themen, die Sie abonnieren"),
            _text(
                "<p>Wenn Sie eine Auswahl abonnieren, speichern wir Ihre E-Mail-Adresse, die Auswahl und wie oft Sie E-Mails "
                "bekommen möchten. E-Mails schicken wir erst, wenn Sie den Link in der ersten E-Mail bestätigt haben. Damit "
                "wir Ihre Einwilligung nachweisen können, speichern wir außerdem ihren Wortlaut, wann Sie angefragt und wann "
                "Sie bestätigt haben und eine Prüfsumme des Links. Ihre IP-Adresse speichern wir dazu nicht.</p>"
                "<p>Rechtsgrundlage ist Ihre Einwilligung nach Artikel 6 Absatz 1 Buchstabe a DSGVO. Sie können sie jederzeit "
                "widerrufen: Jede E-Mail mit Neuigkeiten enthält einen Link, mit dem Sie alles beenden. Dann löschen wir "
                "sofort die Adresse, alle Abonnements und den Nachweis.</p>"
                "<ul><li>Anfragen, die niemand bestätigt, löschen wir nach sieben Tagen.</li>"
                "<li>Den Text der E-Mails heben wir nicht auf. Wann eine E-Mail an Sie ging und ob sie ankam, löschen wir "
                "nach 90 Tagen.</li>"
                "<li>Kommen mehrere E-Mails nacheinander zurück, schicken wir keine mehr.</li>"
                "<li>Wir messen nicht, ob Sie eine E-Mail öffnen oder einen Link anklicken. Die E-Mails laden keine Bilder "
                "nach.</li>"
                "<li>Auf der Seite Ihrer Abonnements können Sie alles ansehen, ändern, als Datei herunterladen und löschen. "
                "Der Link dorthin steht in jeder E-Mail mit Neuigkeiten.</li>"
                "<li>Meldet eine Organisation einen Verteiler an, bestätigt ihn, wer den Verteiler liest. Die Organisation "
                "verwaltet ihn, abbestellen kann ihn jede Person, die seine E-Mails bekommt.</li></ul>"
            ),
            _gap("Name des Dienstes, der die E-Mails verschickt (Auftragsverarbeitung)"),
            _heading("Anmeldung für Redaktionen"),
            _text(
                "<p>Wer Inhalte pflegt, meldet sich mit Anmeldename und Passwort an. Dafür ist ein Cookie nötig, das nur "
                "der Anmeldung dient. Änderungen an Seiten werden mit Namen und Zeitpunkt festgehalten.</p>"
            ),
            _heading("Ihre Rechte"),
            _text(
                "<p>Sie haben das Recht auf Auskunft, Berichtigung, Löschung, Einschränkung der Verarbeitung, "
                "Datenübertragbarkeit und Widerspruch. Außerdem können Sie sich bei einer Aufsichtsbehörde für "
                "Datenschutz beschweren.</p>"
            ),
            _gap("Zuständige Aufsichtsbehörde"),
        ],
    ),
    "barrierefreiheit": (
        "Erklärung zur Barrierefreiheit",
        "Diese Plattform soll für alle nutzbar sein. Hier steht, wie weit das gelungen ist.",
        [
            _heading("Anspruch"),
            _text(
                "<p>Die Seiten sind nach den Richtlinien für barrierefreie Webinhalte (WCAG 2.2, Stufe AA) und der "
                "Barrierefreie-Informationstechnik-Verordnung (BITV 2.0) gebaut. Sie lassen sich mit der Tastatur und mit "
                "einem Screenreader bedienen, bei 200 Prozent Vergrößerung lesen und ohne JavaScript nutzen.</p>"
            ),
            _heading("Stand der Vereinbarkeit"),
            _gap("vollständig, teilweise oder nicht vereinbar – mit Begründung"),
            _heading("Nicht barrierefreie Inhalte"),
            _text(
                "<p>Dokumente und verlinkte Folien stammen von den jeweiligen Organisationen. Nicht alle sind "
                "barrierefrei.</p>"
            ),
            _gap("Weitere bekannte Mängel, Gründe und barrierefreie Alternativen"),
            _heading("Wie geprüft wurde"),
            _gap("Art der Prüfung (Selbstbewertung oder externe Prüfung) und Datum"),
            _heading("Barriere melden"),
            _text(
                "<p>Sie sind auf eine Barriere gestoßen? Bitte schreiben Sie uns, auf welcher Seite und was nicht geht. Die "
                "Adresse steht in der Fußzeile jeder Seite.</p>"
            ),
            _heading("Schlichtungsstelle"),
            _gap("Zuständige Durchsetzungs- oder Schlichtungsstelle mit Anschrift und E-Mail-Adresse"),
        ],
    ),
    "leichte-sprache": (
        "Leichte Sprache",
        "Hier erklären wir die Internet-Seite in Leichter Sprache.",
        [
            _heading("Was ist TransferHub?"),
            _text(
                "<p>TransferHub ist eine Internet-Seite.</p><p>Hier stehen Projekte.</p><p>Ein Projekt ist eine Arbeit mit "
                "einem Ziel.</p><p>Die Projekte helfen Menschen.</p><p>Zum Beispiel Menschen ohne Arbeit.</p>"
            ),
            _heading("Für wen ist die Seite?"),
            _text(
                "<p>Die Seite ist für alle Menschen.</p><p>Sie müssen sich nicht anmelden.</p><p>Die Seite kostet kein "
                "Geld.</p>"
            ),
            _heading("Wie finde ich etwas?"),
            _text(
                "<p>Oben auf der Seite ist ein Feld.</p><p>Dort können Sie ein Wort schreiben.</p><p>Dann drücken Sie auf: "
                "Suchen.</p><p>Oder Sie drücken auf: Themen.</p><p>Dann sehen Sie alle Themen.</p>"
            ),
            _gap(
                "Die Texte wurden noch nicht von Menschen mit Lern-Schwierigkeiten geprüft. Wer hat geprüft, und wann?"
            ),
        ],
    ),
    "hilfe": (
        "Hilfe",
        "So finden Sie gute Praxis, und so können Sie sie weitergeben.",
        [
            _heading("Was Sie hier finden"),
            _text(
                "<ul><li><b>Projekte</b>: wer was für wen getan hat, wer es bezahlt, was gelungen ist und was schwierig war."
                "</li><li><b>Werkzeuge</b>: Software, Methoden, Konzepte und Vorlagen.</li><li><b>Mitschnitte</b>: Vorträge "
                "aus Workshops mit Folien, Kapiteln und Transkript.</li><li><b>Erkenntnisse</b>: was man aus mehreren "
                "Projekten lernen kann, und für wen das wichtig ist.</li></ul>"
            ),
            _heading("Suchen und stöbern"),
            _text(
                "<p>Geben Sie ein Wort in das Suchfeld ein, oder gehen Sie über „Themen“ zu einem Kostenträger, einem "
                "Handlungsfeld oder einem Gelingensfaktor. Auf jeder Seite führen die Schlagwörter zu ähnlicher Praxis.</p>"
                "<p>Die Suche versteht zusammengesetzte Wörter, Abkürzungen und kleine Tippfehler. Wörter in "
                "Anführungszeichen, zum Beispiel „digitale Teilhabe“, müssen nebeneinander stehen. Ein Minus vor einem Wort "
                "schließt es aus: Beratung -Schulden. Ein Stern ergänzt den Rest: Smart*.</p>"
            ),
            _heading("Auf dem Laufenden bleiben"),
            _text(
                "<p>Jede Auswahl können Sie abonnieren: eine Suche, ein Thema, eine Organisation. Der Knopf „abonnieren“ "
                "steht auf jeder dieser Seiten. Sie entscheiden, ob die E-Mails sofort, täglich oder wöchentlich kommen. Wir "
                "schreiben nur, wenn es Neues oder wichtige Änderungen gibt.</p>"
                '<p>Ändern, pausieren und beenden können Sie Abonnements ohne Passwort. Den <a href="/abo/link/">Link zu '
                "Ihren Abonnements</a> schicken wir Ihnen. Ganz ohne E-Mail geht es mit den Feeds, die neben dem Knopf "
                "stehen: Ein Feedreader zeigt damit, was neu ist.</p>"
            ),
            _heading("Zitieren und weiterverwenden"),
            _text(
                "<p>Unter jeder Praxis finden Sie einen Vorschlag zum Zitieren mit dauerhafter Adresse. Ob und wie Sie Texte "
                "weiterverwenden dürfen, steht unter „Lizenz“. Fehlt die Angabe, fragen Sie bitte die Organisation.</p>"
            ),
            _heading("Selbst etwas beitragen"),
            _text(
                "<p>Ihre Organisation möchte ein Projekt, ein Werkzeug oder eine Erkenntnis vorstellen? Die Redaktion richtet "
                "Ihnen einen Zugang ein.</p>"
            ),
            _gap("E-Mail-Adresse der Redaktion"),
        ],
    ),
}
