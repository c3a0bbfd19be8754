"""Results that lie at a centre: to be fetched, or about to travel; and the lists they were handed on with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import FETCH_RAISE, Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from intake.models.dossiers import Dossier, DossierStep
from intake.models.papers import ResultList, ResultListEntry
from intake.rules.catalogue import ResultChoice
from intake.rules.short_names import short_words
from intake.rules.state_words import state_words
from intake.rules.states import Handling, ResultState
from intake.rules.wording import Words
from shared.actors import Actor
from shared.calendar import local
from shared.working_days import work_calendar

MOST: Final = 200
LYING: Final = (ResultState.NOT_BY_POST, ResultState.CAME_BACK)


@dataclass(frozen=True, slots=True)
class WaitingResult:
    """`age` in working days since the decision; `reminded` counts reminders."""

    id: UUID
    reference: str
    citizen_name: str
    what: Words
    decision_number: str
    resolved_at: datetime
    age: int
    goes_home: bool
    came_back: bool
    state: Words
    reminded: int
    reminded_at: datetime | None
    list_number: str


def waiting_results(actor: Actor, *, now: datetime, to_fetch: bool) -> list[WaitingResult]:
    """Oldest first: those that somebody has to come for, or those that are to travel. One statement."""
    if actor.centre_id is None:
        return []
    lying = Q(result__in=LYING)
    rows: QuerySet[Any] = Dossier.objects.filter(
        lying if to_fetch else Q(result__in=[ResultState.NOT_READY, ResultState.TO_SEND]),
        handling=Handling.RESOLVED, receiving_centre_id=actor.centre_id)
    reminders = DossierStep.objects.filter(dossier=OuterRef("pk"), action="remind").order_by().values("dossier")
    listed = ResultListEntry.objects.filter(dossier=OuterRef("pk")).order_by("-id")
    annotated = rows.select_related("procedure", "citizen", "resolution").annotate(
        reminded=Coalesce(Subquery(reminders.annotate(n=Count("id")).values("n")), 0),
        reminded_at=Subquery(reminders.annotate(last=Max("at")).values("last")),
        list_number=Subquery(listed.values("result_list__number")[:1]),
        list_year=Subquery(listed.values("result_list__year")[:1]))
    calendar, today = work_calendar(), local(now).date()
    return [
        WaitingResult(
            row.id, row.code, row.citizen.full_name, short_words(row.procedure.name_vi, row.procedure.name_en),
            row.resolution.decision_number if hasattr(row, "resolution") else "", row.resolved_at,
            calendar.working_days_between(local(row.resolved_at).date(), today),
            row.result_choice == ResultChoice.HOME, row.result == ResultState.CAME_BACK,
            state_words(ResultState(row.result)), row.reminded, row.reminded_at,
            f"{row.list_number:03d}/{row.list_year}" if row.list_number else "")
        for row in annotated.fetch_mode(FETCH_RAISE).order_by("resolved_at", "id")[:MOST]]


def recent_lists(actor: Actor) -> QuerySet[Any]:
    """The centre's last lists, newest first, with how many results each holds."""
    if actor.centre_id is None:
        return ResultList.objects.none()
    lists = ResultList.objects.filter(centre_id=actor.centre_id).defer("paper").annotate(results=Count("entries"))
    return lists.fetch_mode(FETCH_RAISE).order_by("-made_at")[:20]
