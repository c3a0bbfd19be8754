"""Dispatch lists and collections as the screens, the API and the other apps read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Count, Prefetch, Q, Sum

from agents import public as agents
from delivery.dispatch.models import CutOff, Dispatch, DispatchItem
from delivery.dispatch.operations.packing import packed_here
from delivery.dispatch.operations.watching import Place, missed_places
from delivery.dispatch.rules import DispatchState, last_cut_off, next_cut_off
from delivery.errors import DispatchNotFound
from delivery.models.parcels import Parcel
from delivery.queries.parcels import seen_by as parcels_seen_by
from shared.actors import Actor
from shared.working_days import work_calendar

RECENT = 20
MOST_WAITING = 300
MOST_COLLECTIONS = 400


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed for a dispatch list."""

    carrier: str
    gave_name: str
    taken_by_name: str
    taken_by_badge: str


def dispatch_signed(dispatch_id: UUID) -> Signed:
    """Raises DispatchNotFound."""
    dispatch = Dispatch.objects.filter(id=dispatch_id).first()
    if dispatch is None:
        raise DispatchNotFound
    return Signed(dispatch.carrier, dispatch.gave_name, dispatch.taken_by_name, dispatch.taken_by_badge)


@dataclass(frozen=True, slots=True)
class Carrier:
    """What one operator's collector finds at this place."""

    code: str
    name: str
    waiting: tuple[Parcel, ...]
    """Not on any list yet, the longest waiting first."""
    is_cut: bool
    """More wait than are shown."""
    open_list: Dispatch | None
    cut_off_at: datetime | None
    """The next collection."""
    missed: int
    """Parcels that were ready for the last collection and are still here, on no closed list."""


def carriers_here(by: Actor, now: datetime) -> list[Carrier]:
    """One for each operator that has something to collect here, or comes at a fixed time."""
    listed = DispatchItem.objects.filter(is_live=True).values("parcel")
    waiting = list(_loaded(packed_here(by).waiting().exclude(id__in=listed)).order_by(
        "booked_at", "id")[:MOST_WAITING + 1])
    open_lists = {each.operator_code: each for each in _with_items(
        Dispatch.objects.seen_by(by).filter(state=DispatchState.OPEN))}
    cut_offs = {each.operator_code: each for each in CutOff.objects.seen_by(by)}
    names = {each.code: each.name for each in agents.operators()}
    codes = {parcel.operator_code for parcel in waiting} | set(open_lists) | set(cut_offs)
    missed = _missed_here(by, now) if cut_offs else {}
    is_cut = len(waiting) > MOST_WAITING
    return [Carrier(
        code, names.get(code, code), tuple(p for p in waiting[:MOST_WAITING] if p.operator_code == code), is_cut,
        open_lists.get(code), _next(cut_offs.get(code), now), missed.get(code, 0)) for code in sorted(codes)]


def _missed_here(by: Actor, now: datetime) -> dict[str, int]:
    here = (by.outlet_id, None) if by.outlet_id is not None else (None, by.centre_id)
    return {place[0]: count for place, count in missed_places(now).items() if place[1:] == here}


def _next(cut_off: CutOff | None, now: datetime) -> datetime | None:
    return next_cut_off(cut_off.at, now, work_calendar()) if cut_off is not None else None


def _loaded(parcels: models.QuerySet[Parcel]) -> models.QuerySet[Parcel]:
    return parcels.select_related("recipient_commune__province").prefetch_related("contents").fetch_mode(
        models.FETCH_RAISE)


def _with_items(lists: models.QuerySet[Dispatch]) -> models.QuerySet[Dispatch]:
    items = DispatchItem.objects.select_related("parcel__recipient_commune__province").prefetch_related(
        "parcel__contents").order_by("-bag", "-position")
    return lists.prefetch_related(Prefetch("items", queryset=items)).fetch_mode(models.FETCH_RAISE)


def find_list(dispatch_id: UUID, by: Actor) -> Dispatch:
    """A list with its lines; raises DispatchNotFound, also for one that `by` may not know of."""
    found = _with_items(Dispatch.objects.seen_by(by).filter(id=dispatch_id)).first()
    if found is None:
        raise DispatchNotFound
    return found


def lists_of(by: Actor) -> models.QuerySet[Dispatch]:
    """Lists in sight, newest first, each with how many parcels, grams and how many were left behind."""
    taken = Q(items__is_live=True)
    return Dispatch.objects.seen_by(by).exclude(state=DispatchState.DROPPED).annotate(
        parcels=Count("items", filter=taken), grams=Sum("items__parcel__weight_grams", filter=taken),
        left=Count("items", filter=Q(items__is_live=False))).order_by("-opened_at", "-id").fetch_mode(
        models.FETCH_RAISE)


@dataclass(frozen=True, slots=True)
class Collection:
    """One place of an operator: by when it is collected, and what stands there."""

    outlet_id: UUID | None
    centre_id: UUID | None
    code: str
    name: str
    operator_code: str
    cut_off: CutOff | None
    next_at: datetime | None
    last_at: datetime | None
    waiting: int
    missed: int

    @property
    def is_busy(self) -> bool:
        """Whether it has a fixed time, or anything stands there; the others are many and rarely looked at."""
        return self.cut_off is not None or bool(self.waiting or self.missed)


def collections_of(by: Actor, now: datetime) -> list[Collection]:
    """The places that `by` may know of with parcels waiting or a fixed cut-off, and an operator's other outlets."""
    cut_offs = {(each.operator_code, each.outlet_id, each.centre_id): each for each in CutOff.objects.seen_by(by)}
    waiting = _waiting_by_place(by)
    missed = missed_places(now) if cut_offs else {}
    places = dict.fromkeys([*_outlets_of(by), *cut_offs, *waiting])
    names = _names({place[1] for place in places}, {place[2] for place in places})
    calendar = work_calendar()
    rows = []
    for place in list(places)[:MOST_COLLECTIONS]:
        cut_off = cut_offs.get(place)
        site = place[1] or place[2]
        code, name = names.get(site, ("", "")) if site else ("", "")
        rows.append(Collection(
            place[1], place[2], code, name, place[0], cut_off,
            next_cut_off(cut_off.at, now, calendar) if cut_off else None,
            last_cut_off(cut_off.at, now, calendar) if cut_off else None,
            waiting.get(place, 0), missed.get(place, 0)))
    return sorted(rows, key=lambda row: (-row.missed, row.cut_off is None, row.name, row.operator_code))


def _outlets_of(by: Actor) -> Iterable[Place]:
    if by.operator_id is None:
        return []
    return [(each.operator.code, each.id, None) for each in agents.outlets_of_operator(by.operator_id)]


def _waiting_by_place(by: Actor) -> dict[Place, int]:
    rows = parcels_seen_by(by).waiting().exclude(direction="posted_in").order_by().values_list(
        "operator_code", "outlet_id", "centre_id", "direction").annotate(n=Count("id"))
    found: dict[Place, int] = {}
    for operator_code, outlet_id, centre_id, direction, count in rows:
        place = (operator_code, outlet_id, None) if direction == "dossier" else (operator_code, None, centre_id)
        found[place] = found.get(place, 0) + count
    return found


def _names(outlet_ids: Iterable[UUID | None], centre_ids: Iterable[UUID | None]) -> dict[UUID, tuple[str, str]]:
    outlets = agents.outlets_by_id({each for each in outlet_ids if each is not None})
    centres = agents.centres_by_id({each for each in centre_ids if each is not None})
    return {each.id: (each.code, each.name) for each in outlets} | {
        each.id: (each.agency_code, each.name) for each in centres}
