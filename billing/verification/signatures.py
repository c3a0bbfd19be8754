"""What was signed outside the database: checkpoints, keys, and the outlets' daily statements."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from billing.verification.findings import Finding
from billing.verification.rows import rows, stream

_CHECKPOINTS: Final = """
    SELECT number, day, lines, entries, records, said, signature, code, signed_at
    FROM billing_checkpoint ORDER BY number
"""
_VOUCHERS: Final = "SELECT key_id, public_key, said, signature FROM billing_signingkey ORDER BY said <> '', since"
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_DAYS: Final = """
    SELECT d.outlet_id, d.number, d.lines, d.said, d.signature, p.number, p.said, p.signature
    FROM billing_outletday d LEFT JOIN billing_outletday p ON p.outlet_id = d.outlet_id AND p.number = d.number - 1
    WHERE d.checkpoint_id >= %s ORDER BY d.outlet_id, d.number
"""
_DAY_LINES: Final = """
    SELECT c.outlet_id, sha256(string_agg(s.commitment, ''::bytea ORDER BY s.sequence)), count(*)
    FROM billing_lineseal s JOIN billing_charge c ON c.id = s.line_id
    WHERE s.sequence > %s AND s.sequence <= %s AND c.outlet_id IS NOT NULL GROUP BY c.outlet_id
"""


@dataclass(slots=True)
class Signed:
    """What the checkpoints vouch for: chain values by sequence, and where each checkpoint ends."""

    lines: dict[int, bytes] = field(default_factory=dict)
    entries: dict[int, bytes] = field(default_factory=dict)
    records: dict[int, bytes] = field(default_factory=dict)
    ends: list[tuple[int, datetime, int, int]] = field(default_factory=list)
    """Number, signed_at, last line, last entry."""


class Signatures:
    """Checks signatures with the keys that are trusted from outside the database."""

    def __init__(self, trusted: Sequence[bytes]) -> None:
        self._trusted = {bytes(key) for key in trusted}

    @property
    def has_keys(self) -> bool:
        return bool(self._trusted)

    def is_good(self, said: str, signature: bytes, key: str) -> bool:
        """Whether one of our own keys, the one named, signed `said`."""
        try:
            public = bytes.fromhex(key)
            if public not in self._trusted:
                return False
            Ed25519PublicKey.from_public_bytes(public).verify(bytes(signature), said.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


def check_checkpoints(signed: Signed, signatures: Signatures, witness: Path | None) -> Iterator[Finding]:
    """Fills `signed` with what good signatures vouch for."""
    known = rows(_CHECKPOINTS)
    if known and not signatures.has_keys:
        yield Finding("no-trusted-key", "", None, "name WARDPOST_CHECKPOINT_KEY_FILE or WARDPOST_CHECKPOINT_TRUSTED")
    before, expected = "", 1
    for number, day, lines, entries, records, said, kept, code, signed_at in known:
        signature = bytes(kept)
        if number != expected:
            yield Finding("checkpoint-missing", str(expected))
        told = _read(said)
        if not signatures.is_good(said, signature, str(told.get("key", ""))):
            yield Finding("checkpoint-not-signed-by-us", str(number))
        elif (told["number"], told["day"], told["lines"], told["entries"], told.get("records", 0), told["before"],
              code) != (number, day.isoformat(), lines, entries, records, before, _code(said, signature)):
            yield Finding("checkpoint-changed", str(number))
        else:
            signed.lines[lines] = bytes.fromhex(told["lines_head"])
            signed.entries[entries] = bytes.fromhex(told["entries_head"])
            signed.records[records] = bytes.fromhex(told.get("records_head", ""))
        signed.ends.append((number, signed_at, lines, entries))
        before, expected = sha256(said.encode() + signature).hexdigest(), number + 1
    yield from _witnessed({row[0]: (row[5], bytes(row[6]).hex()) for row in known}, witness)
    yield from _vouched(signatures)
    signed.lines.pop(0, None)
    signed.entries.pop(0, None)
    signed.records.pop(0, None)


def _read(said: str) -> dict[str, Any]:
    try:
        told = json.loads(said)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _code(said: str, signature: bytes) -> str:
    bits = f"{int.from_bytes(sha256(said.encode() + signature).digest()):0256b}"[:50]
    letters = "".join(_LETTERS[int(bits[at:at + 5], 2)] for at in range(0, 50, 5))
    return f"{letters[:5]}-{letters[5:]}"


def _witnessed(known: dict[int, tuple[str, str]], witness: Path | None) -> Iterator[Finding]:
    """The copy outside remembers what a database that was set back has forgotten."""
    if witness is None or not witness.exists():
        return
    told = {}
    for line in witness.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        told[_read(entry["said"]).get("number", 0)] = (entry["said"], entry["signature"])
    for number in sorted(told.keys() | known.keys()):
        if number not in known:
            yield Finding("checkpoint-gone", str(number), None, "signed and published, and not in the database")
        elif number not in told:
            yield Finding("checkpoint-never-published", str(number))
        elif told[number] != known[number]:
            yield Finding("checkpoint-differs-from-published", str(number))


def _vouched(signatures: Signatures) -> Iterator[Finding]:
    """Each key but the first was introduced by one of ours."""
    for at, (key_id, public, said, signature) in enumerate(rows(_VOUCHERS)):
        told = _read(said)
        if at and not (told.get("key") == bytes(public).hex()
                       and signatures.is_good(said, bytes(signature), str(told.get("after", "")))):
            yield Finding("key-not-vouched-for", key_id)


def check_days(signatures: Signatures, *, since: int = 0) -> Iterator[Finding]:
    """The outlets' statements from checkpoint `since` on: signed, in order, and of the lines that stand."""
    made: dict[tuple[int, int], dict[Any, tuple[str, int]]] = {}
    for outlet, number, lines, said, signature, former, former_said, former_signature in rows(_DAYS, [since]):
        name, told = f"{outlet} {number}", _read(said)
        if not signatures.is_good(said, bytes(signature), str(told.get("key", ""))):
            yield Finding("outlet-day-not-signed-by-us", name)
            continue
        if number > 1 and former is None:
            yield Finding("outlet-day-missing", f"{outlet} {number - 1}")
        before = "" if former is None else sha256(former_said.encode() + bytes(former_signature)).hexdigest()
        stretch = (told["after"], told["through"])
        if stretch not in made:
            made = {stretch: {each[0]: (bytes(each[1]).hex(), each[2]) for each in stream(_DAY_LINES, stretch)}}
        now = made[stretch].get(outlet, ("", 0))
        if (told["number"], told["before"], told["lines"]) != (number, before, lines) or now != (
                told["digest"], told["lines"]):
            yield Finding("outlet-day-changed", name)
