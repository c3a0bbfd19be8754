"""Contact with places: each counter's and desk's browser says that it is there, and how long the way took."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from agents.room.errors import NoPlaceOfYours
from agents.room.rules import BEAT_EVERY, MOST_MS, SILENT_AFTER
from shared.actors import Actor
from shared.roles import CENTRE_ROLES, OUTLET_ROLES

# One statement, whoever asks and however often: within a minute the row is left as it is. The province is looked up
# in it, so that nothing has to be read before.
_BEAT: Final = """
INSERT INTO agents_placebeat AS beat (place_id, province_code, outlet_id, operator_id, centre_id, first_at, last_at,
                                      latency_ms, resumed_at)
SELECT place.id, place.province_code, place.outlet_id, place.operator_id, place.centre_id, %(at)s, %(at)s, %(ms)s,
       %(at)s
FROM (
    SELECT o.id, c.province_id AS province_code, o.id AS outlet_id, o.operator_id, NULL::uuid AS centre_id
    FROM agents_outlet o JOIN shared_commune c ON c.code = o.commune_id WHERE o.id = %(outlet)s
    UNION ALL
    SELECT id, province_id, NULL, NULL, id FROM agents_centre WHERE id = %(centre)s
) place
ON CONFLICT (place_id) DO UPDATE SET
    last_at = EXCLUDED.last_at, latency_ms = EXCLUDED.latency_ms,
    resumed_at = CASE
        WHEN EXCLUDED.last_at - beat.last_at > make_interval(secs => %(silence)s) THEN EXCLUDED.last_at
        ELSE beat.resumed_at END
WHERE EXCLUDED.last_at >= beat.last_at + make_interval(secs => %(every)s)
"""


def beat(*, by: Actor, latency_ms: int | None, at: datetime) -> bool:
    """Note that the actor's place is in contact; says whether a row was written. One statement.

    Raises NoPlaceOfYours: the actor works neither at an outlet nor at a centre.
    """
    outlet_id, centre_id = place_of(by)
    if outlet_id is None and centre_id is None:
        raise NoPlaceOfYours
    with connection.cursor() as cursor:
        cursor.execute(_BEAT, {
            "outlet": outlet_id, "centre": centre_id, "at": at, "silence": SILENT_AFTER.total_seconds(),
            "every": BEAT_EVERY.total_seconds(),
            "ms": None if latency_ms is None else min(max(latency_ms, 0), MOST_MS)})
        return bool(cursor.rowcount)


def place_of(by: Actor) -> tuple[UUID | None, UUID | None]:
    """The outlet or the centre that the actor sits in."""
    if by.role in OUTLET_ROLES or (not by.role and by.outlet_id):
        return by.outlet_id, None
    if by.role in CENTRE_ROLES or (not by.role and by.centre_id):
        return None, by.centre_id
    return None, None
