"""What watches due moments for apologies: drafts in time, drops drafts that are out of place, sends the last ones."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet

from agents import public as agents
from intake.models.decisions import Extension
from intake.models.dossiers import Dossier
from intake.operations.extensions import DRAFT_REASON, SYSTEM, TO_SEND, send_drafted
from intake.rules import extension as rules
from intake.rules.states import RUNNING
from shared.calendar import CLOSING, WorkCalendar, at_local, local
from shared.models.oversight import WorkItem
from shared.roles import Role
from shared.transactions import operation
from shared.working_days import work_calendar

AT_ONCE: Final = 500
LAST_MOMENT: Final = timedelta(minutes=20)
"""How long before the cut-off the system sends what no officer has sent."""


@operation
def draft_apologies(*, at: datetime) -> int:
    """Draft form 04 for what is due soon and has none, and tell its officer; returns how many drafts there are new."""
    _drop_misplaced(at)
    days = settings.WARDPOST_APOLOGY_DRAFT_DAYS
    # A week more than by the common calendar: a site may be closed on days of its own.
    horizon = at_local(work_calendar().due_date(local(at).date(), days + 6), CLOSING)
    running = Dossier.objects.filter(handling__in=RUNNING, paused_at=None, due_at__gt=at, due_at__lte=horizon,
                                     extension=None, clock_started_at__isnull=False)
    near: QuerySet[Any] = running.annotate(
        place=F("authority_centre__agency_code"), receiving=F("receiving_centre__agency_code")).order_by("due_at")
    drafts, items = [], []
    for dossier in near[:AT_ONCE]:
        calendar = agents.site_calendar(dossier.authority_centre_id or dossier.receiving_centre_id)
        cut_off = rules.send_by(dossier.due_at, calendar)
        if not rules.draft_from(dossier.due_at, days, calendar) <= at <= cut_off:
            continue
        if cut_off <= dossier.clock_started_at:
            continue  # a term of a day leaves no day before it
        drafts.append(_draft(dossier, cut_off, calendar, at))
        items.append(WorkItem(
            kind=TO_SEND, reference=str(dossier.id), owner_role=Role.CENTRE_OFFICER,
            owner_place=dossier.place or dossier.receiving or dossier.province_code, opened_at=at, due_at=cut_off,
            detail={"agent_ref": dossier.agent_ref, "province": dossier.province_code}))
    Extension.objects.bulk_create(drafts, ignore_conflicts=True)
    WorkItem.objects.bulk_create(items, ignore_conflicts=True)
    return len(drafts)


def _draft(dossier: Dossier, cut_off: datetime, calendar: WorkCalendar, at: datetime) -> Extension:
    due_at = dossier.due_at
    assert due_at is not None  # noqa: S101  # the query asked for it
    return Extension(
        dossier=dossier, reason=DRAFT_REASON, due_before=due_at,
        due_after=rules.proposed_due(due_at, dossier.term_minutes, calendar), send_by=cut_off, drafted_by=SYSTEM.id,
        drafted_by_name=SYSTEM.name, drafted_at=at)


def _drop_misplaced(at: datetime) -> None:
    """Drafts of dossiers that were decided, stand still, or are due at another moment now."""
    moved = ~Q(dossier__handling__in=RUNNING) | ~Q(dossier__paused_at=None) | ~Q(dossier__due_at=F("due_before"))
    misplaced: QuerySet[Extension] = Extension.objects.filter(moved, sent_at=None)
    references = [str(each) for each in misplaced.values_list("dossier_id", flat=True)]
    if references:
        Extension.objects.filter(sent_at=None, dossier_id__in=references).delete()
        WorkItem.objects.filter(kind=TO_SEND, reference__in=references, closed_at=None).update(
            closed_at=at, closed_by="sweep", outcome="settled")


def to_send_now(at: datetime) -> list[UUID]:
    """Drafts at their last moment, empty where a centre's own people send every apology."""
    if not settings.WARDPOST_APOLOGY_BY_SYSTEM:
        return []
    last = Extension.objects.filter(sent_at=None, send_by__gte=at, send_by__lte=at + LAST_MOMENT)
    return list(last.order_by("send_by").values_list("id", flat=True)[:AT_ONCE])


def run(*, at: datetime) -> int:
    """Draft, then send what is at its last moment; returns how many were sent. Safe to run at any time."""
    draft_apologies(at=at)
    return sum(send_drafted(extension_id=each, at=at) is not None for each in to_send_now(at))
