"""Parcels are put into a collector's bags until the list is closed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from delivery.dispatch.models import CutOff, Dispatch, DispatchItem
from delivery.dispatch.papers import paper_data
from delivery.dispatch.rules import DispatchAction, DispatchState, IllegalDispatchStep, next_cut_off, next_state
from delivery.errors import DispatchNotFound, DispatchNotThere, DispatchRefused, NotForDispatch
from delivery.models.parcels import Parcel, ParcelQuerySet
from delivery.rules.number_forms import typed_number
from shared import audit
from shared.actors import Actor
from shared.errors import ErrorCollector
from shared.identifiers import spoken_code
from shared.transactions import operation
from shared.working_days import work_calendar

MOST_PARCELS: Final = 2000
MOST_BAGS: Final = 50
SEAL_LENGTH: Final = range(4, 21)


def packed_here(by: Actor) -> ParcelQuerySet:
    """The parcels that the actor's place packed; none for anybody else."""
    if by.outlet_id is not None:
        return Parcel.objects.at_outlet(by.outlet_id)
    if by.centre_id is not None:
        return Parcel.objects.at_centre(by.centre_id)
    return Parcel.objects.none()


def locked(dispatch_id: UUID, by: Actor) -> Dispatch:
    """The list, locked, for the place that makes it; raises DispatchNotFound."""
    dispatch = Dispatch.objects.seen_by(by).select_for_update(of=("self",)).filter(id=dispatch_id).first()
    if dispatch is None or not _is_of(dispatch, by):
        raise DispatchNotFound
    return dispatch


def _is_of(dispatch: Dispatch, by: Actor) -> bool:
    if dispatch.outlet_id is not None:
        return dispatch.outlet_id == by.outlet_id
    return dispatch.centre_id == by.centre_id


def step(dispatch: Dispatch, action: DispatchAction, *, by: Actor, at: datetime, also: tuple[str, ...] = ()) -> None:
    """Take `action` and save the fields named in `also`; raises DispatchNotThere."""
    before = DispatchState(dispatch.state)
    dispatch.state = after_of(before, action)
    dispatch.version += 1
    dispatch.save(update_fields=["state", "version", *also])
    audit.record(actor=by, action=f"dispatch.{action}", object_type="dispatch", object_id=dispatch.id, at=at,
                 before={"state": before.value}, after={"state": dispatch.state})


def after_of(before: DispatchState, action: DispatchAction) -> DispatchState:
    try:
        return next_state(before, action)
    except IllegalDispatchStep:
        raise DispatchNotThere(state=before.value, action=action.value) from None


@operation
def scan_parcel(*, code: str, by: Actor, at: datetime) -> DispatchItem:
    """Put the parcel of a scanned code into the open bag of its operator; the list is opened with its first parcel.

    Scanned again, it is the same line again.

    Raises:
        NotForDispatch: no parcel of this place with that number waits for the carrier.
        DispatchRefused: the list is full.
    """
    parcel = _scanned(code, by)
    known = DispatchItem.objects.select_related("dispatch").filter(parcel=parcel, is_live=True).first()
    if known is not None and known.dispatch.state == DispatchState.OPEN:
        return known
    if known is not None:
        raise NotForDispatch(_("It is on list %(code)s, which is closed.") % {"code": known.dispatch.code})
    dispatch = _open_list(parcel, by, at)
    return _put_in(dispatch, [parcel], by, at)[0]


def _scanned(code: str, by: Actor) -> Parcel:
    number = typed_number(code.strip().split("?")[0].rstrip("/").rpartition("/")[2])[:40]
    found = packed_here(by).select_for_update().filter(Q(number=number) | Q(tracking_code=number)).first()
    if found is None:
        raise NotForDispatch(_("No parcel that was packed here has this number. Scan the label again."))
    if found.handed_over_at is not None or found.state != "booked":
        raise NotForDispatch(_("The carrier has this parcel already."))
    return found


@operation
def pack_all(*, operator_code: str, by: Actor, at: datetime) -> int:
    """Put everything that waits here for an operator onto its open list; returns how many parcels that were.

    Raises:
        NotForDispatch: nothing waits.
        DispatchRefused: the list is full.
    """
    live = DispatchItem.objects.filter(is_live=True).values("parcel")
    waiting = list(packed_here(by).waiting().filter(operator_code=operator_code).exclude(id__in=live)
                   .select_for_update(of=("self",)).order_by("booked_at", "id")[:MOST_PARCELS])
    if not waiting:
        raise NotForDispatch(_("Nothing waits here for this carrier."))
    return len(_put_in(_open_list(waiting[0], by, at), waiting, by, at))


def _open_list(parcel: Parcel, by: Actor, at: datetime) -> Dispatch:
    """The place's open list of the parcel's operator; two clerks fill the same one."""
    place = {"outlet_id": by.outlet_id} if by.outlet_id is not None else {"centre_id": by.centre_id}
    mine = Dispatch.objects.select_for_update(of=("self",)).filter(
        **place, operator_code=parcel.operator_code, state=DispatchState.OPEN)
    known = mine.first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            dispatch = Dispatch.objects.create(
                **place, code=spoken_code(), province_code=parcel.province_code, operator_code=parcel.operator_code,
                carrier=parcel.carrier, opened_at=at, opened_by=by.id, bags=[""],
                cut_off_at=_collected_at(by, parcel.operator_code, at))
    except IntegrityError:
        return mine.get()  # a colleague was a moment faster
    audit.record(actor=by, action="dispatch.open", object_type="dispatch", object_id=dispatch.id, at=at)
    return dispatch


def _collected_at(by: Actor, operator_code: str, at: datetime) -> datetime | None:
    place = {"outlet_id": by.outlet_id} if by.outlet_id is not None else {"centre_id": by.centre_id}
    cut_off = CutOff.objects.filter(**place, operator_code=operator_code).first()
    return next_cut_off(cut_off.at, at, work_calendar()) if cut_off is not None else None


def _put_in(dispatch: Dispatch, parcels: Sequence[Parcel], by: Actor, at: datetime) -> list[DispatchItem]:
    last = dispatch.items.aggregate(last=Max("position"))["last"] or 0
    if last + len(parcels) > MOST_PARCELS:
        raise DispatchRefused(_("A list holds at most 2,000 parcels; close it and begin another."))
    items = DispatchItem.objects.bulk_create([
        DispatchItem(dispatch=dispatch, parcel=parcel, bag=len(dispatch.bags), position=last + offset, scanned_at=at,
                     scanned_by_name=by.name) for offset, parcel in enumerate(parcels, 1)])
    step(dispatch, DispatchAction.SCAN, by=by, at=at)
    return items


@operation
def take_out(*, dispatch_id: UUID, parcel_id: UUID, by: Actor, at: datetime) -> Dispatch:
    """Take a parcel off a list that is still open.

    Raises:
        DispatchNotFound: no such list of this place, or the parcel is not on it.
        DispatchNotThere: it is closed.
    """
    dispatch = locked(dispatch_id, by)
    after_of(DispatchState(dispatch.state), DispatchAction.TAKE_OUT)
    if not dispatch.items.filter(parcel_id=parcel_id).delete()[0]:
        raise DispatchNotFound
    step(dispatch, DispatchAction.TAKE_OUT, by=by, at=at)
    return dispatch


@operation
def begin_bag(*, dispatch_id: UUID, by: Actor, at: datetime) -> Dispatch:
    """Begin another bag: what is scanned from now on lies in it.

    Raises:
        DispatchNotFound, DispatchNotThere: no such list, or it is closed.
        DispatchRefused: the present bag is still empty, or there are too many.
    """
    dispatch = locked(dispatch_id, by)
    after_of(DispatchState(dispatch.state), DispatchAction.SCAN)
    if not dispatch.items.filter(bag=len(dispatch.bags)).exists():
        raise DispatchRefused(_("The present bag is still empty."))
    if len(dispatch.bags) >= MOST_BAGS:
        raise DispatchRefused(_("A list holds at most 50 bags; close it and begin another."))
    dispatch.bags = [*dispatch.bags, ""]
    step(dispatch, DispatchAction.SCAN, by=by, at=at, also=("bags",))
    return dispatch


@operation
def close_list(*, dispatch_id: UUID, seals: Sequence[str], by: Actor, at: datetime) -> Dispatch:
    """Seal the bags: what they hold is fixed and printed. `seals` are the bags' seal numbers, in order.

    Raises:
        DispatchNotFound, DispatchNotThere: no such list, or it is closed already.
        DispatchRefused: it is empty, or a seal number is missing, no number, or used before.
    """
    dispatch = locked(dispatch_id, by)
    after_of(DispatchState(dispatch.state), DispatchAction.CLOSE)
    items = list(dispatch.items.filter(is_live=True).select_related(
        "parcel__recipient_commune__province").prefetch_related("parcel__contents").order_by("bag", "position"))
    used = sorted({item.bag for item in items})
    numbers = [typed_number(seal) for seal in seals]
    _check_seals(dispatch, used, numbers)
    _renumber(items, used)
    dispatch.bags, dispatch.closed_at, dispatch.closed_by_name = numbers[:len(used)], at, by.name
    dispatch.paper = paper_data(dispatch, items)
    step(dispatch, DispatchAction.CLOSE, by=by, at=at, also=("bags", "closed_at", "closed_by_name", "paper"))
    return dispatch


def _check_seals(dispatch: Dispatch, used: Sequence[int], numbers: Sequence[str]) -> None:
    wrong = ErrorCollector()
    if not used:
        wrong.add("/items", "empty", _("The list is empty: scan a parcel first."))
    for index in range(len(used)):
        number = numbers[index] if index < len(numbers) else ""
        if len(number) not in SEAL_LENGTH or not number.isascii() or not number.isalnum():
            wrong.add(f"/seals/{index}", "not-a-seal", _("Write the number on the seal: 4 to 20 letters and digits."))
        elif list(numbers).count(number) > 1 or _is_used(dispatch, number):
            wrong.add(f"/seals/{index}", "used", _("This seal was used before. Each seal closes one bag, once."))
    wrong.raise_if_any(DispatchRefused)


def _is_used(dispatch: Dispatch, number: str) -> bool:
    others = Dispatch.objects.filter(operator_code=dispatch.operator_code, bags__contains=[number])
    return others.exclude(id=dispatch.id).exists()


def _renumber(items: Sequence[DispatchItem], used: Sequence[int]) -> None:
    """Bags without a parcel vanish; the others are numbered anew from 1."""
    for item in items:
        item.bag = used.index(item.bag) + 1
    DispatchItem.objects.bulk_update(items, ["bag"])


@operation
def reopen_list(*, dispatch_id: UUID, by: Actor, at: datetime) -> Dispatch:
    """Open a closed list again, before the collector has signed; its seals are broken and not used again.

    Raises:
        DispatchNotFound, DispatchNotThere: no such list, or it is not closed.
        DispatchRefused: another list of this carrier is open here.
    """
    dispatch = locked(dispatch_id, by)
    after_of(DispatchState(dispatch.state), DispatchAction.REOPEN)
    same_place = Dispatch.objects.filter(outlet_id=dispatch.outlet_id, centre_id=dispatch.centre_id)
    if same_place.filter(operator_code=dispatch.operator_code, state=DispatchState.OPEN).exists():
        raise DispatchRefused(_("Another list is open; close that one, or scan the parcel there."))
    dispatch.bags = ["" for _seal in dispatch.bags]
    dispatch.paper, dispatch.closed_at, dispatch.closed_by_name = {}, None, ""
    step(dispatch, DispatchAction.REOPEN, by=by, at=at, also=("bags", "paper", "closed_at", "closed_by_name"))
    return dispatch


@operation
def drop_list(*, dispatch_id: UUID, by: Actor, at: datetime) -> Dispatch:
    """Drop an open list that holds nothing.

    Raises:
        DispatchNotFound, DispatchNotThere: no such list, or it is not open.
        DispatchRefused: something is on it.
    """
    dispatch = locked(dispatch_id, by)
    if dispatch.items.filter(is_live=True).exists():
        raise DispatchRefused(_("Take its parcels out first."))
    step(dispatch, DispatchAction.DROP, by=by, at=at)
    return dispatch
