"""Outages: opened when a place is silent in its opening hours, closed by the next beat or the end of the day."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import override

from agents.room import impact
from agents.room.hours import open_since
from agents.room.models import Outage, PlaceBeat
from agents.room.places import Site
from agents.room.reporting import Report, open_incident
from agents.room.rules import INCIDENT_AFTER, SILENT_AFTER, Effect, IncidentKind
from shared import audit
from shared.actors import job
from shared.formatting import clock
from shared.transactions import operation

WATCH: Final = job("heartbeat")


def watch_contact(*, at: datetime) -> int:
    """Open, close and escalate outages as the beats say; returns how many changed. Safe to run again."""
    beats = list(PlaceBeat.objects.select_related("outlet", "centre"))
    opened_at = open_since(beats, at)
    running = {each.place_id: each for each in Outage.objects.filter(ended_at=None)}
    changed = 0
    for beat in beats:
        opening, outage = opened_at[beat.place_id], running.get(beat.place_id)
        is_silent = opening is not None and at - max(beat.last_at, opening) > SILENT_AFTER
        if outage is None and is_silent and opening is not None:
            changed += start_outage(beat, since=max(beat.last_at, opening), at=at)
        elif outage is not None and beat.resumed_at > outage.started_at:
            changed += end_outage(outage, ended_at=beat.resumed_at, ended_by="contact", at=at)
        elif outage is not None and opening is None:
            changed += end_outage(outage, ended_at=at, ended_by="closing", at=at)
        elif outage is not None and outage.incident_id is None and at - outage.started_at > INCIDENT_AFTER:
            changed += report_outage(outage, at=at)
    return changed


@operation
def start_outage(beat: PlaceBeat, *, since: datetime, at: datetime) -> bool:
    """The place of `beat` has been silent since then; says whether that is news."""
    made = Outage.objects.bulk_create([Outage(
        place_id=beat.place_id, province_code=beat.province_code, outlet_id=beat.outlet_id,
        operator_id=beat.operator_id, centre_id=beat.centre_id, place_name=_name(beat), started_at=since)],
        ignore_conflicts=True)
    audit.record(actor=WATCH, action="outage.start", object_type="place", object_id=beat.place_id, at=at)
    return bool(made)


@operation
def end_outage(outage: Outage, *, ended_at: datetime, ended_by: str, at: datetime) -> bool:
    """It is over; what lay at the place meanwhile is counted once and kept."""
    locked = Outage.objects.select_for_update().get(id=outage.id)
    if locked.ended_at is not None:
        return False
    locked.ended_at, locked.ended_by = ended_at, ended_by
    locked.dossiers = touched([locked], until=ended_at)[0]
    locked.save(update_fields=["ended_at", "ended_by", "dossiers"])
    audit.record(actor=WATCH, action="outage.end", object_type="place", object_id=outage.place_id, at=at)
    return True


@operation
def report_outage(outage: Outage, *, at: datetime) -> bool:
    """Who is cut off cannot report: the silence does, or joins what the place has told of its network already."""
    locked = Outage.objects.select_for_update().get(id=outage.id)
    if locked.ended_at is not None or locked.incident_id is not None:
        return False
    site = Site(locked.province_code, locked.place_name, outlet_id=locked.outlet_id, operator_id=locked.operator_id,
                centre_id=locked.centre_id)
    with override("vi"):
        text = f"Không có tín hiệu từ {clock(locked.started_at)}."
    locked.incident = open_incident(Report(IncidentKind.NETWORK, Effect.STOPPED, text), site, by=WATCH, at=at)
    locked.save(update_fields=["incident"])
    return True


def touched(outages: Sequence[Outage], *, until: datetime) -> list[int | None]:
    """How many dossiers lay at each place meanwhile; None where nobody can tell."""
    return impact.touched([impact.Span(each.outlet_id, each.centre_id, each.started_at, each.ended_at or until)
                           for each in outages])


def _name(beat: PlaceBeat) -> str:
    if beat.outlet is not None:
        return beat.outlet.name
    return beat.centre.name if beat.centre is not None else ""
