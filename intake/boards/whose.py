"""Whose board it is: what somebody asks for, kept within her own scope."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from agents import public as agents
from agents.records import OutletInfo
from intake.boards.figures import Unit
from intake.boards.models import BoardCell, BoardMark
from intake.boards.statements import Cut
from intake.errors import BoardPlaceNotFound, NotYourProvince
from intake.models.dossiers import DossierStep
from shared import scope
from shared.actors import Actor
from shared.models.places import Province
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks for; None: no narrower than her own scope."""

    province_code: str = ""
    centre_id: UUID | None = None
    operator_id: UUID | None = None
    outlet_id: UUID | None = None


def unit_for(actor: Actor, asked: Asked) -> Unit:
    """The unit that `actor` reads: what she asked for within her own scope.

    Every centre reads its city, so that it can compare itself; it opens only itself.

    Raises:
        NotYourProvince: somebody else's province, or none that there is.
        BoardPlaceNotFound: a place outside her scope.
    """
    if actor.role in OUTLET_ROLES or (not actor.role and actor.outlet_id):
        return _of_outlet(actor, asked)
    if actor.role == Role.OPERATOR_HQ or (not actor.role and actor.operator_id):
        return _of_operator(actor, asked)
    unit = Unit(province_for(actor, asked.province_code), asked.centre_id, asked.operator_id, asked.outlet_id)
    is_centre = actor.role in CENTRE_ROLES or (not actor.role and actor.centre_id is not None)
    if is_centre and unit.places and unit.centre_id != actor.centre_id:
        raise BoardPlaceNotFound
    _must_be_there(unit)
    return unit


def _of_outlet(actor: Actor, asked: Asked) -> Unit:
    assert actor.outlet_id is not None  # noqa: S101  # the role has one
    outlet = agents.get_outlet(actor.outlet_id)
    if asked.province_code not in {"", outlet.province_code}:
        raise NotYourProvince
    if asked.outlet_id not in {None, outlet.id} or asked.operator_id not in {None, outlet.operator.id}:
        raise BoardPlaceNotFound
    unit = Unit(outlet.province_code, asked.centre_id, None, outlet.id)
    _must_be_there(unit)
    return unit


def _of_operator(actor: Actor, asked: Asked) -> Unit:
    own = agents.outlets_of_operator(actor.operator_id) if actor.operator_id else []
    provinces = {outlet.province_code for outlet in own}
    if asked.province_code and asked.province_code not in provinces:
        raise NotYourProvince
    if asked.operator_id not in {None, actor.operator_id}:
        raise BoardPlaceNotFound
    chosen = next((outlet for outlet in own if outlet.id == asked.outlet_id), None)
    if asked.outlet_id is not None and chosen is None:
        raise BoardPlaceNotFound
    province = chosen.province_code if chosen else asked.province_code or _busiest(own)
    if not province:
        raise NotYourProvince
    unit = Unit(province, asked.centre_id, actor.operator_id, asked.outlet_id)
    _must_be_there(unit)
    return unit


def _busiest(outlets: Sequence[OutletInfo]) -> str:
    """The province with the most outlets."""
    codes = [outlet.province_code for outlet in outlets]
    return max(sorted(set(codes)), key=codes.count, default="")


def _must_be_there(unit: Unit) -> None:
    """Raises BoardPlaceNotFound for a place that is none of the province."""
    centre = agents.centres_by_id([unit.centre_id])[:1] if unit.centre_id else []
    if unit.centre_id and (not centre or centre[0].province_code != unit.province_code):
        raise BoardPlaceNotFound
    outlet = agents.outlets_by_id([unit.outlet_id])[:1] if unit.outlet_id else []
    if unit.outlet_id and (not outlet or outlet[0].province_code != unit.province_code):
        raise BoardPlaceNotFound
    if unit.operator_id and unit.operator_id not in {operator.id for operator in agents.operators()}:
        raise BoardPlaceNotFound


def provinces_for(actor: Actor) -> Sequence[Province]:
    """What to choose from, for those who have no province of their own."""
    if actor.role == Role.OPERATOR_HQ and actor.operator_id:
        own = {outlet.province_code for outlet in agents.outlets_of_operator(actor.operator_id)}
        return list(Province.objects.filter(code__in=own).order_by("name"))
    return () if actor.province_code or actor.outlet_id else board_provinces()


def board_provinces() -> Sequence[Province]:
    """Those in which anything was ever counted or waits to be, by name; for callers that may see them all.

    Two look-ups by an index for each province, and the steps since the last counting once: never all steps.
    """
    floor = Subquery(BoardMark.objects.filter(id=1).values("floor"))
    waiting = DossierStep.objects.filter(id__gt=Coalesce(floor, 0), procedure_code__gt="").values("province_code")
    counted = Exists(BoardCell.objects.filter(cut=Cut.PROVINCE, province_code=OuterRef("code")))
    return list(Province.objects.filter(counted | Q(code__in=waiting)).order_by("name"))


def province_for(actor: Actor, asked: str) -> str:
    """The province whose board `actor` reads: the one asked for when it is hers, else her own.

    An administrator without a province of her own reads any, the first that has a board when she names none.

    Raises:
        NotYourProvince: somebody else's board, or none that there is.
    """
    if not actor.province_code and actor.role == Role.ADMINISTRATOR:
        open_ones = [province.code for province in board_provinces()]
        if asked in open_ones or (open_ones and not asked):
            return asked or open_ones[0]
    if not actor.province_code or (asked and asked != actor.province_code):
        raise NotYourProvince
    return actor.province_code


def as_read_by(actor: Actor, unit: Unit) -> AbstractContextManager[None]:
    """Opens the second wall where a centre reads the sums of its whole city: nothing else in it is that wide."""
    is_wide = not unit.places and bool(actor.centre_id)
    return scope.everything() if is_wide else nullcontext()
