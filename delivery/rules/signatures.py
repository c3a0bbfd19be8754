"""Who sent a message, and when: `Wardpost-Signature: t=1768357200,v1=<hex>` over the raw bytes.

v1 is HMAC-SHA-256 of "<t>.<body>". Several v1 may stand side by side, and a receiver may hold two secrets, so that a
secret is changed without a gap. Comparison takes constant time.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

HEADER: Final = "Wardpost-Signature"
TOLERANCE_SECONDS: Final = 300
MOST_SIGNATURES: Final = 5
LONGEST_HEADER: Final = 600
_TIME: Final = re.compile(r"\d{1,11}", re.ASCII)
_HEX: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Verdict(StrEnum):
    GOOD = "good"
    MISSING = "missing"
    """No header, or none that can be read."""
    STALE = "stale"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Signature:
    signed_at: int
    """Seconds since 1970."""
    digests: tuple[str, ...]


def sign(body: bytes, *, secret: str, at: int) -> str:
    """The header for a body sent at `at`, seconds since 1970."""
    return f"t={at},v1={_digest(body, secret, at)}"


def parse(header: str) -> Signature | None:
    """The header's parts; None when it is not one of ours. Schemes that we do not know are left alone."""
    if not header or len(header) > LONGEST_HEADER:
        return None
    pairs = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in pairs if name == "t"]
    digests = tuple(value for name, _, value in pairs if name == "v1" and _HEX.fullmatch(value))
    if len(times) != 1 or not _TIME.fullmatch(times[0]) or not 0 < len(digests) <= MOST_SIGNATURES:
        return None
    return Signature(int(times[0]), digests)


def judge(body: bytes, header: str, *, secrets: Sequence[str], now: int) -> Verdict:
    """Whether one of `secrets` signed these bytes within five minutes of `now`, seconds since 1970."""
    signature = parse(header)
    if signature is None:
        return Verdict.MISSING
    expected = [_digest(body, secret, signature.signed_at) for secret in secrets]
    # Every pair is compared, so that the time taken does not tell which one fits.
    fits = [hmac.compare_digest(digest, one) for digest in signature.digests for one in expected]
    if not any(fits):
        return Verdict.WRONG
    return Verdict.GOOD if abs(now - signature.signed_at) <= TOLERANCE_SECONDS else Verdict.STALE


def _digest(body: bytes, secret: str, at: int) -> str:
    return hmac.digest(secret.encode(), str(at).encode() + b"." + body, sha256).hex()
