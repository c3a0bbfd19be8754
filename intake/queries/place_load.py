"""How many came to each place in each hour: dossiers taken at outlets, dossiers received at centres."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection

from agents.public import Arrived

# Centres: the index of counted steps. Outlets: a slice of each one's own index, however long its history is.
_ARRIVED: Final = """
SELECT NULL::uuid AS outlet_id, step.centre_id, date_trunc('hour', step.at, 'UTC') AS hour, COUNT(*)
FROM intake_dossierstep step
WHERE step.machine = 'handling' AND step.action = 'receive' AND step.province_code IN (SELECT code FROM shared_province)
  AND step.at >= %(since)s AND step.at < %(until)s
GROUP BY 2, 3
UNION ALL
SELECT outlet.id, NULL, taken.hour, COUNT(*)
FROM agents_outlet outlet, LATERAL (
    SELECT date_trunc('hour', d.submitted_at, 'UTC') AS hour FROM intake_dossier d
    WHERE d.outlet_id = outlet.id AND d.handling IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
      AND d.submitted_at >= %(since)s AND d.submitted_at < %(until)s
) taken
GROUP BY 1, 3
"""


def arrived(since: datetime, until: datetime) -> Sequence[Arrived]:
    """Of every hour (UTC, and so of every local hour) in which anybody came, `since` included and `until` not."""
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVED, {"since": since, "until": until})
        return [Arrived(*row) for row in cursor.fetchall() if row[0] is not None or row[1] is not None]
