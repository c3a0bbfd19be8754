"""The dossiers behind a figure, as of the same moment and never wider than the reader's own scope."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import F

from intake.boards.figures import LIVE_STAYS, PENDING_STAYS, Unit
from intake.boards.rules.counts import Flow, Stage
from intake.models.dossiers import Dossier
from shared.actors import Actor

AT_ONCE: Final = 50

_HERE: Final = "from_at <= %(as_of)s AND (until_at IS NULL OR until_at > %(as_of)s)"
_CONDITIONS: Final[Mapping[str, str]] = {
    **{flow.name.lower(): f"flow = {flow:d} AND from_at <= %(as_of)s" for flow in (
        Flow.FILED, Flow.RECEIVED, Flow.RESOLVED, Flow.ENDED)},
    "resolved_late": f"flow = {Flow.RESOLVED:d} AND due_at < from_at AND from_at <= %(as_of)s",
    "returned": f"flow = {Flow.RETURNED:d} AND {_HERE}",
    **{stage.name.lower(): f"stage = {stage:d} AND {_HERE}" for stage in Stage if stage is not Stage.OVER},
    "late": f"late_at <= %(as_of)s AND {_HERE}",
    "stuck": f"stuck_at <= %(as_of)s AND {_HERE}",
}

_FIND: Final = f"""
    WITH {PENDING_STAYS}
    SELECT dossier_id, from_at, due_at FROM ({LIVE_STAYS}) AS live
    ORDER BY from_at {{order}}, step_id LIMIT {AT_ONCE + 1} OFFSET %(offset)s
"""  # noqa: S608  # constants of this module


@dataclass(frozen=True, slots=True)
class Listed:
    """`since` is when it came to where the figure counts it."""

    dossier: Dossier
    since: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    rows: tuple[Listed, ...]
    number: int
    has_more: bool


def dossiers_behind(actor: Actor, unit: Unit, as_of: datetime, *, measure: str, procedure_code: str = "",
                    page: int = 1) -> Page:
    """A page of the dossiers that `measure` counts; what stands there longest first, what happened last first.

    Raises:
        KeyError: no such measure.
    """
    condition = _CONDITIONS[measure]
    places = [f"{name} = %({name})s" for name in unit.places]
    if procedure_code:
        places.append("procedure_code = %(procedure_code)s")
    where = " AND ".join(["province_code = %(province)s", *places, condition])
    order = "ASC" if _HERE in condition and measure != "returned" else "DESC"
    with connection.cursor() as cursor:
        cursor.execute(_FIND.format(where=where, order=order), {
            "province": unit.province_code, "as_of": as_of, "offset": AT_ONCE * (page - 1),
            "procedure_code": procedure_code, **unit.places})
        found: list[tuple[UUID, datetime, datetime | None]] = cursor.fetchall()
    return Page(_named(actor, found[:AT_ONCE]), page, len(found) > AT_ONCE)


def _named(actor: Actor, found: list[tuple[UUID, datetime, datetime | None]]) -> tuple[Listed, ...]:
    """Scope first: what the reader may not see as a dossier has no row, whoever counts it."""
    seen = Dossier.objects.seen_by(actor).filter(id__in=[each[0] for each in found]).annotate(
        procedure_vi=F("procedure__name_vi"), procedure_en=F("procedure__name_en"), outlet_name=F("outlet__name"),
        centre_name=F("receiving_centre__name"))
    known = {dossier.id: dossier for dossier in seen.defer("filing", "quote", "route")}
    return tuple(Listed(known[each], since, due) for each, since, due in found if each in known)
