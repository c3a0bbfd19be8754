"""A step: the only way one of a dossier's four machines moves.

It changes the state, bumps the version, writes the trace and the audit, and counts on the board, all in the caller's
transaction. The caller holds the row lock.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any, Final

from intake.errors import IllegalTransition
from intake.models.board import BoardDelta
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


def take_step(dossier: Dossier, action: Action, *, by: Actor, at: datetime, place: str = "", note: str = "",
              data: Mapping[str, object] | None = None, also: Sequence[str] = ()) -> None:
    """Take `action` on the machine it belongs to and save the dossier: state, version and the fields named in `also`.

    Raises:
        IllegalTransition: the machine's table has no such step from the present state.
    """
    machine, state_type, table = _MACHINES[type(action)]
    before = state_type(getattr(dossier, machine))
    after = _after(table, before, action)
    setattr(dossier, machine, after.value)
    dossier.version += 1
    dossier.save(update_fields=[machine, "version", *also])
    DossierStep.objects.create(
        dossier=dossier, machine=machine, action=action, from_state=str(before.value), to_state=str(after.value), at=at,
        actor_kind=by.kind, actor_id=by.id, actor_name=by.name, place=place, note=note, data=dict(data or {}))
    audit.record(actor=by, action=f"dossier.{action}", object_type="dossier", object_id=dossier.id, at=at,
                 before={machine: before.value}, after={machine: after.value}, reason=note)
    if action in {HandlingAction.RECEIVE, HandlingAction.RESOLVE}:
        _count(dossier, action, at)


def _after(table: Mapping[Any, Any], before: IntEnum | StrEnum, action: Action) -> IntEnum | StrEnum:
    try:
        after: IntEnum | StrEnum = states.next_state(table, before, action)
    except states.IllegalStep:
        raise IllegalTransition(dossier_state=before.name.lower(), action=str(action)) from None
    return after


def _count(dossier: Dossier, action: Action, at: datetime) -> None:
    assert dossier.receiving_centre_id is not None  # noqa: S101  # received, so it was received somewhere
    BoardDelta.objects.create(
        hour=at.astimezone(UTC).replace(minute=0, second=0, microsecond=0), province_code=dossier.province_code,
        centre_id=dossier.receiving_centre_id, procedure_code=dossier.procedure_code,
        received=int(action == HandlingAction.RECEIVE), resolved=int(action == HandlingAction.RESOLVE))
