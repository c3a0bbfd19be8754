"""What is read of a programme: its phases with what their gates measure, and the operators that take part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from agents.models.organisations import Outlet, OutletStatus, Task
from agents.programme import measures
from agents.programme.decisions import measure
from agents.programme.errors import ProgrammeNotFound
from agents.programme.models import (
    ConformanceCheck,
    DelegatedTask,
    OperatorAgreement,
    PhaseDecision,
    Programme,
    ProgrammeOperator,
    ProgrammePhase,
)
from agents.programme.operators import newest_checks
from agents.programme.ports import groups
from agents.programme.rules import CONFORMANCE, DecisionState, OperatorState, Outcome, Read, holds, renewed_from
from agents.programme.wording import ITEMS
from shared import scope
from shared.actors import Actor
from shared.errors import Text
from shared.models.places import Commune
from shared.money import Money


def programme(by: Actor) -> Programme | None:
    """The programme of her city; with several in sight, the first by province."""
    found: Programme | None = Programme.objects.seen_by(by).order_by("province_code").first()
    return found


def phases(found: Programme) -> list[ProgrammePhase]:
    return list(found.phases.prefetch_related("gates").order_by("number"))


def find_phase(phase_id: UUID, by: Actor) -> ProgrammePhase:
    """Raises ProgrammeNotFound."""
    found: ProgrammePhase | None = ProgrammePhase.objects.seen_by(by).select_related("programme").filter(
        id=phase_id).first()
    if found is None:
        raise ProgrammeNotFound
    return found


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate and what it reads: now, or as a decision was proposed on it."""

    code: str
    label: Text
    is_percent: bool
    at_least: bool
    threshold: Decimal
    least_sample: int
    value: Decimal | None
    sample: int
    passes: bool
    is_enough: bool
    despite: str = ""


def gates_now(phase: ProgrammePhase, at: datetime) -> list[Gate]:
    """Every gate of a phase, measured now."""
    return [_gate(read) for read in measure(phase, list(phase.gates.order_by("id")), at)]


def gates_then(decision: PhaseDecision) -> list[Gate]:
    """The gates as a decision was proposed on them."""
    return [_gate(Read(row["measure"], row["at_least"], Decimal(row["threshold"]), row["least_sample"],
                       None if row["value"] is None else Decimal(row["value"]), row["sample"]),
                  decision.despite.get(row["measure"], "")) for row in decision.measured]


def _gate(read: Read, despite: str = "") -> Gate:
    known = measures.known().get(read.measure)
    return Gate(read.measure, known.label if known else read.measure, known.is_percent if known else False,
                read.at_least, read.threshold, read.least_sample, read.value, read.sample, read.passes, read.is_enough,
                despite)


def decisions(phase: ProgrammePhase) -> list[tuple[PhaseDecision, list[Gate]]]:
    rows = phase.decisions.order_by("-proposed_at", "-id")
    return [(row, gates_then(row)) for row in rows]


def open_decisions(by: Actor) -> QuerySet[PhaseDecision]:
    """Those that wait for a signature."""
    found: QuerySet[PhaseDecision] = PhaseDecision.objects.seen_by(by).filter(state=DecisionState.PROPOSED)
    return found


def commune_names(codes: Sequence[str]) -> list[str]:
    return [commune.full_name for commune in Commune.objects.filter(code__in=codes).order_by("name")]


@dataclass(frozen=True, slots=True)
class Listed:
    """An operator in the list."""

    entry: ProgrammeOperator
    agreement: OperatorAgreement | None
    """In force today, or the next one, or the last one."""
    in_force: bool
    has_ended: bool
    ends_soon: bool
    met: int
    outlets: int


@dataclass(frozen=True, slots=True)
class PriceList:
    """What citizens pay at an operator's outlets of a city, by the agreement that says so."""

    prices: tuple[tuple[str, Money], ...]
    agreement: str
    legal_basis: str
    since: date


def price_list(operator_id: UUID, province_code: str, on: date) -> PriceList | None:
    """Of the agreement in force on a day; None when there is none, or it names no price. Anybody may know it."""
    with scope.everything():
        rows = OperatorAgreement.objects.filter(
            operator_id=operator_id, province_code=province_code, valid_from__lte=on).filter(
            Q(valid_until=None) | Q(valid_until__gt=on)).select_related("entry__programme")
        row: OperatorAgreement | None = rows.order_by("-valid_from").first()
    if row is None or not row.prices:
        return None
    prices = tuple((str(each["what"]), Money(int(each["amount"]))) for each in row.prices)
    return PriceList(prices, row.number, row.entry.programme.legal_basis, row.valid_from)


def operators(by: Actor, on: date) -> list[Listed]:
    """Operators in sight with what matters of each; five queries, however many."""
    entries = list(ProgrammeOperator.objects.seen_by(by).select_related("operator", "programme").order_by(
        "province_code", "operator__name"))
    agreements: dict[UUID, list[OperatorAgreement]] = {}
    for row in OperatorAgreement.objects.filter(entry__in=entries).order_by("valid_from"):
        agreements.setdefault(row.entry_id, []).append(row)
    met, working = _met(entries), _working(entries)
    return [_listed(entry, agreements.get(entry.id, []), met.get(entry.id, 0),
                    working.get((entry.operator_id, entry.province_code), 0), on) for entry in entries]


def _met(entries: Sequence[ProgrammeOperator]) -> dict[UUID, int]:
    newest: dict[tuple[UUID, str], str] = {}
    rows = ConformanceCheck.objects.filter(entry__in=entries).order_by("at", "id")
    for entry_id, item, outcome in rows.values_list("entry_id", "item", "outcome"):
        newest[entry_id, item] = outcome
    counted: dict[UUID, int] = {}
    for (entry_id, _item), outcome in newest.items():
        counted[entry_id] = counted.get(entry_id, 0) + (outcome == Outcome.MET)
    return counted


def _working(entries: Sequence[ProgrammeOperator]) -> dict[tuple[UUID, str], int]:
    rows = Outlet.objects.filter(status=OutletStatus.ACTIVE, operator__in=[entry.operator_id for entry in entries])
    counted = rows.values_list("operator_id", "commune__province_id").annotate(count=Count("id")).order_by()
    return {(operator_id, province): count for operator_id, province, count in counted}


def _listed(entry: ProgrammeOperator, rows: Sequence[OperatorAgreement], met: int, outlets: int, on: date) -> Listed:
    present = next((row for row in rows if holds(row.valid_from, row.valid_until, on)), None)
    following = next((row for row in rows if row.valid_from > on), None)
    until = present.valid_until if present is not None else None
    renewed = until is not None and any(row.valid_from == until for row in rows)
    soon = (present is not None and until is not None and not renewed
            and on >= renewed_from(until, present.notice_days))
    shown = present or following or (rows[-1] if rows else None)
    return Listed(entry, shown, present is not None, present is None and following is None, soon, met, outlets)


def find_entry(entry_id: UUID, by: Actor) -> ProgrammeOperator:
    """Raises ProgrammeNotFound."""
    found: ProgrammeOperator | None = ProgrammeOperator.objects.seen_by(by).select_related(
        "operator", "programme").filter(id=entry_id).first()
    if found is None:
        raise ProgrammeNotFound
    return found


def waiting_operators(by: Actor) -> QuerySet[ProgrammeOperator]:
    """Those that wait to be admitted."""
    found: QuerySet[ProgrammeOperator] = ProgrammeOperator.objects.seen_by(by).filter(state=OperatorState.SUBMITTED)
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """An item of the checklist with its newest evidence."""

    code: str
    label: Text
    hint: Text
    check: ConformanceCheck | None

    @property
    def is_met(self) -> bool:
        return self.check is not None and self.check.outcome == Outcome.MET


def checklist(entry: ProgrammeOperator) -> list[Shown]:
    newest = newest_checks(entry)
    return [Shown(item, *ITEMS[item], newest.get(item)) for item in CONFORMANCE]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Tasks by procedure groups on a day: "now", "later" or "" in each cell."""

    groups: Sequence[Text]
    rows: Sequence[tuple[Text, Sequence[str]]]


def matrix(entry: ProgrammeOperator, on: date) -> Matrix:
    rows = list(DelegatedTask.objects.filter(Q(valid_until=None) | Q(valid_until__gt=on), entry=entry))
    names: Mapping[str, Text] = groups()
    return Matrix(list(names.values()), [
        (label, [_cell(rows, task, group, on) for group in names]) for task, label in Task.choices])


def _cell(rows: Sequence[DelegatedTask], task: str, group: str, on: date) -> str:
    mine = [row for row in rows if row.task == task and row.group in {"", group}]
    if any(holds(row.valid_from, row.valid_until, on) for row in mine):
        return "now"
    return "later" if mine else ""


def delegations(entry: ProgrammeOperator) -> QuerySet[Any]:
    return entry.delegations.order_by("task", "group", "valid_from")
