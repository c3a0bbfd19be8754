"""What becomes of an incident: taken, handed to a vendor, solved, closed, opened again; notes and further places."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents.room import clock, impact
from agents.room.errors import IncidentNotFound, IncidentRefused, IncidentStepImpossible, NotYourIncident
from agents.room.events import IncidentSolved
from agents.room.models import Incident, IncidentEntry, IncidentPlace, VendorDuty
from agents.room.places import find_site
from agents.room.rules import (
    CLOSED_AFTER,
    LONGEST_TEXT,
    MOST_PLACES,
    OF_THE_PLACE,
    REOPENED_WITHIN,
    Effect,
    IncidentState,
    IncidentStep,
    next_climb,
    next_state,
)
from shared import audit
from shared.actors import Actor, ActorKind, job
from shared.errors import FieldError
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.text import clean, clean_lines
from shared.transactions import operation
from shared.working_days import work_calendar

ROOM: Final = frozenset({Role.OPERATIONS_OFFICER, Role.ADMINISTRATOR})
WATCH: Final = job("watch-incidents")
_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Said:
    """What goes with a step: a sentence; for a vendor also which one and its ticket."""

    text: str = ""
    vendor: str = ""
    ticket: str = ""


@operation
def take_step(incident_id: UUID, step: IncidentStep, *, by: Actor, at: datetime, said: Said | None = None) -> Incident:
    """One step of the state table.

    Raises:
        IncidentNotFound: none within sight.
        NotYourIncident: the step is the operations room's.
        IncidentStepImpossible: not from this state, or reopened too late.
        IncidentRefused: solved without a word how, handed to nobody.
    """
    incident = _locked(incident_id, by)
    if by.role not in ROOM and step not in OF_THE_PLACE and by.kind is not ActorKind.JOB:
        raise NotYourIncident
    return _stepped(incident, step, said or Said(), by, at)


def _stepped(incident: Incident, step: IncidentStep, said: Said, by: Actor, at: datetime) -> Incident:
    before, text = incident.state, clean_lines(said.text)
    following = next_state(IncidentState(before), step)
    if following is None or (step is IncidentStep.REOPEN and _is_too_late(incident, at)):
        raise IncidentStepImpossible
    if len(text) > LONGEST_TEXT:
        raise _refused("/text", _("At most 1,000 characters: say the rest on the telephone."))
    incident.state = following
    _apply(incident, step, Said(text, clean(said.vendor)[:120], clean(said.ticket)[:60]), by, at)
    clock.wind(incident)
    incident.save()
    IncidentEntry.objects.create(incident=incident, what=step, text=text, by_name=by.name or by.id, at=at)
    clock.follow(incident, at=at)
    audit.record(actor=by, action=f"incident.{step}", object_type="incident", object_id=incident.id, at=at,
                 before={"state": before}, after={"state": incident.state})
    return incident


def _apply(incident: Incident, step: IncidentStep, said: Said, by: Actor, at: datetime) -> None:
    match step:
        case IncidentStep.TAKE:
            incident.owner_id, incident.owner_name, incident.taken_at = by.id, by.name or by.id, at
        case IncidentStep.HAND_TO_VENDOR:
            _hand_over(incident, said, at)
        case IncidentStep.SOLVE:
            if not said.text:
                raise _refused("/text", _("Say in a sentence what put it right: the next one will look for it."))
            incident.solution, incident.solved_at = said.text, at
            incident.dossiers = dossiers_touched(incident, until=at)
            publish(IncidentSolved(incident.id, incident.kind, incident.province_code, solved_at=at))
        case IncidentStep.CLOSE:
            incident.closed_at = at
        case IncidentStep.REOPEN:
            incident.closed_at = incident.solved_at = incident.taken_at = None
            incident.level, incident.clock_from = 0, at
        case IncidentStep.TAKE_BACK:
            incident.vendor_due_at = None


def _hand_over(incident: Incident, said: Said, at: datetime) -> None:
    duty = VendorDuty.objects.filter(province_code=incident.province_code, kind=incident.kind).first()
    vendor = said.vendor or (duty.vendor if duty is not None else "")
    if not vendor:
        raise _refused("/vendor", _("Say who is to put it right; who does so for each kind is kept under Vendors."))
    incident.vendor, incident.vendor_ticket, incident.vendor_told_at = vendor, said.ticket, at
    incident.vendor_due_at = None
    if duty is not None and duty.vendor == vendor:
        incident.vendor_due_at = work_calendar().add_working_minutes(at, duty.minutes)


def _is_too_late(incident: Incident, at: datetime) -> bool:
    return incident.closed_at is not None and at - incident.closed_at > REOPENED_WITHIN


@operation
def add_note(incident_id: UUID, *, text: str, by: Actor, at: datetime) -> Incident:
    """Say something more about it; whoever sees it may.

    Raises: IncidentNotFound, IncidentRefused (nothing said, or too much).
    """
    incident, told = _locked(incident_id, by), clean_lines(text)
    if not told or len(told) > LONGEST_TEXT:
        raise _refused("/text", _("Say something, in at most 1,000 characters."))
    IncidentEntry.objects.create(incident=incident, what="note", text=told, by_name=by.name or by.id, at=at)
    audit.record(actor=by, action="incident.note", object_type="incident", object_id=incident.id, at=at)
    return incident


@operation
def add_place(incident_id: UUID, *, place: str, by: Actor, at: datetime) -> Incident:
    """The same trouble is at another place too: one incident, one vendor, one solution. Again changes nothing.

    Raises: IncidentNotFound, NotYourIncident, IncidentStepImpossible (it is solved), IncidentRefused (no such place).
    """
    incident = _locked(incident_id, by)
    if by.role not in ROOM:
        raise NotYourIncident
    if incident.climbs_at is None and incident.solved_at is not None:
        raise IncidentStepImpossible
    site = find_site(by, place)
    if site is None or site.province_code != incident.province_code or incident.places.count() >= MOST_PLACES:
        raise _refused("/place", _("Choose one of the places you see."))
    known = incident.places.filter(**site.key).exists()
    if not known:
        IncidentPlace.objects.create(incident=incident, name=site.name, since=at, **site.columns)
        IncidentEntry.objects.create(incident=incident, what="place", text=site.name, by_name=by.name or by.id, at=at)
        audit.record(actor=by, action="incident.place", object_type="incident", object_id=incident.id, at=at,
                     after={"place": str(site.place_id)})
    return incident


def dossiers_touched(incident: Incident, *, until: datetime) -> int | None:
    """How many dossiers lay at its places meanwhile; None where nobody can tell."""
    spans = [impact.Span(each.outlet_id, each.centre_id, each.since, max(until, each.since))
             for each in incident.places.all()]
    counts = [count for count in impact.touched(spans) if count is not None]
    return sum(counts) if counts else None


# --- the sweep ------------------------------------------------------------------------------------------------------


def watch_incidents(*, at: datetime) -> int:
    """Climb what is due and close what was solved a working day ago; returns how many. Safe to run again."""
    due = Incident.objects.filter(climbs_at__lte=at).order_by("climbs_at").values_list("id", flat=True)[:_AT_ONCE]
    climbed = sum(climb(incident_id, at=at) for incident_id in list(due))
    solved = Incident.objects.filter(state=IncidentState.SOLVED, solved_at__lte=at - timedelta(hours=8))
    rows = solved.order_by("solved_at").values_list("id", "solved_at")[:_AT_ONCE]
    over = [incident_id for incident_id, solved_at in rows if solved_at is not None
            and work_calendar().add_working_minutes(solved_at, CLOSED_AFTER) <= at]
    for incident_id in over:
        take_step(incident_id, IncidentStep.CLOSE, by=WATCH, at=at)
    return climbed + len(over)


@operation
def climb(incident_id: UUID, *, at: datetime) -> bool:
    """Tell the next level of an incident whose time has passed; says whether anything was to be done."""
    incident = Incident.objects.select_for_update().get(id=incident_id)
    if incident.climbs_at is None or incident.climbs_at > at:
        return False
    following = next_climb(level=incident.level, effect=Effect(incident.effect), since=incident.clock_from,
                           is_taken=incident.taken_at is not None, calendar=work_calendar())
    if following is None:
        return False
    before, incident.level = incident.level, following[0]
    clock.wind(incident)
    incident.save(update_fields=["level", "climbs_at"])
    IncidentEntry.objects.create(incident=incident, what="climb", text=str(incident.level), by_name=WATCH.name, at=at)
    clock.follow(incident, at=at, outcome="climbed")
    audit.record(actor=WATCH, action="incident.climb", object_type="incident", object_id=incident.id, at=at,
                 before={"level": before}, after={"level": incident.level})
    return True


def _locked(incident_id: UUID, by: Actor) -> Incident:
    if not Incident.objects.seen_by(by).filter(id=incident_id).exists():
        raise IncidentNotFound
    return Incident.objects.select_for_update().get(id=incident_id)


def _refused(pointer: str, message: object) -> IncidentRefused:
    return IncidentRefused(errors=(FieldError(pointer, "invalid", str(message)),))
