"""The words people agree to before they get mail: what a stored version stands for (Art. 7 (1) GDPR).

Whoever changes the words adds a version; earlier ones stay as long as somebody's consent names them.
"""

CONSENTS = {
    "2026-11": (
        "Mit dem Absenden willigen Sie ein, dass wir Ihnen zu dieser Auswahl E-Mails schicken. Dafür speichern wir Ihre "
        "Adresse, die Auswahl und Ihre Bestätigung. Sie können die Einwilligung jederzeit widerrufen: Jede E-Mail enthält "
        "einen Link, mit dem Sie alles beenden und löschen."
    ),
    "2026-11-28": (
        "Mit dem Absenden willigen Sie ein, dass wir Ihnen zu dieser Auswahl E-Mails schicken. Dafür speichern wir Ihre "
        "Adresse, die Auswahl und Ihre Bestätigung. Sie können die Einwilligung jederzeit widerrufen: Jede E-Mail mit "
        "Neuigkeiten enthält einen Link, mit dem Sie alles beenden und löschen."
    ),
}
CONSENT_VERSION = max(CONSENTS)
