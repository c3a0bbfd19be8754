"""What the citizen owes for a dossier is paid: in cash at the counter, or by a transfer that the bank tells of."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from agents import public as agents
from billing import public as billing
from intake.dues import parts_due
from intake.errors import DossierNotFound, NothingDue, OutletMayNot
from intake.events import DossierPaid
from intake.models.dossiers import Dossier, DossierStep
from intake.models.receipts import Receipt
from intake.operations import receipts
from intake.rules.receipts import written
from intake.rules.states import MoneyAction, MoneyState
from intake.steps import take_step
from shared import work
from shared.actors import Actor, ActorKind, job
from shared.calendar import local
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.transactions import operation

CASH: Final = "cash"
PAID_TWICE: Final = "paid-twice"
"""Work item of the operator's headquarters: a transfer came for what had been paid before; it is given back."""
TO_VOID: Final = "receipt-to-void"
"""Work item of the outlet's manager: the payment that a receipt was written for went back to its payer."""
RETURNER: Final = job("payment_returned")
GIVE_BACK_WITHIN: Final = timedelta(days=3)


@operation
def record_payment(*, dossier_id: UUID, by: Actor, at: datetime) -> Dossier:
    """Record that the citizen has paid in cash what was due: fee, where known, and her share of the postage. Once.

    An outlet that takes a fee writes the authority's receipt in the same moment (Decree 254/2026/NĐ-CP, Article 24).

    Raises:
        NoReceiptNumber: a fee is due and the outlet has no receipt number for its authority.
        DossierNotFound: unknown, or of another place.
        OutletMayNot: the outlet's agreement of that day does not cover collecting fees.
        IllegalTransition: nothing is due.
    """
    dossier = _locked(dossier_id, by)
    if dossier.money == MoneyState.PAID:
        return dossier
    _pay(dossier, CASH, place=_cashier(by, dossier, at), by=by, at=at)
    return dossier


@operation
def record_transfer(*, dossier_id: UUID, collection_id: UUID, method: str, by: Actor, at: datetime) -> Dossier:
    """The money that was asked for by transfer or card has come. `by` is who asked for it at her outlet.

    What was paid in the meantime in another way is given back by the operator's headquarters, who are asked to.

    Raises:
        DossierNotFound: unknown.
        NoReceiptNumber: as record_payment; the message is told again once the outlet has numbers.
    """
    dossier = _locked(dossier_id, by)
    if dossier.money == MoneyState.DUE:
        place = agents.get_outlet(_outlet_of(by)).name
        _pay(dossier, method, place=place, by=by, at=at, collection_id=str(collection_id))
    elif not _was_paid_by(dossier, collection_id):
        outlet = agents.get_outlet(_outlet_of(by))
        work.open_item(kind=PAID_TWICE, reference=str(collection_id), owner_role=Role.OPERATOR_HQ,
                       owner_place=outlet.operator.code, at=at, due_at=at + GIVE_BACK_WITHIN,
                       detail={"dossier_id": str(dossier.id), "money": dossier.money})
    return dossier


def ask_transfer(*, dossier_id: UUID, by: Actor, at: datetime) -> billing.CollectionInfo:
    """A code by which the citizen pays what is due from her bank.

    Raises:
        DossierNotFound, OutletMayNot: as record_payment.
        NothingDue: it was paid, or nothing is owed.
        NoCollectingAccount: the operator has no approved account in this province.
    """
    dossier = Dossier.objects.seen_by(by).select_related("procedure").filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    _cashier(by, dossier, at)
    if dossier.money != MoneyState.DUE:
        raise NothingDue
    fee, postage = parts_due(dossier)
    return billing.ask_transfer(due=billing.Due("dossier", dossier.id, fee, postage), till=till_of(by), by=by, at=at)


def ask_card(*, dossier_id: UUID, by: Actor, at: datetime) -> billing.CollectionInfo:
    """A page on which the citizen pays what is due by card.

    Raises:
        DossierNotFound, OutletMayNot: as record_payment.
        NothingDue: it was paid, or nothing is owed.
        CardsNotOffered, CardAmountTooSmall: not here, or not this amount.
    """
    dossier = Dossier.objects.seen_by(by).select_related("procedure").filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    _cashier(by, dossier, at)
    if dossier.money != MoneyState.DUE:
        raise NothingDue
    fee, postage = parts_due(dossier)
    return billing.ask_card(due=billing.Due("dossier", dossier.id, fee, postage), till=till_of(by), by=by, at=at)


def ask_card_at_home(*, dossier_id: UUID, at: datetime) -> billing.CollectionInfo:
    """The citizen pays by card what her outlet would have taken; asked for in the name of who filed it.

    Raises:
        DossierNotFound: unknown, or filed by no outlet.
        NothingDue, OutletMayNot, CardsNotOffered, CardAmountTooSmall: as ask_card.
    """
    dossier = Dossier.objects.filter(id=dossier_id).exclude(outlet=None).first()
    filed = DossierStep.objects.filter(
        dossier_id=dossier_id, machine="handling", actor_kind=ActorKind.PERSON).order_by("at", "id").first()
    if dossier is None or filed is None:
        raise DossierNotFound
    clerk = Actor(ActorKind.PERSON, filed.actor_id, filed.actor_name, outlet_id=dossier.outlet_id)
    return ask_card(dossier_id=dossier_id, by=clerk, at=at)


@operation
def note_returned(*, collection_id: UUID, dossier_id: UUID, at: datetime) -> None:
    """A transfer or card payment is with its payer again. Told again, nothing happens.

    What was paid twice is settled. A dossier that this payment paid is refunded; where a receipt of it lives, its
    outlet's manager voids that first.
    """
    work.close_item(kind=PAID_TWICE, reference=str(collection_id), by="refund", at=at, outcome="returned")
    dossier = Dossier.objects.select_for_update(of=("self",)).select_related("outlet").filter(id=dossier_id).first()
    if dossier is None or dossier.money != MoneyState.PAID or not _was_paid_by(dossier, collection_id):
        return
    receipt = Receipt.objects.live().filter(dossier=dossier).first()
    if receipt is not None:
        work.open_item(kind=TO_VOID, reference=str(receipt.id), owner_role=Role.OUTLET_MANAGER,
                       owner_place=str(receipt.outlet_id), at=at, due_at=at + GIVE_BACK_WITHIN,
                       detail={"dossier_id": str(dossier.id), "receipt": written(receipt.number)})
        return
    take_step(dossier, MoneyAction.REFUND, by=RETURNER, at=at, data={"collection": str(collection_id)})


def till_of(by: Actor) -> billing.Till:
    """Where the actor takes money: her outlet."""
    outlet = agents.get_outlet(_outlet_of(by))
    return billing.Till(outlet.id, outlet.operator.id, outlet.operator.code, outlet.province_code)


# --- the parts ------------------------------------------------------------------------------------------------------


def _locked(dossier_id: UUID, by: Actor) -> Dossier:
    reach = Dossier.objects.seen_by(by).select_for_update(of=("self",)).select_related("procedure", "citizen")
    dossier = reach.filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    return dossier


def _pay(dossier: Dossier, method: str, *, place: str, by: Actor, at: datetime, collection_id: str = "") -> None:
    fee, postage = parts_due(dossier)
    data: dict[str, Any] = {"amount_vnd": (fee + postage).amount}
    if method != CASH:
        data |= {"method": method, "collection": collection_id}
    receipt = ""
    if dossier.fee and by.outlet_id is not None and not Receipt.objects.live().filter(dossier=dossier).exists():
        data["receipt"] = receipt = written(receipts.issue_for(dossier, by=by, at=at).number)
    take_step(dossier, MoneyAction.PAY, by=by, at=at, place=place, data=data)
    publish(DossierPaid(
        dossier.id, dossier.version, method, fee.amount, postage.amount, by.outlet_id, by.id, by.name, receipt, at))


def _was_paid_by(dossier: Dossier, collection_id: UUID) -> bool:
    """Whether this very payment was recorded before: events are told at least once."""
    return DossierStep.objects.filter(
        dossier=dossier, action=MoneyAction.PAY, data__collection=str(collection_id)).exists()


def _outlet_of(by: Actor) -> UUID:
    if by.outlet_id is None:
        raise OutletMayNot(outlet="", task=agents.Task.COLLECT_FEE.value)
    return by.outlet_id


def _cashier(by: Actor, dossier: Dossier, at: datetime) -> str:
    """Name of the place that takes the money; an outlet needs the task, for this group of procedures."""
    if by.outlet_id is None:
        return agents.get_centre(by.centre_id).name if by.centre_id is not None else ""
    outlet = agents.get_outlet(by.outlet_id)
    if not agents.may_do(outlet, agents.Task.COLLECT_FEE, dossier.procedure.field, local(at).date()):
        raise OutletMayNot(outlet=outlet.code, task=agents.Task.COLLECT_FEE.value)
    return outlet.name
