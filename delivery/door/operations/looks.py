"""Who looked at the photo of a hand-over."""

from datetime import datetime
from uuid import UUID

from shared import audit
from shared.actors import Actor
from shared.transactions import operation


@operation
def note_look(*, act_id: UUID, parcel_id: UUID, by: Actor, at: datetime) -> None:
    audit.record(actor=by, action="door.photo.look", object_type="parcel", object_id=parcel_id, at=at,
                 after={"act": str(act_id)})
