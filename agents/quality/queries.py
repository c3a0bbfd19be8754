"""What is read of scores, appeals, watches and commendations; scope first."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from agents.quality.errors import LaunchWatchNotFound, ScoreNotFound
from agents.quality.models import Commendation, LaunchWatch, ScoreAppeal, ScoreMonth
from agents.quality.rules import AppealState, PraiseState, WatchState
from shared.actors import Actor


def scores(actor: Actor) -> QuerySet[Any]:
    """Loaded with outlet, formula and measures."""
    return ScoreMonth.objects.seen_by(actor).select_related("outlet__operator", "outlet__commune", "formula")\
        .prefetch_related("measures")


def months(actor: Actor) -> list[date]:
    """The months that have scores in sight, the newest first."""
    rows = ScoreMonth.objects.seen_by(actor).order_by("-month").values_list("month", flat=True).distinct()
    return list(rows[:24])


def of_month(actor: Actor, month: date, *, text: str = "", operator: str = "") -> QuerySet[Any]:
    """One month's scores by the outlets' codes: a list, not a ranking."""
    found = scores(actor).filter(month=month).order_by("outlet__code", "id")
    if text:
        found = found.filter(Q(outlet__name__icontains=text) | Q(outlet__code__icontains=text)
                             | Q(outlet__commune__name__icontains=text))
    return found.filter(outlet__operator__code=operator) if operator else found


def find(actor: Actor, outlet_id: UUID, month: date | None = None) -> ScoreMonth:
    """An outlet's score of a month, or its newest.

    Raises:
        ScoreNotFound: none that `actor` sees.
    """
    rows = scores(actor).filter(outlet_id=outlet_id).order_by("-month")
    found: ScoreMonth | None = (rows.filter(month=month) if month is not None else rows).first()
    if found is None:
        raise ScoreNotFound
    return found


def run(actor: Actor, outlet_id: UUID) -> Sequence[ScoreMonth]:
    """The last twelve months of an outlet."""
    return list(ScoreMonth.objects.seen_by(actor).filter(outlet_id=outlet_id).order_by("-month")[:12])


def appeals(actor: Actor) -> QuerySet[Any]:
    """Those that wait first, the soonest due at the top."""
    found: QuerySet[Any] = ScoreAppeal.objects.seen_by(actor).select_related("outlet", "score").annotate(
        waits=Q(state=AppealState.OPEN)).order_by("-waits", F("decided_at").desc(nulls_first=True), "due_at", "id")
    return found


def watches(actor: Actor) -> QuerySet[Any]:
    """Running ones first, the soonest to be decided at the top."""
    found: QuerySet[Any] = LaunchWatch.objects.seen_by(actor).select_related(
        "outlet__operator", "outlet__commune").annotate(
        runs=Q(state=WatchState.RUNNING)).order_by("-runs", "until", "id")
    return found


def find_watch(actor: Actor, watch_id: UUID) -> LaunchWatch:
    """Raises LaunchWatchNotFound."""
    found: LaunchWatch | None = watches(actor).filter(id=watch_id).first()
    if found is None:
        raise LaunchWatchNotFound
    return found


def commendations(actor: Actor) -> QuerySet[Any]:
    """Those that wait first."""
    found: QuerySet[Any] = Commendation.objects.seen_by(actor).select_related("outlet", "score").annotate(
        waits=Q(state=PraiseState.PROPOSED)).order_by("-waits", "-month", "outlet__code", "id")
    return found


def confirmed(outlet_id: UUID) -> Sequence[Commendation]:
    """What the public reads of an outlet: confirmed, the newest three."""
    return list(Commendation.objects.filter(outlet_id=outlet_id, state=PraiseState.CONFIRMED).order_by(
        "-month", "praise")[:3])


def waiting(actor: Actor) -> tuple[QuerySet[Any], ...]:
    """What waits for an officer of the programme: appeals and praise."""
    return (ScoreAppeal.objects.seen_by(actor).filter(state=AppealState.OPEN),
            Commendation.objects.seen_by(actor).filter(state=PraiseState.PROPOSED))
