"""Our own words about a trip that is called off: that we asked, and that the carrier agreed. They join the set.

A carrier with an interface says X-CANC itself, before or after its answer; one that was told by a person says nothing
more. So its agreement is written as an event of ours as well: either order, or both, end the trip the same way.
"""

from datetime import datetime
from typing import Final

from delivery.models.events import TrackingEvent
from delivery.models.parcels import Parcel
from delivery.operations import telling
from delivery.operations.standings import changes_of, lock_parcels
from delivery.rules.codes import CANCEL_ASKED
from delivery.rules.standing import Fact
from shared.actors import Actor

OURS: Final = "wardpost"
AGREED: Final = "X-CANC"


def note_asked(parcel: Parcel, reference: str, *, by: Actor, at: datetime) -> None:
    """That the carrier is asked to call the trip off, in the caller's transaction."""
    _say(parcel, CANCEL_ASKED, f"cancel-asked:{reference}"[:80], by, at)


def note_agreed(parcel: Parcel, reference: str, *, by: Actor, at: datetime) -> None:
    """That the carrier has agreed, in the caller's transaction."""
    _say(parcel, AGREED, f"cancel-agreed:{reference}"[:80], by, at)


def _say(parcel: Parcel, code: str, event_id: str, by: Actor, at: datetime) -> None:
    locked = lock_parcels(parcel.carrier, [parcel.number])[parcel.number]
    TrackingEvent.objects.create(parcel_id=parcel.id, carrier=OURS, event_id=event_id, code=code, occurred_at=at,
                                 received_at=at)  # fmt: skip
    locked.summary.learn(Fact(code, event_id, at, at), locked.booked_at)
    changes = changes_of([locked])
    telling.pass_on(by, changes, {}, at)
    for change in changes:
        if change.became_contradictory:
            telling.open_item("parcel-contradiction", parcel.number, parcel.operator_code, at,
                              {"reasons": list(change.standing.contradictions)})  # fmt: skip
