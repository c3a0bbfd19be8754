"""What of the network an actor may see and answer for. Every query about it starts here."""

from django.db.models import Q, QuerySet

from agents.backends import accounts
from agents.models.organisations import Outlet
from agents.models.people import ApiToken, StaffAccount
from agents.queries import outlets
from shared.actors import Actor, ActorKind
from shared.roles import CENTRE_ROLES, FINANCE_ROLES, OUTLET_ROLES, PROGRAMME_ROLES, Role

_CITY_ROLES = FINANCE_ROLES | PROGRAMME_ROLES | {Role.AUDITOR, Role.ADMINISTRATOR}


def outlets_seen_by(actor: Actor) -> QuerySet[Outlet]:
    """An outlet sees itself, an operator its own, a centre and the city's roles those of their province."""
    if actor.kind is ActorKind.JOB:
        return outlets()
    if actor.outlet_id is not None and (not actor.role or actor.role in OUTLET_ROLES):
        return outlets().filter(id=actor.outlet_id)
    if actor.operator_id is not None and actor.role in {"", Role.OPERATOR_HQ}:
        return outlets().filter(operator_id=actor.operator_id)
    if actor.role in CENTRE_ROLES | _CITY_ROLES or (not actor.role and actor.province_code):
        return _of_province(actor)
    return outlets().none()


def _of_province(actor: Actor) -> QuerySet[Outlet]:
    if actor.role == Role.ADMINISTRATOR and not actor.province_code:
        return outlets()
    return outlets().filter(commune__province_id=actor.province_code)


def accounts_seen_by(actor: Actor) -> QuerySet[StaffAccount]:
    """Those one answers for, an auditor her whole city's; everybody else herself alone."""
    if actor.kind is ActorKind.JOB:
        return accounts()
    if actor.kind is not ActorKind.PERSON:
        return accounts().none()
    return accounts().filter(answered_for(actor) | Q(id=actor.id))


def answered_for(actor: Actor) -> Q:
    match actor.role:
        case Role.OUTLET_MANAGER:
            return Q(outlet_id=actor.outlet_id)
        case Role.OPERATOR_HQ:
            return Q(operator_id=actor.operator_id) | Q(outlet__operator_id=actor.operator_id)
        case Role.CENTRE_MANAGER:
            return Q(centre_id=actor.centre_id)
        case Role.ADMINISTRATOR | Role.AUDITOR:
            return _in_city(actor.province_code)
    return Q(id=actor.id)


def _in_city(province_code: str) -> Q:
    """Operators work in many cities, so their headquarters belong to each; no province named: every city."""
    if not province_code:
        return Q(id__isnull=False)
    return (Q(province_id=province_code) | Q(outlet__commune__province_id=province_code)
            | Q(centre__province_id=province_code) | Q(operator__isnull=False)
            | Q(role=Role.ADMINISTRATOR, province__isnull=True))


def tokens_seen_by(actor: Actor) -> QuerySet[ApiToken]:
    """Administrators see their city's tokens and every operator's; a job sees all; nobody else any."""
    tokens = ApiToken.objects.select_related("outlet__commune", "operator", "centre", "province", "created_by")
    if actor.kind is ActorKind.JOB or (actor.role == Role.ADMINISTRATOR and not actor.province_code):
        return tokens
    if actor.role != Role.ADMINISTRATOR:
        return tokens.none()
    code = actor.province_code
    return tokens.filter(Q(province_id=code) | Q(outlet__commune__province_id=code) | Q(centre__province_id=code)
                         | Q(operator__isnull=False))
