"""What the citizen owes for a dossier is paid at the counter."""

from datetime import datetime
from uuid import UUID

from agents import public as agents
from intake.errors import DossierNotFound, OutletMayNot
from intake.models.dossiers import Dossier
from intake.plain_data import pricing_from_data
from intake.rules.states import MoneyAction, MoneyState
from intake.steps import take_step
from shared.actors import Actor
from shared.calendar import local
from shared.transactions import operation


@operation
def record_payment(*, dossier_id: UUID, by: Actor, at: datetime) -> Dossier:
    """Record that the citizen has paid what was due: fee, where known, and her share of the postage. Once.

    Raises:
        DossierNotFound: unknown, or of another place.
        OutletMayNot: the outlet's agreement of that day does not cover collecting fees.
        IllegalTransition: nothing is due.
    """
    dossier = Dossier.objects.seen_by(by).select_for_update(of=("self",)).filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    if dossier.money == MoneyState.PAID:
        return dossier
    place = _cashier(by, at)
    pricing = pricing_from_data(dossier.quote)
    paid = pricing.citizen_total.amount if pricing is not None else dossier.fee.amount
    take_step(dossier, MoneyAction.PAY, by=by, at=at, place=place, data={"amount_vnd": paid})
    return dossier


def _cashier(by: Actor, at: datetime) -> str:
    """Name of the place that takes the money; an outlet needs the task."""
    if by.outlet_id is None:
        return agents.get_centre(by.centre_id).name if by.centre_id is not None else ""
    outlet = agents.get_outlet(by.outlet_id)
    if not outlet.may(agents.Task.COLLECT_FEE, local(at).date()):
        raise OutletMayNot(outlet=outlet.code, task=agents.Task.COLLECT_FEE.value)
    return outlet.name
