"""The figures that the national index is worked out from, as of a moment.

Days that are over come from what was counted last night, the hours since from the dossiers themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from intake.boards.figures import Unit
from intake.boards.models import BoardMark, IndexDay
from intake.boards.reading import By, lines_by
from intake.boards.rules.counts import Counts
from intake.boards.rules.national import Facts, Group, Share, index
from intake.models.decisions import Resolution
from intake.models.dossiers import Dossier
from intake.rules.catalogue import Channel
from intake.satisfaction.models import Satisfaction
from intake.satisfaction.rules import CONTENT
from shared.actors import Actor
from shared.calendar import at_local, local

_BEFORE_ALL: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What somebody may count, before any moment is chosen."""

    dossiers: QuerySet[Dossier]
    answers: QuerySet[Satisfaction]
    days: QuerySet[IndexDay]


def index_of(actor: Actor, unit: Unit, as_of: datetime) -> Sequence[Group]:
    """The index of a province or of one centre; scope first, so nobody's is wider than her own."""
    return index(_facts(unit, as_of, Dossier.objects.seen_by(actor), Satisfaction.objects.seen_by(actor)))


def facts_of(unit: Unit, as_of: datetime) -> Facts:
    """The same for whoever counts a whole place for everybody; must run inside scope.everything()."""
    return _facts(unit, as_of, Dossier.objects.all(), Satisfaction.objects.all())


def slow_facts(unit: Unit, as_of: datetime) -> Facts:
    """The same without anything that was counted before; must run inside scope.everything()."""
    return _facts(unit, as_of, Dossier.objects.all(), Satisfaction.objects.all(), counted_until=_BEFORE_ALL)


def _facts(unit: Unit, as_of: datetime, dossiers: QuerySet[Dossier], answers: QuerySet[Satisfaction],
           counted_until: datetime | None = None) -> Facts:
    rows = _of_unit(unit, dossiers, answers)
    year = local(as_of).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    edge = min(counted_until or _counted_until(), at_local(local(as_of).date(), time()))
    total = sum((line.count for line in lines_by(unit, as_of, By.CENTRE)), Counts())
    kept = rows.days.filter(day__lt=local(edge).date())
    this_year = kept.filter(day__gte=year.date())
    return Facts(
        Share(total.received - total.resolved_late - total.late, total.received),
        _kept(this_year, "online", "filed") + _online(rows, max(edge, year), as_of),
        _kept(kept, "content", "answered") + _content(rows, edge, as_of),
        _kept(this_year, "with_result", "decided") + _results(rows, year, max(edge, year), as_of))


def _of_unit(unit: Unit, dossiers: QuerySet[Dossier], answers: QuerySet[Satisfaction]) -> _Rows:
    province = Q(province_code=unit.province_code)
    centre, receiving = ((Q(centre_id=unit.centre_id), Q(receiving_centre_id=unit.centre_id))
                         if unit.centre_id else (Q(), Q()))
    return _Rows(dossiers.filter(province, receiving), answers.filter(province, centre),
                 IndexDay.objects.filter(province, centre))


def _counted_until() -> datetime:
    return BoardMark.objects.filter(id=1).values_list("index_until", flat=True).first() or _BEFORE_ALL


def _kept(days: QuerySet[IndexDay], part: str, base: str) -> Share:
    return Share(**days.aggregate(part=Coalesce(Sum(part), 0), base=Coalesce(Sum(base), 0)))


def _online(rows: _Rows, since: datetime, as_of: datetime) -> Share:
    """Of what was received from `since` to the moment."""
    received = rows.dossiers.filter(received_at__gte=since, received_at__lte=as_of)
    return Share(**received.aggregate(part=Count("id", filter=Q(channel=Channel.ONLINE)), base=Count("id")))


def _content(rows: _Rows, since: datetime, as_of: datetime) -> Share:
    answered = rows.answers.filter(answered_at__gte=since, answered_at__lte=as_of)
    return Share(**answered.aggregate(part=Count("pk", filter=Q(overall__gte=CONTENT)), base=Count("pk")))


def _results(rows: _Rows, year: datetime, since: datetime, as_of: datetime) -> Share:
    """Of this year's dossiers, those whose decision or reception, whichever was later, falls between the moments."""
    filed = rows.dossiers.filter(received_at__gte=year, received_at__lte=as_of)
    decided = Resolution.objects.filter(dossier__in=filed, resolved_at__lte=as_of)
    told_late = decided.filter(resolved_at__lt=since, dossier__received_at__gte=since)
    return sum((Share(**each.aggregate(part=Count("id", filter=Q(result_document__isnull=False)), base=Count("id")))
                for each in (decided.filter(resolved_at__gte=since), told_late)), Share(0, 0))
