"""Promises, counted by the database in one statement for all parcels of some weeks; doing it again gives the same."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection

from shared.calendar import local
from shared.transactions import operation

USUAL_WEEKS: Final = 6
"""What happens to a promise after that, happens rarely; the nightly count looks half a year back."""
ALL_WEEKS: Final = 27
_ONE_AT_A_TIME: Final = 8_204_001

# The same table as delivery.promise.rules.kept; a test compares them. Collection is looked up only where nothing else
# has kept the promise: few parcels, each by the index of its events.
OUTCOMES: Final = """
    SELECT p.id AS parcel_id, p.number, p.booked_at, p.accepted_at, p.province_code,
           date_trunc('week', p.promised_date)::date AS week, p.operator_code, p.outlet_id,
           p.recipient_commune_id AS commune_code, p.direction,
           CASE WHEN p.state = 'needs_review' THEN 'uncounted'
                WHEN p.state = 'lost' THEN 'lost'
                WHEN o.offered <= p.promised_date THEN 'kept'
                WHEN c.collectable <= p.promised_date THEN 'kept'
                WHEN o.offered IS NOT NULL OR c.collectable IS NOT NULL THEN 'late'
                WHEN p.is_live THEN 'waiting'
                ELSE 'uncounted' END AS outcome
    FROM delivery_parcel p
    CROSS JOIN LATERAL (SELECT least((p.delivered_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
                                     (p.summary -> 'attempt_days' ->> 0)::date) AS offered) o
    CROSS JOIN LATERAL (
        SELECT CASE WHEN o.offered <= p.promised_date THEN NULL ELSE
            (SELECT min((e.occurred_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) FROM delivery_trackingevent e
             WHERE e.parcel_id = p.id AND e.code = 'EDH') END AS collectable) c
    WHERE p.promised_date >= %(first)s AND p.promised_date < %(today)s
"""
_COUNT: Final = f"""
    INSERT INTO delivery_promisecount (id, province_code, week, operator_code, outlet_id, commune_code, direction, kept,
                                       late, waiting, lost, uncounted, counted_at)
    SELECT gen_random_uuid(), province_code, week, operator_code, outlet_id, commune_code, direction,
           count(*) FILTER (WHERE outcome = 'kept'), count(*) FILTER (WHERE outcome = 'late'),
           count(*) FILTER (WHERE outcome = 'waiting'), count(*) FILTER (WHERE outcome = 'lost'),
           count(*) FILTER (WHERE outcome = 'uncounted'), %(at)s
    FROM ({OUTCOMES}) AS outcomes
    GROUP BY province_code, week, operator_code, outlet_id, commune_code, direction
"""  # noqa: S608  # both are constants of this file


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


@operation
def count_promises(*, at: datetime, weeks: int = USUAL_WEEKS) -> int:
    """Count the promises of the last `weeks` weeks anew, up to yesterday; returns how many rows tell of them."""
    today = local(at).date()
    first = monday_of(today) - timedelta(weeks=weeks - 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        cursor.execute("DELETE FROM delivery_promisecount WHERE week >= %s", [first])
        cursor.execute(_COUNT, {"first": first, "today": today, "at": at})
        return int(cursor.rowcount)

