"""Whose books an actor may open: a city's own, those of one operator wherever it works, or one outlet's lines."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q

from agents import public as agents
from shared.actors import Actor, ActorKind
from shared.errors import NotFound
from shared.roles import OUTLET_ROLES, Role

CITY_ROLES: Final = frozenset({Role.FINANCE_REVIEWER, Role.FINANCE_APPROVER, Role.AUDITOR})
ROLES: Final = CITY_ROLES | {Role.OPERATOR_HQ}


@dataclass(frozen=True, slots=True)
class Books:
    """One of the two is always set: the province of a city's people, or the operator of an operator's or outlet's."""

    province_code: str = ""
    operator_code: str = ""
    outlet_id: UUID | None = None
    """Set for an outlet, which sees its own lines and no statement of its operator."""

    @property
    def belong_to_city(self) -> bool:
        return not self.operator_code

    def covers(self, province_code: str, operator_code: str) -> bool:
        return self.province_code in {"", province_code} and self.operator_code in {"", operator_code}

    @property
    def lines(self) -> Q:
        """The charges of these books."""
        return self._where("province_code", outlet_id=self.outlet_id)

    @property
    def statements(self) -> Q:
        return self._where("province_id") if self.outlet_id is None else Q(pk__in=[])

    def _where(self, province: str, **more: object) -> Q:
        wanted = {province: self.province_code, "operator_code": self.operator_code, **more}
        return Q(**{name: value for name, value in wanted.items() if value})


def books_of(actor: Actor) -> Books:
    """Raises NotFound for an actor who has no books to open, as if there were none."""
    if actor.operator_id is not None and (actor.role == Role.OPERATOR_HQ or _is_machine_of_operator(actor)):
        code = next((operator.code for operator in agents.operators() if operator.id == actor.operator_id), "")
        if code:
            return Books(operator_code=code)
    elif actor.outlet_id is not None and (actor.role in OUTLET_ROLES or actor.kind is ActorKind.MACHINE):
        if (outlet := _outlet(actor.outlet_id)) is not None:
            return Books(operator_code=outlet.operator.code, outlet_id=outlet.id)
    elif actor.province_code and (actor.role in CITY_ROLES or actor.kind is ActorKind.MACHINE):
        return Books(province_code=actor.province_code)
    raise NotFound


def _outlet(outlet_id: UUID) -> agents.OutletInfo | None:
    try:
        return agents.get_outlet(outlet_id)
    except agents.OutletNotFound:
        return None


def _is_machine_of_operator(actor: Actor) -> bool:
    return actor.kind is ActorKind.MACHINE and actor.outlet_id is None
