"""Where an outlet stands on a day, remembered by each process for a minute: asked on every public page."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from agents.moves.models import OutletMove
from agents.moves.rules import TOLD_AFTER, MoveState
from agents.records import OutletInfo
from shared import scope

_KEPT_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Standing:
    """A place with all that is told of it."""

    commune_code: str
    commune_name: str
    address: str
    phone: str
    latitude: float
    longitude: float

    @property
    def words(self) -> str:
        return f"{self.address}, {self.commune_name}"


@dataclass(frozen=True, slots=True)
class Removal:
    """A move that is decided: from `on` on the outlet stands at `there`, until then at `here`."""

    move_id: UUID
    outlet_id: UUID
    on: date
    here: Standing
    there: Standing
    reason: str


_kept: tuple[float, Mapping[UUID, tuple[Removal, ...]]] | None = None


def coming_move(outlet_id: UUID, today: date, *, fresh: bool = False) -> Removal | None:
    """The move that is decided and still to come; `fresh` asks the database, for what is written down."""
    if fresh:
        forget()
    return next((each for each in _removals().get(outlet_id, ()) if each.on > today), None)


def last_move(outlet_id: UUID, today: date) -> Removal | None:
    """The newest move of the last 60 days: people still look for the old place."""
    past = [each for each in _removals().get(outlet_id, ()) if today - TOLD_AFTER < each.on <= today]
    return past[-1] if past else None


def place_on(outlet: OutletInfo, on: date) -> Standing:
    """Where the outlet stands on a day, before and after its moves of any time."""
    moves = _removals().get(outlet.id, ())
    if moves:
        return _on_day(moves, on)
    return Standing(outlet.commune_code, outlet.commune_name, outlet.address, outlet.phone, outlet.latitude,
                    outlet.longitude)


def places_on(on: date) -> Mapping[UUID, Standing]:
    """Where each outlet that ever moves stands on a day; asked of the database, for what is written down."""
    forget()
    return {outlet_id: _on_day(moves, on) for outlet_id, moves in _removals().items()}


def _on_day(moves: tuple[Removal, ...], on: date) -> Standing:
    before = [each for each in moves if each.on <= on]
    return before[-1].there if before else moves[0].here


def _removals() -> Mapping[UUID, tuple[Removal, ...]]:
    """Every decided move by outlet, the oldest first. That an outlet moves may be known to all."""
    global _kept  # noqa: PLW0603  # one memory of this process, as agents/site_days.py
    if _kept is None or time.monotonic() - _kept[0] > _KEPT_SECONDS:
        found: dict[UUID, tuple[Removal, ...]] = {}
        with scope.everything():
            rows = list(OutletMove.objects.filter(state__in=[MoveState.APPROVED, MoveState.DONE]).select_related(
                "commune", "from_commune").order_by("effective_from", "id"))
        for row in rows:
            found[row.outlet_id] = (*found.get(row.outlet_id, ()), removal(row))
        _kept = (time.monotonic(), found)
    return _kept[1]


def removal(row: OutletMove) -> Removal:
    """A move loaded with both its communes."""
    return Removal(
        row.id, row.outlet_id, row.effective_from,
        Standing(row.from_commune_id, row.from_commune.full_name, row.from_address, row.from_phone, row.from_latitude,
                 row.from_longitude),
        Standing(row.commune_id, row.commune.full_name, row.address, row.phone or row.from_phone, row.latitude,
                 row.longitude), row.reason)


def forget() -> None:
    """Drop what is remembered, after a move was decided, called off or carried out."""
    global _kept  # noqa: PLW0603
    _kept = None
