"""Questions that the handbook did not answer: asked, answered, made into entries; and what was searched in vain."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from agents.handbook import operations
from agents.handbook.errors import (
    EntryNotFound,
    HandbookQuestionNotFound,
    InvalidEntry,
    MayNotEdit,
    QuestionAnswered,
)
from agents.handbook.models import HandbookEntry, HandbookMiss, HandbookQuestion, HandbookVersion
from agents.handbook.rules import ANSWER_MINUTES, EDITORS, FIELDS, KEEPS_MISSES, REVIEW_AFTER, Draft, covered, words_of
from agents.models.organisations import Outlet
from shared import audit, work
from shared.actors import Actor, ActorKind
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation
from shared.working_days import work_calendar

ASKED: Final = "handbook-question"
_COUNT_MISS: Final = """
    INSERT INTO agents_handbookmiss (id, province_code, words, times, last_on)
    VALUES (uuidv7(), %(province)s, %(words)s, 1, %(day)s)
    ON CONFLICT (province_code, words) DO UPDATE
    SET times = agents_handbookmiss.times + 1, last_on = greatest(agents_handbookmiss.last_on, EXCLUDED.last_on)
"""


@operation
def ask(*, text: str, by: Actor, at: datetime, procedure_code: str = "", field_key: str = "") -> HandbookQuestion:
    """Ask the operations room what the handbook does not say.

    Raises:
        MayNotEdit: `by` is no person.
        InvalidEntry: nothing asked, too long, no such place in the software, or no city to ask.
    """
    if by.kind is not ActorKind.PERSON:
        raise MayNotEdit
    said, province = covered(text), by.province_code or _city_of(by)
    wrong = ErrorCollector()
    if len(said) < 8:
        wrong.add("/text", "missing", _("Write the question in a sentence."))
    elif len(said) > 1000:
        wrong.add("/text", "too-long", _("This is too long."))
    if field_key and field_key not in FIELDS:
        wrong.add("/field_key", "unknown", _("There is no such place in the software."))
    if not province:
        wrong.add("", "no-city", _("Your account belongs to no city whose operations room could answer."))
    wrong.raise_if_any(InvalidEntry)
    due = work_calendar().add_working_minutes(at, ANSWER_MINUTES)
    made = HandbookQuestion.objects.create(
        province_code=province, text=said, procedure_code=clean(procedure_code)[:20], field_key=field_key,
        asked_by=by.id, asked_by_name=by.name[:120], asked_at=at, due_at=due)
    work.open_item(kind=ASKED, reference=str(made.id), owner_role=Role.OPERATIONS_OFFICER, owner_place=province, at=at,
                   due_at=due, detail={"question": said[:200]})
    _record("handbook.ask", made, by, at)
    return made


def _city_of(by: Actor) -> str:
    """Headquarters ask the city in which most of their outlets stand first in the list of codes."""
    outlets = Outlet.objects.filter(operator_id=by.operator_id) if by.operator_id else Outlet.objects.none()
    return outlets.order_by("commune__province_id").values_list("commune__province_id", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class Reply:
    """`makes_entry`: propose question and answer for the handbook in the same step, under `heading`."""

    answer: str
    legal_source: str = ""
    entry_id: UUID | None = None
    makes_entry: bool = False
    heading: str = ""


@operation
def answer(*, question_id: UUID, reply: Reply, by: Actor, at: datetime) -> HandbookQuestion:
    """Answer a question, by words of one's own or by an entry that answers it.

    Raises:
        MayNotEdit: not of the operations room or the programme office.
        HandbookQuestionNotFound, EntryNotFound: `by` sees none.
        QuestionAnswered: somebody has answered it.
        InvalidEntry: no answer; an entry without a legal source.
    """
    question = _locked(question_id, by)
    said, source = covered(reply.answer), covered(reply.legal_source)
    wrong = ErrorCollector()
    if not said and reply.entry_id is None:
        wrong.add("/answer", "missing", _("Write the answer, or name the entry that gives it."))
    if len(said) > 3000:
        wrong.add("/answer", "too-long", _("This is too long."))
    if len(source) > 300:
        wrong.add("/legal_source", "too-long", _("This is too long."))
    if reply.makes_entry and not source:
        wrong.add("/legal_source", "missing", _("An entry names its legal source."))
    wrong.raise_if_any(InvalidEntry)
    question.entry = _entry(question, reply, said, source, by=by, at=at)
    question.answer, question.legal_source = said, source
    question.answered_at, question.answered_by_name = at, by.name
    question.save(update_fields=["entry", "answer", "legal_source", "answered_at", "answered_by_name"])
    work.close_item(kind=ASKED, reference=str(question.id), by=by.id, at=at, outcome="answered")
    _record("handbook.answer", question, by, at, entry=str(question.entry_id) if question.entry_id else "")
    return question


def _locked(question_id: UUID, by: Actor) -> HandbookQuestion:
    if by.role not in EDITORS:
        raise MayNotEdit
    question = HandbookQuestion.objects.seen_by(by).select_for_update(of=("self",)).filter(id=question_id).first()
    if question is None:
        raise HandbookQuestionNotFound
    if question.answered_at is not None:
        raise QuestionAnswered
    return question


def _entry(question: HandbookQuestion, reply: Reply, said: str, source: str, *, by: Actor,
           at: datetime) -> HandbookEntry | None:
    if reply.entry_id is not None:
        found = HandbookEntry.objects.seen_by(by).filter(id=reply.entry_id, withdrawn_at=None).first()
        if found is None:
            raise EntryNotFound
        return found
    if not reply.makes_entry:
        return None
    today = local(at).date()
    entry = HandbookEntry.objects.create(province_code=question.province_code, made_at=at)
    operations.add_version(entry, Draft(
        question_vi=(clean(reply.heading) or clean(question.text))[:300], answer_vi=said, legal_source=source,
        valid_from=today, review_on=today + REVIEW_AFTER, procedure_code=question.procedure_code,
        field_key=question.field_key), by=by, at=at)
    return entry


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer of a centre that its officer kept for everybody. `source_code` is the same at each telling."""

    source_code: str
    province_code: str
    procedure_code: str
    question: str
    answer: str
    legal_source: str
    kept_by_name: str


@operation
def propose_kept(*, kept: KeptAnswer, at: datetime) -> HandbookVersion | None:
    """Propose what a centre's officer kept; corrected before anybody decided, the proposal follows. None: no news."""
    by = Actor(ActorKind.JOB, "kept-answers", kept.kept_by_name)
    entry, _is_new = HandbookEntry.objects.select_for_update().get_or_create(
        code=kept.source_code, defaults={"province_code": kept.province_code, "made_at": at})
    last = entry.versions.order_by("-number").first()
    said = (kept.question[:300], kept.answer, kept.legal_source)
    if entry.withdrawn_at is not None or (
            last is not None and (last.question_vi, last.answer_vi, last.legal_source) == said):
        return None
    if last is not None and last.decided_at is None:
        last.decided_at, last.is_approved, last.note = at, False, "corrected by who kept it"
        last.save(update_fields=["decided_at", "is_approved", "note"])
        work.close_item(kind=operations.PROPOSED, reference=str(last.id), by=by.id, at=at, outcome="corrected")
    today = local(at).date()
    return operations.add_version(entry, Draft(
        question_vi=said[0], answer_vi=said[1], legal_source=said[2], procedure_code=kept.procedure_code,
        valid_from=today, review_on=today + REVIEW_AFTER), by=by, at=at)


@operation
def note_miss(*, text: str, by: Actor, at: datetime) -> str:
    """Count what was looked for in vain: words only, folded, no digits, nobody's name beside them."""
    words = " ".join(words_of(text))[:200]
    if words:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT_MISS, {"province": by.province_code, "words": words, "day": local(at).date()})
    return words


@operation
def forget_misses(*, at: datetime) -> int:
    """Drop what nobody has looked for in half a year; returns how many."""
    return HandbookMiss.objects.filter(last_on__lt=local(at).date() - KEEPS_MISSES).delete()[0]


def _record(action: str, question: HandbookQuestion, by: Actor, at: datetime, **after: object) -> None:
    audit.record(actor=by, action=action, object_type="handbook_question", object_id=question.id, at=at, after=after)
