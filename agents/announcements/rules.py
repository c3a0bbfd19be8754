"""Whom an announcement is for, and when it is shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from shared.actors import Actor
from shared.roles import Role

SENDERS: Final = frozenset({Role.OPERATIONS_OFFICER, Role.PROGRAMME_OFFICER})
LONGEST: Final = 4000
REMIND_MINUTES: Final = 4 * 60
"""Working minutes that a manager has to see to it that hers have read."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """Empty roles: every role; no place at all: everywhere in the city."""

    roles: frozenset[str] = frozenset()
    operator_ids: frozenset[UUID] = frozenset()
    outlet_ids: frozenset[UUID] = frozenset()
    centre_ids: frozenset[UUID] = frozenset()

    @property
    def is_everywhere(self) -> bool:
        return not (self.operator_ids or self.outlet_ids or self.centre_ids)


def is_for(addressed: Addressed, province_code: str, actor: Actor) -> bool:
    """Whether `actor` is among those addressed in `province_code`. Headquarters work in every city of theirs."""
    if addressed.roles and actor.role not in addressed.roles:
        return False
    if actor.province_code != province_code and actor.role != Role.OPERATOR_HQ:
        return False
    if addressed.is_everywhere:
        return True
    return (actor.outlet_id in addressed.outlet_ids or actor.operator_id in addressed.operator_ids
            or actor.centre_id in addressed.centre_ids)


def is_shown(starts_at: datetime, ends_at: datetime, at: datetime) -> bool:
    return starts_at <= at < ends_at
