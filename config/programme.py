"""What the gates of a programme measure in dossiers, and what procedure groups are called."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from agents.programme import measures, ports
from agents.programme.measures import Reading, Within
from intake.queries.procedures import FIELD_NAMES

_OF: Final = """
    FROM intake_dossier d JOIN agents_outlet o ON o.id = d.outlet_id JOIN agents_operator p ON p.id = o.operator_id
    JOIN shared_commune c ON c.code = o.commune_id JOIN intake_procedure r ON r.id = d.procedure_id
    WHERE c.province_id = %(province)s AND d.submitted_at >= %(since)s AND d.submitted_at < %(until)s
      AND (%(communes)s::text[] = '{}' OR o.commune_id = ANY(%(communes)s))
      AND (%(operators)s::text[] = '{}' OR p.code = ANY(%(operators)s))
      AND (%(groups)s::text[] = '{}' OR r.field = ANY(%(groups)s))
"""
_SENT_BACK: Final = """
    (EXISTS (SELECT FROM intake_supplementrequest s WHERE s.dossier_id = d.id)
     OR EXISTS (SELECT FROM intake_refusal f WHERE f.dossier_id = d.id))
"""
_JUDGED: Final = f"(d.received_at IS NOT NULL OR {_SENT_BACK})"


def _counts(within: Within, *wanted: str) -> tuple[int, ...]:
    """One statement; `wanted` are fixed conditions of this page."""
    columns = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in wanted)
    asked: Mapping[str, Any] = {
        "province": within.province_code, "since": within.since, "until": within.until,
        "communes": list(within.communes), "operators": list(within.operators), "groups": list(within.groups)}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} {_OF}", asked)  # words of this page only
        row: tuple[int, ...] = cursor.fetchone() or (0,) * len(wanted)
    return row


def dossiers(within: Within) -> Reading:
    (taken,) = _counts(within, "true")
    return measures.pieces(taken)


def first_time_right(within: Within) -> Reading:
    """Of the dossiers that a centre has judged: neither sent back for more nor refused."""
    judged, right = _counts(within, _JUDGED, f"{_JUDGED} AND NOT {_SENT_BACK}")
    return measures.share(right, judged)


def forwarded_in_a_day(within: Within) -> Reading:
    """On their way to the centre on the day they were taken or the next."""
    gone, in_time = _counts(
        within, "d.forwarded_at IS NOT NULL",
        "(d.forwarded_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
        " - (d.submitted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <= 1")
    return measures.share(in_time, gone)


def resolved_on_time(within: Within) -> Reading:
    resolved, in_time = _counts(within, "d.resolved_at IS NOT NULL AND d.due_at IS NOT NULL",
                                "d.resolved_at <= d.due_at")
    return measures.share(in_time, resolved)


def filed_online(within: Within) -> Reading:
    taken, online = _counts(within, "true", "d.channel = 'online'")
    return measures.share(online, taken)


ports.register_groups(lambda: FIELD_NAMES)
measures.register("dossiers", _("Dossiers taken at outlets"), dossiers, is_percent=False)
measures.register("first_time_right", _("Dossiers right at the first try"), first_time_right)
measures.register("forwarded_in_a_day", _("Dossiers forwarded on their day or the next"), forwarded_in_a_day)
measures.register("resolved_on_time", _("Dossiers resolved on time"), resolved_on_time)
measures.register("filed_online", _("Dossiers filed online"), filed_online)
