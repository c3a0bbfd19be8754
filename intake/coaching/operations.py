"""Recording a coaching session, what the citizen says later, striking out; looking each night who files how."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.coaching.errors import CoachingNotFound, CoachingRefused, CoachingStruckOut
from intake.coaching.models import CoachingAnswer, CoachingSession
from intake.coaching.rules import (
    CONSENT_TEXT,
    FEWEST_MINUTES,
    KEEPS_BACK_DAYS,
    MOST_MINUTES,
    SAID,
    TOPICS,
    WINDOW,
)
from intake.errors import CitizenNotFound, NotAnOutlet
from intake.models.citizens import Citizen, Consent, ConsentPurpose
from intake.models.dossiers import Dossier
from intake.queries.procedures import in_force
from intake.queries.sessions import last_words
from shared import audit, scope
from shared.actors import Actor, ActorKind
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.identifiers import is_dossier_code
from shared.text import clean
from shared.transactions import operation

# A dossier counts from the day after the session: what is filed on the day itself was filed together.
_LOOK: Final = """
    UPDATE intake_coachingsession AS session
    SET looked_at = %(at)s, later = coalesce((
        SELECT CASE WHEN bool_or(d.outlet_id IS NOT NULL) THEN 'helped' WHEN count(*) > 0 THEN 'at_centre' END
        FROM intake_dossier AS d
        WHERE d.citizen_id = session.citizen_id AND d.submitted_at <= %(at)s
          AND d.submitted_at >= ((session.held_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date + 1)::timestamp
                                AT TIME ZONE 'Asia/Ho_Chi_Minh'
          AND d.submitted_at < session.held_at + make_interval(days => %(days)s)), '')
    WHERE session.struck_at IS NULL AND session.held_at + make_interval(days => %(days)s) > %(since)s
      AND (SELECT word.is_given FROM intake_consent AS word
           WHERE word.citizen_id = session.citizen_id AND word.purpose = 'coaching'
           ORDER BY word.at DESC, word.id DESC LIMIT 1)
"""
_SILENCE: Final = """
    UPDATE intake_coachingsession AS session SET later = ''
    WHERE session.later <> '' AND NOT (
        SELECT word.is_given FROM intake_consent AS word
        WHERE word.citizen_id = session.citizen_id AND word.purpose = 'coaching'
        ORDER BY word.at DESC, word.id DESC LIMIT 1)
"""
_STILL_LOOKS: Final = timedelta(days=3)
"""Nights that a sweep may have missed before the end of a window."""


@dataclass(frozen=True, slots=True)
class CoachingInput:
    """A session as entered. `agrees`: the citizen said yes, before the coach, to being counted afterwards."""

    client_ref: UUID
    citizen_id: UUID
    topics: Collection[str]
    minutes: int
    agrees: bool
    held_at: datetime | None = None
    procedure_code: str = ""


@operation
def record_session(typed: CoachingInput, *, by: Actor, at: datetime) -> CoachingSession:
    """Record that a citizen was coached; sent again with its client_ref it is the same session.

    Raises:
        NotAnOutlet: only people and machines of outlets coach.
        CitizenNotFound: nobody whom the outlet knows.
        CoachingRefused: without her yes nothing is kept; nothing taught, impossible minutes, a day out of reach.
    """
    if by.outlet_id is None:
        raise NotAnOutlet
    if not Citizen.objects.seen_by(by).filter(id=typed.citizen_id).exists():
        raise CitizenNotFound
    known = CoachingSession.objects.seen_by(by).filter(client_ref=typed.client_ref).first()
    if known is not None:
        return known
    held_at = typed.held_at or at
    _check(typed, held_at, at)
    outlet = agents.get_outlet(by.outlet_id)
    consent = Consent.objects.create(
        citizen_id=typed.citizen_id, purpose=ConsentPurpose.COACHING, text_version=CONSENT_TEXT, is_given=True,
        witness_id=UUID(by.id), at=at)
    made = CoachingSession.objects.create(
        client_ref=typed.client_ref, citizen_id=typed.citizen_id, consent=consent, outlet_id=outlet.id,
        operator_id=outlet.operator.id, province_code=outlet.province_code, topics=sorted(set(typed.topics)),
        procedure_code=typed.procedure_code, minutes=typed.minutes, held_at=held_at, recorded_at=at, coached_by=by.id,
        coached_by_name=by.name[:120])
    _record("coaching.record", made, by, at, topics=made.topics, minutes=made.minutes)
    return made


def _check(typed: CoachingInput, held_at: datetime, at: datetime) -> None:
    wrong = ErrorCollector()
    if not typed.agrees:
        wrong.add("/agrees", "missing", _("Without the citizen’s yes nothing of the session is kept."))
    if not typed.topics or not set(typed.topics) <= set(TOPICS):
        wrong.add("/topics", "unknown", _("Choose at least one thing that was taught."))
    if not FEWEST_MINUTES <= typed.minutes <= MOST_MINUTES:
        wrong.add("/minutes", "out-of-range", _("Between 1 and 240 minutes."))
    if not at - timedelta(days=KEEPS_BACK_DAYS) <= held_at <= at:
        wrong.add("/held_at", "out-of-range", _("Within the last seven days, and not in the future."))
    if typed.procedure_code and not in_force(local(at).date()).filter(code=typed.procedure_code).exists():
        wrong.add("/procedure_code", "unknown", _("There is no such procedure today."))
    wrong.raise_if_any(CoachingRefused)


@operation
def record_answer(*, session_id: UUID, said: str, by: Actor, at: datetime, code: str = "") -> CoachingSession:
    """Write down what the citizen says about filing since her session; the newest word counts.

    `code`: of the dossier that she filed alone, from her phone. One of ours was filed with somebody's help.

    Raises:
        CoachingNotFound: none of the outlet's, or she took her consent back.
        CoachingStruckOut, CoachingRefused: no such answer.
    """
    session = _locked(session_id, by)
    if not last_words(session.citizen_id).get(ConsentPurpose.COACHING, False):
        raise CoachingNotFound
    wrong = ErrorCollector()
    if said not in SAID:
        wrong.add("/said", "unknown", _("Choose one of the answers."))
    shown = clean(code).upper()
    if shown and said == "alone":
        _check_code(shown, wrong)
    wrong.raise_if_any(CoachingRefused)
    CoachingAnswer.objects.create(session=session, said=said, said_at=at, recorded_by=by.id,
                                  code=shown if said == "alone" else "",
                                  recorded_by_name=by.name[:120])
    _record("coaching.answer", session, by, at, said=said)
    return session


def _check_code(code: str, wrong: ErrorCollector) -> None:
    if not is_dossier_code(code):
        wrong.add("/code", "malformed", _("A dossier code looks like H57.12-250703-0001."))
        return
    with scope.everything():  # a dossier of another place is one of ours too; nothing of it is shown
        if Dossier.objects.filter(Q(code=code) | Q(lane__portal_code=code)).exists():
            wrong.add("/code", "ours", _("This dossier came through an outlet or a centre, so it was not filed alone."))


@operation
def strike_out(*, session_id: UUID, because: str, by: Actor, at: datetime) -> CoachingSession:
    """Entered by mistake: it stays, with the reason, and is counted nowhere.

    Raises:
        CoachingNotFound, CoachingStruckOut; CoachingRefused: without a reason.
    """
    session = _locked(session_id, by)
    wrong = ErrorCollector()
    if not clean(because):
        wrong.add("/because", "missing", _("Say why it is struck out."))
    wrong.raise_if_any(CoachingRefused)
    session.struck_at, session.struck_by_name, session.struck_because = at, by.name[:120], clean(because)[:200]
    session.save(update_fields=["struck_at", "struck_by_name", "struck_because"])
    _record("coaching.strike_out", session, by, at)
    return session


@operation
def look_who_files(*, at: datetime) -> int:
    """Work out, for each session whose window runs, what our dossiers show; returns how many were looked at.

    One statement over all; safe to run again. Whoever took her consent back is looked at no more, and what was seen
    of her is forgotten.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SILENCE)
        cursor.execute(_LOOK, {"at": at, "days": WINDOW.days, "since": at - _STILL_LOOKS})
        return int(cursor.rowcount)


def _locked(session_id: UUID, by: Actor) -> CoachingSession:
    if by.outlet_id is None or by.kind not in {ActorKind.PERSON, ActorKind.MACHINE}:
        raise CoachingNotFound
    found = CoachingSession.objects.seen_by(by).select_for_update().filter(id=session_id).first()
    if found is None:
        raise CoachingNotFound
    if found.struck_at is not None:
        raise CoachingStruckOut
    return found


def _record(action: str, session: CoachingSession, by: Actor, at: datetime, **after: object) -> None:
    audit.record(actor=by, action=action, object_type="coaching_session", object_id=session.id, at=at, after=after)
