"""Who may open what. test_access.py walks every route there is and compares: a route without a row here fails.

Roles: OC outlet clerk, OM outlet manager, OP operator headquarters, CO centre officer, CM centre manager,
FR finance reviewer, FA finance approver, AU auditor, SA administrator; `*` all of them, `public` anybody.
What a role then sees is bounded by its place, and whether something may be done now is the operation's business.
"""

from collections.abc import Mapping
from typing import Final

from shared.roles import Role

PUBLIC: Final = "public"
ROLES: Final[Mapping[str, Role]] = {
    "OC": Role.OUTLET_CLERK, "OM": Role.OUTLET_MANAGER, "OP": Role.OPERATOR_HQ, "CO": Role.CENTRE_OFFICER,
    "CM": Role.CENTRE_MANAGER, "FR": Role.FINANCE_REVIEWER, "FA": Role.FINANCE_APPROVER, "AU": Role.AUDITOR,
    "SA": Role.ADMINISTRATOR,
}

API: Final[Mapping[str, tuple[str, str]]] = {
    # route: (roles, scopes of which a token needs one)
    "GET /me": ("*", "network:read"),
    "GET /outlets/{outlet_id}": ("*", "network:read"),
    "GET /tokens": ("SA", ""),
    "POST /tokens": ("SA", ""),
    "DELETE /tokens/{token_id}": ("SA", ""),

    "POST /dossiers/{dossier_id}/receptions": ("CO CM", "centre:write"),
    "POST /counter-receptions": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/refusals": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/starts": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/supplement-requests": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/supplement-answers": ("OC OM CO CM", "centre:write dossiers:write"),
    "POST /dossiers/{dossier_id}/resolutions": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/result-hand-overs": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/withdrawals": ("OC OM CO CM", "centre:write dossiers:write"),
    "POST /dossiers/{dossier_id}/stops": ("CO CM", "centre:write"),
    "POST /dossiers/{dossier_id}/resumptions": ("CO CM", "centre:write"),
    "GET /centre/queue": ("CO CM", "centre:read"),
    "GET /centre/inbox": ("CO CM", "centre:read"),
    "GET /authority-questions": ("CO CM AU SA", "centre:read"),
    "GET /board": ("CO CM FR FA AU SA", "board:read"),

    # A carrier proves itself by its signature.
    "POST /carriers/{carrier}/events": (PUBLIC, ""),

    "POST /quotes": ("*", "billing:read quotes:read"),
    "GET /statements": ("OP FR FA AU", "billing:read"),
    "GET /statements/{statement_id}": ("OP FR FA AU", "billing:read"),
    "POST /statements/{statement_id}/preparations": ("FR", "billing:write"),
    "GET /statements/{statement_id}/lines": ("OP FR FA AU", "billing:read"),
    "GET /statements/{statement_id}/lines/{line_id}": ("OP FR FA AU", "billing:read"),
    "GET /statements/{statement_id}/exports/{kind}": ("OP FR FA AU", "billing:read"),
}

PAGES: Final[Mapping[str, str]] = {
    # Whether the house works; /metrics asks for its own token.
    "alive": PUBLIC, "ready": PUBLIC, "ready-to-serve": PUBLIC, "metrics": PUBLIC,
    "problems": PUBLIC, "problem": PUBLIC, "set_language": PUBLIC, "style-guide": PUBLIC,
    "api:openapi-json": PUBLIC, "api:openapi-view": PUBLIC, "api:api-root": PUBLIC,

    "agents:login": PUBLIC, "agents:logout": PUBLIC, "agents:home": "*", "agents:account": "*",
    "agents:outlets": "OM OP AU SA", "agents:outlet": "OM OP AU SA", "agents:open-outlet": "OP SA",
    "agents:outlet-hours": "OM OP SA", "agents:outlet-step": "OP SA",
    "agents:staff": "OM OP CM AU SA", "agents:staff-account": "OM OP CM AU SA", "agents:enrol": "OM OP CM SA",
    "agents:staff-password": "OM OP CM SA", "agents:staff-active": "OM OP CM SA",
    "agents:tokens": "SA", "agents:revoke-token": "SA",

    "intake:nearest": PUBLIC,
    "intake:receipt": "OC OM CO CM", "intake:slip": "OC OM CO CM",
}


def roles_of(cell: str) -> frozenset[str]:
    """The roles that a cell names.

    Raises:
        KeyError: an abbreviation that there is not.
    """
    if cell == PUBLIC:
        return frozenset()
    names = ROLES if cell == "*" else cell.split()
    return frozenset(str(ROLES[name]) for name in names)
