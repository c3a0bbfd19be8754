"""Whether a workplace fits a role or a token, and whether the actor answers for it."""

from agents.models.organisations import Centre, Operator, Outlet, OutletStatus
from agents.records import Workplace
from agents.scope import outlets_seen_by
from shared.actors import Actor, ActorKind
from shared.models.places import Province
from shared.roles import CENTRE_ROLES, FINANCE_ROLES, OUTLET_ROLES, PROGRAMME_ROLES, Role

PLACE_OF_ROLE = (
    dict.fromkeys(OUTLET_ROLES, "outlet") | dict.fromkeys(CENTRE_ROLES, "centre")
    | {Role.OPERATOR_HQ: "operator"}
    | dict.fromkeys(FINANCE_ROLES | PROGRAMME_ROLES | {Role.AUDITOR, Role.ADMINISTRATOR}, "province")
)


def exists(place: Workplace) -> bool:
    """Whether somebody or something can be at work there; a closed outlet stays closed."""
    return all((
        place.outlet_id is None
        or Outlet.objects.filter(id=place.outlet_id).exclude(status=OutletStatus.CLOSED).exists(),
        place.operator_id is None or Operator.objects.filter(id=place.operator_id).exists(),
        place.centre_id is None or Centre.objects.filter(id=place.centre_id).exists(),
        not place.province_code or Province.objects.filter(code=place.province_code).exists(),
    ))


def answers_for(actor: Actor, place: Workplace) -> bool:
    """Whether `actor` may settle who works at `place`. Jobs act for the machine's owner and may."""
    if actor.kind is ActorKind.JOB:
        return True
    if place.outlet_id is not None:
        return outlets_seen_by(actor).filter(id=place.outlet_id).exists()
    if actor.role == Role.ADMINISTRATOR:
        return _in_city_of(actor, place)
    if place.centre_id is not None:
        return actor.role == Role.CENTRE_MANAGER and actor.centre_id == place.centre_id
    return False


def _in_city_of(administrator: Actor, place: Workplace) -> bool:
    code = administrator.province_code
    if not code or place.operator_id is not None:
        return True
    if place.centre_id is not None:
        return Centre.objects.filter(id=place.centre_id, province_id=code).exists()
    return place.province_code == code
