"""The days that the national index is added up from: counted anew every night, written where they differ."""

from datetime import datetime, time
from typing import Final

from django.db import connection

from intake.boards.models import BoardMark
from intake.rules.catalogue import Channel
from intake.satisfaction.rules import CONTENT
from shared.calendar import at_local, local
from shared.transactions import operation

_LOCK: Final = 0x696E646578  # "index"
_ZONE: Final = "Asia/Ho_Chi_Minh"
_FIGURES: Final = ("filed", "online", "decided", "with_result", "answered", "content")
_COLUMNS: Final = ", ".join(_FIGURES)

_COUNT: Final = f"""
    CREATE TEMPORARY TABLE index_counted ON COMMIT DROP AS
    SELECT province_code, centre_id, day, {", ".join(f"SUM({name})::int AS {name}" for name in _FIGURES)} FROM (
        SELECT province_code, receiving_centre_id AS centre_id, (received_at AT TIME ZONE '{_ZONE}')::date AS day,
               1 AS filed, (channel = '{Channel.ONLINE}')::int AS online, 0 AS decided, 0 AS with_result,
               0 AS answered, 0 AS content
        FROM intake_dossier WHERE received_at < %(until)s
        UNION ALL
        SELECT province_code, receiving_centre_id, (known_at AT TIME ZONE '{_ZONE}')::date, 0, 0, 1, has_result, 0, 0
        FROM (SELECT dossier.province_code, dossier.receiving_centre_id, dossier.received_at,
                     (decision.result_document_id IS NOT NULL)::int AS has_result,
                     GREATEST(decision.resolved_at, dossier.received_at) AS known_at
              FROM intake_resolution decision JOIN intake_dossier dossier ON dossier.id = decision.dossier_id
              WHERE dossier.received_at IS NOT NULL) AS decided
        WHERE known_at < %(until)s
          AND date_trunc('year', known_at, '{_ZONE}') = date_trunc('year', received_at, '{_ZONE}')
        UNION ALL
        SELECT province_code, centre_id, (answered_at AT TIME ZONE '{_ZONE}')::date, 0, 0, 0, 0, 1,
               (overall >= {CONTENT})::int
        FROM intake_satisfaction WHERE answered_at < %(until)s) AS told
    GROUP BY province_code, centre_id, day;
    ANALYZE index_counted;
    DELETE FROM intake_indexday kept WHERE NOT EXISTS (
        SELECT FROM index_counted WHERE index_counted.province_code = kept.province_code
          AND index_counted.day = kept.day AND index_counted.centre_id IS NOT DISTINCT FROM kept.centre_id);
    INSERT INTO intake_indexday AS kept (province_code, centre_id, day, {_COLUMNS})
    SELECT province_code, centre_id, day, {_COLUMNS} FROM index_counted
    ON CONFLICT (province_code, day, centre_id) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in _FIGURES)}
    WHERE ({", ".join(f"kept.{name}" for name in _FIGURES)}) IS DISTINCT FROM
          ({", ".join(f"excluded.{name}" for name in _FIGURES)});
    DROP TABLE index_counted
"""  # noqa: S608  # constants of this module


@operation
def count_index_days(*, at: datetime) -> None:
    """Count every day that is over at `at` from the dossiers themselves; readers add the hours since by themselves.

    A day of before changes when a dossier is moved or told late: it is put right here, the night after.
    """
    until = at_local(local(at).date(), time())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("DROP TABLE IF EXISTS index_counted")
        cursor.execute(_COUNT, {"until": until})
    BoardMark.objects.update_or_create(id=1, defaults={"index_until": until})
