"""The audit, one entry after another along its chain; and what it says of closed months."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Final

from billing.verification.findings import Finding
from billing.verification.links import Link, Links
from billing.verification.rows import by_keys, stream
from billing.verification.texts import ENTRY_COLUMNS, entry_text

BEFORE_THE_FIRST: Final = sha256(b"wardpost/audit/1").digest()
_SEALED: Final = f"""
    SELECT s.sequence, s.salt, s.commitment, s.chain, s.entry_id, {', '.join(ENTRY_COLUMNS)}
    FROM billing_auditseal s LEFT JOIN shared_auditentry a ON a.id = s.entry_id
    WHERE s.sequence > %s ORDER BY s.sequence
"""  # noqa: S608  # our own columns
_SEAL: Final = 5


class EntriesRead:
    """How many entries were read."""

    entries = 0


def check_audit(read: EntriesRead, *, after: int, before: bytes, heads: Mapping[int, bytes]) -> Iterator[Finding]:
    """The sealed entries behind the sequence `after`, whose chain value is `before`."""
    links = Links("audit", after, before, heads)
    with by_keys():
        for row in stream(_SEALED, [after]):
            read.entries += 1
            link = Link(row[0], row[1], bytes(row[2]), bytes(row[3]), str(row[4]))
            yield from links.take(link, None if row[_SEAL] is None else entry_text(row[_SEAL:]))
    yield from links.end()
