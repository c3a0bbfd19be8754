"""Corrections: a line is taken back by its mirror image, and its event may then be charged again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from billing.errors import AlreadyReversed, LineNotFound, ReasonMissing, ReversalNotReversible, StillCharged
from billing.models.ledger import Charge, Posting, PostingGroup
from billing.operations.explanations import explanation_ids
from billing.operations.lines import Line, post, told_twice, violated
from billing.operations.periods import open_period
from billing.queries.rates import rate_book
from billing.rules.entries import is_entry, plan_of_entry
from billing.rules.plans import Plan, base_kind, plan_again
from shared import audit
from shared.actors import Actor
from shared.transactions import operation

_REVERSED_ONCE = frozenset({"charge_reversed_once", "posting_reversed_once"})
MIRRORED = ("gross", "national_reduction", "city_subsidy", "citizen_share", "compensation", "other")


def reverse_charge(*, charge_id: UUID, reason: str, by: Actor, at: datetime) -> Charge:
    """Take a line back: a line and a posting group with every amount negated, in the first month still open.

    Raises:
        ReasonMissing: no reason is given.
        LineNotFound: no such line in the province of `by`.
        ReversalNotReversible: it is a reversal itself.
        AlreadyReversed: it was taken back before.
    """
    if not reason.strip():
        raise ReasonMissing(_("Say why the line is taken back: the reason stays beside it."))
    try:
        return operation(write_reversal)(charge_id=charge_id, reason=reason.strip()[:300], by=by, at=at)
    except IntegrityError as error:
        if reversed_twice(error):
            raise AlreadyReversed from error
        raise


def reversed_twice(error: IntegrityError) -> bool:
    """Whether the database refused a second reversal of one line."""
    return violated(error) in _REVERSED_ONCE


def write_reversal(*, charge_id: UUID, reason: str, by: Actor, at: datetime) -> Charge:
    """As `reverse_charge`, inside the caller's operation, which minds `reversed_twice`."""
    wrong = _find(charge_id, by)
    if wrong.reverses_id is not None:
        raise ReversalNotReversible
    if Charge.objects.filter(reverses=wrong).exists():
        raise AlreadyReversed
    period = open_period(province_code=wrong.province_code, operator_code=wrong.operator_code, wanted=wrong.period)
    mirror = _mirror(wrong, reason=reason, by=by, at=at)
    mirror.period = period
    mirror.group = _mirror_group(wrong, mirror, reason=reason, by=by) if wrong.group else None
    mirror.save(force_insert=True)
    audit.record(actor=by, action="reverse_charge", object_type="charge", object_id=wrong.id, at=at, reason=reason,
                 after={"reversal": str(mirror.id)})
    return mirror


def _find(charge_id: UUID, by: Actor) -> Charge:
    lines = Charge.objects.select_related("group", "explanation").filter(id=charge_id)
    if by.province_code:
        lines = lines.filter(province_code=by.province_code)
    found = lines.first()
    if found is None:
        raise LineNotFound
    return found


def _mirror(wrong: Charge, *, reason: str, by: Actor, at: datetime) -> Charge:
    negated = [{**step, "amount": -step["amount"]} for step in wrong.steps]
    return Charge(
        source_type=wrong.source_type, source_id=wrong.source_id, kind=wrong.kind, reverses=wrong,
        province_code=wrong.province_code, operator_code=wrong.operator_code, outlet_id=wrong.outlet_id,
        dossier_code=wrong.dossier_code, parcel_number=wrong.parcel_number, direction=wrong.direction,
        occurred_at=at, posted_at=at, posted_by=f"{by.kind}:{by.id}", rule=wrong.rule, reason_code="reversal",
        explanation_id=explanation_ids([negated])[0],
        evidence={"reversal_reason": reason, "reversed_line": str(wrong.id)},
        **{name: -getattr(wrong, name) for name in MIRRORED})


def _mirror_group(wrong: Charge, mirror: Charge, *, reason: str, by: Actor) -> PostingGroup:
    group = PostingGroup.objects.create(
        source_type=wrong.source_type, source_id=wrong.source_id, kind=wrong.kind, rule=wrong.rule,
        period=mirror.period, occurred_at=mirror.occurred_at, posted_at=mirror.posted_at, actor_kind=by.kind,
        actor_id=by.id, reverses=wrong.group, reason=reason)
    legs = Posting.objects.filter(group=wrong.group).order_by("id")
    Posting.objects.bulk_create(Posting(group=group, account_id=leg.account_id, amount=-leg.amount) for leg in legs)
    return group


def charge_again(*, charge_id: UUID, by: Actor, at: datetime) -> Charge:
    """Charge the event of a line that was taken back anew, by the rules now known for its day.

    Raises:
        LineNotFound: no such line in the province of `by`.
        StillCharged: a line of this event stands, perhaps made by somebody else just now.
    """
    try:
        return operation(write_again)(charge_id=charge_id, by=by, at=at)
    except IntegrityError as error:
        if told_twice(error):
            raise StillCharged from error
        raise


def write_again(*, charge_id: UUID, by: Actor, at: datetime) -> Charge:
    """As `charge_again`, inside the caller's operation, which minds `told_twice`."""
    former = _find(charge_id, by)
    base, known = base_kind(former.kind), chargings_of(former)
    if not all(line.is_taken_back for line in known):
        raise StillCharged
    plan = plan_anew(known[0])
    charge = post(_line_of(known[0], kind=f"{base}#{len(known) + 1}"), plan, by=by, at=at)
    audit.record(actor=by, action="charge_again", object_type="charge", object_id=former.id, at=at,
                 after={"charge": str(charge.id)})
    return charge


def chargings_of(charge: Charge) -> list[Any]:
    """Every line written for the event, the first before those after a reversal; each says `is_taken_back`."""
    base = base_kind(charge.kind)
    lines = Charge.objects.filter(source_type=charge.source_type, source_id=charge.source_id, reverses=None)
    found = lines.annotate(is_taken_back=Exists(Charge.objects.filter(reverses=OuterRef("id")))).order_by("id")
    return [line for line in found if base_kind(line.kind) == base]


def plan_anew(charge: Charge) -> Plan:
    """What the event of the line comes to by the rules now known for its day."""
    base = base_kind(charge.kind)
    if is_entry(base):
        return plan_of_entry(charge.evidence)
    return plan_again(kind=base, evidence=charge.evidence, province_code=charge.province_code,
                      operator_code=charge.operator_code, occurred_at=charge.occurred_at, book=rate_book())


def _line_of(charge: Charge, *, kind: str) -> Line:
    evidence = {name: value for name, value in charge.evidence.items() if name != "late_for"}
    return Line(source_type=charge.source_type, source_id=charge.source_id, kind=kind,
                province_code=charge.province_code, operator_code=charge.operator_code, outlet_id=charge.outlet_id,
                dossier_code=charge.dossier_code, occurred_at=charge.occurred_at, parcel_number=charge.parcel_number,
                direction=charge.direction, evidence=evidence)
