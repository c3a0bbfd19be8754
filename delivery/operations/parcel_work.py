"""Work about a parcel that no event can end: whoever answers for it says what was found."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from delivery.errors import MayNotEndWork, OutcomeUnknown, ParcelNotFound, WorkNotFound
from delivery.models.parcels import Parcel
from delivery.queries.parcel_work import open_work, work_of
from delivery.queries.parcels import seen_by
from delivery.rules.parcel_work import ENDS_BY_WORD, UNSENT
from shared import audit, work
from shared.actors import Actor, job
from shared.errors import FieldError
from shared.models.oversight import WorkItem
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation

LONGEST_WORDS: Final = 300
MAY_END: Final = frozenset({Role.OPERATOR_HQ, Role.FINANCE_REVIEWER, Role.ADMINISTRATOR})
US: Final = job("delivery.watching")


@operation
def end_work(*, parcel_id: UUID, kind: str, words: str, by: Actor, at: datetime) -> None:
    """Say what was found out or done; the items of this kind about the parcel are over.

    Raises:
        ParcelNotFound: none that `by` may know of.
        WorkNotFound: nothing of this kind is open, or it ends by itself.
        MayNotEndWork: another role's.
        OutcomeUnknown: nothing is said.
    """
    number = seen_by(by).filter(id=parcel_id).values_list("number", flat=True).first()
    if number is None:
        raise ParcelNotFound
    items = [item for item in work_of(number) if item.kind == kind and kind in ENDS_BY_WORD]
    if not items:
        raise WorkNotFound
    if not all(may_end(item, by) for item in items):
        raise MayNotEndWork
    said = clean(words)[:LONGEST_WORDS]
    if not said:
        raise OutcomeUnknown(errors=(
            FieldError("/words", "required", _("Say what you found or did, for whoever asks later.")),))
    for item in items:
        work.close_item(kind=kind, reference=item.reference, by=by.id, at=at, outcome=said)
    audit.record(actor=by, action="parcel.end-work", object_type="parcel", object_id=parcel_id, at=at,
                 after={"kind": kind, "items": len(items)}, reason=said)


def may_end(item: WorkItem, by: Actor) -> bool:
    """Whether it is hers: the owner's role, or an administrator's who sees to it."""
    return item.kind in ENDS_BY_WORD and by.role in MAY_END and by.role in {item.owner_role, Role.ADMINISTRATOR}


@operation
def end_what_is_past(*, at: datetime) -> int:
    """A trip that is over needs no booking with its carrier any more; returns how many items that ended."""
    ended = Parcel.objects.ended().values("number")
    return open_work(UNSENT).filter(number__in=ended).update(
        closed_at=at, closed_by=US.id, outcome="the trip is over")
