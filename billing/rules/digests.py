"""The fingerprints of lines and statements, so that anybody can check an export without asking us.

A line's digest is SHA-256 over a JSON array of what it says; a statement's is SHA-256 over the digests (as bytes) of
its lines, ordered by moment and id. PostgreSQL computes the same (billing/queries/digests.py); a test compares the two.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from shared.money import Money

FIELDS: Final = (
    "id", "source_type", "source_id", "kind", "province_code", "operator_code", "period", "dossier_code",
    "parcel_number", "direction", "occurred_at", "rule", "gross", "national_reduction", "city_subsidy",
    "citizen_share", "compensation", "reason_code", "reverses_id",
)
"""What a line says, in the order in which it is hashed."""


def line_digest(values: Sequence[object]) -> str:
    """`values` in the order of FIELDS."""
    return sha256(json.dumps([as_hashed(value) for value in values], ensure_ascii=False).encode()).hexdigest()


def statement_digest(digests: Iterable[str]) -> str:
    return sha256(b"".join(bytes.fromhex(digest) for digest in digests)).hexdigest()


def as_hashed(value: object) -> str | int:
    """Amounts as numbers, moments as UTC to the microsecond, everything else as text."""
    match value:
        case Money():
            return value.amount
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
        case UUID() | str():
            return str(value)
        case None:
            return ""
        case _:
            return str(value)
