"""What goes between the two houses: a statement and its HMAC-SHA-256, for one purpose and one reader. Pure.

The one key serves two purposes, each with a key of its own made from it, so that a result can never be read as a link.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

ENTRY: Final = "entry"
"""Live → practice: let this person in."""
RESULT: Final = "result"
"""Practice → live: this was done."""
LONGEST: Final = 4_000
"""Characters; ours have some 500."""
LEAST_KEY: Final = 32


class Unsealed(Exception):  # named by what it is found to be
    """Not what the other house signed for this purpose and this reader."""


def seal(said: Mapping[str, Any], *, purpose: str, reader: str, key: str) -> str:
    """`said` (plain JSON) in a form for URLs, signed for `reader`, an address."""
    body = json.dumps({**said, "aud": reader, "use": purpose}, sort_keys=True, separators=(",", ":")).encode()
    return f"{_text(body)}.{_text(_mac(body, purpose, key))}"


def unseal(token: str, *, purpose: str, reader: str, key: str) -> dict[str, Any]:
    """What was said.

    Raises:
        Unsealed: altered, made with another key, for another purpose or another reader.
    """
    body, dot, mac = token.partition(".")
    if len(key) < LEAST_KEY or not dot or len(token) > LONGEST:
        raise Unsealed
    try:
        said, given = _bytes(body), _bytes(mac)
        if not hmac.compare_digest(given, _mac(said, purpose, key)):
            raise Unsealed
        facts = json.loads(said)
    except (ValueError, binascii.Error) as error:
        raise Unsealed from error
    if not isinstance(facts, dict) or facts.pop("aud", None) != reader or facts.pop("use", None) != purpose:
        raise Unsealed
    return facts


def _mac(body: bytes, purpose: str, key: str) -> bytes:
    own = hmac.digest(key.encode(), f"wardpost practice {purpose}".encode(), sha256)
    return hmac.digest(own, body, sha256)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
