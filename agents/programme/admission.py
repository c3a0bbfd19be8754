"""What an outlet may take under its city's programme. Asked with each dossier, so it must cost next to nothing."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction

from agents.models.organisations import Outlet, OutletStatus
from agents.programme.models import DelegatedTask, OperatorAgreement, Programme, ProgrammeOperator, ProgrammePhase
from agents.programme.rules import OperatorState, PhaseState, holds, includes
from agents.records import OutletInfo
from shared import scope

_KEPT_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Terms:
    """What one operator was given in one city."""

    is_active: bool
    agreements: tuple[tuple[date, date | None], ...]
    delegated: tuple[tuple[str, str, date, date | None], ...]
    """Task, group ("" is all), from, until."""


@dataclass(frozen=True, slots=True)
class City:
    """A city whose programme holds, or will: what runs, and who takes part (operator id → terms)."""

    holds_from: date
    running: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]
    """Communes, operator codes, groups."""
    operators: Mapping[UUID, Terms]


@dataclass(frozen=True, slots=True)
class Place:
    """Which outlet is asked about."""

    province_code: str
    commune_code: str
    operator_id: UUID
    operator_code: str


_kept: tuple[float, Mapping[str, City]] | None = None


def may_do(outlet: OutletInfo, task: str, group: str, on: date) -> bool:
    """Whether the outlet is active, its agreement delegates the task, and its city's programme lets it, for a group."""
    place = Place(outlet.province_code, outlet.commune_code, outlet.operator.id, outlet.operator.code)
    return outlet.may(task, on) and refusal(place, on, task=task, group=group) == ""


def refusal(place: Place, on: date, *, task: str = "", group: str = "") -> str:
    """Why the programme does not let an outlet work on a day; empty: it does, or does not hold there."""
    city = _cities().get(place.province_code)
    if city is None or on < city.holds_from:
        return ""
    return _refusal(city, place, on, task, group)


def _refusal(city: City, place: Place, on: date, task: str, group: str) -> str:
    terms = city.operators.get(place.operator_id)
    if terms is None or not terms.is_active:
        return "operator-not-admitted"
    if not any(holds(begins, ends, on) for begins, ends in terms.agreements):
        return "agreement-not-in-force"
    if not any(includes(communes, place.commune_code) and includes(operators, place.operator_code)
               and (not group or includes(groups, group)) for communes, operators, groups in city.running):
        return "not-in-a-running-phase"
    if task and not _is_delegated(terms, task, group, on):
        return "task-not-delegated"
    return ""


def _is_delegated(terms: Terms, task: str, group: str, on: date) -> bool:
    return any(each == task and (not group or which in {"", group}) and holds(begins, ends, on)
               for each, which, begins, ends in terms.delegated)


def holds_in(province_code: str, on: date) -> bool:
    """Whether outlets of the city open past their accreditation only."""
    city = _cities().get(province_code)
    return city is not None and city.holds_from <= on


def would_stop(programme: Programme, on: date) -> list[str]:
    """Codes of the outlets that work and would stop if the programme held on that day."""
    city = _city(programme, on)
    rows = Outlet.objects.filter(commune__province_id=programme.province_code, status=OutletStatus.ACTIVE).values_list(
        "code", "commune_id", "operator_id", "operator__code", "tasks").order_by("code")
    return [code for code, commune, operator_id, operator, tasks in rows
            if _stops(city, Place(programme.province_code, commune, operator_id, operator), on, tasks)]


def _stops(city: City, place: Place, on: date, tasks: Sequence[str]) -> bool:
    return any(_refusal(city, place, on, task, "") for task in tasks)


def _cities() -> Mapping[str, City]:
    global _kept  # noqa: PLW0603  # one memory a process, as agents/training/gate.py
    now = time.monotonic()
    if _kept is None or now - _kept[0] > _KEPT_SECONDS:
        programmes = list(Programme.objects.exclude(holds_from=None))
        _kept = (now, {row.province_code: _city(row, row.holds_from) for row in programmes if row.holds_from})
    return _kept[1]


def _city(programme: Programme, holds_from: date) -> City:
    running = tuple((tuple(row.communes), tuple(row.operators), tuple(row.groups)) for row in
                    ProgrammePhase.objects.filter(programme=programme, state=PhaseState.RUNNING))
    with scope.everything():
        entries = list(ProgrammeOperator.objects.filter(programme=programme))
        agreements = list(OperatorAgreement.objects.filter(entry__programme=programme).values_list(
            "operator_id", "valid_from", "valid_until"))
        tasks = list(DelegatedTask.objects.filter(entry__programme=programme).values_list(
            "operator_id", "task", "group", "valid_from", "valid_until"))
    return City(holds_from, running, {entry.operator_id: Terms(
        entry.state == OperatorState.ACTIVE,
        tuple((begins, ends) for who, begins, ends in agreements if who == entry.operator_id),
        tuple((task, group, begins, ends) for who, task, group, begins, ends in tasks if who == entry.operator_id),
    ) for entry in entries})


def forget_after_commit() -> None:
    """Other processes follow within half a minute."""
    transaction.on_commit(forget)


def forget() -> None:
    """Ask the database again: after a change, and between tests."""
    global _kept  # noqa: PLW0603  # see above
    _kept = None
