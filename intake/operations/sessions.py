"""Acting for a citizen: one clerk, one citizen at a time, with a consent for each purpose."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from agents import public as agents
from intake.errors import CitizenNotFound, ConsentMissing, NoOpenSession, NotAnOutlet, SessionAlreadyOpen
from intake.events import ConsentWithdrawn
from intake.models.citizens import ActingSession, Citizen, Consent, ConsentPurpose
from intake.models.mandates import SecondCitizenStop
from intake.queries.sessions import has_consent, last_words
from intake.rules.second_citizen import StopDecision
from shared import audit
from shared.actors import Actor, ActorKind, job
from shared.calendar import local
from shared.models.oversight import AuditEntry
from shared.outbox.publishing import publish
from shared.transactions import operation

CONSENT_TEXT: Final = "2026-01"
"""Version of the consent wording on the screen (Law on Personal Data Protection 91/2025/QH15)."""
CHANNELS: Final = ("counter", "phone", "paper")
"""How a withdrawal may reach the outlet."""
IDLE: Final = timedelta(minutes=45)
"""After this long without anything done the session ends: the next citizen must not meet it."""
SHORTEST: Final = timedelta(minutes=15)
"""A session that has only begun is left alone, also when the counter closes meanwhile."""
FOUND_WINDOW: Final = timedelta(hours=1)
"""How long a citizen found by her number stays in reach of whoever found her."""


@operation
def open_session(*, citizen_id: UUID, purposes: Iterable[str], by: Actor, at: datetime,
                 text_version: str = CONSENT_TEXT, is_citizen_present: bool = True) -> ActingSession:
    """Begin to act for a citizen who agreed to `purposes`. Again: the same session, with what is new.

    Not `is_citizen_present`: somebody came for her; what is filed then asks for a mandate.

    Raises:
        NotAnOutlet: only an outlet's people and machines act for citizens.
        CitizenNotFound: nobody the outlet knows or has just found by number.
        ConsentMissing: helping with the filing itself was not agreed to, or a purpose is unknown.
        SessionAlreadyOpen: the clerk still acts for somebody else.
    """
    if by.outlet_id is None:
        raise NotAnOutlet
    agreed = sorted(set(purposes) & set(ConsentPurpose.values))
    if ConsentPurpose.ASSIST_FILING not in agreed:
        raise ConsentMissing(purpose=ConsentPurpose.ASSIST_FILING.value)
    if not is_in_reach(citizen_id, by, at):
        raise CitizenNotFound
    session = _open_of(by) or _begin(citizen_id, by.outlet_id, by, at, is_citizen_present=is_citizen_present)
    if session.citizen_id != citizen_id:
        raise SessionAlreadyOpen(citizen_id=str(session.citizen_id), session_id=str(session.id))
    for purpose in agreed:
        _consent(session, purpose, text_version, is_given=True, by=by, at=at)
    return session


def is_in_reach(citizen_id: UUID, by: Actor, at: datetime) -> bool:
    if Citizen.objects.seen_by(by).filter(id=citizen_id).exists():
        return True
    return AuditEntry.objects.filter(object_type="citizen", object_id=str(citizen_id), action="citizen.find",
                                     actor_id=by.id, at__gt=at - FOUND_WINDOW).exists()


def _open_of(by: Actor) -> ActingSession | None:
    """The session a person has open; a machine may hold several."""
    if by.kind != ActorKind.PERSON:
        return None
    return ActingSession.objects.select_for_update().filter(clerk_id=UUID(by.id), closed_at=None).first()


def _begin(citizen_id: UUID, outlet_id: UUID, by: Actor, at: datetime, *, is_citizen_present: bool) -> ActingSession:
    clerk_id = UUID(by.id) if by.kind == ActorKind.PERSON else None
    try:
        with transaction.atomic():
            session = ActingSession.objects.create(citizen_id=citizen_id, outlet_id=outlet_id, clerk_id=clerk_id,
                                                   opened_by=by.id, opened_at=at, touched_at=at,
                                                   is_citizen_present=is_citizen_present)
    except IntegrityError as error:
        if "acting_session_one_citizen_at_a_time" not in str(error):
            raise
        return ActingSession.objects.get(clerk_id=clerk_id, closed_at=None)
    audit.record(actor=by, action="session.open", object_type="citizen", object_id=citizen_id, at=at,
                 after={"session": str(session.id)})
    return session


def _consent(session: ActingSession, purpose: str, text_version: str, *, is_given: bool, by: Actor,
             at: datetime) -> None:
    if has_consent(session, purpose) == is_given:
        return
    Consent.objects.create(citizen_id=session.citizen_id, session=session, purpose=purpose,
                           text_version=text_version[:20], is_given=is_given, witness_id=UUID(by.id), at=at)
    audit.record(actor=by, action="consent.give" if is_given else "consent.withdraw", object_type="citizen",
                 object_id=session.citizen_id, at=at, after={"purpose": purpose, "session": str(session.id)})


@operation
def withdraw_consent(*, session_id: UUID, purpose: str, by: Actor, at: datetime) -> ActingSession:
    """Record that the citizen takes back a yes; what was done before stays done.

    Without a yes to the help itself nobody acts any more: the session ends. Messages stop by their own consent.

    Raises:
        NoOpenSession: this session is not open at the actor's outlet.
    """
    session = _locked(session_id, by)
    if purpose in ConsentPurpose.values and has_consent(session, purpose):
        _consent(session, purpose, CONSENT_TEXT, is_given=False, by=by, at=at)
        publish(ConsentWithdrawn(session.citizen_id, purpose, at))
    if purpose == ConsentPurpose.ASSIST_FILING:
        _close(session, because="withdrawn", by=by, at=at)
    return session


@operation
def withdraw_at_any_time(*, citizen_id: UUID, purpose: str, channel: str, by: Actor, at: datetime) -> Citizen:
    """Record that a citizen takes back a yes outside a session: at the counter, by telephone, on paper.

    Raises:
        CitizenNotFound: nobody whom the actor's place knows.
        ConsentMissing: she has not agreed to this, or took it back before.
    """
    citizen = Citizen.objects.seen_by(by).filter(id=citizen_id).first()
    if citizen is None:
        raise CitizenNotFound
    if purpose not in ConsentPurpose.values or not last_words(citizen_id).get(purpose, False):
        raise ConsentMissing(purpose=purpose)
    Consent.objects.create(citizen_id=citizen_id, purpose=purpose, text_version=CONSENT_TEXT, is_given=False,
                           witness_id=UUID(by.id), channel=channel if channel in CHANNELS else "counter", at=at)
    audit.record(actor=by, action="consent.withdraw", object_type="citizen", object_id=citizen_id, at=at,
                 after={"purpose": purpose, "channel": channel})
    for session in ActingSession.objects.select_for_update().filter(citizen=citizen, closed_at=None):
        if purpose == ConsentPurpose.ASSIST_FILING:
            _close(session, because="withdrawn", by=by, at=at)
    publish(ConsentWithdrawn(citizen_id, purpose, at))
    return citizen


@operation
def close_session(*, session_id: UUID, by: Actor, at: datetime, because: str = "ended") -> ActingSession:
    """End acting for the citizen. Closing twice is the same as once.

    Raises:
        NoOpenSession: the actor's outlet has no such session.
    """
    session = _locked(session_id, by, also_closed=True)
    if session.closed_at is None:
        _close(session, because=because, by=by, at=at)
    return session


def _close(session: ActingSession, *, because: str, by: Actor, at: datetime) -> None:
    """End it, and with it whatever waited for the clerk's word."""
    session.closed_at, session.closed_because = at, because
    session.save(update_fields=["closed_at", "closed_because"])
    SecondCitizenStop.objects.filter(session=session, decision="").update(
        decision=StopDecision.SESSION_ENDED, decided_by=by.id, decided_at=at)
    audit.record(actor=by, action="session.close", object_type="citizen", object_id=session.citizen_id, at=at,
                 after={"session": str(session.id), "because": because})


@operation
def keep_alive(*, session_id: UUID, by: Actor, at: datetime) -> None:
    """Note that something is being done in a session, so that it does not end as idle."""
    ActingSession.objects.filter(id=session_id, closed_at=None, opened_by=by.id).update(touched_at=at)


@operation
def end_forgotten_sessions(*, at: datetime) -> int:
    """End people's sessions that are idle, or whose outlet has closed for the day; returns how many."""
    ended, sweep = 0, job("forgotten sessions")
    running = ActingSession.objects.select_for_update(skip_locked=True).filter(closed_at=None, clerk__isnull=False)
    sessions = list(running.filter(opened_at__lt=at - SHORTEST))
    shut = agents.outlets_past_closing({session.outlet_id for session in sessions}, at) if sessions else frozenset()
    for session in sessions:
        if (session.touched_at or session.opened_at) < at - IDLE:
            because = "idle"
        elif session.outlet_id in shut or local(session.opened_at).date() < local(at).date():
            because = "closing_time"
        else:
            continue
        _close(session, because=because, by=sweep, at=at)
        ended += 1
    return ended


def _locked(session_id: UUID, by: Actor, *, also_closed: bool = False) -> ActingSession:
    if by.outlet_id is None:
        raise NoOpenSession
    sessions = ActingSession.objects.select_for_update().filter(id=session_id, outlet_id=by.outlet_id)
    if by.kind == ActorKind.PERSON:
        sessions = sessions.filter(clerk_id=UUID(by.id))
    if not also_closed:
        sessions = sessions.filter(closed_at=None)
    session = sessions.first()
    if session is None:
        raise NoOpenSession
    return session
