"""Opinions as people read them: waiting and settled, with who was asked and what was said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import FETCH_RAISE, F, Prefetch, Q, QuerySet

from intake.models.dossiers import Dossier
from intake.models.opinions import Opinion, OpinionAddressee, OpinionPaper
from intake.models.routing import AuthorityQuestion
from intake.queries.centre import CAUSE_WORDS
from intake.queries.precedents import PrecedentRow, rows_of
from intake.records import route_from_data
from intake.rules.clock import Pace, remaining_at
from intake.rules.questions import KEY_WORDS, SUBJECT_WORDS, VERDICT_WORDS
from intake.rules.wording import Words
from shared.actors import Actor
from shared.deadlines import Deadline, deadline
from shared.roles import CENTRE_ROLES, Role
from shared.working_days import work_calendar

MOST_SHOWN: Final = 100
OUTCOME_WORDS: Final = {
    "": Words("Đang chờ trả lời", "Waiting"),
    "answered": Words("Đã trả lời", "Answered"),
    "concluded": Words("Đã kết luận", "Concluded"),
    "precedent": Words("Trả lời theo tiền lệ", "Answered by precedent"),
    "withdrawn": Words("Đã rút câu hỏi", "Taken back"),
}


@dataclass(frozen=True, slots=True)
class AddresseeRow:
    """One who was asked. `is_mine`: the actor may answer."""

    id: int
    name: str
    contact: str
    is_outside: bool
    answered_at: datetime | None
    answered_by_name: str
    verdict_words: Words
    authority_name: str
    text: str
    legal_basis: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class PaperRow:
    document_id: UUID
    name: str
    is_answer: bool


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """One opinion with its deadline as people read it."""

    id: UUID
    subject: Words
    key: str
    key_words: Words
    question: str
    procedure_name: str
    place_name: str
    dossier_id: UUID | None
    dossier_ref: str
    asked_by_name: str
    asked_by_centre: str
    asked_by_centre_id: UUID | None
    asked_at: datetime
    due_at: datetime
    deadline: Deadline
    outcome: str
    outcome_note: str
    closed_at: datetime | None
    is_general: bool
    precedent_id: UUID | None
    addressees: tuple[AddresseeRow, ...]
    papers: tuple[PaperRow, ...]

    @property
    def outcome_words(self) -> Words:
        return OUTCOME_WORDS[self.outcome]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def differs(self) -> bool:
        """All have answered and not alike: the asker concludes."""
        return self.is_open and all(each.answered_at is not None for each in self.addressees)

    @property
    def answered(self) -> int:
        return sum(each.answered_at is not None for each in self.addressees)


def opinion_rows(actor: Actor, *, now: datetime, is_open: bool = True) -> list[OpinionRow]:
    """The actor's opinions: those that wait by due moment, or those that are settled, the newest first."""
    seen = Opinion.objects.seen_by(actor)
    found = (seen.open().order_by("due_at", "id") if is_open
             else seen.exclude(closed_at=None).order_by("-closed_at", "id"))
    return [_row(each, actor, now) for each in _whole(found)[:MOST_SHOWN]]


def opinions_of(dossier_id: UUID, *, actor: Actor, now: datetime) -> list[OpinionRow]:
    """Of a dossier that the caller has seen; the oldest first."""
    found = Opinion.objects.filter(dossier_id=dossier_id).order_by("asked_at", "id")
    return [_row(each, actor, now) for each in _whole(found)]


def find_opinion(opinion_id: UUID, *, actor: Actor, now: datetime) -> OpinionRow | None:
    opinion = _whole(Opinion.objects.seen_by(actor).filter(id=opinion_id)).first()
    return None if opinion is None else _row(opinion, actor, now)


def _whole(opinions: QuerySet[Opinion]) -> QuerySet[Any]:
    asked = OpinionAddressee.objects.annotate(authority_name=F("authority__authority_name")).order_by("id")
    papers = OpinionPaper.objects.order_by("id")
    return opinions.annotate(centre_name=F("asked_by_centre__name")).prefetch_related(
        Prefetch("addressees", queryset=asked), Prefetch("papers", queryset=papers)).fetch_mode(FETCH_RAISE)


def _row(said: Any, actor: Actor, now: datetime) -> OpinionRow:
    return OpinionRow(
        said.id, SUBJECT_WORDS[said.subject], said.key, KEY_WORDS[said.key], said.question, said.procedure_name,
        said.place_name, said.dossier_id, said.dossier_ref, said.asked_by_name, said.centre_name or "",
        said.asked_by_centre_id, said.asked_at, said.due_at,
        waiting_deadline(said.asked_at, said.due_at, said.closed_at, now), said.outcome, said.outcome_note,
        said.closed_at, said.is_general, said.precedent_id,
        tuple(_addressee(each, said, actor) for each in said.addressees.all()),
        tuple(PaperRow(each.document_id, each.name, each.is_answer) for each in said.papers.all()))


def waiting_deadline(asked_at: datetime, due_at: datetime, done_at: datetime | None, now: datetime) -> Deadline:
    """What is left of an answer's time; how early or late one was that was given."""
    calendar = work_calendar()
    allowed = max(calendar.working_minutes_between(asked_at, due_at), 1)
    left = remaining_at(due_at, done_at or now, calendar)
    return deadline(used=allowed - left, allowed=allowed, paused=False, done=done_at is not None)


def _addressee(row: Any, said: Any, actor: Actor) -> AddresseeRow:
    answers_for = row.centre_id or said.asked_by_centre_id
    is_theirs = actor.role in CENTRE_ROLES and answers_for == actor.centre_id
    is_citys = row.centre_id is None and actor.role == Role.ADMINISTRATOR
    return AddresseeRow(
        row.id, row.name, row.contact, row.centre_id is None, row.answered_at, row.answered_by_name,
        VERDICT_WORDS[row.verdict] if row.verdict else Words(), row.authority_name or "", row.text, row.legal_basis,
        row.answered_at is None and said.closed_at is None and (is_theirs or is_citys))


# --- the queue of unclear authorities -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One dossier whose authority nobody has named; `owner_name` is empty while nobody took it on."""

    id: UUID
    dossier_id: UUID
    agent_ref: str
    procedure: Words
    cause: Words
    place_name: str
    candidates: tuple[str, ...]
    owner_name: str
    is_mine: bool
    asked_at: datetime
    due_at: datetime
    deadline: Deadline
    pace: Pace
    opinions: int
    """Asked about it and not answered yet."""


def question_rows(questions: QuerySet[AuthorityQuestion], *, actor: Actor, now: datetime) -> list[QuestionRow]:
    """Waiting questions by remaining time. `questions` are already bounded to what the actor may see."""
    found: Any = questions.filter(answered_at=None).select_related("dossier__procedure").annotate(
        owner_name=F("owner__display_name")).fetch_mode(FETCH_RAISE).order_by("due_at", "id")[:MOST_SHOWN]
    rows = list(found)
    waiting = Opinion.objects.open().filter(dossier_id__in=[row.dossier_id for row in rows])
    asked = list(waiting.values_list("dossier_id", flat=True))
    return [_question(row, actor, now, asked.count(row.dossier_id)) for row in rows]


def _question(row: Any, actor: Actor, now: datetime, asked: int) -> QuestionRow:
    route, procedure = route_from_data(row.dossier.route), row.dossier.procedure
    place = "" if route is None else route.former_place_name or route.place_name
    return QuestionRow(
        row.id, row.dossier_id, row.dossier.agent_ref, Words(procedure.name_vi, procedure.name_en),
        CAUSE_WORDS.get(row.cause, Words(row.cause, row.cause)), place,
        tuple(str(each.get("name", "")) for each in row.candidates), row.owner_name or "",
        str(row.owner_id) == actor.id, row.asked_at, row.due_at,
        waiting_deadline(row.asked_at, row.due_at, None, now), Pace.LATE if now > row.due_at else Pace.RUNNING, asked)


# --- what stands on a dossier ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskedOnDossier:
    """Everything that was asked about one dossier, and what is known about its kind at its place."""

    dossier_id: UUID
    question_id: UUID | None
    question_cause: Words
    question_due_at: datetime | None
    question_owner: str
    opinions: tuple[OpinionRow, ...]
    precedents: tuple[PrecedentRow, ...]
    has_route: bool
    """A draft has none yet: there is nothing to explain."""

    @property
    def is_empty(self) -> bool:
        return self.question_id is None and not self.opinions and not self.precedents


def asked_on_dossier(dossier_id: UUID, *, actor: Actor, now: datetime) -> AskedOnDossier | None:
    """None: the actor sees no such dossier."""
    dossier = Dossier.objects.seen_by(actor).filter(id=dossier_id).only("id", "route").first()
    if dossier is None:
        return None
    question: Any = AuthorityQuestion.objects.filter(dossier_id=dossier_id, answered_at=None).annotate(
        owner_name=F("owner__display_name")).first()
    asked = opinions_of(dossier_id, actor=actor, now=now)
    route = route_from_data(dossier.route)
    named = [] if route is None else [*([route.precedent] if route.precedent else []), *route.advice]
    known = rows_of([*named, *(each.precedent_id for each in asked if each.precedent_id)])
    return AskedOnDossier(
        dossier_id, question.id if question else None,
        CAUSE_WORDS.get(question.cause, Words()) if question else Words(), question.due_at if question else None,
        (question.owner_name or "") if question else "", tuple(asked), tuple(known),
        has_route=route is not None)


def questions_seen_by(actor: Actor) -> QuerySet[AuthorityQuestion]:
    """Of the actor's province for managers and the city, of her centre for an officer."""
    asked = AuthorityQuestion.objects.all()
    if actor.role in {Role.CENTRE_MANAGER, Role.ADMINISTRATOR, Role.AUDITOR}:
        return asked.filter(dossier__province_code=actor.province_code) if actor.province_code else asked
    mine = Q(dossier__receiving_centre_id=actor.centre_id) | Q(candidates__contains=[{"id": str(actor.centre_id)}])
    return asked.filter(mine)
