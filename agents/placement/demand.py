"""Demand sets: brought as rows, estimated, or counted from our own dossiers."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from agents.models.organisations import Centre, CentreLevel
from agents.models.placement import CommuneDemand, DemandSet
from agents.placement.errors import DemandRefused, DemandSetNotFound, SetInUse
from agents.placement.events import DemandAsked
from agents.placement.ports import CommuneHistory, history
from agents.placement.reading import demand_faults
from agents.placement.terms import DemandRow, DemandSource, PlacementState
from shared import audit
from shared.actors import Actor
from shared.errors import ErrorCollector
from shared.geo import distance_km
from shared.models.places import Commune, CommuneKind, Succession
from shared.outbox.publishing import publish
from shared.transactions import operation

LOOKS_BACK: Final = timedelta(days=365)
STANDARD_WARD: Final = 15_000
STANDARD_COMMUNE: Final = 8_000
"""The least population asked of an inner-city ward (Resolution 1211/2016/UBTVQH13, Article 8, as consolidated in
19/VBHN-VPQH of 2022) and of a lowland commune or a township. A guess where nobody has counted: a ward of a provincial
city needed 7,000, one of a town 5,000, and many units fell short of it."""


@operation
def take_demand(*, name: str, note: str, rows: Sequence[DemandRow], source: DemandSource, by: Actor,
                at: datetime) -> DemandSet:
    """Keep a whole demand set, or nothing of it.

    Raises:
        DemandRefused: a row is wrong, or the set has no name.
    """
    communes = _communes(by.province_code)
    wrong = ErrorCollector()
    if not name.strip():
        wrong.add("/name", "missing", _("Give it a name, to find it again."))
    for fault in demand_faults(rows, communes, range(1, len(rows) + 1)):
        wrong.add(f"/rows/{fault.line - 1}/{fault.column}", fault.code, fault.message)
    wrong.raise_if_any(DemandRefused)
    made = _new(by, at, name=name, note=note, source=source)
    _fill(made, rows, communes)
    audit.record(actor=by, action="take_demand", object_type="demand_set", object_id=made.id, at=at,
                 after={"communes": made.communes, "source": str(source)})
    return made


@operation
def ask_history(*, name: str, by: Actor, at: datetime) -> DemandSet:
    """Have the dossiers of the last twelve months counted by the citizens' communes; a worker does it.

    Raises:
        DemandRefused: no name.
    """
    wrong = ErrorCollector()
    if not name.strip():
        wrong.add("/name", "missing", _("Give it a name, to find it again."))
    wrong.raise_if_any(DemandRefused)
    made = _new(by, at, name=name, note="", source=DemandSource.DOSSIERS, state=PlacementState.ASKED)
    audit.record(actor=by, action="ask_demand_history", object_type="demand_set", object_id=made.id, at=at)
    publish(DemandAsked(made.id, asked_at=at))
    return made


@operation
def count_history(*, demand_set_id: UUID, at: datetime) -> None:
    """Count, once; a set without a single dossier has failed and says so."""
    asked = DemandSet.objects.select_for_update().filter(id=demand_set_id, state=PlacementState.ASKED).first()
    if asked is None:
        return
    communes = _communes(asked.province_id)
    rows = [_counted(each) for each in history(asked.province_id, asked.made_at - LOOKS_BACK, asked.made_at)
            if each.commune_code in communes and each.dossiers]
    asked.state = PlacementState.COMPUTED if rows else PlacementState.FAILED
    asked.save(update_fields=["state"])
    _fill(asked, rows, communes)


@operation
def drop_demand(*, demand_set_id: UUID, by: Actor, at: datetime) -> None:
    """Throw a set away that no scenario rests on.

    Raises:
        DemandSetNotFound, SetInUse.
    """
    found = DemandSet.objects.select_for_update().filter(id=demand_set_id, province_id=by.province_code).first()
    if found is None:
        raise DemandSetNotFound
    try:
        found.delete()
    except ProtectedError as error:
        raise SetInUse from error
    audit.record(actor=by, action="drop_demand", object_type="demand_set", object_id=demand_set_id, at=at)


def estimated_rows(province_code: str) -> list[DemandRow]:
    """A guess for every commune: its population where it is known, else the least that its former units had."""
    units: dict[str, int] = {}
    defaults = Succession.objects.filter(commune__province_id=province_code, is_default=True)
    for code, kind in defaults.values_list("commune_id", "former__kind"):
        units[code] = units.get(code, 0) + (STANDARD_WARD if kind == CommuneKind.WARD else STANDARD_COMMUNE)
    return [DemandRow(commune.code, commune.population or units.get(commune.code) or _standard(commune.kind))
            for commune in _communes(province_code).values()]


def _standard(kind: str) -> int:
    return STANDARD_WARD if kind == CommuneKind.WARD else STANDARD_COMMUNE


def _counted(each: CommuneHistory) -> DemandRow:
    rate = (Decimal(each.online) / each.dossiers).quantize(Decimal("0.0001"))
    return DemandRow(each.commune_code, each.dossiers, online_rate=rate)


def _communes(province_code: str) -> dict[str, Commune]:
    return {each.code: each for each in Commune.objects.filter(province_id=province_code).order_by("code")}


def _new(by: Actor, at: datetime, *, name: str, note: str, source: DemandSource,
         state: PlacementState = PlacementState.COMPUTED) -> DemandSet:
    return DemandSet.objects.create(
        province_id=by.province_code, name=name.strip()[:120], note=note.strip()[:300], source=source, state=state,
        made_by=by.id, made_by_name=by.name, made_at=at)


def _fill(made: DemandSet, rows: Sequence[DemandRow], communes: dict[str, Commune]) -> None:
    centres = {commune: (latitude, longitude) for commune, latitude, longitude in Centre.objects.filter(
        commune__in=communes, level=CentreLevel.COMMUNE, open_until=None,
    ).values_list("commune_id", "latitude", "longitude")}
    CommuneDemand.objects.bulk_create([CommuneDemand(
        demand_set=made, commune_id=row.commune_code, demand=row.demand, elderly_share=row.elderly_share,
        online_rate=row.online_rate, terrain_factor=row.terrain_factor,
        centre_km=_way(communes[row.commune_code], centres.get(row.commune_code))) for row in rows])
    made.communes, made.total = len(rows), sum(row.demand for row in rows)
    made.save(update_fields=["communes", "total"])


def _way(commune: Commune, centre: tuple[float, float] | None) -> float | None:
    return None if centre is None else distance_km((commune.latitude, commune.longitude), centre)
