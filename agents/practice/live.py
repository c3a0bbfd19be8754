"""The live house's half: it gives out links into practice, and takes the signed results that come back. No more."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.urls import reverse

from agents.models.organisations import Outlet
from agents.practice import sealing
from agents.practice.errors import (
    ExerciseNotFound,
    NotAPractisingRole,
    PracticeNotThere,
    PracticeResultDiffers,
    PracticeResultRefused,
)
from agents.practice.exercises import exercise_of, exercises
from agents.practice.models import PracticeResult, PracticeTicket
from shared.actors import Actor, ActorKind, job
from shared.audit import record
from shared.roles import OUTLET_ROLES
from shared.transactions import operation

OPENS_FOR: Final = timedelta(minutes=2)
"""How long a link may be used."""
TOLD_WITHIN: Final = timedelta(hours=24)
"""An exercise is finished within a day of its link: at night the practice world is wiped."""
CLOCKS_DIFFER: Final = timedelta(minutes=5)
PRACTICE: Final = job("practice")
# No lock on the ticket's row: what may only be added to may not be locked by the row either.
_ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(hashtextextended('practice-result:' || %s, 0))"


def is_connected() -> bool:
    """Whether a practice house stands beside this live one."""
    return bool(not settings.WARDPOST_PRACTICE and settings.WARDPOST_PRACTICE_URL
                and len(settings.WARDPOST_PRACTICE_KEY) >= sealing.LEAST_KEY)


@dataclass(frozen=True, slots=True)
class Link:
    """The way into practice, for one person, once."""

    ticket: PracticeTicket
    url: str

    @property
    def expires_at(self) -> datetime:
        return self.ticket.expires_at


@operation
def give_link(*, exercise_code: str = "", by: Actor, at: datetime) -> Link:
    """A link that signs `by` in, in practice, as a made-up person of her role. Her name does not go along.

    Raises:
        PracticeNotThere: no practice house is connected.
        NotAPractisingRole: `by` works at no outlet.
        ExerciseNotFound: there is no such exercise.
    """
    if not is_connected():
        raise PracticeNotThere
    if by.kind is not ActorKind.PERSON or by.role not in OUTLET_ROLES:
        raise NotAPractisingRole
    if exercise_code and exercise_of(exercise_code) is None:
        raise ExerciseNotFound
    assert by.outlet_id is not None  # noqa: S101  # such a person works at one
    outlet = Outlet.objects.select_related("operator").get(id=by.outlet_id)
    ticket = PracticeTicket.objects.create(account_id=UUID(by.id), exercise_code=exercise_code, issued_at=at,
                                           expires_at=at + OPENS_FOR)
    record(actor=by, action="practice.link", object_type="practice_ticket", object_id=ticket.id, at=at,
           after={"exercise": exercise_code})
    said = {"jti": str(ticket.id), "sub": subject_of(by.id), "iss": settings.WARDPOST_PUBLIC_URL, "role": by.role,
            "commune": outlet.commune_id, "operator_class": outlet.operator.operator_class,
            "exercise": exercise_code, "exp": int(ticket.expires_at.timestamp())}
    token = sealing.seal(said, purpose=sealing.ENTRY, reader=settings.WARDPOST_PRACTICE_URL,
                         key=settings.WARDPOST_PRACTICE_KEY)
    door = f"{settings.WARDPOST_PRACTICE_URL}{reverse('agents:practice-enter')}"
    return Link(ticket, f"{door}?{urlencode({'ve': token})}")


def subject_of(account_id: str) -> str:
    """The word practice knows somebody by: the same each time, traced back by nobody who lacks our own secret."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"practice {account_id}".encode(), sha256).hex()


@dataclass(frozen=True, slots=True)
class Kept:
    """A result, and whether it was new."""

    result: PracticeResult
    is_new: bool


@operation
def take_result(*, receipt: str, at: datetime) -> Kept:
    """Keep a result that our practice house signed; told again it changes nothing.

    Raises:
        PracticeNotThere: no practice house is connected.
        PracticeResultRefused: not signed by it for us, or about somebody whom we gave no such link.
        PracticeResultDiffers: this run was told before, with other words.
    """
    if not is_connected():
        raise PracticeNotThere
    told = _read(receipt)
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, [str(told.ticket_id)])
    ticket = PracticeTicket.objects.filter(id=told.ticket_id).first()
    if ticket is None or not hmac.compare_digest(told.subject, subject_of(str(ticket.account_id))):
        raise PracticeResultRefused
    known = PracticeResult.objects.filter(id=told.run_id).first()
    if known is not None:
        if known.receipt != receipt:
            raise PracticeResultDiffers
        return Kept(known, is_new=False)
    _refuse_impossible(told, ticket, at)
    return Kept(_kept(told, ticket, receipt, at), is_new=True)


@dataclass(frozen=True, slots=True)
class _Told:
    run_id: UUID
    ticket_id: UUID
    subject: str
    exercise_code: str
    steps: int
    hints: int
    started_at: datetime
    finished_at: datetime


def _read(receipt: str) -> _Told:
    try:
        said = sealing.unseal(receipt, purpose=sealing.RESULT, reader=settings.WARDPOST_PUBLIC_URL,
                              key=settings.WARDPOST_PRACTICE_KEY)
        return _Told(UUID(said["jti"]), UUID(said["ticket"]), str(said["sub"]), str(said["exercise"]),
                     int(said["steps"]), int(said["hints"]), _moment(said["started"]), _moment(said["finished"]))
    except (sealing.Unsealed, KeyError, TypeError, ValueError, AttributeError) as error:
        raise PracticeResultRefused from error


def _moment(said: Any) -> datetime:
    moment = datetime.fromisoformat(said)
    if moment.tzinfo is None:
        raise ValueError("a moment without its offset")
    return moment


def _refuse_impossible(told: _Told, ticket: PracticeTicket, at: datetime) -> None:
    """A result is of an exercise we know, of every one of its steps, and of the day of its link."""
    exercise = exercise_of(told.exercise_code)
    is_whole = exercise is not None and told.steps == len(exercise.steps) and 0 <= told.hints <= told.steps
    begins, ends = ticket.issued_at - CLOCKS_DIFFER, min(ticket.issued_at + TOLD_WITHIN, at) + CLOCKS_DIFFER
    if not is_whole or not begins <= told.started_at <= told.finished_at <= ends:
        raise PracticeResultRefused


def _kept(told: _Told, ticket: PracticeTicket, receipt: str, at: datetime) -> PracticeResult:
    result = PracticeResult.objects.create(
        id=told.run_id, ticket=ticket, account_id=ticket.account_id, exercise_code=told.exercise_code,
        steps=told.steps, hints=told.hints, started_at=told.started_at, finished_at=told.finished_at,
        received_at=at, receipt=receipt)
    record(actor=PRACTICE, action="practice.result", object_type="practice_result", object_id=result.id, at=at,
           after={"exercise": told.exercise_code, "account": str(ticket.account_id), "hints": told.hints})
    return result


def finished_by(account_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many of today's exercises each has finished; who has finished none is not named. One query."""
    known = [each.code for each in exercises()]
    rows = PracticeResult.objects.filter(account_id__in=list(account_ids), exercise_code__in=known)
    counted = rows.order_by().values("account_id").annotate(n=Count("exercise_code", distinct=True))
    return dict(counted.values_list("account_id", "n"))


def done_by(account_id: UUID) -> dict[str, PracticeResult]:
    """Exercise code → her newest result."""
    return {each.exercise_code: each for each in PracticeResult.objects.filter(account_id=account_id).order_by(
        "finished_at", "id")}
