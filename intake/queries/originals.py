"""What is where: originals held at a place with their age, and the chain of each original of a dossier."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import FETCH_RAISE, Q, QuerySet

from intake.models.custody import CustodyMove, Original
from intake.rules import clock
from intake.rules.custody import ACTION_WORDS, AT_REST, HOLDER_WORDS, Holder
from intake.rules.states import Handling
from intake.rules.wording import Words
from shared.actors import Actor
from shared.roles import CENTRE_ROLES, OUTLET_ROLES
from shared.working_days import work_calendar

MOST_ROWS: Final = 500
LATE_AFTER_DAYS: Final = {Holder.OUTLET: 1, Holder.PARCEL: 1, Holder.CARRIER: 4, Holder.CENTRE: 10}
"""Working days in one hand, after which somebody asks why. At the centre it counts from the end of the dossier."""


@dataclass(frozen=True, slots=True)
class OriginalRow:
    """One original and the hand it is in."""

    id: UUID
    dossier_id: UUID
    reference: str
    citizen_name: str
    name: str
    identifier: str
    sheets: int
    goes_back: bool
    where: Holder
    where_words: Words
    holder_name: str
    held_since: datetime
    is_late: bool
    is_brought_back: bool = False
    """On its way to the centre from a door, where it was taken back for a result."""

    @property
    def is_at_rest(self) -> bool:
        return self.where in AT_REST


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One hand-over of an original."""

    at: datetime
    what: Words
    to_name: str
    by_name: str
    signed_name: str
    note: str


@dataclass(frozen=True, slots=True)
class Chain:
    """An original with its whole way."""

    original: OriginalRow
    steps: tuple[ChainStep, ...]


def held_here(actor: Actor, now: datetime) -> tuple[OriginalRow, ...]:
    """Originals that the actor's place holds itself, longest first."""
    if actor.role in OUTLET_ROLES or (not actor.role and actor.outlet_id):
        mine = Original.objects.seen_by(actor).held(Holder.OUTLET)
    elif actor.role in CENTRE_ROLES or (not actor.role and actor.centre_id):
        mine = Original.objects.seen_by(actor).held(Holder.CENTRE)
    else:
        mine = Original.objects.seen_by(actor).exclude(holder__in=[h.value for h in AT_REST])
    return _rows(mine, now)


def under_way(actor: Actor, now: datetime) -> tuple[OriginalRow, ...]:
    """Originals in parcels from or to the actor's place, and those that its citizens left at the other end."""
    away = Original.objects.seen_by(actor).filter(holder__in=[Holder.PARCEL, Holder.CARRIER])
    if actor.role in OUTLET_ROLES:
        away = Original.objects.seen_by(actor).filter(holder__in=[Holder.PARCEL, Holder.CARRIER, Holder.CENTRE])
    return _rows(away, now)


def originals_of(dossier_id: UUID, *, actor: Actor, now: datetime) -> tuple[OriginalRow, ...]:
    return _rows(Original.objects.seen_by(actor).filter(dossier_id=dossier_id), now)


def _rows(originals: "QuerySet[Original]", now: datetime) -> tuple[OriginalRow, ...]:
    found = originals.select_related("dossier__citizen").fetch_mode(FETCH_RAISE).order_by("held_since", "id")
    limits = {holder: clock.moment_before(now, days * clock.DAY_MINUTES, work_calendar())
              for holder, days in LATE_AFTER_DAYS.items()}
    return tuple(_row(each, limits) for each in found[:MOST_ROWS])


def _row(original: Original, limits: dict[Holder, datetime]) -> OriginalRow:
    dossier, where = original.dossier, Holder(original.holder)
    limit = limits.get(where)
    # A centre may need it as long as it works on the dossier.
    is_needed = where == Holder.CENTRE and dossier.handling not in {
        Handling.RESOLVED, Handling.RETURNED, Handling.NOT_ACCEPTED, Handling.WITHDRAWN}
    return OriginalRow(
        id=original.id, dossier_id=dossier.id, reference=dossier.code or dossier.agent_ref,
        citizen_name=dossier.citizen.full_name, name=original.name, identifier=original.identifier,
        sheets=original.sheets, goes_back=original.goes_back, where=where, where_words=HOLDER_WORDS[where],
        holder_name=original.holder_name, held_since=original.held_since,
        is_late=limit is not None and original.held_since < limit and not is_needed,
        is_brought_back=where == Holder.CARRIER and original.holder_ref.startswith("back:"))


def chain_of(dossier_id: UUID, *, actor: Actor, now: datetime) -> tuple[Chain, ...]:
    """Each original of a dossier with every hand it went through; two questions."""
    originals = originals_of(dossier_id, actor=actor, now=now)
    moves: dict[UUID, list[ChainStep]] = {}
    for move in CustodyMove.objects.filter(original_id__in=[each.id for each in originals]).order_by("number"):
        moves.setdefault(move.original_id, []).append(ChainStep(
            move.at, ACTION_WORDS[move.action], move.to_name, move.actor_name, move.signed_name, move.note))
    return tuple(Chain(each, tuple(moves.get(each.id, ()))) for each in originals)


def late_originals(now: datetime) -> "Iterable[Original]":
    """Every original that lies in one hand for too long, for the sweep."""
    late = Q()
    for holder, days in LATE_AFTER_DAYS.items():
        before = clock.moment_before(now, days * clock.DAY_MINUTES, work_calendar())
        here = Q(holder=holder, held_since__lt=before)
        if holder == Holder.CENTRE:
            here &= Q(dossier__handling__in=[Handling.RESOLVED, Handling.RETURNED, Handling.NOT_ACCEPTED,
                                             Handling.WITHDRAWN])
        late |= here
    return Original.objects.filter(late).select_related("outlet", "operator", "centre")
