"""The last step on a parcel's page for staff: who may have it, what happened at doors, what was ordered."""

from typing import Any

from delivery.door import wording
from delivery.door.operations.changes import MAY_CHANGE
from delivery.door.operations.releases import release_of
from delivery.door.phone_list import invitations
from delivery.door.queries import acts_of, latest_changes, reasons_of
from delivery.door.rules import Change, Paper, open_changes, who_bears
from delivery.models.parcels import Parcel
from delivery.rules import Direction, ParcelState
from shared.actors import Actor
from shared.working_days import work_calendar


def staff_part(parcel: Parcel, actor: Actor) -> dict[str, Any]:
    """What the template needs, for a parcel that `actor` sees."""
    if parcel.direction != Direction.RESULT:
        return {"door": None, "may_change": False}
    rule, due = release_of(parcel.id)
    acts, order = acts_of(parcel.id), latest_changes([parcel.id]).get(parcel.id)
    may = open_changes(ParcelState(parcel.state), Direction.RESULT, by_citizen=False)
    reasons = reasons_of([parcel.id])
    return {
        "may_change": bool(may) and actor.role in MAY_CHANGE,
        "door": {
            "rule": wording.RULES[rule], "collects": [each["name"] for each in due], "order": order,
            "order_words": wording.CHANGES[Change(order.kind)] if order is not None else "",
            "plan": invitations(parcel, work_calendar()),
            "bears": wording.PARTIES[who_bears(reasons)] if reasons else "",
            "acts": [{"act": act, "reason": wording.REASONS.get(act.reason, ""),
                      "paper": wording.PAPERS[Paper(act.paper)] if act.paper else ""} for act in acts]}}
