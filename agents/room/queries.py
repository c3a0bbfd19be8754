"""What the operations room and the places read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet

from agents.queries import open_centres
from agents.room.hours import open_since
from agents.room.models import Incident, Outage, PlaceBeat, VendorDuty, sight_of
from agents.room.rules import LEVELS, Contact, IncidentKind, contact
from agents.scope import outlets_seen_by
from shared.actors import Actor
from shared.calendar import local
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role

LOG_SHOWN: Final = timedelta(days=14)
_ORDER: Final = {each: number for number, each in enumerate(Contact)}


def incidents(actor: Actor, *, kind: str = "", only_open: bool = True) -> QuerySet[Incident]:
    """Those within sight, each with the number of its places; the highest level and the oldest first."""
    found = Incident.objects.seen_by(actor).annotate(place_count=Count("places"))
    if kind:
        found = found.filter(kind=kind)
    if not only_open:
        return found.order_by("-reported_at", "-id")
    return found.exclude(state="closed").order_by("-level", "reported_at", "id")


def waiting(actor: Actor) -> QuerySet[Incident]:
    """Those that wait to be taken."""
    found: QuerySet[Incident] = Incident.objects.seen_by(actor).filter(state__in=["reported", "reopened"])
    return found


def climbed(actor: Actor) -> QuerySet[Incident]:
    """Unsolved incidents that the clock has brought up to the actor's own level or beyond."""
    level = min((each.number for each in LEVELS[2:] if each.role == actor.role), default=None)
    seen = Incident.objects.seen_by(actor).unsolved()
    return seen.none() if level is None else seen.filter(level__gte=level)


@dataclass(frozen=True, slots=True)
class Contacted:
    """One place on the page of contacts."""

    name: str
    code: str
    is_outlet: bool
    contact: Contact
    last_at: datetime | None
    latency_ms: int | None


@dataclass(frozen=True, slots=True)
class Contacts:
    places: list[Contacted]
    """Worst first."""
    counts: dict[str, int]


def contacts(actor: Actor, now: datetime) -> Contacts:
    """Every place within sight and how it stands; a handful of statements for any number of places."""
    sight = sight_of(actor)
    rows = list(PlaceBeat.objects.filter(sight)) if sight is not None else []
    beats = {each.place_id: each for each in rows}
    opening = open_since(rows, now)
    found = [_contacted(place, beats.get(place.id), opening.get(place.id), now) for place in _places(actor, now)]
    found.sort(key=lambda each: (_ORDER[each.contact], each.name))
    return Contacts(found, dict(Counter(str(each.contact) for each in found)))


@dataclass(frozen=True, slots=True)
class _Place:
    id: UUID
    name: str
    code: str
    is_outlet: bool


def _contacted(place: _Place, beat: PlaceBeat | None, opening: datetime | None, now: datetime) -> Contacted:
    last_at = beat.last_at if beat is not None else None
    latency = beat.latency_ms if beat is not None else None
    stands = contact(last_at=last_at, latency_ms=latency, is_open=opening is not None, now=now)
    return Contacted(place.name, place.code, place.is_outlet, stands, last_at, latency)


def _places(actor: Actor, now: datetime) -> list[_Place]:
    outlets = outlets_seen_by(actor).filter(status="active").values_list("id", "name", "code")
    centres = open_centres(local(now).date())
    if actor.role in CENTRE_ROLES:
        centres = centres.filter(id__in=[actor.centre_id])
    elif actor.role in OUTLET_ROLES or actor.role == Role.OPERATOR_HQ:
        centres = centres.none()
    elif actor.province_code:
        centres = centres.filter(province_id=actor.province_code)
    return [*(_Place(*row, is_outlet=True) for row in outlets),
            *(_Place(*row, is_outlet=False) for row in centres.values_list("id", "name", "agency_code"))]


def outages(actor: Actor, now: datetime) -> list[Outage]:
    """Of the last two weeks, the running ones first, then the latest."""
    found = Outage.objects.seen_by(actor).filter(started_at__gte=now - LOG_SHOWN)
    return sorted(found.order_by("-started_at", "-id")[:300], key=lambda each: each.ended_at is not None)


def duties(province_code: str) -> Sequence[tuple[IncidentKind, VendorDuty | None]]:
    """Each kind with who puts it right; None: nobody was named."""
    known = {each.kind: each for each in VendorDuty.objects.filter(province_code=province_code)}
    return [(kind, known.get(kind)) for kind in IncidentKind]
