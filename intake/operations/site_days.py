"""A centre is closed out of turn, or open after all: the terms that run over the day move with it."""

from datetime import datetime, time
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from agents import public as agents
from agents.public import SiteDayInfo
from intake.models.dossiers import Dossier, DossierStep
from intake.rules import clock
from intake.rules.states import RUNNING
from intake.steps import where_it_counts
from shared import audit
from shared.actors import Actor, job
from shared.calendar import at_local
from shared.transactions import operation

CALENDAR: Final = job("site-calendar")
MOVED: Final = "due_moved"


@operation
def follow_site_day(*, site_day_id: UUID, is_withdrawn: bool, at: datetime, by: Actor = CALENDAR) -> int:
    """Move the due moments of the deciding centre's running terms by the hours that a day loses or gains.

    Set-based: terms that end together move together. Again: nothing moves twice. Returns how many moved.
    """
    changed = agents.site_day(site_day_id)
    if changed is None or changed.centre_id is None:
        return 0
    without, with_it = agents.calendars_around(changed)
    before, after = (with_it, without) if is_withdrawn else (without, with_it)
    running = _running_over(changed, is_withdrawn=is_withdrawn)
    moved = 0
    for due_at in list(running.values_list("due_at", flat=True).distinct().order_by("due_at")):
        if due_at is None:
            continue
        later = clock.due_after_change(due_at, _since(changed), before, after)
        if later != due_at:
            moved += _move(running.filter(due_at=due_at), (due_at, later), changed, is_withdrawn=is_withdrawn, by=by,
                           at=at)
    return moved


def _since(changed: SiteDayInfo) -> datetime:
    return at_local(changed.day, time.min)


def _running_over(changed: SiteDayInfo, *, is_withdrawn: bool) -> QuerySet[Dossier]:
    """Terms that ran before the day began and end on it or later, and were not moved for this already."""
    known = DossierStep.objects.filter(dossier=OuterRef("pk"), action=MOVED,
                                       data__contains=_mark(changed, is_withdrawn))
    deciding = Q(authority_centre_id=changed.centre_id) | Q(
        authority_centre=None, receiving_centre_id=changed.centre_id)
    return Dossier.objects.filter(
        deciding, ~Exists(known), handling__in=RUNNING, paused_at=None, clock_started_at__lt=_since(changed),
        due_at__gte=_since(changed))


def _mark(changed: SiteDayInfo, is_withdrawn: bool) -> dict[str, object]:  # noqa: FBT001
    return {"site_day": str(changed.id), "withdrawn": is_withdrawn}


def _move(dossiers: QuerySet[Dossier], from_to: tuple[datetime, datetime], changed: SiteDayInfo, *,
          is_withdrawn: bool, by: Actor, at: datetime) -> int:
    due_at, later = from_to
    rows = list(dossiers.select_for_update(of=("self",)).order_by("id").only(
        "id", "handling", "due_at", "province_code", "receiving_centre_id", "outlet_id", "operator_id",
        "procedure_code"))
    Dossier.objects.filter(id__in=[row.id for row in rows]).update(due_at=later, version=F("version") + 1)
    data = _mark(changed, is_withdrawn) | {
        "day": changed.day.isoformat(), "before": due_at.isoformat(), "after": later.isoformat()}
    DossierStep.objects.bulk_create([
        DossierStep(dossier_id=row.id, machine="handling", action=MOVED, from_state=str(row.handling),
                    to_state=str(row.handling), at=at, actor_kind=by.kind, actor_id=by.id, actor_name=by.name,
                    note=changed.reason, data=data, **where_it_counts(row) | {"due_at": later}) for row in rows])
    audit.record_all([
        audit.Entry(by, "dossier.due_moved", "dossier", row.id, at, {"due_at": due_at.isoformat()},
                    {"due_at": later.isoformat()}, changed.legal_basis) for row in rows])
    return len(rows)
