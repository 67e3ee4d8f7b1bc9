"""The secret links of the editors' side."""

from datetime import timedelta

from feeds.secret_links import UNTIL_ITS_OWNER_ENDS_IT, Purpose

PARTNER = Purpose("partner", "mitlesen/", timedelta(days=90))
# Signed for the link of a partner, and as long open as that.
PARTNER_FILE = Purpose("partner_file", "mitlesen/datei/", PARTNER.lifetime)
FRESHNESS = Purpose("freshness", "pflege/", timedelta(days=90))
INVITATION = Purpose("invitation", "konto/einladung/", timedelta(days=14))
PASSWORD_RESET = Purpose("password_reset", "konto/passwort/neu/", timedelta(days=1))
# What a provider of OpenID Connect sends people back with. It works once, and for as long as the provider says.
SINGLE_SIGN_ON = Purpose("single_sign_on", "konto/anmelden/verband/zurueck/", UNTIL_ITS_OWNER_ENDS_IT, in_query=True)
