"""Hà Nội's programme: two operators under agreements, a pilot that a signed decision opened, a decision that waits.

It is not switched to hold: outlets outside the pilot would stop. All numbers and papers are invented.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from agents.models.organisations import Task
from agents.programme import agreements, decisions, delegating, operators, phases
from agents.programme.agreements import Agreement, Contact, Price
from agents.programme.decisions import Proposed
from agents.programme.delegating import Delegation
from agents.programme.models import PhaseDecision, Programme, ProgrammeOperator, ProgrammePhase
from agents.programme.operators import Evidence, NewOperator
from agents.programme.phases import Gate, Phase
from agents.programme.rules import (
    CONFORMANCE,
    DecisionState,
    DecisionStep,
    OperatorState,
    OperatorStep,
    Outcome,
    PhaseKind,
    PhaseState,
    Verdict,
    failing,
)
from config.demo.accounts import actor_of
from config.demo.network import AGREEMENT_FROM, HANOI
from shared.actors import Actor
from shared.calendar import local

_BASIS: Final = "Kế hoạch triển khai đại lý dịch vụ công của Thành phố (minh hoạ)"
_REASON: Final = "Theo biên bản rà soát của tổ chương trình (minh hoạ)."
_PILOT_COMMUNES: Final = ("00070",)


@dataclass(frozen=True, slots=True)
class _Partner:
    """`ends_in`: days from today; None: until further notice."""

    code: str
    number: str
    ends_in: int | None
    phone: str


_PARTNERS: Final = (
    _Partner("VNPOST", "01/TT-ĐLDVC (minh hoạ)", None, "024 0000 0001"),
    _Partner("VTPOST", "02/TT-ĐLDVC (minh hoạ)", 80, "024 0000 0002"),
)
_PILOT_GATES: Final = (Gate("licensed_outlets", Decimal(1)), Gate("communes_covered", Decimal(100)))
_EXTENDED_GATES: Final = (
    Gate("licensed_outlets", Decimal(1)),
    Gate("staff_certified", Decimal(80), least_sample=5),
    Gate("first_time_right", Decimal(90), least_sample=20),
    Gate("resolved_on_time", Decimal(95), least_sample=20),
)
_CITY_GATES: Final = (
    Gate("licensed_outlets", Decimal(20)),
    Gate("communes_covered", Decimal(60)),
    Gate("reports_answered", Decimal(95), least_sample=1),
    Gate("forwarded_in_a_day", Decimal(95), least_sample=50),
)


def tell(now: datetime) -> None:
    """Operators are admitted by two people, the pilot opens, the next phase waits for the second signature.

    What was done before is left as it is.
    """
    first, second = actor_of("chuongtrinh.hanoi"), actor_of("chuongtrinh2.hanoi")
    began, today = now - timedelta(days=18), local(now).date()
    if not Programme.objects.filter(province_code=HANOI).exists():
        phases.begin_programme(name="Đại lý dịch vụ công của Hà Nội (minh hoạ)", legal_basis=_BASIS, by=first,
                               at=began)
    for partner in _PARTNERS:
        _admit(partner, first, second, began, today)
    pilot, extended, _ = [_phase(phase, gates, first, began + timedelta(days=1)) for phase, gates in _phases(today)]
    if pilot.state == PhaseState.PLANNED:
        waiting = _proposed(pilot, first, began + timedelta(days=3))
        decisions.settle_decision(decision_id=waiting.id, step=DecisionStep.SIGN, reason=_REASON, by=second,
                                  at=began + timedelta(days=3, hours=5))
    if not extended.decisions.exists():
        _proposed(extended, first, now - timedelta(days=1))


def _admit(partner: _Partner, first: Actor, second: Actor, at: datetime, today: date) -> None:
    """With an agreement, every task and every item of the checklist; handed in by one, approved by the other."""
    known: ProgrammeOperator | None = ProgrammeOperator.objects.filter(
        province_code=HANOI, operator__code=partner.code).first()
    entry = known or operators.enter_operator(operator=NewOperator(partner.code), by=first, at=at)
    if entry.state == OperatorState.CANDIDATE:
        _agree(entry, partner, first, at, today)
        _show(entry, first, at)
        entry = operators.take_operator_step(entry_id=entry.id, step=OperatorStep.SUBMIT, by=first,
                                             at=at + timedelta(hours=2))
    if entry.state == OperatorState.SUBMITTED:
        operators.take_operator_step(entry_id=entry.id, step=OperatorStep.APPROVE, by=second,
                                     at=at + timedelta(days=1))


def _agree(entry: ProgrammeOperator, partner: _Partner, by: Actor, at: datetime, today: date) -> None:
    if not entry.agreements.exists():
        ends = None if partner.ends_in is None else today + timedelta(days=partner.ends_in)
        agreements.keep_agreement(entry_id=entry.id, by=by, at=at, agreement=Agreement(
            partner.number, AGREEMENT_FROM[HANOI], ends, notice_days=60,
            contacts=[Contact("Sự cố tại quầy", "Trực điều hành (minh hoạ)", partner.phone)],
            prices=[Price("Hướng dẫn và hỗ trợ nộp hồ sơ trực tuyến", 0),
                    Price("Sao chụp giấy tờ theo yêu cầu, mỗi trang (minh hoạ)", 1000)]))
    given = set(entry.delegations.values_list("task", flat=True))
    for task in Task.values:
        if task not in given:
            delegating.delegate(entry_id=entry.id, by=by, at=at, delegation=Delegation(
                task, "", AGREEMENT_FROM[HANOI], None, f"Thoả thuận {partner.number}"))


def _show(entry: ProgrammeOperator, by: Actor, at: datetime) -> None:
    shown = operators.newest_checks(entry)
    for number, item in enumerate(CONFORMANCE, start=1):
        if item not in shown:
            operators.record_evidence(entry_id=entry.id, by=by, at=at, found=Evidence(
                item, Outcome.MET, f"Biên bản kiểm tra số {number:02d} (minh hoạ)", local(at).date()))


def _phases(today: date) -> Sequence[tuple[Phase, Sequence[Gate]]]:
    """What is planned, as seen from the day on which the story is played."""
    month, quarter = today + timedelta(days=30), today + timedelta(days=120)
    return (
        (Phase(PhaseKind.PILOT, "Thí điểm ở Hoàn Kiếm (minh hoạ)", _BASIS, today - timedelta(days=15), month,
               communes=_PILOT_COMMUNES, operators=("VNPOST",)), _PILOT_GATES),
        (Phase(PhaseKind.EXTENDED, "Mở rộng hai doanh nghiệp (minh hoạ)", _BASIS, month, quarter,
               operators=("VNPOST", "VTPOST")), _EXTENDED_GATES),
        (Phase(PhaseKind.CITY_WIDE, "Toàn thành phố (minh hoạ)", _BASIS, quarter), _CITY_GATES),
    )


def _phase(phase: Phase, gates: Sequence[Gate], by: Actor, at: datetime) -> ProgrammePhase:
    known: ProgrammePhase | None = ProgrammePhase.objects.filter(province_code=HANOI, name=phase.name).first()
    made = known or phases.plan_phase(phase=phase, by=by, at=at)
    if not made.gates.exists():
        made = phases.set_gates(phase_id=made.id, gates=gates, by=by, at=at)
    return made


def _proposed(phase: ProgrammePhase, by: Actor, at: datetime) -> PhaseDecision:
    """What is measured decides whether the proposal needs conditions; each gate that fails is named."""
    waiting: PhaseDecision | None = phase.decisions.filter(state=DecisionState.PROPOSED).first()
    if waiting is not None:
        return waiting
    fails = failing(decisions.measure(phase, list(phase.gates.order_by("id")), at))
    proposed = Proposed(Verdict.GO, _REASON) if not fails else Proposed(
        Verdict.WITH_CONDITIONS, _REASON,
        conditions="Đo lại sau 30 ngày; không đạt thì dừng mở thêm điểm (minh hoạ).",
        despite=dict.fromkeys(fails, "Thí điểm mới chạy hơn hai tuần, mẫu đo còn nhỏ (minh hoạ)."))
    return decisions.propose_decision(phase_id=phase.id, proposed=proposed, by=by, at=at)
