"""Cases, steps and quotes as plain JSON data and back: parcels, dossiers and ledger lines keep them for years."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, Final

from billing.records import PostageCase, Quote, Step, WorkFacts
from shared.money import Money


def case_as_data(case: PostageCase) -> dict[str, Any]:
    return {
        "operator_code": case.operator_code, "direction": case.direction, "zone": case.zone,
        "weight_grams": case.weight_grams, "on": case.on.isoformat(), "channel": case.channel,
        "province_code": case.province_code, "managed_by_city": case.managed_by_city,
        "beneficiary_class": case.beneficiary_class, **({"borne_by": case.borne_by} if case.borne_by else {}),
    }


def case_from_data(data: Mapping[str, Any]) -> PostageCase:
    return PostageCase(**{**data, "on": date.fromisoformat(data["on"])})


WORK_FACTS: Final = ("procedure_group", "channel", "complexity", "outlet_commune", "first_time_right",
                     "hand_over_days", "stand_by_days", "month_days", "counted_vnd")
"""The names in the evidence of work that its amount may depend on."""


def work_facts(evidence: Mapping[str, Any]) -> WorkFacts:
    """What the evidence of a piece of work says of it."""
    right, days = evidence.get("first_time_right"), evidence.get("hand_over_days")
    return WorkFacts(
        str(evidence.get("procedure_group", "")), str(evidence.get("channel", "")), str(evidence.get("complexity", "")),
        str(evidence.get("outlet_commune", "")), None if right is None else bool(right),
        None if days is None else int(days))


def step_as_data(step: Step) -> dict[str, Any]:
    return {
        "kind": step.kind, "amount": step.amount.amount, "label_vi": step.label_vi, "label_en": step.label_en,
        "rule": step.rule, "legal_basis": step.legal_basis, "confidence": step.confidence,
        "reason_code": step.reason_code, "reason_vi": step.reason_vi, "reason_en": step.reason_en,
    }


def steps_as_data(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [step_as_data(step) for step in steps]


def steps_digest(steps: Sequence[Mapping[str, Any]]) -> bytes:
    """What tells one explanation from another."""
    return sha256(json.dumps(list(steps), ensure_ascii=False, sort_keys=True).encode()).digest()


def step_from_data(data: Mapping[str, Any]) -> Step:
    return Step(**{**data, "amount": Money(data["amount"])})


def quote_as_data(quote: Quote) -> dict[str, Any]:
    """Amounts are whole đồng."""
    return {
        "case": case_as_data(quote.case), "gross": quote.gross.amount,
        "national_reduction": quote.national_reduction.amount, "city_subsidy": quote.city_subsidy.amount,
        "citizen_share": quote.citizen_share.amount, "steps": steps_as_data(quote.steps),
    }


def quote_from_data(data: Mapping[str, Any]) -> Quote:
    return Quote(
        case_from_data(data["case"]), Money(data["gross"]), Money(data["national_reduction"]),
        Money(data["city_subsidy"]), Money(data["citizen_share"]),
        tuple(step_from_data(step) for step in data["steps"]))
