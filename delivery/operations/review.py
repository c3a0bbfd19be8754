"""Contradictory events, settled by a person: her word is one more event, and all the others stay."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from delivery.errors import MayNotSettle, NothingToSettle, OutcomeUnknown, ParcelNotFound
from delivery.models.events import TrackingEvent
from delivery.operations import telling
from delivery.operations.standings import Kept, changes_of, lock_parcels
from delivery.queries.parcels import seen_by
from delivery.rules import ParcelState
from delivery.rules.codes import SETTLED
from delivery.rules.standing import EXCUSABLE, ON_ITS_WAY, Fact, contradictions_of
from shared import work
from shared.actors import Actor
from shared.errors import FieldError
from shared.ids import uuid7
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation

MAY_SETTLE: Final = frozenset({Role.OPERATOR_HQ, Role.ADMINISTRATOR})
ENDS: Final = (ParcelState.DELIVERED.value, ParcelState.RETURNED.value, ParcelState.LOST.value)
OURS: Final = "wardpost"


@operation
def settle_contradiction(*, parcel_id: UUID, outcome: str, reason: str, by: Actor, at: datetime) -> None:
    """Say what is true of a parcel whose events contradict one another, and why.

    `outcome` is the state in which the trip ended, or "on_its_way" where nothing says that it has ended.

    Raises:
        ParcelNotFound: none that `by` may know of.
        MayNotSettle: another role.
        NothingToSettle: the events agree.
        OutcomeUnknown: no reason is given, or the outcome is none that these events leave open.
    """
    parcel = _locked(parcel_id, by)
    _check(parcel, outcome, reason)
    event_id = f"settled:{uuid7()}"
    TrackingEvent.objects.create(
        parcel_id=parcel.id, carrier=OURS, event_id=event_id, code=SETTLED, occurred_at=at, received_at=at,
        note=clean(reason)[:300], data={"outcome": outcome, "by": by.id})  # fmt: skip
    parcel.summary.learn(Fact(SETTLED, event_id, at, at, outcome=outcome), parcel.booked_at)
    changes = changes_of([parcel])
    telling.pass_on(by, changes, {parcel.number: _proved(parcel) if outcome == ParcelState.DELIVERED else ""}, at)
    work.close_item(kind="parcel-contradiction", reference=parcel.number, by=by.id, at=at, outcome=outcome)


def _locked(parcel_id: UUID, by: Actor) -> Kept:
    seen = seen_by(by).filter(id=parcel_id).values_list("carrier", "number").first()
    if seen is None:
        raise ParcelNotFound
    if by.role not in MAY_SETTLE:
        raise MayNotSettle
    carrier, number = seen
    return lock_parcels(carrier, [number])[number]


def _check(parcel: Kept, outcome: str, reason: str) -> None:
    if parcel.state is not ParcelState.NEEDS_REVIEW:
        raise NothingToSettle
    if outcome not in open_outcomes(parcel.summary.ends, contradictions_of(parcel.summary)):
        message = _("Choose one of the outcomes that the events leave open.")
        raise OutcomeUnknown(errors=(FieldError("/outcome", "not-a-choice", message),))
    if not clean(reason):
        message = _("Say how you know, for whoever asks later.")
        raise OutcomeUnknown(errors=(FieldError("/reason", "required", message),))


def open_outcomes(ends: object, contradictions: tuple[str, ...]) -> tuple[str, ...]:
    """What a person may say: an end always; that it goes on, only where no event has ended it."""
    goes_on = not ends and set(contradictions) <= EXCUSABLE
    return (*ENDS, ON_ITS_WAY) if goes_on else ENDS


def _proved(parcel: Kept) -> str:
    """Make the proof from the earliest event that names a receiver; returns the receiver's relation."""
    finals = TrackingEvent.objects.filter(parcel_id=parcel.id, code="EMI").order_by("occurred_at", "event_id")
    event = next((event for event in finals if event.data.get("name")), None)
    if event is None:
        return ""
    telling.keep_proofs([(parcel.id, event.id, event.occurred_at, event.data)])
    return str(event.data["relation"])
