"""What is nearly due, late, or stands still too long: one list for whoever answers, with who has it now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.db.models import FETCH_RAISE, Case, CharField, DateTimeField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from agents import public as agents
from intake.models.dossiers import Dossier
from intake.rules import duties
from intake.rules.clock import DAY_MINUTES, moment_before
from intake.rules.duties import RULES, Duty, Holder, Standing
from intake.rules.short_names import short_words
from intake.rules.states import RUNNING, Handling, ResultState
from intake.rules.wording import Words
from shared.actors import Actor
from shared.calendar import WorkCalendar
from shared.deadlines import Deadline
from shared.deadlines import deadline as deadline_words
from shared.working_days import work_calendar

MOST_SHOWN: Final = 200
H, R = Handling, ResultState

WHERE: Final[Mapping[Duty, Q]] = MappingProxyType({
    Duty.FINISH_DRAFT: Q(handling=H.DRAFT),
    Duty.NAME_AUTHORITY: Q(handling=H.REGISTERED, authority_centre=None),
    Duty.FORWARD: Q(handling=H.REGISTERED, authority_centre__isnull=False, forwarded_at=None),
    Duty.BRING_PAPERS: Q(handling=H.REGISTERED, authority_centre__isnull=False, forwarded_at__isnull=False,
                         channel="post", handed_over_at=None),
    Duty.RECEIVE: Q(handling=H.REGISTERED, authority_centre__isnull=False, forwarded_at__isnull=False)
    & ~Q(channel="post", handed_over_at=None),
    Duty.DECIDE: Q(handling__in=RUNNING),
    Duty.GET_PAPERS: Q(handling=H.SUPPLEMENT_ASKED),
    Duty.GET_PAYMENT: Q(handling=H.PAYMENT_ASKED),
    Duty.GO_ON_OR_END: Q(handling=H.STOPPED),
    Duty.SEND_RESULT: Q(handling=H.RESOLVED, result__in=[R.NOT_READY, R.TO_SEND]),
    Duty.DELIVER_RESULT: Q(handling=H.RESOLVED, result=R.ON_THE_WAY),
    Duty.SETTLE_RETURN: Q(handling=H.RESOLVED, result=R.CAME_BACK),
    Duty.HAND_OVER: Q(handling=H.RESOLVED, result=R.NOT_BY_POST),
    Duty.CLOSE: Q(handling=H.RESOLVED, result=R.DELIVERED),
})
"""The duties in SQL; a test holds them against intake.rules.duties in every state."""

_SINCE: Final[Mapping[Duty, tuple[str, ...]]] = MappingProxyType({
    Duty.FINISH_DRAFT: ("created_at",), Duty.NAME_AUTHORITY: ("submitted_at", "created_at"),
    Duty.FORWARD: ("submitted_at", "created_at"), Duty.BRING_PAPERS: ("forwarded_at", "created_at"),
    Duty.RECEIVE: ("handed_over_at", "forwarded_at", "created_at"), Duty.DECIDE: ("received_at", "created_at"),
    Duty.GET_PAPERS: ("paused_at", "received_at", "created_at"),
    Duty.GET_PAYMENT: ("paused_at", "received_at", "created_at"),
    Duty.GO_ON_OR_END: ("paused_at", "received_at", "created_at"),
})
_RESOLVED: Final = ("resolved_at", "created_at")


def since_expression(duty: Duty) -> Any:
    """Since when the duty lies there, in SQL."""
    columns = _SINCE.get(duty, _RESOLVED)
    return F(columns[0]) if len(columns) == 1 else Coalesce(*columns)


def past(duty: Duty, at: datetime, minutes: int, calendar: WorkCalendar) -> Q:
    """Dossiers with `duty` whose deadline is past at `at` by at least `minutes` working minutes (negative: nearing).

    Uses the annotation `since`; the term of the law is a column.
    """
    bound = (calendar.add_working_minutes(at, -minutes) if minutes < 0 else moment_before(at, minutes, calendar))
    patience = RULES[duty].days * DAY_MINUTES + minutes
    by_patience = Q(since__lte=moment_before(at, max(patience, 0), calendar))
    if duty != Duty.DECIDE:
        return WHERE[duty] & by_patience
    return WHERE[duty] & (Q(due_at__lte=bound) | (Q(due_at=None) & by_patience))


def with_duty(dossiers: QuerySet[Dossier]) -> QuerySet[Any]:
    """Each dossier with its `duty` and since when it lies there."""
    return dossiers.annotate(
        duty=Case(*[When(where, then=Value(str(duty))) for duty, where in WHERE.items()], default=Value(""),
                  output_field=CharField()),
        since=Case(*[When(where, then=since_expression(duty)) for duty, where in WHERE.items()],
                   default=F("created_at"), output_field=DateTimeField()))


# --- the page -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """One dossier that needs somebody, and whom."""

    id: UUID
    reference: str
    citizen_name: str
    procedure: Words
    duty: Duty
    what: Words
    holder: Holder
    holder_name: str
    person_name: str
    """Empty: nobody in particular yet."""
    since: datetime
    due_at: datetime
    deadline: Deadline
    is_late: bool
    is_pause: bool
    is_ours: bool
    """It lies with the reader's own place."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    late: tuple[DeadlineRow, ...]
    nearing: tuple[DeadlineRow, ...]
    """Due within a working day."""
    standing: tuple[DeadlineRow, ...]
    """The clock stands still, for longer than it should."""
    is_cut: bool

    @property
    def count(self) -> int:
        return len(self.late) + len(self.nearing) + len(self.standing)


def deadlines(actor: Actor, *, now: datetime, only_ours: bool = False) -> Deadlines:
    """Everything in the actor's sight that is nearly due, late or stands still, the most pressing first."""
    calendar = work_calendar()
    pressing = reduce(or_, (past(duty, now, -DAY_MINUTES, calendar) for duty in Duty))
    seen = with_duty(Dossier.objects.seen_by(actor)).filter(pressing)
    found = list(_named(seen).order_by("since", "id")[: MOST_SHOWN + 1])
    rows = sorted((_row(each, actor, now) for each in found[:MOST_SHOWN]), key=lambda row: (row.due_at, row.id))
    shown = [row for row in rows if row.is_ours or not only_ours]
    return Deadlines(
        tuple(row for row in shown if row.is_late and not row.is_pause),
        tuple(row for row in shown if not row.is_late and not row.is_pause),
        tuple(row for row in shown if row.is_pause and row.is_late), len(found) > MOST_SHOWN)


def _named(dossiers: QuerySet[Any]) -> QuerySet[Any]:
    named: QuerySet[Any] = dossiers.select_related("citizen", "procedure").annotate(
        outlet_name=F("outlet__name"), receiving_name=F("receiving_centre__name"),
        authority_name=F("authority_centre__name"), officer_name=F("officer__display_name"),
        clerk_name=F("clerk__display_name"))
    return named.fetch_mode(FETCH_RAISE)


def standing_of(dossier: Dossier) -> Standing:
    return Standing(
        Handling(dossier.handling), ResultState(dossier.result), dossier.channel,
        dossier.authority_centre_id is not None, dossier.created_at, dossier.submitted_at,
        dossier.forwarded_at, dossier.handed_over_at, dossier.received_at, dossier.due_at,
        dossier.paused_at, dossier.resolved_at)


def _row(dossier: Any, actor: Actor, now: datetime) -> DeadlineRow:
    duty, standing = Duty(dossier.duty), standing_of(dossier)
    rule = RULES[duty]
    calendar = agents.site_calendar(dossier.authority_centre_id) if rule.holder == Holder.AUTHORITY else work_calendar()
    since, due_at = duties.since(standing, duty), duties.deadline(standing, duty, calendar)
    allowed = max(calendar.working_minutes_between(since, due_at), 1)
    left = calendar.working_minutes_between(now, due_at)
    is_late = due_at < now
    return DeadlineRow(
        dossier.id, dossier.code or dossier.agent_ref, dossier.citizen.full_name,
        short_words(dossier.procedure.name_vi, dossier.procedure.name_en), duty, rule.what, rule.holder,
        *_holder(dossier, rule.holder, duty), since, due_at,
        deadline_words(used=allowed - left + (is_late and left == 0), allowed=allowed), is_late, rule.is_pause,
        _is_ours(dossier, rule.holder, actor))


def _holder(dossier: Any, holder: Holder, duty: Duty) -> tuple[str, str]:
    """The party's name, and the person's where one is known."""
    if holder == Holder.OUTLET and dossier.outlet_name:
        return dossier.outlet_name, dossier.clerk_name or "" if duty == Duty.FINISH_DRAFT else ""
    if holder == Holder.AUTHORITY:
        return dossier.authority_name or dossier.receiving_name or "", dossier.officer_name or ""
    return dossier.receiving_name or dossier.authority_name or "", ""


def _is_ours(dossier: Dossier, holder: Holder, actor: Actor) -> bool:
    if actor.outlet_id is not None:
        return holder == Holder.OUTLET and dossier.outlet_id == actor.outlet_id
    if actor.centre_id is None:
        return True
    if holder == Holder.OUTLET and dossier.outlet_id is not None:
        return False
    mine = dossier.authority_centre_id if holder == Holder.AUTHORITY else dossier.receiving_centre_id
    return actor.centre_id == (mine or dossier.receiving_centre_id)


def late_count(actor: Actor, *, now: datetime) -> int:
    """How many are late in the actor's queue, for the rail: the term of the law alone, one index lookup."""
    if actor.centre_id is None:
        return 0
    return Dossier.objects.filter(
        Q(authority_centre_id=actor.centre_id) | Q(receiving_centre_id=actor.centre_id), handling__in=RUNNING,
        due_at__lt=now).count()
