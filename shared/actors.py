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
    on_behalf_of: str = ""
    """Account of whose duty this is, while she stands in for somebody; `role` is then the other's."""
    delegation: str = ""
    """By which delegation of duties."""
    own_role: str = ""
    """Her own one, while she stands in."""

    @property
    def tabs_role(self) -> str:
        """Whose tabs a page shows: who stands in goes on by the bar on top, the other's pages are not open to her."""
        return self.own_role or self.role

    def is_one_of(self, *person_ids: str) -> bool:
        """For four eyes: she and whom she stands in for are one person."""
        return self.id in person_ids or (self.on_behalf_of != "" and self.on_behalf_of in person_ids)

    def may_take_group(self, group: str) -> bool:
        return not self.groups or group in self.groups


def job(name: str) -> Actor:
    return Actor(ActorKind.JOB, name, name)
