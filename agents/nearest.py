"""The nearest outlets that may do something: the index finds candidates on a sphere, geopy measures them exactly."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from agents.models.organisations import OutletStatus
from agents.moves.places import coming_move
from agents.opening import Span, is_holiday, is_open, next_opening
from agents.programme.admission import Place, refusal
from agents.records import NearbyOutlet, OperatorInfo, OutletInfo
from agents.site_days import in_force_on, site_calendar
from agents.surges.crowds import crowded_outlets
from shared.calendar import WorkCalendar, local
from shared.errors import ErrorCollector
from shared.geo import distance_km
from shared.models.places import VIETNAMESE_KIND
from shared.problems import told
from shared.working_days import work_calendar

MOST: Final = 50
SOUTH, NORTH, WEST, EAST = 8.0, 24.0, 102.0, 115.0
"""The bounds that the outlet table itself holds to: Vietnam with its islands."""

# In these latitudes a geodesic (WGS 84) is at least 0.9927 times the distance on the index's sphere of 6,378,168 m.
_SHORTEST: Final = 0.992
_SPARE: Final = 4
"""Candidates fetched beyond those asked for: what the ellipsoid, or a crowd, may put before them."""
CROWD_KM: Final = 3.0
"""An unusual crowd counts like so much more way: the next outlet goes before, unless it is further than that."""

# By hand, in one statement: people and machines ask it all day. The order is that of the index `outlet_on_earth`.
_NEAREST: Final = """
    SELECT near.id, near.code, near.name, operator.id, operator.code, operator.name, operator.operator_class,
           operator.carrier_code, near.commune_id, commune.kind, commune.name, commune.province_id, near.address,
           near.phone, near.latitude, near.longitude, near.status, near.tasks, near.agreement_from,
           near.agreement_until, near.metres,
           (SELECT array_agg(ARRAY[weekday::text, opens::text, closes::text])
            FROM agents_openinghours WHERE outlet_id = near.id)
    FROM (SELECT *, ll_to_earth(latitude, longitude)
                    <-> ll_to_earth(%(latitude)s::float8, %(longitude)s::float8) AS metres
          FROM agents_outlet outlet
          WHERE status = %(status)s AND agreement_from <= %(day)s
            AND (agreement_until IS NULL OR agreement_until > %(day)s) AND tasks @> %(tasks)s::varchar[]
            AND (NOT %(only_open)s OR outlet.id = ANY(%(opened)s::uuid[]) OR (
                 NOT %(is_holiday)s AND outlet.id <> ALL(%(shut)s::uuid[]) AND EXISTS (
                 SELECT 1 FROM agents_openinghours span WHERE span.outlet_id = outlet.id
                 AND weekday = %(weekday)s AND opens <= %(clock)s AND closes > %(clock)s)))
          ORDER BY metres LIMIT %(limit)s) near
    JOIN agents_operator operator ON operator.id = near.operator_id
    JOIN shared_commune commune ON commune.code = near.commune_id
    ORDER BY near.metres
"""


@dataclass(frozen=True, slots=True)
class Where:
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """An outlet with its distance on the index's sphere and its weekly hours."""

    outlet: OutletInfo
    sphere_km: float
    spans: tuple[Span, ...]


def nearest_outlets(*, latitude: float, longitude: float, at: datetime, tasks: frozenset[str], limit: int = 5,
                    only_open: bool = False, group: str = "") -> list[NearbyOutlet]:
    """The `limit` nearest active outlets whose agreement on the local day of `at` delegates all `tasks`, nearest first.

    Distances are geodesics in kilometres. An outlet with an unusual crowd just now stands where one 3 km further away
    would. `only_open` leaves out those closed at `at`. Where the city's programme holds, it lets each of them do all
    `tasks` for procedures of `group`, or of some group when none is named.

    Raises:
        Invalid: the point lies outside Vietnam, or `limit` is not between 1 and 50.
    """
    _check(latitude, longitude, limit)
    where, crowded = Where(latitude, longitude), crowded_outlets(at)
    found = _ranked(_asked(where, at, tasks, only_open=only_open, group=group), where, limit, crowded)
    return [_nearby(each, distance, at, site_calendar(each.outlet.id), is_crowded=each.outlet.id in crowded)
            for distance, each in found]


def _check(latitude: float, longitude: float, limit: int) -> None:
    wrong = ErrorCollector()
    # Written so that a NaN fails too.
    if not SOUTH <= latitude <= NORTH:
        wrong.add("/latitude", "outside-vietnam", told(_("A latitude in Vietnam lies between {least} and {most}."),
                                                       least=SOUTH, most=NORTH))
    if not WEST <= longitude <= EAST:
        wrong.add("/longitude", "outside-vietnam", told(_("A longitude in Vietnam lies between {least} and {most}."),
                                                        least=WEST, most=EAST))
    if not 1 <= limit <= MOST:
        wrong.add("/limit", "out-of-range", told(_("Ask for 1 to {most} outlets."), most=MOST))
    wrong.raise_if_any()


def _ranked(asked: dict[str, Any], where: Where, limit: int, crowded: frozenset[UUID]) -> list[tuple[float, Candidate]]:
    """The nearest, crowds counted. More are measured until no outlet outside of them can come before the last."""
    def rank(pair: tuple[float, Candidate]) -> float:
        return pair[0] + CROWD_KM * (pair[1].outlet.id in crowded)

    wanted = limit + (_SPARE if crowded else 0)
    while True:
        measured = _measured(asked, where, wanted)
        ranked = sorted(measured, key=rank)[:limit]
        if not crowded or len(measured) < wanted or rank(ranked[-1]) <= measured[-1][0]:
            return ranked
        wanted *= 4


def _measured(asked: dict[str, Any], where: Where, limit: int) -> list[tuple[float, Candidate]]:
    """The nearest by geodesic. More candidates are fetched until no outlet outside of them can be nearer."""
    wanted = limit + _SPARE
    while True:
        candidates = _candidates(asked, wanted)
        measured = sorted(((_distance(each.outlet, where), each) for each in candidates if _is_let(each.outlet, asked)),
                          key=lambda pair: (pair[0], str(pair[1].outlet.id)))[:limit]
        if len(candidates) < wanted or (
                len(measured) == limit and measured[-1][0] < candidates[-1].sphere_km * _SHORTEST):
            return measured
        wanted *= 4


def _is_let(outlet: OutletInfo, asked: dict[str, Any]) -> bool:
    """Whether its city's programme lets it do what is asked for; its own agreement was looked at in the statement."""
    place = Place(outlet.province_code, outlet.commune_code, outlet.operator.id, outlet.operator.code)
    return not any(refusal(place, asked["day"], task=task, group=asked["group"]) for task in asked["tasks"] or [""])


def _asked(where: Where, at: datetime, tasks: frozenset[str], *, only_open: bool, group: str = "") -> dict[str, Any]:
    day = local(at).date()
    opened, shut = _out_of_turn(at) if only_open else ([], [])
    return {"latitude": where.latitude, "longitude": where.longitude, "status": OutletStatus.ACTIVE.value, "day": day,
            "weekday": day.weekday(), "clock": local(at).time(), "tasks": sorted(tasks), "only_open": only_open,
            "group": group, "is_holiday": is_holiday(day, work_calendar()), "opened": opened, "shut": shut}


def _out_of_turn(at: datetime) -> tuple[list[UUID], list[UUID]]:
    """Sites with a day of their own today: those it has open at `at`, and those it has closed."""
    day, clock = local(at).date(), local(at).time()
    opened, shut = [], []
    for site_id in in_force_on(day):
        calendar = site_calendar(site_id)
        hours = calendar.extra.get(day)
        if hours is not None and any(opens <= clock < closes for opens, closes in hours):
            opened.append(site_id)
        elif hours is not None or is_holiday(day, calendar) or not _in_half(calendar, at):
            shut.append(site_id)
    return opened, shut


def _in_half(calendar: WorkCalendar, at: datetime) -> bool:
    """Whether a short day, where today is one, has its half at this time; the weekly hours still bound it."""
    moment = local(at)
    whole_day = [Span(moment.weekday(), time(0), time(23, 59, 59, 999999))]
    return bool(is_open(whole_day, at, calendar))


def _candidates(asked: dict[str, Any], wanted: int) -> list[Candidate]:
    """Nearest first on the sphere."""
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, asked | {"limit": wanted})
        return [_candidate(*row) for row in cursor.fetchall()]


def _candidate(*row: Any) -> Candidate:
    (outlet_id, code, name, operator_id, operator_code, operator_name, operator_class, carrier_code, commune_code, kind,
     commune_name, province_code, address, phone, latitude, longitude, status, tasks, since, until, metres, hours) = row
    outlet = OutletInfo(
        outlet_id, code, name, OperatorInfo(operator_id, operator_code, operator_name, operator_class, carrier_code),
        commune_code, f"{VIETNAMESE_KIND[kind]} {commune_name}", province_code, address, phone, latitude, longitude,
        status, frozenset(tasks), since, until)
    spans = tuple(Span(int(weekday), time.fromisoformat(opens), time.fromisoformat(closes))
                  for weekday, opens, closes in hours or ())
    return Candidate(outlet, metres / 1000, spans)


def _distance(outlet: OutletInfo, where: Where) -> float:
    return distance_km((where.latitude, where.longitude), (outlet.latitude, outlet.longitude))


def _nearby(found: Candidate, distance: float, at: datetime, calendar: WorkCalendar, *,
            is_crowded: bool) -> NearbyOutlet:
    opened = is_open(found.spans, at, calendar)
    following = None if opened else next_opening(found.spans, at, calendar)
    move = coming_move(found.outlet.id, local(at).date())
    return NearbyOutlet(found.outlet, distance, opened, following.isoformat() if following else "",
                        is_crowded=opened and is_crowded, moves_on=move.on if move else None,
                        moves_to=move.there.words if move else "")
