"""What machines may be allowed, and who hands out which role. Pure tables."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.roles import Role


class Bound(StrEnum):
    """The kinds of place a token can be bound to; its holder sees what people of that place see."""

    OUTLET = "outlet"
    OPERATOR = "operator"
    CENTRE = "centre"
    PROVINCE = "province"


_EVERYWHERE: Final = frozenset(Bound)
_POST: Final = frozenset({Bound.OUTLET, Bound.OPERATOR})

SCOPES: Final[Mapping[str, frozenset[Bound]]] = MappingProxyType({
    # scope: the places it makes sense for
    "network:read": _EVERYWHERE,
    "placement:read": frozenset({Bound.PROVINCE}),
    "catalogue:read": _EVERYWHERE,
    "quotes:read": _EVERYWHERE,
    "citizens:read": frozenset({Bound.OUTLET}),
    "citizens:write": frozenset({Bound.OUTLET}),
    "dossiers:read": _EVERYWHERE,
    "dossiers:write": frozenset({Bound.OUTLET}),
    "documents:read": frozenset({Bound.OUTLET, Bound.CENTRE}),
    "documents:write": frozenset({Bound.OUTLET, Bound.CENTRE}),
    "centre:read": frozenset({Bound.CENTRE}),
    "centre:write": frozenset({Bound.CENTRE}),
    "board:read": frozenset({Bound.CENTRE, Bound.PROVINCE}),
    "parcels:read": _EVERYWHERE,
    "parcels:write": frozenset({Bound.OUTLET, Bound.OPERATOR, Bound.CENTRE}),
    "billing:read": frozenset({Bound.OPERATOR, Bound.PROVINCE}),
    "billing:write": frozenset({Bound.PROVINCE}),
    "room:read": _EVERYWHERE,
    "room:write": _EVERYWHERE,
    "bank:write": frozenset({Bound.OPERATOR}),
})
"""Every scope an API operation may ask for. An outlet's token never reads the city's books, whatever it was given."""

LONGEST_TOKEN_DAYS: Final = 366
"""A key that nobody renews is a key that nobody watches."""

# Who enrols whom. Nobody grants more than she answers for, and nobody grants to herself (the operations check that).
# The office of an administrator is handed on by the command line of the machine itself, never over the web.
GRANTS: Final[Mapping[str, frozenset[str]]] = MappingProxyType({
    Role.OUTLET_MANAGER: frozenset({Role.OUTLET_CLERK}),
    Role.OPERATOR_HQ: frozenset({Role.OUTLET_CLERK, Role.OUTLET_MANAGER}),
    Role.CENTRE_MANAGER: frozenset({Role.CENTRE_OFFICER}),
    Role.ADMINISTRATOR: frozenset(Role) - {Role.ADMINISTRATOR},
})


def misplaced_scopes(scopes: frozenset[str], bound: Bound) -> frozenset[str]:
    """The scopes that do not exist, or make no sense for a token bound to this kind of place."""
    return frozenset(scope for scope in scopes if bound not in SCOPES.get(scope, frozenset()))


def may_grant(granter: str, role: str) -> bool:
    return role in GRANTS.get(granter, frozenset())


class OutletStep(StrEnum):
    SUSPEND = "suspend"
    RESUME = "resume"
    CLOSE = "close"


OUTLET_STEPS: Final[Mapping[tuple[str, OutletStep], str]] = MappingProxyType({
    # status, step: the status it leads to. A closed outlet stays closed; reopening is a new agreement and a new code.
    ("active", OutletStep.SUSPEND): "suspended",
    ("suspended", OutletStep.RESUME): "active",
    ("active", OutletStep.CLOSE): "closed",
    ("suspended", OutletStep.CLOSE): "closed",
})
