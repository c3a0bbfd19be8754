"""The figures that the national index is worked out from, as of a moment."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from intake.boards.figures import Unit
from intake.boards.reading import By, lines_by
from intake.boards.rules.counts import Counts
from intake.boards.rules.national import Facts, Group, Share, index
from intake.models.decisions import Resolution
from intake.models.dossiers import Dossier
from intake.rules.catalogue import Channel
from intake.satisfaction.models import Satisfaction
from intake.satisfaction.rules import CONTENT
from shared.actors import Actor
from shared.calendar import local


def index_of(actor: Actor, unit: Unit, as_of: datetime) -> Sequence[Group]:
    """The index of a province or of one centre; scope first, so nobody's is wider than her own."""
    return index(_facts(unit, as_of, Dossier.objects.seen_by(actor), Satisfaction.objects.seen_by(actor)))


def facts_of(unit: Unit, as_of: datetime) -> Facts:
    """The same for whoever counts a whole place for everybody; must run inside scope.everything()."""
    return _facts(unit, as_of, Dossier.objects.all(), Satisfaction.objects.all())


def _facts(unit: Unit, as_of: datetime, dossiers: QuerySet[Dossier], answers: QuerySet[Satisfaction]) -> Facts:
    year = local(as_of).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    total = sum((line.count for line in lines_by(unit, as_of, By.CENTRE)), Counts())
    filed = dossiers.filter(province_code=unit.province_code, received_at__gte=year, received_at__lte=as_of)
    answered = answers.filter(province_code=unit.province_code, answered_at__lte=as_of)
    if unit.centre_id:
        filed, answered = (filed.filter(receiving_centre_id=unit.centre_id),
                           answered.filter(centre_id=unit.centre_id))
    online = filed.aggregate(part=Count("id", filter=Q(channel=Channel.ONLINE)), base=Count("id"))
    content = answered.aggregate(part=Count("pk", filter=Q(overall__gte=CONTENT)), base=Count("pk"))
    decided = Resolution.objects.filter(dossier__in=filed, resolved_at__lte=as_of)
    results = decided.aggregate(part=Count("id", filter=Q(result_document__isnull=False)), base=Count("id"))
    return Facts(Share(total.received - total.resolved_late - total.late, total.received), Share(**online),
                 Share(**content), Share(**results))
