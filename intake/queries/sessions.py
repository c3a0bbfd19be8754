"""For whom a clerk acts, and what that citizen has agreed to."""

from uuid import UUID

from intake.models.citizens import ActingSession, Consent
from shared.actors import Actor, ActorKind


def has_consent(session: ActingSession, purpose: str) -> bool:
    return purpose in consents_of(session)


def consents_of(session: ActingSession) -> frozenset[str]:
    """Purposes on which the citizen's last word in this session is a yes."""
    words = Consent.objects.filter(session=session).order_by("at", "id").values_list("purpose", "is_given")
    return frozenset(purpose for purpose, is_given in dict(words).items() if is_given)


def open_session_of(by: Actor) -> ActingSession | None:
    """The session in which a person acts now, with its citizen."""
    if by.kind != ActorKind.PERSON:
        return None
    sessions = ActingSession.objects.select_related("citizen__commune")
    return sessions.filter(clerk_id=UUID(by.id), closed_at=None).first()
