"""What a row says, as the one JSON text that its commitment is made of; written by PostgreSQL, where the rows are.

Moments are UTC to the microsecond, amounts numbers, everything else text, what is missing the empty string. `evidence`
and the audit's `before` and `after` are the text that PostgreSQL has of them. The shapes are described for readers
outside in docs/guides/auditor.md; the verifiers (billing/verification/) write the same text by code of their own.
"""

from collections.abc import Mapping
from typing import Final

LINE_SHAPE: Final = "line/1"
ENTRY_SHAPE: Final = "audit/1"

_MOMENT: Final = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""

GROUP: Final[Mapping[str, str]] = {
    "id": "g.id::text", "source_type": "g.source_type", "source_id": "g.source_id::text", "kind": "g.kind",
    "rule": "g.rule", "period": "g.period::text", "occurred_at": _MOMENT.format("g.occurred_at"),
    "posted_at": _MOMENT.format("g.posted_at"), "actor_kind": "g.actor_kind", "actor_id": "g.actor_id",
    "reverses": "coalesce(g.reverses_id::text, '')", "reason": "g.reason",
}
LINE: Final[Mapping[str, str]] = {
    "id": "c.id::text", "source_type": "c.source_type", "source_id": "c.source_id::text", "kind": "c.kind",
    "period": "c.period::text", "province_code": "c.province_code", "operator_code": "c.operator_code",
    "outlet_id": "coalesce(c.outlet_id::text, '')", "dossier_code": "c.dossier_code",
    "parcel_number": "c.parcel_number", "direction": "c.direction", "occurred_at": _MOMENT.format("c.occurred_at"),
    "posted_at": _MOMENT.format("c.posted_at"), "posted_by": "c.posted_by", "rule": "c.rule", "gross": "c.gross",
    "national_reduction": "c.national_reduction", "city_subsidy": "c.city_subsidy",
    "citizen_share": "c.citizen_share", "compensation": "c.compensation", "other": "c.other",
    "reason_code": "c.reason_code", "explanation": "encode(e.digest, 'hex')", "evidence": "c.evidence::text",
    "reverses": "coalesce(c.reverses_id::text, '')",
}
ENTRY: Final[Mapping[str, str]] = {
    "id": "a.id::text", "at": _MOMENT.format("a.at"), "recorded_at": _MOMENT.format("a.recorded_at"),
    "actor_kind": "a.actor_kind", "actor_id": "a.actor_id", "action": "a.action", "object_type": "a.object_type",
    "object_id": "a.object_id", "before": "a.before::text", "after": "a.after::text", "reason": "a.reason",
    "request_id": "a.request_id",
}

_GROUP_SAID: Final = (
    f"CASE WHEN g.id IS NULL THEN json_build_array() ELSE json_build_array({', '.join(GROUP.values())}) END")
LINE_SAID: Final = (
    f"json_build_array('{LINE_SHAPE}', {', '.join(LINE.values())}, {_GROUP_SAID},"
    " coalesce(l.legs, '[]'::json))::text")
ENTRY_SAID: Final = f"json_build_array('{ENTRY_SHAPE}', {', '.join(ENTRY.values())})::text"

LINE_JOINS: Final = """
    LEFT JOIN billing_postinggroup g ON g.id = c.group_id
    LEFT JOIN billing_explanation e ON e.id = c.explanation_id
"""
LEGS: Final = """
    SELECT p.group_id, json_agg(json_build_array(a.code, p.amount) ORDER BY p.id) AS legs
    FROM billing_posting p JOIN billing_account a ON a.id = p.account_id
"""
