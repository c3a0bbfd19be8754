"""A step: the only way one of a dossier's four machines moves.

It changes the state, bumps the version, writes the trace and the audit, all in the caller's transaction. The caller
holds the row lock. Boards are counted from the traces, later and elsewhere (intake.boards).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, Final

from intake.covering import both_names, covered_officer
from intake.errors import IllegalTransition
from intake.models.dossiers import Dossier, DossierStep
from intake.rules import states
from intake.rules.states import HandlingAction, MoneyAction, ResultAction, SyncAction
from shared import audit
from shared.actors import Actor

type Action = HandlingAction | MoneyAction | ResultAction | SyncAction

_MACHINES: Final[Mapping[type[StrEnum], tuple[str, type[IntEnum | StrEnum], Mapping[Any, Any]]]] = {
    HandlingAction: ("handling", states.Handling, states.HANDLING),
    MoneyAction: ("money", states.MoneyState, states.MONEY),
    ResultAction: ("result", states.ResultState, states.RESULT),
    SyncAction: ("sync", states.SyncState, states.SYNC),
}


@dataclass(frozen=True, slots=True)
class Move:
    """A step to be taken."""

    action: Action
    data: Mapping[str, object] = field(default_factory=dict)
    place: str = ""
    note: str = ""


def take_first_steps(dossier: Dossier, moves: Sequence[Move], *, by: Actor, at: datetime) -> None:
    """Take several steps of a dossier that is entered whole: one statement for the row, the traces and the audit each.

    Raises:
        IllegalTransition: as take_step.
    """
    taken = [_move(dossier, move, by, at) for move in moves]
    dossier.save()
    DossierStep.objects.bulk_create([step for step, _entry in taken])
    audit.record_all([entry for _step, entry in taken])


def take_step(dossier: Dossier, action: Action, *, by: Actor, at: datetime, place: str = "", note: str = "",
              data: Mapping[str, object] | None = None, also: Sequence[str] = ()) -> None:
    """Take `action` on the machine it belongs to and save the dossier: state, version and the fields named in `also`.

    Raises:
        IllegalTransition: the machine's table has no such step from the present state.
    """
    step, entry = _move(dossier, Move(action, data or {}, place, note), by, at)
    dossier.save(update_fields=[step.machine, "version", *also])
    step.save()
    audit.record_all([entry])


def _move(dossier: Dossier, move: Move, by: Actor, at: datetime) -> tuple[DossierStep, audit.Entry]:
    """Move the machine in memory; the trace and the audit are the caller's to write."""
    machine, state_type, table = _MACHINES[type(move.action)]
    before = state_type(getattr(dossier, machine))
    after = _after(table, before, move.action)
    setattr(dossier, machine, after.value)
    if machine != "sync":  # what the portal knows changes nothing that a person decides upon
        dossier.version += 1
    covered = covered_officer(dossier.officer_id, by=by, at=at)
    step = DossierStep(
        dossier=dossier, machine=machine, action=move.action, from_state=str(before.value), to_state=str(after.value),
        at=at, actor_kind=by.kind, actor_id=by.id, actor_name=both_names(by, covered), place=move.place, note=move.note,
        data=dict(move.data) | (covered.as_data() if covered else {}),
        **(where_it_counts(dossier) if machine == "handling" else {}))
    entry = audit.Entry(by, f"dossier.{move.action}", "dossier", dossier.id, at, {machine: before.value},
                        {machine: after.value}, move.note)
    return step, entry


def _after(table: Mapping[Any, Any], before: IntEnum | StrEnum, action: Action) -> IntEnum | StrEnum:
    try:
        after: IntEnum | StrEnum = states.next_state(table, before, action)
    except states.IllegalStep:
        raise IllegalTransition(dossier_state=before.name.lower(), action=str(action)) from None
    return after


def where_it_counts(dossier: Dossier) -> dict[str, Any]:
    """The columns of a handling step that boards count it by, as they are now."""
    return {"province_code": dossier.province_code, "centre_id": dossier.receiving_centre_id,
            "outlet_id": dossier.outlet_id, "operator_id": dossier.operator_id,
            "procedure_code": dossier.procedure_code, "due_at": dossier.due_at}
