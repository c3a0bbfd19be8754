"""What one billable event becomes in the books: a line's amounts, its why, and the legs of its posting.

| event            | debit                                                                | credit              |
| ---------------- | -------------------------------------------------------------------- | ------------------- |
| parcel delivered | city's subsidy by rule · national reduction · citizens of the city    | operator's carriage |
| work done        | city's compensation by norm                                          | operator's work     |
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from billing.errors import NoTariff, WeightNotPriced, ZoneNotPriced
from billing.records import PostageCase, Quote, Step
from billing.rules import pricing
from billing.rules.compensation import PERIOD_CAP, STAND_BY, cap_steps, compensation_steps, owed, stand_by_steps
from billing.rules.plain_data import case_from_data, work_facts
from billing.rules.rates import RateBook
from billing.rules.subsidies import EXCEPTIONS, queued
from billing.rules.words import Words
from shared.calendar import local
from shared.money import ZERO, Money

POSTAGE = "postage"
COMPENSATION = "compensation:"

_UNPRICED: Mapping[type[Exception], Words] = {
    NoTariff: Words("Chưa có biểu cước của doanh nghiệp cho chiều và ngày này.",
                    "No tariff of the operator is in force for this direction and day."),
    ZoneNotPriced: Words("Biểu cước không có giá cho vùng này.", "The tariff has no price for this zone."),
    WeightNotPriced: Words("Khối lượng nằm ngoài biểu cước.", "The weight is outside the tariff."),
}


@dataclass(frozen=True, slots=True)
class AccountName:
    code: str
    name_vi: str
    name_en: str
    kind: str


@dataclass(frozen=True, slots=True)
class Leg:
    """Debit positive, credit negative; never zero."""

    account: AccountName
    amount: Money


@dataclass(frozen=True, slots=True)
class Plan:
    """No legs: nothing is owed, and `reason_code` says why."""

    rule: str
    steps: tuple[Step, ...]
    legs: tuple[Leg, ...] = ()
    reason_code: str = ""
    gross: Money = ZERO
    national_reduction: Money = ZERO
    city_subsidy: Money = ZERO
    citizen_share: Money = ZERO
    compensation: Money = ZERO
    other: Money = ZERO
    """What a general entry moves besides (billing/rules/entries.py)."""

    @property
    def amounts(self) -> tuple[Money, ...]:
        return (self.gross, self.national_reduction, self.city_subsidy, self.citizen_share, self.compensation)


def postage_plan(case: PostageCase, book: RateBook) -> Plan:
    """A delivered parcel that no tariff prices is a line too: of 0 đ, with the reason and for a person to settle."""
    try:
        answer = pricing.quote(case, book)
    except (NoTariff, ZoneNotPriced, WeightNotPriced) as refusal:
        return _unpriced(_UNPRICED[type(refusal)])
    rules = dict.fromkeys(step.rule for step in answer.steps[:3] if step.amount)
    # A trip that the carrier bears moves nothing; its line still says by which rule.
    rule = " + ".join(rules) or answer.steps[0].rule
    return Plan(rule, answer.steps, _postage_legs(answer, book), _reason(answer), answer.gross,
                answer.national_reduction, answer.city_subsidy, answer.citizen_share)


def compensation_plan(*, task: str, province_code: str, operator_code: str, on: date, book: RateBook,
                      evidence: Mapping[str, Any] = MappingProxyType({})) -> Plan:
    """The evidence says what the amount depends on beside task and day (`billing.records.WorkFacts`); of an outlet's
    whole month it says how many days it stood by, or what its work came to.
    """
    steps = _work_steps(task, province_code, on, book, evidence)
    if not steps or not (amount := owed(steps)):
        return Plan(steps[0].rule if steps else "none", steps, reason_code=steps[0].reason_code if steps else "")
    norm = book.norm(province_code, on)
    stop = book.budget_stop(province_code, norm.budget_line, on) if norm is not None and norm.budget_line else None
    if stop is not None:
        steps = (*steps[:-1], queued(steps[-1], stop))
    city, rule = book.province_name(province_code), steps[0].rule
    legs = _balanced(
        AccountName(f"{operator_code}:work", f"Phải trả công việc đại lý, {operator_code}",
                    f"Owed for agents' work, {operator_code}", "payable"),
        (AccountName(f"{province_code}:compensation:{rule}", f"{city} chi trả đại lý theo {rule}",
                     f"{city}: compensation by {rule}", "expense"), amount))
    return Plan(rule, steps, legs, "" if stop is None else "budget-queued", compensation=amount)


def _work_steps(task: str, province_code: str, on: date, book: RateBook,
                evidence: Mapping[str, Any]) -> tuple[Step, ...]:
    norm = book.norm(province_code, on)
    if norm is not None and task == STAND_BY:
        return stand_by_steps(norm, days=int(evidence["stand_by_days"]), of_days=int(evidence["month_days"]))
    if norm is not None and task == PERIOD_CAP:
        return cap_steps(norm, Money(int(evidence["counted_vnd"])))
    return compensation_steps(task=task, province_code=province_code, on=on, book=book, facts=work_facts(evidence))


def base_kind(kind: str) -> str:
    """The kind of an event, without the number of its charging: "postage" of "postage#2"."""
    return kind.partition("#")[0]


def plan_again(*, kind: str, evidence: Mapping[str, Any], province_code: str, operator_code: str,
               occurred_at: datetime, book: RateBook) -> Plan:
    """What a line should be, from what is kept beside it and the dated rules alone."""
    base = base_kind(kind)
    if base == POSTAGE:
        return postage_plan(case_from_data(evidence["case"]), book)
    return compensation_plan(task=base.removeprefix(COMPENSATION), province_code=province_code,
                             operator_code=operator_code, on=local(occurred_at).date(), book=book,
                             evidence=evidence)


def _unpriced(reason: Words) -> Plan:
    step = Step("tariff", ZERO, "Cước chuyển phát", "Postage", "none", "", "assumed", "no-tariff", reason.vi, reason.en)
    return Plan("none", (step,), reason_code="no-tariff")


def _reason(answer: Quote) -> str:
    """What makes this line worth a look; empty for the ordinary case, in which the city pays all of it."""
    subsidy = answer.steps[2].reason_code
    if subsidy in EXCEPTIONS:
        return subsidy
    return "reduced" if answer.national_reduction else ""


def _postage_legs(answer: Quote, book: RateBook) -> tuple[Leg, ...]:
    case = answer.case
    city, rule = book.province_name(case.province_code), answer.steps[2].rule
    return _balanced(
        AccountName(f"{case.operator_code}:carriage", f"Phải trả cước chuyển phát, {case.operator_code}",
                    f"Owed for carriage, {case.operator_code}", "payable"),
        (AccountName(f"{case.province_code}:subsidy:{rule}", f"{city} hỗ trợ cước theo {rule}",
                     f"{city}: postage support by {rule}", "expense"), answer.city_subsidy),
        (AccountName("national-reduction", "Giảm cước theo quy định quốc gia", "Reductions by national rules",
                     "expense"), answer.national_reduction),
        (AccountName(f"{case.province_code}:citizen-share", f"Người dân {city} trả cước",
                     f"Postage paid by citizens of {city}", "receivable"), answer.citizen_share),
    )


def _balanced(credit: AccountName, *debits: tuple[AccountName, Money]) -> tuple[Leg, ...]:
    """The debits that are not zero, and one credit of their sum."""
    owed = tuple(Leg(account, amount) for account, amount in debits if amount)
    return (*owed, Leg(credit, -sum((leg.amount for leg in owed), ZERO))) if owed else ()
