"""Links in mails that open one door each: 128 bits, for one purpose, and kept nowhere in a form that opens anything.

A token is derived from the secret of its row and the secret key of the installation, so a mail can be written again with
the same link. The database keeps the digest only, by which the row is found; a new secret makes older links worthless.
"""

import hashlib
import secrets
from base64 import urlsafe_b64encode

from django.utils.crypto import salted_hmac

from feeds.secret_links import Purpose


def new_secret() -> str:
    """Return a secret for a new row: 128 random bits in hexadecimal."""
    return secrets.token_hex(16)


def make_token(purpose: Purpose, secret: str) -> str:
    """Return the token for `purpose` of the row with `secret`: 22 characters that need no escaping in an address."""
    mac = salted_hmac(f"feeds.tokens.{purpose.name}", secret, algorithm="sha256").digest()
    return urlsafe_b64encode(mac[:16]).rstrip(b"=").decode()


def digest(token: str) -> str:
    """Return what the database keeps of `token`."""
    return hashlib.sha256(token.encode()).hexdigest()
