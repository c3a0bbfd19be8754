"""Entries of every other kind than postage and work: refunds, compensation for a loss, cash, payments, adjustments.

Who asks for one brings its legs and its arithmetic in words; this module says what makes an entry a sound one. What it
moves is either the money of a month (postage and compensation, so that sums and statements follow) or other money.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from billing.records import Step
from billing.rules.plain_data import step_from_data, steps_as_data
from billing.rules.plans import COMPENSATION, POSTAGE, AccountName, Leg, Plan, base_kind
from shared.money import ZERO, Money

LONGEST_KIND: Final = 36
"""Leaves room for "#12", the number of a second charging."""
LONGEST_RULE: Final = 130
FEWEST_LEGS: Final = 2


class AccountSide(StrEnum):
    EXPENSE = "expense"
    RECEIVABLE = "receivable"
    PAYABLE = "payable"
    ASSET = "asset"
    """Money itself: a cash drawer, a bank account, what a payment service holds."""
    INCOME = "income"


@dataclass(frozen=True, slots=True)
class EntryAmounts:
    """What a line adds to its month, signed. gross = national_reduction + city_subsidy + citizen_share."""

    gross: Money = ZERO
    national_reduction: Money = ZERO
    city_subsidy: Money = ZERO
    citizen_share: Money = ZERO
    compensation: Money = ZERO
    other: Money = ZERO
    """Moved and not of the month's claim: a refund to a citizen, cash, a payment."""

    @property
    def moved(self) -> Money:
        """What the legs must debit in sum, but for its sign."""
        return self.gross + self.compensation + self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One source fact, once for ever: (source_type, source_id, kind) is its key.

    `occurred_at` chooses the month; a closed month sends it into the next open one. `legs` balance; debit is positive.
    `reason_code` is a word of the line's reason, "" for none. `evidence` holds ids, codes, moments and amounts: never a
    citizen's name, number or address. `why` is the person's reason, for entries that a person decides.
    """

    source_type: str
    source_id: UUID
    kind: str
    """e.g. "loss-compensation", "postage-refund", "cash-receipt", "dispute-outcome"."""
    rule: str
    """Code of the dated rule or of the decision that it follows."""
    occurred_at: datetime
    province_code: str
    operator_code: str
    legs: tuple[Leg, ...]
    steps: tuple[Step, ...]
    """Its arithmetic in words; at least one."""
    amounts: EntryAmounts
    outlet_id: UUID | None = None
    dossier_code: str = ""
    parcel_number: str = ""
    direction: str = ""
    reason_code: str = ""
    why: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)


def is_entry(kind: str) -> bool:
    """Whether a line of this kind was posted as an entry, not priced from an event."""
    base = base_kind(kind)
    return base != POSTAGE and not base.startswith(COMPENSATION)


def fault_of(entry: Entry) -> str:
    """What is wrong with an entry, for the programmer who made it; empty when nothing is."""
    moved = abs(entry.amounts.moved.amount)
    debited = sum(leg.amount.amount for leg in entry.legs if leg.amount.amount > 0)
    wrong = {
        "its kind is priced from an event, or too long": not is_entry(entry.kind) or len(entry.kind) > LONGEST_KIND,
        "its kind holds the sign of a second charging": "#" in entry.kind,
        "it has no rule": not 0 < len(entry.rule) <= LONGEST_RULE,
        "it has no arithmetic": not entry.steps,
        "it has fewer than two legs": len(entry.legs) < FEWEST_LEGS,
        "a leg moves nothing": any(not leg.amount for leg in entry.legs),
        "its legs are off balance": sum(leg.amount.amount for leg in entry.legs) != 0,
        "its legs move something else than it says": debited != moved,
        "its postage does not add up": entry.amounts.gross != (
            entry.amounts.national_reduction + entry.amounts.city_subsidy + entry.amounts.citizen_share),
    }
    return next((fault for fault, is_so in wrong.items() if is_so), "")


def entry_plan(entry: Entry) -> Plan:
    """The line's amounts and legs."""
    amounts = entry.amounts
    return Plan(entry.rule, entry.steps, entry.legs, entry.reason_code, amounts.gross, amounts.national_reduction,
                amounts.city_subsidy, amounts.citizen_share, amounts.compensation, amounts.other)


def entry_evidence(entry: Entry) -> dict[str, Any]:
    """The evidence of its line, with the entry as it was asked for: corrections and checks read it back from there."""
    amounts = entry.amounts
    asked = {
        "legs": [[leg.account.code, leg.account.name_vi, leg.account.name_en, str(leg.account.kind), leg.amount.amount]
                 for leg in entry.legs],
        "amounts": {name: getattr(amounts, name).amount for name in EntryAmounts.__slots__},
        "rule": entry.rule, "reason_code": entry.reason_code, "steps": steps_as_data(entry.steps),
    }
    return {**entry.evidence, **({"why": entry.why} if entry.why else {}), "entry": asked}


def plan_of_entry(evidence: Mapping[str, Any]) -> Plan:
    """The plan that `entry_evidence` was made of."""
    asked = evidence["entry"]
    legs = tuple(Leg(AccountName(code, name_vi, name_en, kind), Money(amount))
                 for code, name_vi, name_en, kind, amount in asked["legs"])
    steps = tuple(step_from_data(step) for step in asked["steps"])
    amounts = EntryAmounts(**{name: Money(amount) for name, amount in asked["amounts"].items()})
    return Plan(asked["rule"], steps, legs, asked["reason_code"], amounts.gross, amounts.national_reduction,
                amounts.city_subsidy, amounts.citizen_share, amounts.compensation, amounts.other)
