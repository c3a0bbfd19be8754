"""What is read of people's coming and going; first by who may see it."""

from datetime import datetime

from django.db.models import Q, QuerySet

from agents.models.organisations import OutletStatus
from agents.models.people import ApiToken, StaffAccount
from agents.people.models import Invitation
from agents.people.rules import InvitationState
from agents.scope import answered_for
from shared.actors import Actor, ActorKind
from shared.crypto import token_digest
from shared.roles import Role


def invitations() -> QuerySet[Invitation]:
    """Invitations, each with its place."""
    return Invitation.objects.select_related("outlet", "centre", "operator", "province", "invited_by")


def invitations_seen_by(actor: Actor) -> QuerySet[Invitation]:
    """Those to the places that one answers for; an auditor sees her city's."""
    if actor.kind is ActorKind.JOB:
        return invitations()
    if actor.kind is not ActorKind.PERSON or actor.role not in _SEE:
        return invitations().none()
    return invitations().filter(answered_for(actor))


_SEE = frozenset({Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.CENTRE_MANAGER, Role.ADMINISTRATOR, Role.AUDITOR})


def waiting_invitations(actor: Actor) -> list[Invitation]:
    """Those that nobody has answered yet, newest first."""
    waiting = Q(state__in=[InvitationState.OPEN, InvitationState.LAPSED])
    return list(invitations_seen_by(actor).filter(waiting).order_by("-invited_at", "-id")[:50])


def invitation_of_code(code: str, at: datetime) -> Invitation | None:
    """The open invitation that this code opens.

    None: unknown, used, taken back, too old, or its outlet is closed; not told which.
    """
    digest = token_digest(code)
    found = invitations().filter(Q(digest=digest) | Q(mailed_digest=digest), state=InvitationState.OPEN)
    found = found.exclude(outlet__status=OutletStatus.CLOSED)
    return found.filter(expires_at__gt=at).first()


def keys_seen_by_holder(account: StaffAccount, at: datetime) -> list[ApiToken]:
    """The machine keys that end with an account, because whoever issued them has seen them."""
    return list(ApiToken.objects.filter(created_by=account, revoked_at=None, expires_at__gt=at).order_by("name"))
