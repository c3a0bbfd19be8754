"""Somebody says that something is wrong: one tap, and everything else may follow later."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from agents.room import clock
from agents.room.errors import IncidentRefused
from agents.room.events import IncidentReported
from agents.room.models import Incident, IncidentEntry, IncidentPhoto, IncidentPlace
from agents.room.places import Site, find_site, own_site
from agents.room.rules import LONGEST_TEXT, Effect, IncidentKind
from shared import audit
from shared.actors import Actor
from shared.errors import FieldError
from shared.identifiers import spoken_code
from shared.outbox.publishing import publish
from shared.text import clean_lines
from shared.transactions import operation

LARGEST_PHOTO: Final = 5 * 1024 * 1024
_KINDS: Final = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


@dataclass(frozen=True, slots=True)
class Report:
    """What is told. `place` is a choice of agents.room.places; empty: where one works, or all over the city."""

    kind: str
    effect: str = Effect.SLOW
    text: str = ""
    place: str = ""
    page: str = ""
    photo: bytes = b""


@operation
def report_incident(report: Report, *, by: Actor, at: datetime) -> Incident:
    """Open an incident, or add to the one of the same kind that is open at the place already.

    Raises:
        IncidentRefused: no such kind or effect, a text too long, a place out of sight, a photo that is none.
    """
    site = _site(report, by)
    _check(report, site, by)
    return open_incident(report, site, by=by, at=at)


def open_incident(report: Report, site: Site | None, *, by: Actor, at: datetime) -> Incident:
    """Part of a report and of the sweep that finds silent places; runs in their transaction."""
    text = clean_lines(report.text)
    incident = _already_open(report, site) if site is not None else None
    if incident is not None:
        _say(incident, "again", text, by, at)
    else:
        incident = _opened(report, text, site, by, at)
    if report.photo:
        IncidentPhoto.objects.create(incident=incident, content=report.photo, content_type=photo_type(report.photo),
                                     at=at)
    return incident


def _opened(report: Report, text: str, site: Site | None, by: Actor, at: datetime) -> Incident:
    columns = site.columns if site is not None else {"province_code": by.province_code}
    incident = Incident(code=spoken_code(5), kind=report.kind, effect=report.effect, text=text, page=report.page[:200],
                        place_name=site.name if site is not None else "", reported_at=at, clock_from=at,
                        reported_by=by.id, reported_by_name=by.name or by.id, **columns)
    clock.wind(incident)
    incident.save(force_insert=True)
    if site is not None:
        IncidentPlace.objects.create(incident=incident, name=site.name, since=at, **site.columns)
    _say(incident, "report", text, by, at)
    clock.follow(incident, at=at)
    audit.record(actor=by, action="incident.report", object_type="incident", object_id=incident.id, at=at,
                 after={"state": incident.state, "kind": incident.kind, "effect": incident.effect})
    publish(IncidentReported(incident.id, incident.kind, incident.province_code, reported_at=at))
    return incident


def _say(incident: Incident, what: str, text: str, by: Actor, at: datetime) -> None:
    IncidentEntry.objects.create(incident=incident, what=what, text=text, by_name=by.name or by.id, at=at)


def _already_open(report: Report, site: Site) -> Incident | None:
    here = IncidentPlace.objects.filter(**site.key).values("incident_id")
    same = Incident.objects.unsolved().filter(kind=report.kind, id__in=here)
    return same.order_by("-reported_at").first()


def _site(report: Report, by: Actor) -> Site | None:
    if not report.place:
        return own_site(by)
    found = find_site(by, report.place)
    if found is None:
        raise _refused("/place", _("Choose one of the places you see."))
    return found


def _check(report: Report, site: Site | None, by: Actor) -> None:
    if report.kind not in set(IncidentKind):
        raise _refused("/kind", _("Say what is broken: press one of the five kinds."))
    if report.effect not in set(Effect):
        raise _refused("/effect", _("Say what becomes of the work."))
    if len(report.text) > LONGEST_TEXT:
        raise _refused("/text", _("At most 1,000 characters: say the rest on the telephone."))
    if site is None and not by.province_code:
        raise _refused("/place", _("Choose the place that has the trouble."))
    if report.photo and not photo_type(report.photo):
        raise _refused("/photo", _("A photo is a JPEG or PNG file of at most 5 MB."))


def photo_type(content: bytes) -> str:
    """Its type by its first bytes; empty: neither of the two, or too large."""
    if len(content) > LARGEST_PHOTO:
        return ""
    return next((kind for start, kind in _KINDS if content.startswith(start)), "")


def _refused(pointer: str, message: object) -> IncidentRefused:
    return IncidentRefused(errors=(FieldError(pointer, "invalid", str(message)),))
