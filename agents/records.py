"""The frozen answers of agents: what an outlet, a centre, an operator is to the other apps."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where an account works or what a token is bound to: exactly one of these, as the role or the token asks."""

    outlet_id: UUID | None = None
    operator_id: UUID | None = None
    centre_id: UUID | None = None
    province_code: str = ""

    @property
    def kinds(self) -> list[str]:
        named = {"outlet": self.outlet_id, "operator": self.operator_id, "centre": self.centre_id,
                 "province": self.province_code}
        return [kind for kind, value in named.items() if value]

    def as_columns(self) -> dict[str, object]:
        return {"outlet_id": self.outlet_id, "operator_id": self.operator_id, "centre_id": self.centre_id,
                "province_id": self.province_code or None}


@dataclass(frozen=True, slots=True)
class OperatorInfo:
    id: UUID
    code: str
    name: str
    operator_class: str
    carrier_code: str

    @property
    def is_public_post(self) -> bool:
        """Whether it is the designated public operator; some procedures ask other evidence of the others."""
        return self.operator_class == "public_post"


@dataclass(frozen=True, slots=True)
class OutletInfo:
    id: UUID
    code: str
    name: str
    operator: OperatorInfo
    commune_code: str
    commune_name: str
    province_code: str
    address: str
    phone: str
    latitude: float
    longitude: float
    status: str
    tasks: frozenset[str]
    agreement_from: date
    agreement_until: date | None

    def may(self, task: str, on: date) -> bool:
        """Whether the outlet is active and its agreement of that day delegates `task`."""
        in_term = self.agreement_from <= on and (self.agreement_until is None or on < self.agreement_until)
        return self.status == "active" and in_term and task in self.tasks


@dataclass(frozen=True, slots=True)
class CentreInfo:
    id: UUID
    agency_code: str
    name: str
    authority_name: str
    level: str
    province_code: str
    commune_code: str
    """Empty for a provincial centre."""
    latitude: float
    longitude: float
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class PersonInfo:
    """Somebody of the staff, as a citizen may know her: who looked at or handled her papers."""

    name: str
    place_name: str


@dataclass(frozen=True, slots=True)
class ColleagueInfo:
    """Somebody who works at a centre."""

    id: UUID
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class NearbyOutlet:
    outlet: OutletInfo
    distance_km: float
    is_open: bool
    """At the asked moment."""
    opens_next: str = ""
    """Local ISO moment of the next opening when closed now; empty when open or unknown."""
    is_crowded: bool = False
    """At least twice as many people as usual in this hour or the one before."""
    moves_on: date | None = None
    """From when on it stands elsewhere, when that is decided."""
    moves_to: str = ""
