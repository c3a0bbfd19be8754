"""National ID numbers: encrypted for keeping, a keyed index for finding. Nothing else may hold one in clear.

AES-256-GCM with a random nonce; the associated data binds a value to its column, so that it cannot be moved. The blind
index is HMAC-SHA-256 with its own key: the number space is small, so a plain hash would be as good as clear text.
"""

import base64
import hmac
import os
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12


def _field_key() -> bytes:
    return base64.b64decode(settings.WARDPOST_FIELD_KEY)


def encrypt(text: str, *, bound_to: str) -> bytes:
    """Version byte, nonce, ciphertext. `bound_to` names the column, e.g. "citizen.national_id"."""
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(_field_key()).encrypt(nonce, text.encode(), bound_to.encode())


def decrypt(sealed: bytes, *, bound_to: str) -> str:
    """Raises cryptography's InvalidTag when the value was altered or stood in another column."""
    nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    return AESGCM(_field_key()).decrypt(nonce, ciphertext, bound_to.encode()).decode()


def seal_text(text: str, *, bound_to: str) -> str:
    """As `encrypt`, in letters, for what stands in JSON."""
    return base64.b64encode(encrypt(text, bound_to=bound_to)).decode()


def open_text(sealed: object, *, bound_to: str) -> str:
    """What `seal_text` sealed; empty for what it did not seal here, such as a value of an older version."""
    try:
        return decrypt(base64.b64decode(str(sealed), validate=True), bound_to=bound_to)
    except (ValueError, InvalidTag):
        return ""


def blind_index(text: str, *, bound_to: str) -> bytes:
    """32 bytes that are equal for equal `text` and `bound_to`, and tell nothing without the index key."""
    key = base64.b64decode(settings.WARDPOST_INDEX_KEY)
    return hmac.digest(key, f"{bound_to}\x00{text}".encode(), sha256)


def token_digest(token: str) -> bytes:
    """What is stored of a machine's token; the token has 256 random bits, so an unkeyed hash is enough."""
    return sha256(token.encode()).digest()


def seal_bytes(content: bytes, *, bound_to: str) -> bytes:
    """As `encrypt`, for a file; `bound_to` names its row, so that files cannot be exchanged."""
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(_field_key()).encrypt(nonce, content, bound_to.encode())


def open_bytes(sealed: bytes, *, bound_to: str) -> bytes:
    """Raises cryptography's InvalidTag when the file was altered or exchanged."""
    nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    return AESGCM(_field_key()).decrypt(nonce, ciphertext, bound_to.encode())
