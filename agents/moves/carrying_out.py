"""What the days bring to moves: carried out on theirs, called off when nobody decided in time."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from agents.accreditation.models import Accreditation
from agents.accreditation.rules import FINAL as ENDED
from agents.accreditation.steps import keep_step
from agents.models.organisations import Outlet
from agents.moves import places
from agents.moves.events import OutletMoved
from agents.moves.models import OutletMove
from agents.moves.operations import cancel_move, end, must_fit
from agents.moves.rules import MoveState, MoveStep
from shared.actors import Actor, job
from shared.calendar import local
from shared.outbox.publishing import publish
from shared.transactions import operation


def carry_out_due(*, at: datetime) -> int:
    """Move the outlets whose day has come; returns how many. Safe to run at any time, any number of times."""
    today, by = local(at).date(), job("carry_out_moves")
    late = OutletMove.objects.filter(state=MoveState.ASKED, effective_from__lte=today)
    for move_id in list(late.values_list("id", flat=True).order_by("id")):
        with override("vi"):
            cancel_move(move_id=move_id, because=_("Nobody decided before its day."), by=by, at=at)
    due = OutletMove.objects.filter(state=MoveState.APPROVED, effective_from__lte=today)
    done = [carry_out(move_id=each, by=by, at=at)
            for each in list(due.values_list("id", flat=True).order_by("effective_from", "id"))]
    return sum(done)


@operation
def carry_out(*, move_id: UUID, by: Actor, at: datetime) -> bool:
    """The outlet stands at its new place from now on; False when somebody was faster, or the day has not come."""
    found = OutletMove.objects.select_for_update(of=("self",), skip_locked=True).select_related("commune").filter(
        id=move_id, state=MoveState.APPROVED, effective_from__lte=local(at).date()).first()
    if found is None:
        return False
    must_fit(found, MoveStep.CARRY_OUT)
    outlet = Outlet.objects.select_for_update().get(id=found.outlet_id)
    # Where it stood until the very day: an address may have been corrected since the move was asked for.
    found.from_commune_id, found.from_address, found.from_phone = outlet.commune_id, outlet.address, outlet.phone
    found.from_latitude, found.from_longitude = outlet.latitude, outlet.longitude
    _put(outlet, found)
    end(found, MoveStep.CARRY_OUT, found.reason, by, at)
    for paper in Accreditation.objects.select_related("operator").select_for_update(of=("self",)).filter(
            outlet=outlet).exclude(state__in=sorted(ENDED)):
        _put(paper, found)
        keep_step(paper, "move", by, at, found.decision)
    publish(OutletMoved(found.id, outlet.id, found.effective_from, at))
    transaction.on_commit(places.forget)
    return True


def _put(row: Outlet | Accreditation, move: OutletMove) -> None:
    row.commune_id, row.address, row.phone = move.commune_id, move.address, move.phone or row.phone
    row.latitude, row.longitude = move.latitude, move.longitude
    row.save(update_fields=["commune", "address", "phone", "latitude", "longitude"])
