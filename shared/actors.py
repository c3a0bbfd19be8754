"""Who does something. A job never writes a person's id: the audit must not lie about who acted."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    PERSON = "person"
    MACHINE = "machine"
    JOB = "job"
    CARRIER = "carrier"
    CENTRE = "centre"
    CITIZEN = "citizen"


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is a staff account's, a token's or a job's name; the places bound what the actor may see.

    `role` is empty for actors who are not staff. `province_code` is the two-digit code of city-wide roles.
    """

    kind: ActorKind
    id: str
    name: str = ""
    role: str = ""
    outlet_id: UUID | None = None
    operator_id: UUID | None = None
    centre_id: UUID | None = None
    province_code: str = ""
    groups: frozenset[str] = frozenset()
    """Procedure groups she may take dossiers of (shared/procedure_groups.py); empty: all."""

    def may_take_group(self, group: str) -> bool:
        return not self.groups or group in self.groups


def job(name: str) -> Actor:
    return Actor(ActorKind.JOB, name, name)
