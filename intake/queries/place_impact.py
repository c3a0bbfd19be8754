"""How many dossiers a place had to work on while it could not: what the operations room asks about a trouble."""

from collections.abc import Sequence
from typing import Final

from django.db import connection

from agents.public import TroubleSpan

# What came to the place more than sixty days before the trouble and left it since is not looked for: nothing rightly
# lies that long, and so each span reads a slice of an index and not the place's whole history. A draft counts on the
# day on which it was begun; one that was forgotten is nobody's work of that hour.
_LAY_THERE: Final = """
WITH span AS (
    SELECT * FROM unnest(%(outlets)s::uuid[], %(centres)s::uuid[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
        WITH ORDINALITY AS each(outlet_id, centre_id, starts_at, ends_at, number)
)
SELECT CASE WHEN span.outlet_id IS NOT NULL THEN (
    SELECT COUNT(*) FROM intake_dossier d WHERE d.outlet_id = span.outlet_id AND d.created_at <= span.ends_at
       AND ((d.handling = 1 AND d.forwarded_at IS NULL)
         OR (d.handling = 0 AND d.created_at >= span.starts_at - interval '12 hours'))
) + (
    SELECT COUNT(*) FROM intake_dossier d WHERE d.outlet_id = span.outlet_id AND d.created_at <= span.ends_at
       AND d.handling BETWEEN 1 AND 10 AND d.submitted_at >= span.starts_at - interval '60 days'
       AND d.forwarded_at >= span.starts_at
) ELSE (
    SELECT COUNT(*) FROM intake_dossier d WHERE d.receiving_centre_id = span.centre_id AND d.handling = 1
       AND d.forwarded_at <= span.ends_at
) + (
    SELECT COUNT(*) FROM intake_dossier d WHERE d.receiving_centre_id = span.centre_id AND d.handling IN (2, 4)
       AND d.received_at <= span.ends_at
) + (
    SELECT COUNT(*) FROM intake_dossier d WHERE d.receiving_centre_id = span.centre_id AND d.handling IN (9, 10)
       AND d.received_at BETWEEN span.starts_at - interval '60 days' AND span.ends_at
       AND d.resolved_at >= span.starts_at
) END
FROM span ORDER BY span.number
"""


def lay_there(spans: Sequence[TroubleSpan]) -> list[int]:
    """For each span: at an outlet what was not yet forwarded, at a centre what waited or was being worked on."""
    with connection.cursor() as cursor:
        cursor.execute(_LAY_THERE, {
            "outlets": [each.outlet_id for each in spans], "centres": [each.centre_id for each in spans],
            "starts": [each.start for each in spans], "ends": [each.end for each in spans]})
        return [int(count) for (count,) in cursor.fetchall()]
