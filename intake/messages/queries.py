"""What outlet and centre said about a dossier, and what waits for an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from intake.errors import DossierNotFound
from intake.messages.models import AnswerClock, Inquiry, InquiryMessage, PromotedAnswer
from intake.messages.rules import EXPEDITE_REASONS, KINDS, USUAL_MINUTES, InquiryKind, Side
from intake.models.documents import Document
from intake.models.dossiers import Dossier
from intake.rules.short_names import short_words
from intake.rules.wording import Words
from shared.actors import Actor
from shared.deadlines import Deadline, deadline
from shared.working_days import work_calendar

SHOWS_ANSWERED: Final = timedelta(days=14)
MOST_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class Paper:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a thread. `is_mine`: of the reader's side."""

    side: Side
    is_mine: bool
    author: str
    place: str
    text: str
    papers: tuple[Paper, ...]
    sent_at: datetime
    read_at: datetime | None
    read_by: str


@dataclass(frozen=True, slots=True)
class Thread:
    id: UUID
    kind: InquiryKind
    kind_words: Words
    reason: Words
    is_mine: bool
    """Whether the reader's side asked."""
    is_open: bool
    is_closed: bool
    due_at: datetime
    deadline: Deadline
    said: tuple[Said, ...]
    is_promoted: bool

    @property
    def waits_for_me(self) -> bool:
        return self.is_open and not self.is_mine


@dataclass(frozen=True, slots=True)
class Row:
    """One inquiry in a list."""

    id: UUID
    dossier_id: UUID
    reference: str
    citizen_name: str
    what: Words
    kind_words: Words
    is_expedite: bool
    reason: Words
    text: str
    asked_by: str
    outlet_name: str
    centre_name: str
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None
    deadline: Deadline
    unread: int
    is_promoted: bool


@dataclass(frozen=True, slots=True)
class Lists:
    to_answer: tuple[Row, ...]
    waiting: tuple[Row, ...]
    settled: tuple[Row, ...]


def threads(dossier_id: UUID, *, actor: Actor, side: Side, now: datetime) -> tuple[Thread, ...]:
    """Everything said on one dossier, newest inquiry first; a constant number of queries.

    Raises:
        DossierNotFound: `actor` sees no such dossier.
    """
    if not Dossier.objects.seen_by(actor).filter(id=dossier_id).exists():
        raise DossierNotFound
    asked = list(Inquiry.objects.filter(dossier_id=dossier_id).annotate(
        promoted=Count("promotion")).order_by("-asked_at", "-id"))
    messages = list(InquiryMessage.objects.filter(dossier_id=dossier_id).order_by("sent_at", "id"))
    papers = _papers(messages)
    return tuple(_thread(inquiry, messages, papers, side, now) for inquiry in asked)


def _papers(messages: Iterable[InquiryMessage]) -> Mapping[str, Paper]:
    wanted = {document_id for message in messages for document_id in message.document_ids}
    found = Document.objects.filter(id__in=wanted).values_list("id", "original_name") if wanted else ()
    return {str(document_id): Paper(document_id, name) for document_id, name in found}


def _thread(inquiry: Any, messages: Iterable[InquiryMessage], papers: Mapping[str, Paper], side: Side,
            now: datetime) -> Thread:
    kind = InquiryKind(inquiry.kind)
    said = tuple(
        Said(Side(each.side), each.side == side, each.author_name, each.place, each.text,
             tuple(papers[paper] for paper in each.document_ids if paper in papers), each.sent_at, each.read_at,
             each.read_by_name)
        for each in messages if each.inquiry_id == inquiry.id)
    is_open = inquiry.answered_at is None and inquiry.closed_at is None
    return Thread(
        inquiry.id, kind, KINDS[kind], EXPEDITE_REASONS.get(inquiry.reason, Words()), inquiry.from_side == side,
        is_open, inquiry.closed_at is not None, inquiry.due_at, clock_of(inquiry, now), said, bool(inquiry.promoted))


def clock_of(inquiry: Inquiry, now: datetime) -> Deadline:
    """How the answer stands against its term."""
    ended = inquiry.answered_at or inquiry.closed_at
    used = work_calendar().working_minutes_between(inquiry.asked_at, ended or now)
    is_late = (ended or now) > inquiry.due_at
    used = max(used, inquiry.minutes + 1) if is_late else min(used, inquiry.minutes)
    return deadline(used=used, allowed=inquiry.minutes, done=ended is not None)


def lists(actor: Actor, *, side: Side, now: datetime) -> Lists:
    """What the actor's place has to answer, what it waits for, and what was settled lately."""
    waiting = list(_rows(actor).filter(answered_at=None, closed_at=None).order_by("due_at", "id")[:MOST_ROWS])
    settled = _rows(actor).filter(asked_at__gt=now - SHOWS_ANSWERED).exclude(answered_at=None, closed_at=None)
    recent = list(settled.order_by("-asked_at", "-id")[:MOST_ROWS // 4])
    last = _last_words([each.id for each in [*waiting, *recent]])
    unread = _unread([each.id for each in [*waiting, *recent]], side)
    rows = {each.id: _row(each, last.get(each.id, ""), unread.get(each.id, 0), now) for each in [*waiting, *recent]}
    return Lists(tuple(rows[each.id] for each in waiting if each.from_side != side),
                 tuple(rows[each.id] for each in waiting if each.from_side == side),
                 tuple(rows[each.id] for each in recent))


def _rows(actor: Actor) -> QuerySet[Any]:
    return Inquiry.objects.seen_by(actor).annotate(
        agent_ref=F("dossier__agent_ref"), code=F("dossier__code"), citizen=F("dossier__citizen__full_name"),
        name_vi=F("dossier__procedure__name_vi"), name_en=F("dossier__procedure__name_en"),
        outlet_name=F("dossier__outlet__name"), centre_name=F("centre__name"), promoted=Count("promotion"))


def _last_words(inquiry_ids: list[UUID]) -> dict[UUID, str]:
    latest = InquiryMessage.objects.filter(inquiry_id__in=inquiry_ids).order_by("inquiry_id", "-sent_at", "-id")
    return dict(latest.distinct("inquiry_id").values_list("inquiry_id", "text"))


def _unread(inquiry_ids: list[UUID], side: Side) -> dict[UUID, int]:
    unread = InquiryMessage.objects.filter(inquiry_id__in=inquiry_ids, side=side.other, read_at=None)
    return dict(unread.order_by().values("inquiry_id").annotate(n=Count("id")).values_list("inquiry_id", "n"))


def _row(inquiry: Any, text: str, unread: int, now: datetime) -> Row:
    kind = InquiryKind(inquiry.kind)
    return Row(
        inquiry.id, inquiry.dossier_id, inquiry.code or inquiry.agent_ref, inquiry.citizen,
        short_words(inquiry.name_vi, inquiry.name_en), KINDS[kind], kind is InquiryKind.EXPEDITE,
        EXPEDITE_REASONS.get(inquiry.reason, Words()), text, inquiry.asked_by_name, inquiry.outlet_name or "",
        inquiry.centre_name, inquiry.asked_at, inquiry.due_at, inquiry.answered_at, clock_of(inquiry, now), unread,
        bool(inquiry.promoted))


@dataclass(frozen=True, slots=True)
class Counts:
    """For the rail and the heads of pages."""

    to_answer: int
    late: int
    unread: int

    @property
    def total(self) -> int:
        """Inquiries that ask for somebody's attention here."""
        return max(self.to_answer, self.unread)


def counts(actor: Actor, *, side: Side, now: datetime) -> Counts:
    """How much waits for the actor's place; `unread` counts messages of the other side. Two queries."""
    owed = Inquiry.objects.seen_by(actor).owed_by(side).aggregate(
        all=Count("id"), late=Count("id", filter=Q(due_at__lt=now)))
    unread = InquiryMessage.objects.filter(
        dossier__in=Dossier.objects.seen_by(actor), side=side.other, read_at=None).count()
    return Counts(owed["all"], owed["late"], unread)


def open_here(dossier_id: UUID) -> int:
    """How many questions of the outlet the centre has still to answer."""
    return Inquiry.objects.filter(dossier_id=dossier_id).owed_by(Side.CENTRE).count()


def unread_here(dossier_id: UUID, side: Side) -> int:
    return InquiryMessage.objects.filter(dossier_id=dossier_id, side=side.other, read_at=None).count()


def answer_minutes(centre_id: UUID) -> Mapping[InquiryKind, int]:
    """Working minutes that the centre gives itself."""
    clock = AnswerClock.objects.filter(centre_id=centre_id).first()
    if clock is None:
        return USUAL_MINUTES
    return {InquiryKind.QUESTION: clock.question_minutes, InquiryKind.EXPEDITE: clock.expedite_minutes}


def promoted(actor: Actor) -> QuerySet[PromotedAnswer]:
    """Answers kept for the handbook in the actor's province, newest first; they name nobody."""
    return PromotedAnswer.objects.filter(province_code=actor.province_code).order_by("-promoted_at", "-id")


def titles() -> dict[Side, str]:
    """What each side is called where somebody speaks."""
    return {Side.OUTLET: _("Outlet"), Side.CENTRE: _("Centre")}
