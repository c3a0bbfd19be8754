"""How a dossier was taken, written down inside the transaction of what happened to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from intake.models.counter import Taking
from intake.models.dossiers import Dossier
from intake.rules.precheck.catalogue import VERSION
from intake.rules.precheck.check import Finding
from shared.actors import Actor


def findings_as_data(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Codes only: their words are the rules' own, and a citizen's data has no place here."""
    return [{"code": each.code, "severity": each.severity.value, "component": each.component} for each in findings]


def note_submitted(dossier: Dossier, findings: Sequence[Finding], *, by: Actor, at: datetime,
                   opened_at: datetime | None = None, is_new: bool = False) -> Taking:
    """The dossier was sent: with which warnings, after how long, in which visit.

    `is_new`: it was never a draft, so nothing was written down of it yet.
    """
    taking = _begun(dossier, by) if is_new else _of(dossier, by)
    _count_visit(taking, dossier.session_id)
    taking.opened_at = _plausible(opened_at, dossier, at)
    taking.submitted_at = at
    taking.seconds = int((at - taking.opened_at).total_seconds()) if taking.opened_at is not None else None
    taking.findings, taking.rules_version = findings_as_data(findings), VERSION
    taking.save(force_insert=taking._state.adding)
    return taking


def note_kept(dossier: Dossier, findings: Sequence[Finding], *, by: Actor, at: datetime,
              session_id: UUID | None) -> Taking:
    """A draft was kept: by whom, in which visit, and what is still missing."""
    taking = _of(dossier, by)
    _count_visit(taking, session_id)
    taking.saved_at, taking.held_by_name = at, by.name
    taking.findings, taking.rules_version = findings_as_data(findings), VERSION
    taking.save()
    return taking


def _of(dossier: Dossier, by: Actor) -> Taking:
    known = Taking.objects.select_for_update().filter(dossier=dossier).first()
    if known is not None:
        known.procedure_code = dossier.procedure_code
        return known
    return _begun(dossier, by)


def _begun(dossier: Dossier, by: Actor) -> Taking:
    assert dossier.outlet_id is not None  # noqa: S101  # only outlets take dossiers at their counters
    assert dossier.operator_id is not None  # noqa: S101
    return Taking(dossier=dossier, outlet_id=dossier.outlet_id, operator_id=dossier.operator_id,
                  province_code=dossier.province_code, procedure_code=dossier.procedure_code, begun_by_name=by.name,
                  held_by_name=by.name)


def _count_visit(taking: Taking, session_id: UUID | None) -> None:
    """Another session is another visit of the citizen."""
    if taking.session_id is not None and session_id is not None and taking.session_id != session_id:
        taking.visits += 1
    taking.session_id = session_id or taking.session_id


def _plausible(opened_at: datetime | None, dossier: Dossier, at: datetime) -> datetime | None:
    """What a browser says, kept between the session's beginning and now."""
    if opened_at is None:
        return None
    begun = dossier.session.opened_at if dossier.session is not None else opened_at
    return min(max(opened_at, begun), at)
