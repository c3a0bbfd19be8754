"""The end of a day: everything is sealed, the heads are signed outside the database, each outlet gets its statement."""

import json
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import structlog
from django.conf import settings
from django.db import connection

from billing.chain.canonical import canonical
from billing.chain.days import state_days
from billing.chain.keys import KeyRing, key_path, key_ring, new_ring, store_ring
from billing.chain.sealing import ENTRIES, LINES, RECORDS, head, seal_all
from billing.models.seals import Checkpoint, SigningKey
from shared import audit
from shared.actors import Actor, job
from shared.calendar import local
from shared.transactions import operation

log = structlog.get_logger()

SEALER: Final = job("seal_books")
SHAPE: Final = "wardpost/checkpoint/1"
ROTATION: Final = "wardpost/key/1"
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's alphabet: nothing that is mistaken for something else when it is read out."""
_CODE_LETTERS: Final = 10
# No lock on the last row: whoever may only add to a table may not lock a row of it either.
_ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(hashtextextended('billing-checkpoint', 0))"


def close_day(*, at: datetime) -> Checkpoint | None:
    """Seal everything and sign the day before the local day of `at`, once; None when this machine has no key.

    A day that was missed is covered by the next checkpoint.
    """
    ring = key_ring()
    if ring is None:
        return None
    seal_all(at=at)
    checkpoint, is_new = _sign(ring=ring, day=local(at).date() - timedelta(days=1), at=at)
    if is_new:
        publish_outside(checkpoint)
    return checkpoint


@operation
def _sign(*, ring: KeyRing, day: date, at: datetime) -> tuple[Checkpoint, bool]:
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
    _introduce(ring, at=at)
    last = Checkpoint.objects.order_by("-number").first()
    if last is not None and last.day >= day:
        return last, False
    checkpoint = _checkpoint(ring, last, day=day, at=at)
    checkpoint.save(force_insert=True)
    stated = state_days(checkpoint, after=0 if last is None else last.lines, ring=ring)
    audit.record(actor=SEALER, action="sign_checkpoint", object_type="checkpoint", object_id=checkpoint.number, at=at,
                 after={"day": day.isoformat(), "lines": checkpoint.lines, "code": checkpoint.code})
    log.info("checkpoint_signed", number=checkpoint.number, lines=checkpoint.lines, outlets=stated)
    return checkpoint, True


def _checkpoint(ring: KeyRing, last: Checkpoint | None, *, day: date, at: datetime) -> Checkpoint:
    lines, entries, records = head(LINES), head(ENTRIES), head(RECORDS)
    number = 1 if last is None else last.number + 1
    said = canonical({
        "shape": SHAPE, "number": number, "day": day.isoformat(),
        "lines": lines.sequence, "lines_head": lines.chain.hex(),
        "entries": entries.sequence, "entries_head": entries.chain.hex(),
        "records": records.sequence, "records_head": records.chain.hex(),
        "before": "" if last is None else digest_of(last.said, bytes(last.signature)), "key": ring.public.hex(),
        "signed_at": at.astimezone().isoformat(timespec="seconds"),
    })
    signature = ring.sign(said)
    return Checkpoint(number=number, day=day, lines=lines.sequence, entries=entries.sequence,
                      records=records.sequence, said=said,
                      signature=signature, key_id=ring.key_id, code=code_of(said, signature), signed_at=at)


def digest_of(said: str, signature: bytes) -> str:
    return sha256(said.encode() + bytes(signature)).hexdigest()


def code_of(said: str, signature: bytes) -> str:
    """Fifty bits of the checkpoint, to be compared by eye: "7K3F9-Q2MXA"."""
    bits = int.from_bytes(sha256(said.encode() + bytes(signature)).digest()[:7]) >> 6
    letters = "".join(_LETTERS[bits >> shift & 31] for shift in range(5 * (_CODE_LETTERS - 1), -1, -5))
    return f"{letters[:5]}-{letters[5:]}"


def publish_outside(checkpoint: Checkpoint) -> None:
    """Write the checkpoint where no one with the database alone can take it back."""
    path = witness_path()
    if path is None:
        return
    entry = {"said": checkpoint.said, "signature": bytes(checkpoint.signature).hex()}
    with path.open("a", encoding="utf-8") as witness:
        witness.write(json.dumps(entry, ensure_ascii=False) + "\n")


def witness_path() -> Path | None:
    return Path(settings.WARDPOST_CHECKPOINT_WITNESS) if settings.WARDPOST_CHECKPOINT_WITNESS else None


def rotate_key(*, by: Actor, at: datetime) -> KeyRing:
    """A new key, vouched for by the old one. Afterwards the old private key exists no more.

    Raises:
        FileNotFoundError: the settings name no key file.
    """
    path = key_path()
    if path is None:
        raise FileNotFoundError("WARDPOST_CHECKPOINT_KEY_FILE names no file.")
    former = key_ring() if path.exists() else None
    ring = new_ring(() if former is None else former.public_keys)
    # Vouched for first: were we stopped here, a key that nobody uses would be vouched for.
    _keep(ring, former, by=by, at=at)
    store_ring(path, ring)
    return ring


@operation
def _keep(ring: KeyRing, former: KeyRing | None, *, by: Actor, at: datetime) -> None:
    if former is None:
        _introduce(ring, at=at)
    else:
        _introduce(former, at=at)
        said = canonical({"shape": ROTATION, "key": ring.public.hex(), "after": former.public.hex(),
                          "since": at.astimezone().isoformat(timespec="seconds")})
        SigningKey.objects.create(key_id=ring.key_id, public_key=ring.public, since=at, vouched_by=former.key_id,
                                  said=said, signature=former.sign(said))
    audit.record(actor=by, action="rotate_checkpoint_key", object_type="signing_key", object_id=ring.key_id, at=at,
                 before={"key": former.key_id} if former else {}, after={"key": ring.key_id})


def _introduce(ring: KeyRing, *, at: datetime) -> None:
    """The first key stands by itself; it is to be trusted by its print outside."""
    if not SigningKey.objects.filter(key_id=ring.key_id).exists():
        SigningKey.objects.create(key_id=ring.key_id, public_key=ring.public, since=at)
