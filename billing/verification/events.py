"""Events against lines: what happened and has no line, and lines of what never happened.

What happened stands in the outbox, where its own transaction wrote it; nothing there is ever deleted.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from billing.verification.findings import Finding
from billing.verification.rows import stream

SETTLED_BY: Final = timedelta(hours=2)
"""An event's own message, and the sweep behind it, have had their chances by then."""

_DELIVERED: Final = """
    SELECT DISTINCT (payload->>'parcel_id')::uuid AS source_id, (payload->>'delivered_at')::timestamptz AS at,
           payload->>'number' AS number
    FROM shared_outboxmessage WHERE event = 'ParcelDelivered' AND created_at >= %(since)s AND created_at < %(until)s
"""
_RECEIVED: Final = """
    SELECT DISTINCT (payload->>'dossier_id')::uuid AS source_id, payload->>'code' AS number,
           CASE payload->>'channel' WHEN 'online' THEN 'compensation:accepted_online'
                ELSE 'compensation:accepted_paper' END AS kind
    FROM shared_outboxmessage WHERE event = 'DossierReceived' AND created_at >= %(since)s AND created_at < %(until)s
    AND payload->>'outlet_id' IS NOT NULL
"""
_QUESTIONS: Final = {
    "event-without-line": f"""
        SELECT e.source_id::text, 'postage of ' || e.number FROM ({_DELIVERED}) e
        LEFT JOIN billing_charge c ON c.source_type = 'parcel' AND c.source_id = e.source_id AND c.kind = 'postage'
            AND c.reverses_id IS NULL WHERE c.id IS NULL
        UNION ALL
        SELECT e.source_id::text, e.kind || ' of ' || e.number FROM ({_RECEIVED}) e
        LEFT JOIN billing_charge c ON c.source_type = 'dossier' AND c.source_id = e.source_id AND c.kind = e.kind
            AND c.reverses_id IS NULL WHERE c.id IS NULL ORDER BY 1, 2""",  # noqa: S608  # our own fragments
    "line-and-event-differ": f"""
        SELECT c.id::text, 'delivered ' || e.at FROM ({_DELIVERED}) e
        JOIN billing_charge c ON c.source_type = 'parcel' AND c.source_id = e.source_id AND c.kind = 'postage'
            AND c.reverses_id IS NULL
        WHERE c.occurred_at <> e.at OR c.parcel_number <> e.number ORDER BY 1""",  # noqa: S608
    "line-without-event": """
        SELECT c.id::text, c.kind || ' of ' || c.parcel_number FROM billing_charge c
        LEFT JOIN (SELECT DISTINCT (payload->>'parcel_id')::uuid AS source_id FROM shared_outboxmessage
                   WHERE event = 'ParcelDelivered') e ON e.source_id = c.source_id
        WHERE c.source_type = 'parcel' AND c.kind = 'postage' AND c.reverses_id IS NULL
        AND c.posted_at >= %(since)s AND e.source_id IS NULL ORDER BY 1""",
}


def check_events(*, since: datetime, now: datetime) -> Iterator[Finding]:
    """Parcels delivered and dossiers accepted since a moment, each with its line, and no line without one."""
    for kind, question in _QUESTIONS.items():
        for reference, detail in stream(question, {"since": since, "until": now - SETTLED_BY}):
            yield Finding(kind, reference, None, detail)
