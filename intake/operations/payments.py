"""What the citizen owes for a dossier is paid at the counter."""

from datetime import datetime
from uuid import UUID

from agents import public as agents
from intake.errors import DossierNotFound, OutletMayNot
from intake.models.dossiers import Dossier
from intake.models.receipts import Receipt
from intake.operations import receipts
from intake.plain_data import pricing_from_data
from intake.rules.receipts import written
from intake.rules.states import MoneyAction, MoneyState
from intake.steps import take_step
from shared.actors import Actor
from shared.calendar import local
from shared.transactions import operation


@operation
def record_payment(*, dossier_id: UUID, by: Actor, at: datetime) -> Dossier:
    """Record that the citizen has paid what was due: fee, where known, and her share of the postage. Once.

    An outlet that takes a fee writes the authority's receipt in the same moment (Decree 254/2026/NĐ-CP, Article 24).

    Raises:
        NoReceiptNumber: a fee is due and the outlet has no receipt number for its authority.
        DossierNotFound: unknown, or of another place.
        OutletMayNot: the outlet's agreement of that day does not cover collecting fees.
        IllegalTransition: nothing is due.
    """
    reach = Dossier.objects.seen_by(by).select_for_update(of=("self",)).select_related("procedure", "citizen")
    dossier = reach.filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    if dossier.money == MoneyState.PAID:
        return dossier
    place = _cashier(by, at)
    pricing = pricing_from_data(dossier.quote)
    paid = pricing.citizen_total.amount if pricing is not None else dossier.fee.amount
    data: dict[str, object] = {"amount_vnd": paid}
    if dossier.fee and by.outlet_id is not None and not Receipt.objects.live().filter(dossier=dossier).exists():
        data["receipt"] = written(receipts.issue_for(dossier, by=by, at=at).number)
    take_step(dossier, MoneyAction.PAY, by=by, at=at, place=place, data=data)
    return dossier


def _cashier(by: Actor, at: datetime) -> str:
    """Name of the place that takes the money; an outlet needs the task."""
    if by.outlet_id is None:
        return agents.get_centre(by.centre_id).name if by.centre_id is not None else ""
    outlet = agents.get_outlet(by.outlet_id)
    if not outlet.may(agents.Task.COLLECT_FEE, local(at).date()):
        raise OutletMayNot(outlet=outlet.code, task=agents.Task.COLLECT_FEE.value)
    return outlet.name
