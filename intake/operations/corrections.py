"""A correction of what was recorded: one person proposes it, another approves, both sides of it are kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.errors import (
    CorrectionNotFound,
    CorrectionOpen,
    CorrectionOutdated,
    CorrectionRefused,
    SecondPersonNeeded,
)
from intake.events import DossierCorrected
from intake.models.citizens import Citizen
from intake.models.corrections import Correction, CorrectionState
from intake.models.decisions import Resolution
from intake.models.dossiers import Dossier
from intake.operations import desk
from intake.rules.corrections import FIELDS, Field
from intake.rules.faults import Fault
from intake.rules.states import Handling, HandlingAction, ResultAction, ResultState
from intake.steps import take_step
from intake.wording import field_error
from shared import work
from shared.actors import Actor, ActorKind
from shared.calendar import MINUTES_A_DAY
from shared.errors import ErrorCollector
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.text import fold
from shared.transactions import operation
from shared.working_days import work_calendar

TO_APPROVE: Final = "correction-to-approve"


@operation
def propose(*, dossier_id: UUID, values: Mapping[str, str], reason: str, by: Actor, at: datetime,
            legal_basis: str = "", reopens: bool = False, version: int | None = None) -> Correction:
    """Propose to correct entries of a dossier; nothing changes until another person approves.

    `values` maps codes of FIELDS to new values; one that is the same as before is left out. `reopens` takes a returned
    dossier back to resolved (10 → 9), so that a corrected result can be handed over.

    Raises:
        DossierNotFound, DossierChanged, NotYourCentre: as for every act of a centre.
        CorrectionRefused: a value is wrong, nothing changes, no reason is given, or it cannot be reopened.
        CorrectionOpen: another one waits.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_centre(dossier, by)
    waiting = Correction.objects.filter(dossier=dossier, state=CorrectionState.PROPOSED).first()
    if waiting is not None:
        raise CorrectionOpen(correction_id=str(waiting.id))
    changes = _check(dossier, values, reason, reopens=reopens)
    assert by.centre_id is not None  # noqa: S101  # must_be_centre saw it
    proposed = Correction.objects.create(
        dossier=dossier, centre_id=by.centre_id, changes=changes, reopens=reopens, reason=reason.strip()[:500],
        legal_basis=legal_basis.strip()[:300], proposed_by=by.id, proposed_by_name=by.name, proposed_at=at)
    desk.note_step(dossier, "propose_correction", by=by, at=at,
                   data={"correction": str(proposed.id), "fields": [change["field"] for change in changes]})
    work.open_item(kind=TO_APPROVE, reference=str(proposed.id), owner_role=Role.CENTRE_MANAGER,
                   owner_place=agents.get_centre(by.centre_id).agency_code, at=at,
                   due_at=work_calendar().add_working_minutes(at, MINUTES_A_DAY),
                   detail={"agent_ref": dossier.agent_ref, "province": dossier.province_code})
    return proposed


@operation
def approve(*, correction_id: UUID, by: Actor, at: datetime, note: str = "") -> Correction:
    """Make the correction, if nothing it touches was changed since; what stood before stays in it.

    Raises:
        CorrectionNotFound: unknown, decided, or of another centre.
        SecondPersonNeeded: the one who proposed it, or a machine.
        CorrectionOutdated: a value is no longer what it was when this was proposed.
        IllegalTransition: it is to be reopened and is not returned.
    """
    correction, dossier = _locked(correction_id, by)
    _must_be_another(correction, by)
    for owner, columns in _by_owner(correction).items():
        _apply(owner, columns, dossier)
    if correction.reopens:
        _reopen(dossier, correction, by, at)
    _decide(correction, dossier, CorrectionState.APPROVED, "correct", note, by=by, at=at)
    publish(DossierCorrected(dossier.id, at))
    return correction


@operation
def reject(*, correction_id: UUID, note: str, by: Actor, at: datetime) -> Correction:
    """Turn a proposal down, and say why; its proposer may take it back like this.

    Raises:
        CorrectionNotFound: unknown, decided, or of another centre.
        CorrectionRefused: no reason is given.
    """
    correction, dossier = _locked(correction_id, by)
    wrong = ErrorCollector()
    if not note.strip():
        wrong.add("/note", "missing", _("Say why."))
    wrong.raise_if_any(CorrectionRefused)
    _decide(correction, dossier, CorrectionState.REJECTED, "reject_correction", note, by=by, at=at)
    return correction


def _check(dossier: Dossier, values: Mapping[str, str], reason: str, *, reopens: bool) -> list[dict[str, str]]:
    """What changes, with before and after; raises CorrectionRefused."""
    wrong, changes = ErrorCollector(), []
    owners = _owners(dossier)
    for code, typed in values.items():
        known = FIELDS.get(code)
        if known is None or owners[known.owner] is None:
            wrong.add(f"/values/{code}", "unknown-field", _("This cannot be corrected here."))
            continue
        checked = known.check(str(typed))
        if isinstance(checked, Fault):
            wrong.errors.append(field_error(f"/values/{code}", checked))
            continue
        before = str(getattr(owners[known.owner], known.column))
        if checked != before:
            changes.append({"field": code, "before": before, "after": checked})
    if not reason.strip():
        wrong.add("/reason", "missing", _("Say why it has to be corrected."))
    if reopens and dossier.handling != Handling.RETURNED:
        wrong.add("/reopens", "not-returned", _("Only a dossier whose result was handed over is reopened."))
    if not changes and not wrong.errors and not reopens:
        wrong.add("/values", "nothing-changes", _("Nothing would change; enter the right value."))
    wrong.raise_if_any(CorrectionRefused)
    return changes


def _owners(dossier: Dossier) -> dict[str, Any]:
    return {"dossier": dossier, "citizen": Citizen.objects.get(id=dossier.citizen_id),
            "resolution": Resolution.objects.filter(dossier=dossier).first()}


def _locked(correction_id: UUID, by: Actor) -> tuple[Correction, Dossier]:
    """The proposal and its dossier, both locked, the dossier first as everywhere."""
    if by.centre_id is None:
        raise CorrectionNotFound
    mine = Correction.objects.filter(centre_id=by.centre_id, state=CorrectionState.PROPOSED, id=correction_id)
    dossier_id = mine.values_list("dossier_id", flat=True).first()
    if dossier_id is None:
        raise CorrectionNotFound
    dossier = desk.locked(dossier_id, by=by, version=None)
    correction = mine.select_for_update(of=("self",)).first()
    if correction is None:
        raise CorrectionNotFound
    return correction, dossier


def _must_be_another(correction: Correction, by: Actor) -> None:
    if by.kind != ActorKind.PERSON or correction.proposed_by == by.id:
        raise SecondPersonNeeded(_("A colleague of the centre approves a correction, not the one who proposed it."))


def _by_owner(correction: Correction) -> dict[str, list[tuple[Field, dict[str, str]]]]:
    grouped: dict[str, list[tuple[Field, dict[str, str]]]] = {}
    for change in correction.changes:
        known = FIELDS[change["field"]]
        grouped.setdefault(known.owner, []).append((known, change))
    return grouped


def _apply(owner: str, columns: list[tuple[Field, dict[str, str]]], dossier: Dossier) -> None:
    held = _held(owner, dossier)
    changed = [change["field"] for known, change in columns if str(getattr(held, known.column)) != change["before"]]
    if changed:
        raise CorrectionOutdated(_("Look at it again and propose it anew."), fields=changed)
    names = [known.column for known, _change in columns]
    for known, change in columns:
        setattr(held, known.column, change["after"])
    if isinstance(held, Citizen):
        held.search_key = fold(held.full_name)
        held.version += 1
        names += ["search_key", "version"]
    held.save(update_fields=names)


def _held(owner: str, dossier: Dossier) -> Any:
    if owner == "citizen":
        return Citizen.objects.select_for_update(of=("self",)).get(id=dossier.citizen_id)
    if owner == "resolution":
        return Resolution.objects.select_for_update(of=("self",)).get(dossier=dossier)
    return dossier


def _reopen(dossier: Dossier, correction: Correction, by: Actor, at: datetime) -> None:
    dossier.closed_at = None
    take_step(dossier, HandlingAction.REOPEN, by=by, at=at, data={"correction": str(correction.id)},
              also=("closed_at",))
    if dossier.result == ResultState.DELIVERED:
        take_step(dossier, ResultAction.BRING_BACK, by=by, at=at)


def _decide(correction: Correction, dossier: Dossier, state: CorrectionState, action: str, note: str, *, by: Actor,
            at: datetime) -> None:
    correction.state, correction.decision_note = state, note.strip()[:500]
    correction.decided_by, correction.decided_by_name, correction.decided_at = by.id, by.name, at
    correction.save(update_fields=["state", "decision_note", "decided_by", "decided_by_name", "decided_at"])
    desk.note_step(dossier, action, by=by, at=at, data={
        "correction": str(correction.id), "fields": [change["field"] for change in correction.changes],
        "proposed_by": correction.proposed_by_name})
    work.close_item(kind=TO_APPROVE, reference=str(correction.id), by=by.id, at=at, outcome=str(state))
