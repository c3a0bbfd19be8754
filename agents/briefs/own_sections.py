"""What the network itself tells in a brief: incidents, and places without contact."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from agents.briefs.sections import Asked, Both, Figure, Row, Section, both, register
from agents.room.models import Incident, Outage
from agents.room.rules import IncidentState
from agents.room.wording import KINDS, STATES
from shared.formatting import stamp

_MINUTE: Final = 60


def incidents(asked: Asked) -> Section:
    """Those that were not solved at the moment, those reported and solved since the last brief; the open ones named."""
    known = Incident.objects.filter(province_code=asked.province_code, reported_at__lte=asked.as_of)
    is_open = Q(solved_at=None) | Q(solved_at__gt=asked.as_of)
    running = list(known.filter(is_open).order_by("-level", "reported_at")[:50])
    return Section("incidents", both(_("Incidents")), (
        Figure(both(_("reported since the last brief")), known.filter(reported_at__gt=asked.since).count()),
        Figure(both(_("solved since the last brief")),
               known.filter(solved_at__gt=asked.since, solved_at__lte=asked.as_of).count()),
        Figure(both(_("not solved yet")), known.filter(is_open).count()),
    ), tuple(_incident(each, asked.as_of) for each in running))


def _incident(incident: Incident, now: datetime) -> Row:
    name = incident.place_name or incident.code

    def said() -> str:
        owner = incident.vendor if incident.state == IncidentState.WITH_VENDOR else incident.owner_name
        told = [str(KINDS[incident.kind]), incident.text.splitlines()[0][:90] if incident.text else "",
                gettext("since %(when)s") % {"when": stamp(incident.reported_at)},
                str(STATES[IncidentState(incident.state)]), owner]
        return " · ".join(part for part in told if part)

    return Row(name, _said(said), is_late=incident.level > 0)


def outages(asked: Asked) -> Section:
    """Places that were silent since the last brief, and those that still are."""
    found = list(Outage.objects.filter(province_code=asked.province_code, started_at__lte=asked.as_of)
                 .filter(Q(ended_at=None) | Q(ended_at__gt=asked.since)).order_by("started_at")[:200])
    running = [each for each in found if each.ended_at is None or each.ended_at > asked.as_of]
    longest = sorted(found, key=lambda each: -_minutes(each, asked.as_of))
    return Section("outages", both(_("Places without contact")), (
        Figure(both(_("outages since the last brief")), len(found)),
        Figure(both(_("still without contact")), len(running)),
        Figure(both(_("dossiers that lay there meanwhile")), sum(each.dossiers or 0 for each in found)),
    ), tuple(_outage(each, asked.as_of) for each in longest))


def _outage(outage: Outage, now: datetime) -> Row:
    minutes = _minutes(outage, now)
    is_over = outage.ended_at is not None and outage.ended_at <= now

    def said() -> str:
        span = ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
        since = gettext("since %(when)s") % {"when": stamp(outage.started_at)}
        return f"{since} · {span}" if is_over else f"{since} · {span} · {gettext('still without contact')}"

    return Row(outage.place_name, _said(said), is_late=not is_over)


def _minutes(outage: Outage, now: datetime) -> int:
    end = outage.ended_at if outage.ended_at is not None and outage.ended_at <= now else now
    return max(0, int((end - outage.started_at).total_seconds() // _MINUTE))


def _said(say: Callable[[], str]) -> Both:
    with override("vi"):
        vietnamese = say()
    with override("en"):
        return Both(vietnamese, say())


def register_own() -> None:
    """Called when the app is ready."""
    register("outages", order=20, make=outages)
    register("incidents", order=30, make=incidents)
