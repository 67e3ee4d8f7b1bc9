"""Secrets of second factors at rest: a copy of the database alone opens no account."""

import base64
import logging
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

logger = logging.getLogger(__name__)


def encrypt(text: str) -> str:
    """Return `text` as only this installation can read it: by its SECRET_KEY."""
    return _cipher().encrypt(text.encode()).decode()


def decrypt(encrypted: str) -> str:
    """Return what was encrypted, also under one of SECRET_KEY_FALLBACKS.

    Where no key fits, it is a random secret (base32) instead, so that no code fits either: a known one would let in whoever
    knows it, and an error would keep the person from asking for a reset.
    """
    try:
        return _cipher().decrypt(encrypted).decode()
    except InvalidToken:
        logger.warning("A second factor was stored under another SECRET_KEY; reset_second_factor helps its owner.")
        return base64.b32encode(secrets.token_bytes(20)).decode()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac("editing.sign_in.encryption", "", secret=key, algorithm="sha256").digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
