"""Whether a PDF file opens without a password: many are encrypted only so that they can not be changed (ISO 32000-2, 7.6)."""

import hashlib
import re
from contextlib import suppress

from practices.media.documents.pdf_objects import raw_string

_PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
_ID = re.compile(rb"/ID\s{0,20}\[\s{0,20}(?=[(<])")
_LATEST = 5
_ROUNDS = 64


def opens_without_password(rules: bytes, trailer: bytes) -> bool:
    """Return whether the empty password is the one that the encryption dictionary `rules` asks readers for.

    Of a file encrypted by other rules than those of passwords it is said that it does not.
    """
    with suppress(ValueError, IndexError, TypeError):
        if b"/Standard" in rules:
            revision, user = _number(rules, b"/R"), raw_string(rules, b"/U")
            if revision >= _LATEST:
                return _hash(user[32:40], is_latest=revision > _LATEST) == user[:32]
            return _check(rules, revision, trailer, user)
    return False


def _number(rules: bytes, key: bytes, otherwise: int = 0) -> int:
    found = re.search(re.escape(key) + rb"\s{1,20}(-?\d{1,12})", rules)
    return int(found[1]) if found else otherwise


def _check(rules: bytes, revision: int, trailer: bytes, user: bytes) -> bool:
    """Algorithms 2, 4 and 5: the padding, encrypted with the key that follows from the empty password, is what is kept."""
    start = _ID.search(trailer)
    identity = raw_string(b"/ID " + trailer[start.end() :], b"/ID") if start else b""
    length = {2: 5, 4: 16}.get(revision) or _number(rules, b"/Length", 40) // 8
    permissions = (_number(rules, b"/P") & 0xFFFFFFFF).to_bytes(4, "little")
    plain = _PADDING + raw_string(rules, b"/O")[:32] + permissions + identity
    if revision > 3 and re.search(rb"/EncryptMetadata\s{1,20}false", rules):
        plain += b"\xff" * 4
    key = _md5(plain)
    for _round in range(50 if revision > 2 else 0):
        key = _md5(key[:length])
    key = key[:length]
    if revision == 2:
        return _rc4(key, _PADDING) == user[:32]
    result = _md5(_PADDING + identity)
    for number in range(20):
        result = _rc4(bytes(part ^ number for part in key), result)
    return result == user[:16]


def _md5(content: bytes) -> bytes:
    return hashlib.md5(content, usedforsecurity=False).digest()


def _rc4(key: bytes, content: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    result, i, j = bytearray(), 0, 0
    for byte in content:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        result.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(result)


def _hash(salt: bytes, *, is_latest: bool) -> bytes:
    """Algorithm 2.B, for the empty password; before the latest revision its first step was all."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    result = hashlib.sha256(salt).digest()
    number, last = 0, 0
    while is_latest and (number < _ROUNDS or last > number - 32):
        encryptor = Cipher(algorithms.AES(result[:16]), modes.CBC(result[16:32])).encryptor()
        packed = encryptor.update(result * 64) + encryptor.finalize()
        result = (hashlib.sha256, hashlib.sha384, hashlib.sha512)[sum(packed[:16]) % 3](packed).digest()
        number, last = number + 1, packed[-1]
    return result[:32]
