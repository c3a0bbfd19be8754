"""What a row says, written by the verifier's own hand from the plain columns."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

# Of billing_charge c, in the order of the text; the explanation's digest stands between `reason_code` and `evidence`.
LINE_COLUMNS: Final = (
    "c.id", "c.source_type", "c.source_id", "c.kind", "c.period", "c.province_code", "c.operator_code", "c.outlet_id",
    "c.dossier_code", "c.parcel_number", "c.direction", "c.occurred_at", "c.posted_at", "c.posted_by", "c.rule",
    "c.gross", "c.national_reduction", "c.city_subsidy", "c.citizen_share", "c.compensation", "c.other",
    "c.reason_code", "e.digest", "c.evidence::text", "c.reverses_id",
)
GROUP_COLUMNS: Final = (
    "g.id", "g.source_type", "g.source_id", "g.kind", "g.rule", "g.period", "g.occurred_at", "g.posted_at",
    "g.actor_kind", "g.actor_id", "g.reverses_id", "g.reason",
)
ENTRY_COLUMNS: Final = (
    "a.id::text", "a.at", "a.recorded_at", "a.actor_kind", "a.actor_id", "a.action", "a.object_type", "a.object_id",
    "a.before::text", "a.after::text", "a.reason", "a.request_id",
)


def line_text(line: Sequence[Any], group: Sequence[Any], legs: Sequence[Sequence[object]]) -> str:
    """`line` in the order of LINE_COLUMNS, `group` of GROUP_COLUMNS with None first where there is none."""
    said_group = [] if group[0] is None else [_plain(value) for value in group]
    return json.dumps(["line/1", *map(_plain, line), said_group, legs], ensure_ascii=False)


def entry_text(entry: Sequence[Any]) -> str:
    return json.dumps(["audit/1", *map(_plain, entry)], ensure_ascii=False)


def _plain(value: Any) -> str | int:
    if value is None:
        return ""
    kind = type(value)
    if kind is str or kind is int:
        return value  # type: ignore[no-any-return]
    if kind is datetime:
        return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    if kind is UUID or kind is date:
        return str(value)
    return bytes(value).hex()
