"""What waits at a centre: its queue by remaining working time, and what has arrived and is not received yet."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import FETCH_RAISE, Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents import public as agents
from intake.covering import covered_by
from intake.models.dossiers import Dossier
from intake.models.routing import AuthorityQuestion
from intake.queries.open_work import in_order, most_urgent
from intake.rules import clock
from intake.rules.catalogue import Channel
from intake.rules.short_names import LONGEST_IN_QUEUE, short_words
from intake.rules.state_words import state_words
from intake.rules.states import PAUSED, RUNNING, Handling, ResultState
from intake.rules.wording import Words
from shared.actors import Actor, ActorKind
from shared.calendar import WorkCalendar, local
from shared.deadlines import Deadline, deadline
from shared.roles import CENTRE_ROLES

LONGEST_QUEUE: Final = 200
BESIDE: Final = 60
"""How many of the most urgent stand beside other work; the whole list has a page of its own."""
MOST_RESULTS: Final = 50
MANY_DAYS: Final = 10

CHANNEL_WORDS: Final = {
    Channel.DIRECT: Words("Trực tiếp", "At the counter"),
    Channel.ONLINE: Words("Trực tuyến", "Online"),
    Channel.POST: Words("Qua bưu chính", "By post"),
}

CAUSE_WORDS: Final = {
    "split-unit": Words("Đơn vị hành chính cũ được chia về nhiều nơi", "The former unit went to several new ones"),
    "no-centre": Words("Nơi này chưa có trung tâm nào", "No centre is open for this place"),
    "several-centres": Words("Nhiều trung tâm cùng có thể có thẩm quyền", "Several centres may be competent"),
    "place-unknown": Words("Không rõ địa điểm của việc", "The place of the matter is not known"),
    "no-rule": Words("Chưa có quy tắc xác định thẩm quyền", "No rule tells the authority"),
}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One dossier in the queue, with its deadline as people read it."""

    id: UUID
    reference: str
    citizen_name: str
    what: Words
    state: Words
    due_at: datetime | None
    deadline: Deadline
    officer_name: str
    is_mine: bool

    @property
    def is_paused(self) -> bool:
        return self.deadline.look == "pause"


@dataclass(frozen=True, slots=True)
class Queue:
    """`running` is ordered by remaining working time, most urgent first; a paused clock is not urgent."""

    running: tuple[QueueRow, ...]
    paused: tuple[QueueRow, ...]
    to_hand_over: tuple[QueueRow, ...]
    """Decided, and the result waits to be fetched."""
    is_cut: bool
    """More are open than are shown."""

    @property
    def rows(self) -> tuple[QueueRow, ...]:
        return (*self.running, *self.paused, *self.to_hand_over)


@dataclass(frozen=True, slots=True)
class ArrivalRow:
    """A dossier sent to this centre. For papers by post the term has run since `handed_over_at`."""

    id: UUID
    agent_ref: str
    citizen_name: str
    what: Words
    channel: Words
    outlet_name: str
    forwarded_at: datetime | None
    handed_over_at: datetime | None
    parcel_number: str
    papers: int
    """Scanned documents and papers that were shown at the outlet."""
    version: int


@dataclass(frozen=True, slots=True)
class UnclearRow:
    """A dossier whose authority nobody has named yet, and that may be this centre's."""

    question_id: UUID
    dossier_id: UUID
    agent_ref: str
    what: Words
    cause: str
    candidates: tuple[str, ...]
    asked_at: datetime
    due_at: datetime

    @property
    def cause_words(self) -> Words:
        return CAUSE_WORDS.get(self.cause, Words(self.cause, self.cause))


@dataclass(frozen=True, slots=True)
class Inbox:
    arrived: tuple[ArrivalRow, ...]
    """Oldest first."""
    expected: tuple[ArrivalRow, ...]
    """Papers on their way; not ours to receive before the hand-over minutes are signed."""
    unclear: tuple[UnclearRow, ...]


def results_to_fetch(actor: Actor) -> QuerySet[Dossier]:
    """Decided at the actor's centre, and the result lies there until somebody comes for it."""
    lying = Dossier.objects.filter(
        handling=Handling.RESOLVED, result__in=[ResultState.NOT_BY_POST, ResultState.CAME_BACK])
    return lying.filter(receiving_centre_id=actor.centre_id) if actor.centre_id is not None else lying.none()


def queue(actor: Actor, *, now: datetime, only_mine: bool = False) -> Queue:
    """The queue of the actor's centre; `only_mine` keeps what is hers, whom she stands in for, and nobody's yet."""
    narrow = _mine(actor, now) if only_mine else Q()
    # Clocks that run follow the same calendar, so the order of due moments is that of remaining working time.
    ids = [each for each, _due in most_urgent(actor, narrow, most=BESIDE + 1)]
    waiting = results_to_fetch(actor).filter(narrow).order_by("resolved_at", "id").values_list("id", flat=True)
    wanted = [*ids[:BESIDE], *waiting[:MOST_RESULTS]]
    by_id = {dossier.id: dossier for dossier in named(Dossier.objects.filter(id__in=wanted))}
    found = in_order(wanted, by_id)
    shown = [queue_row(dossier, actor, now) for dossier in found]
    state = {row.id: dossier.handling for row, dossier in zip(shown, found, strict=False)}
    return Queue(
        tuple(row for row in shown if state[row.id] in RUNNING),
        tuple(row for row in shown if state[row.id] in PAUSED),
        tuple(row for row in shown if state[row.id] == Handling.RESOLVED), len(ids) > BESIDE)


def _mine(actor: Actor, now: datetime) -> Q:
    person = UUID(actor.id) if actor.kind == ActorKind.PERSON else None
    absent = list(covered_by(person, local(now).date())) if person is not None else []
    return Q(officer_id__in=[person, *absent]) | Q(officer_id=None)


def named(dossiers: QuerySet[Dossier]) -> QuerySet[Any]:
    """Each with its citizen's and procedure's names and its places, in one statement."""
    return dossiers.select_related("citizen", "procedure").annotate(
        outlet_name=Coalesce(F("outlet__name"), F("receiving_centre__name")),
        officer_name=F("officer__display_name")).fetch_mode(FETCH_RAISE)


def calendar_of(dossier: Dossier) -> WorkCalendar:
    """The deciding centre's calendar, as this process remembers it."""
    return agents.site_calendar(dossier.authority_centre_id or dossier.receiving_centre_id)


def clock_of(dossier: Dossier) -> clock.Clock:
    return clock.Clock(dossier.term_minutes, dossier.due_at, dossier.paused_at, dossier.remaining_minutes)


def deadline_of(dossier: Dossier, now: datetime) -> Deadline:
    """The deadline as people read it; a decided dossier shows how early or late it was."""
    reading = clock.read(clock_of(dossier), dossier.resolved_at or now, calendar_of(dossier))
    # Late by less than a counter minute, overnight: late all the same.
    is_just_late = reading.pace == clock.Pace.LATE and reading.remaining == 0
    return deadline(used=reading.used + is_just_late, allowed=reading.allowed,
                    paused=reading.pace == clock.Pace.PAUSED, done=dossier.resolved_at is not None)


def minutes_left(dossier: Dossier, now: datetime) -> int:
    """Working minutes of the term; negative when it is past, and while paused what was left."""
    return clock.read(clock_of(dossier), dossier.resolved_at or now, calendar_of(dossier)).remaining


def in_short(shown: Deadline, minutes: int) -> Deadline:
    """The same deadline in the words of a list: days and hours, and days alone where there are many."""
    days, rest = divmod(abs(minutes), clock.DAY_MINUTES)
    hours, left = divmod(rest, 60)
    parts = [
        ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else "",
        ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours} if hours and days < MANY_DAYS else "",
        ngettext("%(n)s minute", "%(n)s minutes", left) % {"n": left} if not days and (left or not hours) else "",
    ]
    span = " ".join(part for part in parts if part)
    words = {"late": _("%(span)s overdue"), "pause": _("stopped at %(span)s"), "ok": _("%(span)s early")}
    return replace(shown, words=words.get(shown.look, _("%(span)s left")) % {"span": span})


def queue_row(dossier: Any, actor: Actor, now: datetime) -> QueueRow:
    return QueueRow(
        dossier.id, dossier.code or dossier.agent_ref, dossier.citizen.full_name,
        short_words(dossier.procedure.name_vi, dossier.procedure.name_en, LONGEST_IN_QUEUE),
        state_words(Handling(dossier.handling)),
        dossier.due_at, in_short(deadline_of(dossier, now), minutes_left(dossier, now)),
        dossier.officer_name or "", str(dossier.officer_id) == actor.id)


def inbox(actor: Actor) -> Inbox:
    """What was sent to the actor's centre and waits for its first look."""
    sent = named(Dossier.objects.seen_by(actor).filter(receiving_centre_id=actor.centre_id).in_inbox()).annotate(
        document_count=Count("documents"), parcel_number=F("forwardings__parcel_number"))
    rows = [(dossier, _arrival(dossier)) for dossier in sent.order_by("forwarded_at", "id")[:LONGEST_QUEUE]]
    return Inbox(
        tuple(row for dossier, row in rows if not _is_travelling(dossier)),
        tuple(row for dossier, row in rows if _is_travelling(dossier)), tuple(unclear_rows(actor)))


def _is_travelling(dossier: Dossier) -> bool:
    return dossier.channel == Channel.POST and dossier.handed_over_at is None


def _arrival(dossier: Any) -> ArrivalRow:
    return ArrivalRow(
        dossier.id, dossier.agent_ref, dossier.citizen.full_name,
        short_words(dossier.procedure.name_vi, dossier.procedure.name_en), CHANNEL_WORDS[Channel(dossier.channel)],
        dossier.outlet_name or "", dossier.forwarded_at, dossier.handed_over_at, dossier.parcel_number or "",
        dossier.document_count + len(dossier.presented), dossier.version)


def unclear_questions(actor: Actor) -> QuerySet[AuthorityQuestion]:
    """Open questions that concern the actor: of her province, or of her centre when it is a candidate."""
    asked = AuthorityQuestion.objects.filter(answered_at=None)
    if actor.role in CENTRE_ROLES or (not actor.role and actor.centre_id):
        mine = Q(dossier__receiving_centre_id=actor.centre_id) | Q(candidates__contains=[{"id": str(actor.centre_id)}])
        return asked.filter(mine)
    return asked.filter(dossier__in=Dossier.objects.seen_by(actor))


def unclear_rows(actor: Actor) -> Iterable[UnclearRow]:
    """The open questions, most urgent first."""
    asked = unclear_questions(actor).select_related("dossier__procedure").fetch_mode(FETCH_RAISE)
    for question in asked.order_by("due_at", "id")[:LONGEST_QUEUE]:
        procedure = question.dossier.procedure
        yield UnclearRow(
            question.id, question.dossier_id, question.dossier.agent_ref,
            short_words(procedure.name_vi, procedure.name_en), question.cause,
            tuple(str(candidate.get("name", "")) for candidate in question.candidates), question.asked_at,
            question.due_at)


def arrivals_count(actor: Actor) -> int:
    """How many dossiers wait to be received, for the rail."""
    if actor.centre_id is None:
        return 0
    waiting = Dossier.objects.seen_by(actor).filter(receiving_centre_id=actor.centre_id).in_inbox()
    return waiting.exclude(channel=Channel.POST, handed_over_at=None).count()
