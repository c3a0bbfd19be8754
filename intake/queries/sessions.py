"""For whom a clerk acts, and what that citizen has agreed to."""

from uuid import UUID

from intake.models.citizens import ActingSession, Consent
from intake.models.mandates import Mandate, SecondCitizenStop
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


def last_words(citizen_id: UUID) -> dict[str, bool]:
    """The citizen's last word on each purpose, in whatever session or outside one: True is a yes."""
    words = Consent.objects.filter(citizen_id=citizen_id).order_by("at", "id").values_list("purpose", "is_given")
    return dict(words)


def agrees_to(citizen_id: UUID, purpose: str) -> bool:
    """Whether the citizen's last word on `purpose` is a yes; silence is none."""
    return last_words(citizen_id).get(purpose, False)


def consent_history(citizen_id: UUID) -> list[Consent]:
    """Every word that the citizen said on any purpose, newest first."""
    return list(Consent.objects.filter(citizen_id=citizen_id).order_by("-at", "-id")[:60])


def stop_of(session: ActingSession) -> SecondCitizenStop | None:
    """The second citizen's paper that waits for the clerk's word, the oldest first."""
    waiting = SecondCitizenStop.objects.filter(session=session, decision="").select_related("document")
    return waiting.order_by("found_at", "id").first()


def mandates_of(session: ActingSession) -> list[Mandate]:
    """What was recorded in the session and not withdrawn, newest first."""
    return list(Mandate.objects.filter(session=session, withdrawn_at=None).order_by("-recorded_at", "-id"))


def representative_of(session: ActingSession) -> Mandate | None:
    """Who speaks for the citizen in this session, by the newest mandate that names somebody."""
    return next((mandate for mandate in mandates_of(session) if mandate.representative_name), None)
