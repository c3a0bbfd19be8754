"""A site's own days, and a centre's move: with the decision they rest on, never over what has passed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agents import site_days
from agents.errors import CentreNotFound, InvalidSite, NotYourSite, OutletNotFound, SiteDayNotFound
from agents.events import CentreMoved, SiteDayChanged
from agents.models.organisations import Centre, Outlet
from agents.models.sites import CentreMove, SiteDay, SiteDayKind
from agents.scope import outlets_seen_by
from shared import audit
from shared.actors import Actor, ActorKind
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.geo import distance_km
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.text import clean, hidden_character
from shared.transactions import operation
from shared.working_days import work_calendar

FARTHEST: Final = timedelta(days=400)
FARTHEST_KM: Final = 60.0
"""A centre moves within its province; further away the point is mistyped."""
EXTRA: Final = frozenset({SiteDayKind.EXTRA_MORNING, SiteDayKind.EXTRA_DAY})


@dataclass(frozen=True, slots=True)
class Site:
    """Exactly one of both."""

    centre_id: UUID | None = None
    outlet_id: UUID | None = None


@operation
def set_day(*, site: Site, day: date, kind: str, reason: str, legal_basis: str, by: Actor, at: datetime) -> SiteDay:
    """Say that a site is closed, open for half a day, or open out of turn on a day. Again: replaces the day's entry.

    Raises:
        CentreNotFound, OutletNotFound: none that `by` knows.
        NotYourSite: a centre's manager sets her centre's days, an outlet's manager and operator theirs, the city all.
        InvalidSite: the day has passed, its kind does not fit it, or reason or legal basis are missing.
    """
    _must_answer_for(site, by)
    _check_day(day, kind, reason, legal_basis, at)
    before = _open_day(site, day)
    if before is not None:
        _end(before, by, at)
        _tell(before, is_withdrawn=True)
    made = SiteDay.objects.create(
        centre_id=site.centre_id, outlet_id=site.outlet_id, date=day, kind=kind, reason=clean(reason),
        legal_basis=clean(legal_basis), set_at=at, set_by_name=by.name)
    audit.record(actor=by, action="site.set_day", object_type="site_day", object_id=made.id, at=at,
                 before={"kind": before.kind} if before else {}, after={"day": day.isoformat(), "kind": kind},
                 reason=clean(legal_basis))
    _tell(made, is_withdrawn=False)
    return made


@operation
def withdraw_day(*, site_day_id: UUID, by: Actor, at: datetime) -> SiteDay:
    """The day is as the calendar says after all.

    Raises:
        SiteDayNotFound: none that is in force, or not of a site that `by` answers for.
        InvalidSite: the day has passed.
    """
    row = SiteDay.objects.select_for_update().filter(id=site_day_id, withdrawn_at=None).first()
    if row is None:
        raise SiteDayNotFound
    try:
        _must_answer_for(Site(row.centre_id, row.outlet_id), by)
    except (CentreNotFound, OutletNotFound, NotYourSite):
        raise SiteDayNotFound from None
    if row.date < local(at).date():
        wrong = ErrorCollector()
        wrong.add("/date", "passed", _("This day has passed; what it did to terms stays."))
        wrong.raise_if_any(InvalidSite)
    _end(row, by, at)
    audit.record(actor=by, action="site.withdraw_day", object_type="site_day", object_id=row.id, at=at,
                 before={"day": row.date.isoformat(), "kind": row.kind})
    _tell(row, is_withdrawn=True)
    return row


@operation
def move_centre(*, centre_id: UUID, effective_from: date, address: str, phone: str, latitude: float, longitude: float,
                legal_basis: str, by: Actor, at: datetime) -> CentreMove:
    """From a day on the centre stands elsewhere: papers go there. Who is competent does not change.

    Raises:
        CentreNotFound, NotYourSite: as for `set_day`; only the city moves a centre.
        InvalidSite: the day has passed, or address, point or legal basis are wrong.
    """
    site = Site(centre_id=centre_id)
    _must_answer_for(site, by)
    if by.role == Role.CENTRE_MANAGER:
        raise NotYourSite
    centre = Centre.objects.get(id=centre_id)
    _check_move(centre, (latitude, longitude), effective_from, address, legal_basis=legal_basis, at=at)
    try:
        with transaction.atomic():
            move = CentreMove.objects.create(
                centre=centre, effective_from=effective_from, address=clean(address), phone=clean(phone)[:20],
                latitude=latitude, longitude=longitude, legal_basis=clean(legal_basis), made_at=at,
                made_by_name=by.name)
    except IntegrityError:
        wrong = ErrorCollector()
        wrong.add("/effective_from", "twice", _("A move of this centre on this day is entered already."))
        wrong.raise_if_any(InvalidSite)
        raise
    audit.record(actor=by, action="site.move_centre", object_type="centre", object_id=centre.id, at=at,
                 after={"from": effective_from.isoformat()}, reason=clean(legal_basis))
    publish(CentreMoved(centre.id, effective_from))
    return move


# --- the parts ------------------------------------------------------------------------------------------------------


def _must_answer_for(site: Site, by: Actor) -> None:
    if site.centre_id is not None:
        centre = Centre.objects.filter(id=site.centre_id).first()
        if centre is None or (by.province_code and centre.province_id != by.province_code):
            raise CentreNotFound
        is_own = by.role == Role.CENTRE_MANAGER and by.centre_id == centre.id
        if not (is_own or by.role == Role.ADMINISTRATOR or by.kind is ActorKind.JOB):
            raise NotYourSite
        return
    outlet: Outlet | None = outlets_seen_by(by).filter(id=site.outlet_id).first() if site.outlet_id else None
    if outlet is None:
        raise OutletNotFound
    runs = by.role in {Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.ADMINISTRATOR} or by.kind is ActorKind.JOB
    if not runs:
        raise NotYourSite


def _check_day(day: date, kind: str, reason: str, legal_basis: str, at: datetime) -> None:
    wrong, today = ErrorCollector(), local(at).date()
    if kind not in SiteDayKind.values:
        wrong.add("/kind", "not-a-choice", _("Choose how the day differs."))
    elif (kind in EXTRA) == work_calendar().is_working(day):
        told = (_("This is a working day anyway.") if kind in EXTRA else _("This is a day off anyway."))
        wrong.add("/kind", "no-difference", told)
    if day < today:
        wrong.add("/date", "passed", _("This day has passed; what it did to terms stays."))
    elif day > today + FARTHEST:
        wrong.add("/date", "too-far", _("Enter days of the coming year only."))
    _check_words(reason, legal_basis, wrong)
    wrong.raise_if_any(InvalidSite)


def _check_words(reason: str | None, legal_basis: str, wrong: ErrorCollector) -> None:
    if reason is not None and (not 3 <= len(clean(reason)) <= 200 or hidden_character(clean(reason)) is not None):
        wrong.add("/reason", "required", _("Say why, in at most 200 characters; people read it at the door."))
    if not 3 <= len(clean(legal_basis)) <= 300 or hidden_character(clean(legal_basis)) is not None:
        wrong.add("/legal_basis", "required", _("Name the decision that it rests on."))


def _check_move(centre: Centre, point: tuple[float, float], effective_from: date, address: str, *, legal_basis: str,
                at: datetime) -> None:
    wrong, (latitude, longitude) = ErrorCollector(), point
    if effective_from < local(at).date() or effective_from > local(at).date() + FARTHEST:
        wrong.add("/effective_from", "passed", _("A move is entered before it happens, at most a year ahead."))
    if not 3 <= len(clean(address)) <= 200 or hidden_character(clean(address)) is not None:
        wrong.add("/address", "wrong-form", _("Enter house number and street."))
    is_on_earth = -90 <= latitude <= 90 and -180 <= longitude <= 180
    if not is_on_earth or distance_km(point, (centre.latitude, centre.longitude)) > FARTHEST_KM:
        wrong.add("/latitude", "too-far", _("This point is too far from where the centre stands; check it."))
    _check_words(None, legal_basis, wrong)
    wrong.raise_if_any(InvalidSite)


def _open_day(site: Site, day: date) -> SiteDay | None:
    of_site = {"centre_id": site.centre_id} if site.centre_id else {"outlet_id": site.outlet_id}
    return SiteDay.objects.select_for_update().filter(date=day, withdrawn_at=None, **of_site).first()


def _end(row: SiteDay, by: Actor, at: datetime) -> None:
    row.withdrawn_at, row.withdrawn_by_name = at, by.name
    row.save(update_fields=["withdrawn_at", "withdrawn_by_name"])


def _tell(row: SiteDay, *, is_withdrawn: bool) -> None:
    transaction.on_commit(partial(site_days.forget))
    if row.centre_id is not None:
        publish(SiteDayChanged(row.id, row.centre_id, row.date, is_withdrawn))
