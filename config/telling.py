"""The second page of the choreography: what citizens and the national portal are told when something has happened.

Nobody listens where neither is connected (`when`), so nothing is written then. Each subscriber is delivered at least
once, in the order of its stream; its name is its address in the outbox and never changes.
"""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from agents import public as agents
from agents.moves.events import OutletMoveApproved, OutletMoveCalledOff
from delivery.events import (
    ParcelAccepted,
    ParcelDelayed,
    ParcelDelivered,
    ParcelFound,
    ParcelLost,
    ParcelReturned,
    SearchOpened,
)
from delivery.rules import Direction
from intake.events import (
    CollectionReminded,
    DossierClosed,
    DossierExtended,
    DossierForwarded,
    DossierReceived,
    DossierRefused,
    DossierResolved,
    DossierStopped,
    DossierSubmitted,
    DossierWithdrawn,
    PaymentAsked,
    SupplementAnswered,
    SupplementAsked,
)
from intake.notices import operations as notices
from intake.notices.couriers import channels
from intake.notices.queries import told_of
from intake.notices.rules import NoticeEvent, asked_to_rate_at
from intake.portal import queueing as portal
from intake.queries.outlet_moves import open_at_outlet
from intake.rules.catalogue import ResultChoice
from shared.outbox.publishing import on


def _is_told() -> bool:
    return bool(channels())


# --- the citizen is told --------------------------------------------------------------------------------------------
# Online dossiers are forwarded the moment they are filed: one notice says both.


@on(DossierSubmitted, when=_is_told)
def notice_filed(event: DossierSubmitted) -> None:
    """Her dossier is filed."""
    _tell(event.dossier_id, NoticeEvent.FILED, event.submitted_at)


@on(DossierForwarded, when=_is_told)
def notice_forwarded(event: DossierForwarded) -> None:
    """Her papers are with the carrier."""
    if event.parcel_number:
        _tell(event.dossier_id, NoticeEvent.FORWARDED, event.forwarded_at)


@on(DossierReceived, when=_is_told)
def notice_received(event: DossierReceived) -> None:
    """It is received, and due on a day."""
    _tell(event.dossier_id, NoticeEvent.RECEIVED, event.received_at)


@on(DossierRefused, when=_is_told)
def notice_refused(event: DossierRefused) -> None:
    """It is not accepted."""
    _tell(event.dossier_id, NoticeEvent.REFUSED, event.refused_at)


@on(SupplementAsked, when=_is_told)
def notice_supplement(event: SupplementAsked) -> None:
    """She has to bring something."""
    _tell(event.dossier_id, NoticeEvent.SUPPLEMENT, event.asked_at, str(event.request_id))


@on(PaymentAsked, when=_is_told)
def notice_fee_due(event: PaymentAsked) -> None:
    """She has to pay something."""
    _tell(event.dossier_id, NoticeEvent.FEE_DUE, event.asked_at, event.asked_at.isoformat()[:19])


@on(DossierExtended, when=_is_told)
def notice_extended(event: DossierExtended) -> None:
    """We are sorry: it is due on a later day."""
    notices.plan(dossier_id=event.dossier_id, event=NoticeEvent.EXTENDED, happened_at=timezone.now(),
                 now=timezone.now(), instance=event.due_after.isoformat()[:19])


@on(DossierStopped, when=_is_told)
def notice_stopped(event: DossierStopped) -> None:
    """Handling was stopped."""
    _tell(event.dossier_id, NoticeEvent.STOPPED, event.stopped_at, event.stopped_at.isoformat()[:19])


@on(DossierWithdrawn, when=_is_told)
def notice_withdrawn(event: DossierWithdrawn) -> None:
    """It was withdrawn in her name."""
    _tell(event.dossier_id, NoticeEvent.WITHDRAWN, event.withdrawn_at)


@on(DossierResolved, when=_is_told)
def notice_resolved(event: DossierResolved) -> None:
    """It is decided: the result comes home, or waits for her."""
    is_home = event.result_choice == ResultChoice.HOME
    _tell(event.dossier_id, NoticeEvent.RESOLVED if is_home else NoticeEvent.READY, event.resolved_at)


@on(CollectionReminded, when=_is_told)
def notice_still_waiting(event: CollectionReminded) -> None:
    """It still waits for her at the centre."""
    _tell(event.dossier_id, NoticeEvent.READY, event.reminded_at, event.reminded_at.isoformat()[:19])


@on(ParcelAccepted, when=_is_told)
def notice_on_the_way(event: ParcelAccepted) -> None:
    """The carrier has her result."""
    _tell_all(event, NoticeEvent.ON_THE_WAY, event.accepted_at)


@on(ParcelDelivered, when=_is_told)
def notice_delivered(event: ParcelDelivered) -> None:
    """Somebody took her result."""
    _tell_all(event, NoticeEvent.DELIVERED, event.delivered_at)


@on(ParcelReturned, when=_is_told)
def notice_came_back(event: ParcelReturned) -> None:
    """Nobody took it."""
    _tell_all(event, NoticeEvent.CAME_BACK, event.returned_at)


@on(ParcelDelayed, when=_is_told)
def notice_delayed(event: ParcelDelayed) -> None:
    """We are sorry: it comes later."""
    _tell_inside(event, NoticeEvent.DELAYED, event.noticed_at, event.parcel_id)


@on(SearchOpened, when=_is_told)
def notice_searched(event: SearchOpened) -> None:
    """It is being looked for."""
    _tell_inside(event, NoticeEvent.SEARCHED, event.opened_at, event.search_id)


@on(ParcelFound, when=_is_told)
def notice_found(event: ParcelFound) -> None:
    """It was found."""
    _tell_inside(event, NoticeEvent.FOUND, event.found_at, event.search_id)


@on(ParcelLost, when=_is_told)
def notice_lost(event: ParcelLost) -> None:
    """It is lost; the post bears what it costs."""
    _tell_inside(event, NoticeEvent.LOST, event.lost_at, event.parcel_id)


@on(OutletMoveApproved, when=_is_told)
def notice_outlet_moves(event: OutletMoveApproved) -> None:
    """The outlet that has her dossier will stand elsewhere; of what was called off meanwhile nobody hears."""
    coming = agents.coming_move(event.outlet_id, timezone.localdate(), fresh=True)
    if coming is None or coming.move_id != event.move_id:
        return
    _tell_everybody(open_at_outlet(event.outlet_id), NoticeEvent.OUTLET_MOVES, event.decided_at, event.move_id)


@on(OutletMoveCalledOff, when=_is_told)
def notice_outlet_stays(event: OutletMoveCalledOff) -> None:
    """It stays after all: whoever was told is told."""
    _tell_everybody(told_of(NoticeEvent.OUTLET_MOVES, str(event.move_id)), NoticeEvent.OUTLET_STAYS,
                    event.cancelled_at, event.move_id)


@on(DossierClosed, when=_is_told)
def notice_rate(event: DossierClosed) -> None:
    """The morning after she is asked how it was."""
    notices.plan(dossier_id=event.dossier_id, event=NoticeEvent.RATE, happened_at=event.returned_at,
                 now=timezone.now(), not_before=asked_to_rate_at(event.returned_at))


def _tell(dossier_id: UUID, event: NoticeEvent, at: datetime, instance: str = "") -> None:
    notices.plan(dossier_id=dossier_id, event=event, happened_at=at, now=timezone.now(), instance=instance)


def _tell_everybody(dossier_ids: list[UUID], what: NoticeEvent, at: datetime, move_id: UUID) -> None:
    """An outlet's move concerns hundreds at once: a thousand to a statement."""
    for first in range(0, len(dossier_ids), 1000):
        notices.plan_for_all(dossier_ids=dossier_ids[first:first + 1000], event=what, happened_at=at,
                             now=timezone.now(), instance=str(move_id))


def _tell_inside(event: ParcelDelayed | SearchOpened | ParcelFound | ParcelLost, what: NoticeEvent, at: datetime,
                 instance: UUID) -> None:
    """Whoever has papers in the parcel is told, whichever way it goes."""
    for dossier_id in event.dossier_ids:
        _tell(dossier_id, what, at, str(instance))


def _tell_all(parcel: ParcelAccepted | ParcelDelivered | ParcelReturned, event: NoticeEvent, at: datetime) -> None:
    if parcel.direction == Direction.RESULT:
        for dossier_id in parcel.dossier_ids:
            _tell(dossier_id, event, at, str(parcel.parcel_id))


# --- the national portal is told ------------------------------------------------------------------------------------
# What has no event of its own (work begins, is stopped, goes on) is found by a sweep.


@on(DossierReceived, when=portal.is_connected)
def portal_received(event: DossierReceived) -> None:
    """A centre has it: from here on the portal follows."""
    portal.queue_steps(dossier_id=event.dossier_id, at=timezone.now())


@on(DossierRefused, when=portal.is_connected)
def portal_refused(event: DossierRefused) -> None:
    """Not accepted (3)."""
    portal.queue_steps(dossier_id=event.dossier_id, at=timezone.now())


@on(SupplementAsked, when=portal.is_connected)
def portal_supplement_asked(event: SupplementAsked) -> None:
    """Paused (5)."""
    portal.queue_steps(dossier_id=event.dossier_id, at=timezone.now())


@on(SupplementAnswered, when=portal.is_connected)
def portal_supplement_answered(event: SupplementAnswered) -> None:
    """It goes on (4)."""
    portal.queue_steps(dossier_id=event.dossier_id, at=timezone.now())


@on(PaymentAsked, when=portal.is_connected)
def portal_payment_asked(event: PaymentAsked) -> None:
    """Paused (6)."""
    portal.queue_steps(dossier_id=event.dossier_id, at=timezone.now())


@on(DossierStopped, when=portal.is_connected)
def portal_stopped(event: DossierStopped) -> None:
    """Stopped (8)."""
    portal.queue_steps(dossier_id=event.dossier_id, at=timezone.now())


@on(DossierWithdrawn, when=portal.is_connected)
def portal_withdrawn(event: DossierWithdrawn) -> None:
    """Withdrawn (7)."""
    portal.queue_steps(dossier_id=event.dossier_id, at=timezone.now())


@on(DossierResolved, when=portal.is_connected)
def portal_resolved(event: DossierResolved) -> None:
    """Decided (9)."""
    portal.queue_steps(dossier_id=event.dossier_id, at=timezone.now())


@on(DossierClosed, when=portal.is_connected)
def portal_closed(event: DossierClosed) -> None:
    """Returned (10)."""
    portal.queue_steps(dossier_id=event.dossier_id, at=timezone.now())
