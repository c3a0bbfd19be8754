"""Coaching as it is shown: an outlet's sessions, a citizen's, and counts by outlet, operator and programme."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import (
    FETCH_RAISE,
    Case,
    Count,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)

from intake.coaching.models import CoachingAnswer, CoachingSession
from intake.coaching.rules import LATER, ORDER, TOPICS, WINDOW, Later
from intake.models.citizens import Consent
from intake.rules.wording import Words
from shared.actors import Actor
from shared.calendar import at_local

MOST: Final = 100
_NUMBERS: Final = 4 + len(ORDER)


@dataclass(frozen=True, slots=True)
class Line:
    """One session; `asks`: its citizen may still be asked what became of it."""

    session: CoachingSession
    topics: tuple[Words, ...]
    later: Words
    is_alone: bool
    asks: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one place, or of all of them. `later`: people by what is known, in the order of rules.ORDER."""

    name: str
    code: str
    sessions: int
    minutes: int
    people: int
    over: int
    """People whose window is over."""
    later: tuple[int, ...]

    @property
    def named(self) -> tuple[tuple[Words, int], ...]:
        """Each kind in words with its count."""
        return tuple((LATER[kind], count) for kind, count in zip(ORDER, self.later, strict=True))

    @property
    def alone(self) -> int:
        """Filed alone, with a code or by word."""
        return self.later[0] + self.later[1]


@dataclass(frozen=True, slots=True)
class Results:
    """`since` and `until` (half-open) bound the days of the sessions."""

    since: date
    until: date
    looked_at: datetime | None
    total: Figures
    operators: tuple[Figures, ...]
    outlets: tuple[Figures, ...]


def sessions_of(actor: Actor, *, citizen_id: UUID | None = None) -> list[Line]:
    """Newest first; two questions at most, whatever their number."""
    rows = _told(CoachingSession.objects.seen_by(actor))
    if citizen_id is not None:
        rows = rows.filter(citizen_id=citizen_id)
    return [_line(row) for row in rows.select_related("citizen").fetch_mode(FETCH_RAISE).order_by(
        "-held_at", "-id")[:MOST]]


def session_of(session_id: UUID, actor: Actor) -> CoachingSession | None:
    return CoachingSession.objects.seen_by(actor).filter(id=session_id).first()


def results(actor: Actor, *, since: date, until: date, at: datetime) -> Results:
    """People coached on the days from `since` to `until`, each counted once at each place, by the strongest word."""
    rows = CoachingSession.objects.seen_by(actor).filter(
        struck_at=None, held_at__gte=at_local(since, time.min), held_at__lt=at_local(until, time.min))
    outlets = _counted(rows, ("outlet_id", "outlet__name", "outlet__code"), at)
    operators = _counted(rows, ("operator_id", "operator__name", "operator__code"), at)
    total = _counted(rows, ("province_code",), at)
    looked_at = rows.order_by("-looked_at").exclude(looked_at=None).values_list("looked_at", flat=True).first()
    return Results(since, until, looked_at, next(iter(_figures(total)), Figures("", "", 0, 0, 0, 0, (0,) * len(ORDER))),
                   _figures(operators), _figures(outlets))


def _told(rows: QuerySet[CoachingSession]) -> "QuerySet[CoachingSession]":
    """With the citizen's newest word, and whether she still agrees."""
    newest = CoachingAnswer.objects.filter(session=OuterRef("pk")).order_by("-said_at", "-id")
    agrees = Consent.objects.filter(citizen=OuterRef("citizen"), purpose="coaching").order_by("-at", "-id")
    return rows.annotate(said=Subquery(newest.values("said")[:1]), code=Subquery(newest.values("code")[:1]),
                         agrees=Subquery(agrees.values("is_given")[:1]))


def _line(row: CoachingSession) -> Line:
    agrees = bool(row.agrees)  # type: ignore[attr-defined]  # annotated by _told
    said, code = row.said or "", row.code or ""  # type: ignore[attr-defined]  # annotated too
    known = _known(row.later, said, has_code=bool(code)) if agrees else Later.NOT_KNOWN
    return Line(row, tuple(TOPICS[topic] for topic in row.topics if topic in TOPICS), LATER[known],
                known in {Later.ALONE, Later.SAID_ALONE}, agrees and row.struck_at is None)


def _known(later: str, said: str, *, has_code: bool) -> Later:
    if said == "alone":
        return Later.ALONE if has_code else Later.SAID_ALONE
    return Later(later) if later else Later.NOT_KNOWN


def _counted(rows: QuerySet[CoachingSession], place: tuple[str, ...], at: datetime) -> list[tuple[object, ...]]:
    """Rows (place…, sessions, minutes, people, over, one count for each of ORDER); one statement."""
    rank = Case(
        When(Q(agrees=False) | Q(agrees=None), then=Value(ORDER.index(Later.NOT_KNOWN))),
        When(~Q(code=""), said="alone", then=Value(ORDER.index(Later.ALONE))),
        When(said="alone", then=Value(ORDER.index(Later.SAID_ALONE))),
        When(later=Later.HELPED, then=Value(ORDER.index(Later.HELPED))),
        When(later=Later.AT_CENTRE, then=Value(ORDER.index(Later.AT_CENTRE))),
        default=Value(ORDER.index(Later.NOT_KNOWN)), output_field=IntegerField())
    people = _told(rows).order_by().annotate(rank=rank).values(*place, "citizen_id").annotate(
        n=Count("id"), spent=Sum("minutes"), best=Min("rank"), first=Min("held_at"))
    sql, params = people.query.sql_with_params()
    named = [f"counted.col{number + 1}" for number in range(len(place))]
    columns = ", ".join(f"{name} AS p{number}" for number, name in enumerate(named))
    kinds = ", ".join(f"count(*) FILTER (WHERE counted.best = {number})" for number in range(len(ORDER)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns}, sum(counted.n), sum(counted.spent), count(*),"  # noqa: S608  # our own names only
            f" count(*) FILTER (WHERE counted.first < %s), {kinds} FROM ({sql}) AS counted"
            f" ({', '.join(['col' + str(n + 1) for n in range(len(place))])}, citizen, n, spent, best, first)"
            f" GROUP BY {', '.join(named)} ORDER BY {named[min(1, len(named) - 1)]}",
            [at - WINDOW, *params])
        return list(cursor.fetchall())


def _figures(rows: Iterable[tuple[object, ...]]) -> tuple[Figures, ...]:
    made = []
    for row in rows:
        names = [*map(str, row[1:-_NUMBERS]), "", ""]
        sessions, minutes, people, over, *later = (int(str(each)) for each in row[-_NUMBERS:])
        made.append(Figures(names[0], names[1], sessions, minutes, people, over, tuple(later)))
    return tuple(made)


def usual_period(today: date) -> tuple[date, date]:
    """The last twelve months, to the end of today."""
    return today - timedelta(days=365), today + timedelta(days=1)
