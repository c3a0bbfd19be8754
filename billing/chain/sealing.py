"""Rows enter their chain: in batches, by one sealer at a time, behind the back of whoever posts.

A row may be committed after one with a later id, so a look goes back further than the newest sealed row; once a day,
before the checkpoint, everything is looked at. Sealing again what is sealed changes nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from billing.chain import records, said
from shared.transactions import operation

BATCH: Final = 20_000
GENESIS: Final = {"line": sha256(b"wardpost/line/1").digest(), "entry": sha256(b"wardpost/audit/1").digest(),
                  "record": sha256(b"wardpost/record/1").digest()}
"""The chain before the first row."""
LOOKS_BACK: Final = timedelta(hours=2)
"""No transaction that posts lives so long."""
_ENTRIES_BACK: Final = 50_000
_LOCK: Final = 0x7365616C  # "seal"

type Id = UUID | int | str


@dataclass(frozen=True, slots=True)
class Chain:
    """One of the chains: its table, and how its unsealed rows are found and said."""

    name: str
    table: str
    column: str
    unsealed: str
    legs: str
    rows: str


LINES: Final = Chain(
    "line", "billing_lineseal", "line_id",
    """CREATE TEMPORARY TABLE billing_unsealed ON COMMIT DROP AS
       SELECT c.id, c.group_id FROM billing_charge c WHERE c.id >= %(after)s::uuid
       AND NOT EXISTS (SELECT 1 FROM billing_lineseal s WHERE s.line_id = c.id AND s.line_id >= %(after)s::uuid)
       ORDER BY c.id LIMIT %(limit)s""",
    f"""CREATE TEMPORARY TABLE billing_unsealed_legs ON COMMIT DROP AS {said.LEGS}
        JOIN billing_unsealed u ON u.group_id = p.group_id GROUP BY p.group_id;
        ANALYZE billing_unsealed_legs""",
    f"""SELECT c.id, {said.LINE_SAID} AS said FROM billing_unsealed u JOIN billing_charge c ON c.id = u.id
        {said.LINE_JOINS} LEFT JOIN billing_unsealed_legs l ON l.group_id = c.group_id""")  # noqa: S608  # our own fragments
ENTRIES: Final = Chain(
    "entry", "billing_auditseal", "entry_id",
    """CREATE TEMPORARY TABLE billing_unsealed ON COMMIT DROP AS
       SELECT a.id FROM shared_auditentry a WHERE a.id >= %(after)s
       AND NOT EXISTS (SELECT 1 FROM billing_auditseal s WHERE s.entry_id = a.id AND s.entry_id >= %(after)s)
       ORDER BY a.id LIMIT %(limit)s""",
    "SELECT 1",
    f"""SELECT a.id, {said.ENTRY_SAID} AS said FROM billing_unsealed u JOIN shared_auditentry a
        ON a.id = u.id""")  # noqa: S608
RECORDS: Final = Chain(
    "record", "billing_recordseal", "record",
    f"""CREATE TEMPORARY TABLE billing_unsealed ON COMMIT DROP AS
        SELECT r.id FROM ({records.NAMES}) r
        WHERE NOT EXISTS (SELECT 1 FROM billing_recordseal s WHERE s.record = r.id) LIMIT %(limit)s""",  # noqa: S608
    "SELECT 1", records.SAID)
"""Few, and looked through whole: once a day, before the checkpoint."""
_EMPTY: Final = "DROP TABLE IF EXISTS billing_unsealed, billing_unsealed_legs"
_COMMITTED: Final = """
    SELECT id, salt, sha256(uuid_send(salt) || convert_to(said, 'UTF8'))
    FROM (SELECT id, said, gen_random_uuid() AS salt FROM ({rows}) rows OFFSET 0) salted ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends now."""

    sequence: int
    chain: bytes
    sealed_at: datetime | None = None


def seal_all(*, at: datetime, everything: bool = True) -> int:
    """Seal whatever has no seal yet; returns how many rows. Quick looks leave out what is older than LOOKS_BACK."""
    chains = (LINES, ENTRIES, RECORDS) if everything else (LINES, ENTRIES)
    return sum(_seal(chain, at=at, everything=everything) for chain in chains)


def head(chain: Chain) -> Head:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sequence, chain, sealed_at FROM {chain.table} ORDER BY sequence DESC LIMIT 1")  # noqa: S608
        last = cursor.fetchone()
    return Head(0, GENESIS[chain.name]) if last is None else Head(int(last[0]), bytes(last[1]), last[2])


def _seal(chain: Chain, *, at: datetime, everything: bool) -> int:
    sealed, after = 0, _after(chain, everything=everything)
    while True:
        made, after = _seal_batch(chain, after=after, at=at)
        sealed += made
        if made < BATCH:
            return sealed


@operation
def _seal_batch(chain: Chain, *, after: Id, at: datetime) -> tuple[int, Id]:
    """How many rows were sealed, and the last one's id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_EMPTY)
        cursor.execute(chain.unsealed, {"after": after, "limit": BATCH})
        if not cursor.rowcount:
            return 0, after
        cursor.execute("ANALYZE billing_unsealed")
        cursor.execute(chain.legs)
        cursor.execute(_COMMITTED.format(rows=chain.rows))
        rows = cursor.fetchall()
        _write(cursor, chain, _linked(rows, head(chain)), at)
        cursor.execute(_EMPTY)
        return len(rows), rows[-1][0]


def _linked(rows: Iterable[tuple[object, UUID, bytes]],
            last: Head) -> Iterator[tuple[int, object, UUID, bytes, bytes]]:
    sequence, link = last.sequence, last.chain
    for row_id, salt, commitment in rows:
        sequence, link = sequence + 1, sha256(link + commitment).digest()
        yield sequence, row_id, salt, bytes(commitment), link


def _write(cursor: CursorWrapper, chain: Chain, rows: Iterable[tuple[object, ...]], at: datetime) -> None:
    columns = f"sequence, {chain.column}, salt, commitment, chain, sealed_at"
    with cursor.copy(f"COPY {chain.table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row((*row, at))


def _after(chain: Chain, *, everything: bool) -> Id:
    """The least id that may be unsealed: ids grow with time, but for what is committed late."""
    if chain is RECORDS:
        return ""
    last = None if everything else head(chain).sealed_at
    if chain is LINES:
        return UUID(int=0 if last is None else int((last - LOOKS_BACK).timestamp() * 1000) << 80)
    return 0 if last is None else max(0, _newest_entry() - _ENTRIES_BACK)


def _newest_entry() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(entry_id), 0) FROM billing_auditseal")
        return int(cursor.fetchone()[0])
