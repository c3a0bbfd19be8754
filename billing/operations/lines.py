"""One line into the books: the charge, its posting group and the legs. The operations share this."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from billing.models.ledger import Account, Charge, Posting, PostingGroup
from billing.operations.explanations import explanation_ids
from billing.operations.periods import open_period
from billing.records import CompensableAct, DeliveredPostage
from billing.rules.periods import month_of
from billing.rules.plain_data import case_as_data, steps_as_data
from billing.rules.plans import COMPENSATION, POSTAGE, AccountName, Leg, Plan
from shared.actors import Actor

_SOURCE_ONCE = frozenset({"charge_source_once", "posting_source_once"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Who, where and when of a charge; its amounts and why are a Plan."""

    source_type: str
    source_id: UUID
    kind: str
    province_code: str
    operator_code: str
    outlet_id: UUID | None
    dossier_code: str
    occurred_at: datetime
    parcel_number: str = ""
    direction: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)


def line_of_parcel(delivered: DeliveredPostage) -> Line:
    case = delivered.case
    return Line(
        source_type="parcel", source_id=delivered.parcel_id, kind=POSTAGE, province_code=case.province_code,
        operator_code=case.operator_code, outlet_id=delivered.outlet_id, dossier_code=delivered.dossier_code,
        occurred_at=delivered.delivered_at, parcel_number=delivered.parcel_number, direction=case.direction,
        evidence={**delivered.evidence, "case": case_as_data(case), "relation": delivered.relation})


def line_of_act(act: CompensableAct) -> Line:
    return Line(
        source_type=act.source_type, source_id=act.source_id, kind=f"{COMPENSATION}{act.task}",
        province_code=act.province_code, operator_code=act.operator_code, outlet_id=act.outlet_id,
        dossier_code=act.dossier_code, occurred_at=act.happened_at, evidence=dict(act.evidence))


def is_posted(line: Line) -> bool:
    return Charge.objects.filter(source_type=line.source_type, source_id=line.source_id, kind=line.kind,
                                 reverses=None).exists()


def told_twice(error: IntegrityError) -> bool:
    """Whether the database refused a second line for one event."""
    return violated(error) in _SOURCE_ONCE


def violated(error: IntegrityError) -> str:
    """The name of the constraint that refused, if the database told it."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def post(line: Line, plan: Plan, *, by: Actor, at: datetime) -> Charge:
    """Write the line into the month of its event, or into the next open one with a note of it."""
    wanted = month_of(line.occurred_at)
    period = open_period(province_code=line.province_code, operator_code=line.operator_code, wanted=wanted)
    group = _group(line, plan, period=period, by=by, at=at) if plan.legs else None
    evidence = dict(line.evidence) if period == wanted else {**line.evidence, "late_for": wanted.isoformat()}
    # The line first, as in a settlement: whoever comes second waits here, holding nothing that the first still needs.
    charge = Charge.objects.create(
        source_type=line.source_type, source_id=line.source_id, kind=line.kind, group=group, period=period,
        province_code=line.province_code, operator_code=line.operator_code, outlet_id=line.outlet_id,
        dossier_code=line.dossier_code, parcel_number=line.parcel_number, direction=line.direction,
        occurred_at=line.occurred_at, posted_at=at, posted_by=f"{by.kind}:{by.id}", rule=plan.rule, gross=plan.gross,
        national_reduction=plan.national_reduction, city_subsidy=plan.city_subsidy, citizen_share=plan.citizen_share,
        compensation=plan.compensation, other=plan.other, reason_code=plan.reason_code,
        explanation_id=explanation_ids([steps_as_data(plan.steps)])[0], evidence=evidence)
    if group is not None:
        group.save(force_insert=True)
        _post_legs(group, plan.legs)
    return charge


def _group(line: Line, plan: Plan, *, period: date, by: Actor, at: datetime) -> PostingGroup:
    return PostingGroup(
        source_type=line.source_type, source_id=line.source_id, kind=line.kind, rule=plan.rule, period=period,
        occurred_at=line.occurred_at, posted_at=at, actor_kind=by.kind, actor_id=by.id)


def _post_legs(group: PostingGroup, legs: Sequence[Leg]) -> None:
    """All legs at once: the database balances each statement by itself."""
    accounts = account_ids(leg.account for leg in legs)
    Posting.objects.bulk_create(
        Posting(group=group, account_id=accounts[leg.account.code], amount=leg.amount) for leg in legs)


def account_ids(names: Iterable[AccountName]) -> dict[str, int]:
    """The ids of the accounts by code; missing ones are opened, by whoever comes first, always in the same order."""
    wanted = {name.code: name for name in sorted(names, key=attrgetter("code"))}
    known = _ids(wanted)
    if missing := [name for code, name in wanted.items() if code not in known]:
        Account.objects.bulk_create(
            [Account(code=n.code, name_vi=n.name_vi, name_en=n.name_en, kind=n.kind) for n in missing],
            ignore_conflicts=True)
        known = _ids(wanted)
    return known


def _ids(codes: Iterable[str]) -> dict[str, int]:
    return dict(Account.objects.filter(code__in=list(codes)).values_list("code", "id"))
