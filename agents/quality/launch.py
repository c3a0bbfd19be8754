"""The first weeks of a new outlet: watched by signals, visited by a person, ended by a decision."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents.errors import NotYourRole
from agents.models.organisations import Outlet, OutletStatus
from agents.quality import cases
from agents.quality.cases import Look, Period
from agents.quality.errors import InvalidQualityEntry, LaunchWatchEnded, LaunchWatchNotFound
from agents.quality.models import LaunchNote, LaunchWatch
from agents.quality.rules import LAUNCH_WEEKS, VISIT_WITHIN, WATCH_MOVES, Counted, Measure, WatchState, WatchStep
from shared import audit, work
from shared.actors import Actor, job
from shared.calendar import at_local, local
from shared.errors import ErrorCollector
from shared.roles import Role
from shared.text import clean_lines
from shared.transactions import operation
from shared.working_days import work_calendar

DUE: Final = "launch-watch-due"
LONGEST: Final = 1000
MOST_WEEKS_MORE: Final = 8
QUIET_DAYS: Final = 3
"""So many working days without a dossier are a signal."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What the first weeks show so far."""

    dossiers: int
    quiet_days: int
    """Working days since the last dossier, or since the opening."""
    last_taken_on: date | None
    returned: Counted
    late: Counted
    training: Counted
    last_visit: datetime | None
    visit_is_due: bool

    @property
    def is_quiet(self) -> bool:
        return self.quiet_days >= QUIET_DAYS

    @property
    def how_many(self) -> int:
        """Signals that ask for somebody's attention."""
        return sum((self.is_quiet, self.returned.missed > 0, self.late.missed > 0, self.training.missed > 0,
                    self.visit_is_due))


@operation
def begin_watches(*, at: datetime) -> int:
    """Watch the outlets that opened in the last eight weeks and are not watched yet; returns how many."""
    today = local(at).date()
    fresh = Outlet.objects.select_related("commune").filter(
        agreement_from__gt=today - timedelta(weeks=LAUNCH_WEEKS), agreement_from__lte=today,
        status=OutletStatus.ACTIVE, launch_watch=None).order_by("code")
    made = [LaunchWatch(outlet=each, operator_id=each.operator_id, province_code=each.commune.province_id,
                        begun_on=each.agreement_from, until=each.agreement_from + timedelta(weeks=LAUNCH_WEEKS))
            for each in fresh]
    LaunchWatch.objects.bulk_create(made, ignore_conflicts=True)
    for each in made:
        _ask_for_decision(each, at)
        audit.record(actor=job("begin_watches"), action="launch-watch.begin", object_type="launch-watch",
                     object_id=each.id, at=at, after={"outlet": str(each.outlet_id)})
    return len(made)


def _ask_for_decision(watch: LaunchWatch, at: datetime) -> None:
    work.open_item(kind=DUE, reference=str(watch.id), owner_role=Role.PROGRAMME_OFFICER,
                   owner_place=watch.province_code, at=at, due_at=at_local(watch.until, time(17)))


def signals(watch: LaunchWatch, now: datetime) -> Signals:
    """Four statements; nothing of it is kept."""
    since = at_local(watch.begun_on, time())
    end = watch.ended_at or now
    period = Period(watch.province_code, since, max(end, since), now)
    look = Look(period, outlet_id=watch.outlet_id)
    found = {measure: cases.count(measure, look).get(watch.outlet_id)
             for measure in (Measure.FIRST_TIME_RIGHT, Measure.FORWARD_TIME, Measure.TRAINING, Measure.COMPLAINTS)}
    counted = {measure: each.counted if each is not None else Counted() for measure, each in found.items()}
    last = cases.last_at(Measure.COMPLAINTS, look)
    last_day = local(last).date() if last is not None else None
    quiet = work_calendar().working_days_between(last_day or watch.begun_on, local(end).date())
    visit = watch.notes.filter(kind="visit").order_by("-at").values_list("at", flat=True).first()
    is_due = watch.state == WatchState.RUNNING and (visit or since) + VISIT_WITHIN < now
    return Signals(counted[Measure.COMPLAINTS].seen, max(quiet, 0), last_day, counted[Measure.FIRST_TIME_RIGHT],
                   counted[Measure.FORWARD_TIME], counted[Measure.TRAINING], visit, is_due)


@operation
def note(*, watch_id: UUID, kind: str, text: str, by: Actor, at: datetime) -> LaunchWatch:
    """Keep what a visit ("visit") or a call ("note") showed.

    Raises:
        LaunchWatchNotFound, NotYourRole, LaunchWatchEnded, InvalidQualityEntry.
    """
    found = _locked(watch_id, by)
    wrong = ErrorCollector()
    if kind not in {"visit", "note"}:
        wrong.add("/kind", "unknown", _("Choose visit or note."))
    wrong.raise_if_any(InvalidQualityEntry)
    _write(found, kind, _said(text), by, at)
    return found


@operation
def look_after(*, watch_id: UUID, by: Actor, at: datetime) -> LaunchWatch:
    """Take it on oneself to visit the outlet; who does so decides no appeal of it.

    Raises:
        LaunchWatchNotFound, NotYourRole, LaunchWatchEnded.
    """
    found = _locked(watch_id, by)
    found.visitor_id, found.visitor_name = by.id, by.name
    found.save(update_fields=["visitor_id", "visitor_name"])
    _write(found, "visitor", by.name, by, at)
    return found


@operation
def extend(*, watch_id: UUID, weeks: int, reason: str, by: Actor, at: datetime) -> LaunchWatch:
    """Watch it some weeks longer.

    Raises:
        LaunchWatchNotFound, NotYourRole, LaunchWatchEnded, InvalidQualityEntry.
    """
    found = _locked(watch_id, by)
    wrong = ErrorCollector()
    if not 1 <= weeks <= MOST_WEEKS_MORE:
        wrong.add("/weeks", "out-of-range", _("One to eight weeks."))
    wrong.raise_if_any(InvalidQualityEntry)
    reason = _said(reason)
    found.state = WATCH_MOVES[WatchState(found.state), WatchStep.EXTEND]
    found.until = max(found.until, local(at).date()) + timedelta(weeks=weeks)
    found.save(update_fields=["state", "until"])
    work.close_item(kind=DUE, reference=str(found.id), by=by.id, at=at, outcome="extended")
    _ask_for_decision(found, at)
    _write(found, "extend", reason, by, at)
    return found


@operation
def end(*, watch_id: UUID, outcome: str, by: Actor, at: datetime) -> LaunchWatch:
    """Decide that the outlet stands on its own, and say why.

    Raises:
        LaunchWatchNotFound, NotYourRole, LaunchWatchEnded, InvalidQualityEntry.
    """
    found = _locked(watch_id, by)
    said = _said(outcome)[:500]
    found.state = WATCH_MOVES[WatchState(found.state), WatchStep.END]
    found.ended_at, found.ended_by_name, found.outcome = at, by.name, said
    found.save(update_fields=["state", "ended_at", "ended_by_name", "outcome"])
    work.close_item(kind=DUE, reference=str(found.id), by=by.id, at=at, outcome="ended")
    _write(found, "end", said, by, at)
    return found


def _locked(watch_id: UUID, by: Actor) -> LaunchWatch:
    found: LaunchWatch | None = LaunchWatch.objects.seen_by(by).select_for_update(of=("self",)).filter(
        id=watch_id).first()
    if found is None:
        raise LaunchWatchNotFound
    if by.role != Role.PROGRAMME_OFFICER:
        raise NotYourRole
    if found.state == WatchState.ENDED:
        raise LaunchWatchEnded
    return found


def _said(text: str) -> str:
    said, wrong = clean_lines(text).strip(), ErrorCollector()
    if not said:
        wrong.add("/text", "missing", _("Write what was seen or decided."))
    if len(said) > LONGEST:
        wrong.add("/text", "too-long", _("At most 1,000 characters."))
    wrong.raise_if_any(InvalidQualityEntry)
    return said


def _write(found: LaunchWatch, kind: str, text: str, by: Actor, at: datetime) -> None:
    LaunchNote.objects.create(watch=found, kind=kind, text=text, at=at, by_name=by.name)
    audit.record(actor=by, action=f"launch-watch.{kind}", object_type="launch-watch", object_id=found.id, at=at,
                 after={"state": found.state, "until": found.until.isoformat()})
