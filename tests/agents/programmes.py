"""Programmes, phases and operators in their later states, reached through operations."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from agents.models.organisations import Operator, Task
from agents.programme import agreements, delegating, operators, phases
from agents.programme.models import OperatorAgreement, Programme, ProgrammeOperator, ProgrammePhase
from agents.programme.rules import CONFORMANCE, OperatorStep
from shared.actors import Actor
from shared.roles import Role
from tests.agents.factories import make_operator, make_province, moment, staff

NOON = moment("2025-07-03 12:00")
TODAY = date(2025, 7, 3)
WHY = "Theo biên bản kiểm tra ngày 03/07"


@dataclass(frozen=True)
class Officers:
    first: Actor
    second: Actor


def officers() -> Officers:
    return Officers(*(staff(Role.PROGRAMME_OFFICER, province=make_province(), display_name=name).actor
                      for name in ("Phan Thị Thu Hà", "Lê Văn Bình")))


def begun(who: Officers) -> Programme:
    return phases.begin_programme(name="Đại lý dịch vụ công Huế", legal_basis="Kế hoạch minh hoạ", by=who.first,
                                  at=NOON)


def planned(who: Officers, **facts: Any) -> ProgrammePhase:
    given: dict[str, Any] = {"kind": "pilot", "name": "Thí điểm", "legal_basis": "Kế hoạch minh hoạ",
                             "starts_on": TODAY} | facts
    return phases.plan_phase(phase=phases.Phase(**given), by=who.first, at=NOON)


def agreement(number: str = "01/TT-MH", begins: date = date(2025, 1, 1), ends: date | None = date(2026, 1, 1),
              **facts: Any) -> agreements.Agreement:
    given: dict[str, Any] = {
        "notice_days": 30, "contacts": [agreements.Contact("Sự cố", "Trực điều hành", "02343000000")],
        "prices": [agreements.Price("Hỗ trợ nộp hồ sơ", 0)]} | facts
    return agreements.Agreement(number, begins, ends, **given)


def entered(who: Officers, operator: Operator | None = None) -> ProgrammeOperator:
    code = (operator or make_operator()).code
    return operators.enter_operator(operator=operators.NewOperator(code), by=who.first, at=NOON)


def kept(entry: ProgrammeOperator, who: Officers, asked: agreements.Agreement | None = None) -> OperatorAgreement:
    return agreements.keep_agreement(entry_id=entry.id, agreement=asked or agreement(), by=who.first, at=NOON)


def shown(entry: ProgrammeOperator, who: Officers, *items: str) -> None:
    for item in items or CONFORMANCE:
        operators.record_evidence(entry_id=entry.id, by=who.first, at=NOON, found=operators.Evidence(
            item, "met", "Biên bản minh hoạ số 7", TODAY))


def step(entry: ProgrammeOperator, which: OperatorStep, by: Actor, at: datetime = NOON) -> ProgrammeOperator:
    return operators.take_operator_step(entry_id=entry.id, step=which, by=by, at=at, reason=WHY)


def delegated(entry: ProgrammeOperator, who: Officers, *tasks: str, group: str = "", begins: date = date(2025, 1, 1),
              ends: date | None = None) -> None:
    for task in tasks or Task.values:
        delegating.delegate(entry_id=entry.id, by=who.first, at=NOON, delegation=delegating.Delegation(
            task, group, begins, ends, "Thoả thuận minh hoạ"))


def admitted(who: Officers, operator: Operator | None = None) -> ProgrammeOperator:
    """An operator that takes part, with an agreement until the end of the year and every task."""
    entry = entered(who, operator)
    kept(entry, who)
    shown(entry, who)
    delegated(entry, who)
    step(entry, OperatorStep.SUBMIT, who.first)
    return step(entry, OperatorStep.APPROVE, who.second)
