"""What stands in the way of taking a line back, and what charging its event anew would come to."""

from typing import Any, Final

from django.utils.translation import gettext as _

from billing.disputes.models import DisputeLine
from billing.errors import AlreadyReversed, ReversalNotReversible
from billing.known_errors.models import AffectedLine
from billing.known_errors.rules import ErrorState
from billing.models.ledger import Charge
from billing.operations.corrections import chargings_of, plan_anew
from billing.queries.standing import correction_on
from billing.rules.entries import is_entry
from billing.take_backs.errors import (
    ChargingChangesNothing,
    LineCorrected,
    LineNotTakenBackHere,
    LineOnHold,
    TakeBackWaiting,
)
from billing.take_backs.models import TakeBack
from shared.errors import DomainError

_OF_A_WHOLE_MONTH: Final = "outlet-month"
_AMOUNTS: Final = ("gross", "national_reduction", "city_subsidy", "citizen_share", "compensation")


def refuse_if_hindered(charge: Charge, *, asked: TakeBack | None = None) -> None:
    """Pass when the line may be taken back; `asked` is the request that is being answered.

    Raises:
        ReversalNotReversible, AlreadyReversed, LineNotTakenBackHere.
        LineOnHold: it is disputed, or on hold for a known error whose fault is still there.
        LineCorrected: a decision or a known error has corrected it, so more than the line would have to go.
        TakeBackWaiting: somebody has asked already.
    """
    if charge.reverses_id is not None:
        raise ReversalNotReversible
    if is_entry(charge.kind) or charge.source_type == _OF_A_WHOLE_MONTH:
        raise LineNotTakenBackHere
    if Charge.objects.filter(reverses=charge).exists():
        raise AlreadyReversed
    if number := _held_by(charge):
        raise LineOnHold(_("%(number)s decides on it.") % {"number": number}, number=number)
    if number := correction_on(charge):
        raise LineCorrected(_("%(number)s has corrected it.") % {"number": number}, number=number)
    if asked is None and TakeBack.objects.waiting().filter(charge=charge).exists():
        raise TakeBackWaiting


def hindrance(charge: Charge) -> DomainError | None:
    """As `refuse_if_hindered`, for who only looks."""
    try:
        refuse_if_hindered(charge)
    except DomainError as refusal:
        return refusal
    return None


def _held_by(charge: Charge) -> str:
    """The number of what decides on the line now. A fixed error's lines wait for just this, or for being left."""
    dispute = DisputeLine.objects.filter(charge=charge, is_open=True).values_list("dispute__number", flat=True).first()
    held = AffectedLine.objects.filter(charge=charge, is_open=True).exclude(error__state=ErrorState.FIXED)
    return dispute or held.values_list("error__number", flat=True).first() or ""


def foreseen(charge: Charge) -> dict[str, Any]:
    """Rule, reason and amounts of the line that the event would be charged by now.

    Raises:
        ChargingChangesNothing: the line says just that already.
    """
    plan = plan_anew(chargings_of(charge)[0])
    found = {"rule": plan.rule, "reason_code": plan.reason_code,
             **{name: amount.amount for name, amount in zip(_AMOUNTS, plan.amounts, strict=True)}}
    if found == {"rule": charge.rule, "reason_code": charge.reason_code,
                 **{name: getattr(charge, name).amount for name in _AMOUNTS}}:
        raise ChargingChangesNothing
    return found

