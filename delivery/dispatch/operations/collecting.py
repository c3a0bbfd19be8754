"""The collector signs; by when she comes; and what was there too late, or waited for her in vain."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from agents import public as agents
from delivery.dispatch.models import CutOff, Dispatch, DispatchItem
from delivery.dispatch.operations.packing import after_of, locked, step
from delivery.dispatch.rules import DispatchAction, DispatchState
from delivery.errors import DispatchRefused, MayNotHandNumbers
from delivery.events import ParcelsHandedOver
from delivery.models.parcels import Parcel
from delivery.operations.numbers import answers_for
from shared import audit
from shared.actors import Actor, job
from shared.errors import ErrorCollector
from shared.identifiers import NationalId
from shared.outbox.publishing import publish
from shared.text import clean
from shared.transactions import operation

US: Final = job("delivery.dispatch")
EARLIEST: Final = time(6, 0)
LATEST: Final = time(22, 0)


@operation
def hand_over(*, dispatch_id: UUID, gave_name: str, taken_by_name: str, taken_by_badge: str, by: Actor, at: datetime,
              left: Mapping[UUID, str] | None = None) -> Dispatch:
    """The collector counted the sealed bags and signed; `left` names parcels she did not take, and why.

    Raises:
        DispatchNotFound, DispatchNotThere: no such list of this place, or it is not closed.
        DispatchRefused: a signature cannot be kept, or nothing was taken.
    """
    dispatch = locked(dispatch_id, by)
    after_of(DispatchState(dispatch.state), DispatchAction.HAND_OVER)
    behind = {parcel_id: clean(why)[:200] for parcel_id, why in (left or {}).items()}
    names = _checked_names(gave_name, taken_by_name, taken_by_badge)
    items = list(dispatch.items.filter(is_live=True).select_related("parcel").order_by("position"))
    taken = [item for item in items if item.parcel_id not in behind]
    _check_left(items, taken, behind)
    for item in items:
        if item.parcel_id in behind:
            item.is_live, item.left_because = False, behind[item.parcel_id]
    DispatchItem.objects.bulk_update(items, ["is_live", "left_because"])
    Parcel.objects.filter(id__in=[item.parcel_id for item in taken]).update(handed_over_at=at)
    dispatch.gave_name, dispatch.taken_by_name, dispatch.taken_by_badge = names
    dispatch.handed_over_at = at
    step(dispatch, DispatchAction.HAND_OVER, by=by, at=at, also=(
        "gave_name", "taken_by_name", "taken_by_badge", "handed_over_at"))
    publish(ParcelsHandedOver(dispatch.id, tuple(item.parcel.number for item in taken), at))
    return dispatch


def _checked_names(gave: str, taken_by: str, badge: str) -> tuple[str, str, str]:
    gave, taken_by, badge = clean(gave), clean(taken_by), clean(badge)
    wrong = ErrorCollector()
    for pointer, name in (("/gave_name", gave), ("/taken_by_name", taken_by)):
        if not 2 <= len(name) <= 120:
            wrong.add(pointer, "missing", _("Write the full name of who signs."))
    if gave and gave == taken_by:
        wrong.add("/taken_by_name", "same-person", _("Two different people sign: who gives and who takes."))
    if not badge or len(badge) > 20 or NationalId.parse(badge) is not None:
        wrong.add("/taken_by_badge", "not-a-badge", _("Write the number of the work badge, never an ID number."))
    wrong.raise_if_any(DispatchRefused)
    return gave, taken_by, badge


def _check_left(items: list[DispatchItem], taken: list[DispatchItem], behind: Mapping[UUID, str]) -> None:
    wrong = ErrorCollector()
    if not set(behind) <= {item.parcel_id for item in items}:
        wrong.add("/left", "unknown", _("This parcel is not on the list."))
    if not all(behind.values()):
        wrong.add("/left", "reason", _("Say why it was not taken along."))
    if not taken:
        wrong.add("/left", "everything", _("Nothing was taken along: reopen the list instead."))
    wrong.raise_if_any(DispatchRefused)


@operation
def note_collected(*, parcel_number: str, at: datetime, by: Actor = US) -> None:
    """A parcel was signed for outside any list: it waits for no collection. Told again, it changes nothing."""
    parcel = Parcel.objects.select_for_update().filter(number=parcel_number).first()
    if parcel is None or parcel.handed_over_at is not None:
        return
    parcel.handed_over_at = at
    parcel.save(update_fields=["handed_over_at"])
    DispatchItem.objects.filter(parcel=parcel, dispatch__state=DispatchState.OPEN).delete()
    audit.record(actor=by, action="parcel.collected", object_type="parcel", object_id=parcel.id, at=at)


@operation
def set_cut_off(*, operator_code: str, clock: time | None, by: Actor, at: datetime, outlet_id: UUID | None = None,
                centre_id: UUID | None = None) -> CutOff | None:
    """Say by when an operator's collector comes to a place on working days; None: she comes at no fixed time.

    Raises:
        MayNotHandNumbers: only the operator's headquarters or an administrator says so.
        OutletNotFound, CentreNotFound: there is no such place.
        DispatchRefused: not exactly one place, another operator's outlet, or an hour at which nobody works.
    """
    if not answers_for(operator_code, by):
        raise MayNotHandNumbers
    wrong = ErrorCollector()
    if (outlet_id is None) == (centre_id is None):
        wrong.add("/outlet_id", "one-place", _("Name an outlet or a centre."))
    if clock is not None and not EARLIEST <= clock <= LATEST:
        wrong.add("/at", "range", _("Between 6:00 and 22:00."))
    wrong.raise_if_any(DispatchRefused)
    place: dict[str, Any] = {"outlet_id": outlet_id, "centre_id": centre_id, "operator_code": operator_code}
    province_code = _province_of(operator_code, outlet_id, centre_id)
    before = CutOff.objects.select_for_update().filter(**place).first()
    _record(before, clock, place, by, at)
    if clock is None:
        CutOff.objects.filter(**place).delete()
        return None
    return CutOff.objects.update_or_create(**place, defaults={
        "at": clock, "set_at": at, "set_by": by.id, "province_code": province_code})[0]


def _province_of(operator_code: str, outlet_id: UUID | None, centre_id: UUID | None) -> str:
    if outlet_id is not None:
        outlet = agents.get_outlet(outlet_id)
        if outlet.operator.code != operator_code:
            raise DispatchRefused(_("Choose an outlet of this operator."))
        return outlet.province_code
    assert centre_id is not None  # noqa: S101  # checked: exactly one place
    return agents.get_centre(centre_id).province_code


def _record(before: CutOff | None, clock: time | None, place: Mapping[str, object], by: Actor, at: datetime) -> None:
    audit.record(
        actor=by, action="cut_off.set", object_type="cut_off",
        object_id=str(place["outlet_id"] or place["centre_id"]), at=at,
        before={"at": before.at.isoformat("minutes")} if before is not None else {},
        after={"at": clock.isoformat("minutes") if clock else "", "operator": place["operator_code"]})
