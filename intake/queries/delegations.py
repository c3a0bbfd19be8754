"""Who signs for whom today."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from intake.models.delegations import SigningDelegation, SigningPermit
from intake.models.dossiers import Dossier
from shared.actors import Actor, ActorKind
from shared.calendar import local
from shared.roles import CENTRE_ROLES, Role


def is_allowed(province_code: str, at: datetime) -> bool:
    """Whether the city's council allows delegation of signature now."""
    return SigningPermit.objects.filter(
        province_code=province_code, closed_at=None, valid_from__lte=local(at).date()).exists()


def delegations_seen_by(actor: Actor) -> QuerySet[SigningDelegation]:
    """A centre's own; the city's roles see all of the province."""
    if actor.role in CENTRE_ROLES and actor.centre_id is not None:
        return SigningDelegation.objects.filter(centre_id=actor.centre_id)
    if actor.role in {Role.ADMINISTRATOR, Role.AUDITOR}:
        every = SigningDelegation.objects.all()
        return every.filter(centre__province_id=actor.province_code) if actor.province_code else every
    return SigningDelegation.objects.none()


def delegation_of(dossier: Dossier, *, by: Actor, at: datetime) -> SigningDelegation | None:
    """Under which delegation `by` signs on this dossier; None: in her own name."""
    if by.kind != ActorKind.PERSON or by.centre_id is None:
        return None
    day = local(at).date()
    found = SigningDelegation.objects.filter(
        delegate_id=UUID(by.id), centre_id=by.centre_id, revoked_at=None, valid_from__lte=day, valid_to__gt=day,
        procedure_codes__contains=[dossier.procedure_code]).order_by("-granted_at").first()
    return found if found is not None and is_allowed(dossier.province_code, at) else None


def signed_name(dossier: Dossier, *, by: Actor, at: datetime) -> str:
    """The name under a decision: both names where one signs for another (TUQ., thừa uỷ quyền)."""
    under = delegation_of(dossier, by=by, at=at)
    return by.name if under is None else f"{by.name} (TUQ. {under.delegator_name})"[:120]
