"""The life of an outlet: opened under an agreement, suspended, resumed, moved, closed; its hours and its tasks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agents.accreditation.models import may_not_resume
from agents.errors import InvalidOutlet, MayNotRunOutlet, OutletCodeTaken, OutletNotFound, OutletStepImpossible
from agents.models.organisations import OpeningHours, Operator, Outlet, Phase, Task
from agents.opening import Span, overlapping
from agents.programme import admission
from agents.programme.errors import NotPastAccreditation
from agents.rules import OUTLET_STEPS, OutletStep
from agents.scope import outlets_seen_by
from shared.actors import Actor, ActorKind
from shared.audit import record
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.geo import distance_km
from shared.places import Place, get_place
from shared.problems import told
from shared.roles import Role
from shared.text import clean, hidden_character
from shared.transactions import operation

_CODE: Final = re.compile(r"[A-Z0-9]{2,6}(?:-[A-Z0-9]{1,8}){1,2}", re.ASCII)
FARTHEST_KM: Final = 80.0
"""No commune reaches farther from its point: what lies beyond is elsewhere, or latitude and longitude are mixed up."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where an outlet stands; degrees of WGS 84."""

    commune_code: str
    address: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the operator's agreement delegates to the outlet, from a day up to (not including) another."""

    tasks: frozenset[str]
    begins: date
    ends: date | None = None
    phase: str = Phase.PILOT


@operation
def open_outlet(*, code: str, name: str, operator_id: UUID, site: Site, agreement: Agreement, hours: Sequence[Span],
                by: Actor, at: datetime, phone: str = "") -> Outlet:
    """Take an outlet into the network.

    Raises:
        InvalidOutlet: with every entry that needs correcting.
        MayNotRunOutlet: `by` does not speak for this operator, or not in this city.
        OutletCodeTaken: the code is in use, or was.
        NotPastAccreditation: the city's programme holds; outlets open under their accreditation there.
    """
    place = get_place(site.commune_code)
    admission.forget()  # an opening is rare, so it asks the database
    if place is not None and admission.holds_in(place.province_code, local(at).date()):
        raise NotPastAccreditation
    return opened(code=code, name=name, operator_id=operator_id, site=site, agreement=agreement, hours=hours, by=by,
                  at=at, phone=phone)


def opened(*, code: str, name: str, operator_id: UUID, site: Site, agreement: Agreement, hours: Sequence[Span],
           by: Actor, at: datetime, phone: str = "") -> Outlet:
    """`open_outlet` inside an operation that opens it under a licence; raises the same."""
    outlet = checked(code=code, name=name, operator_id=operator_id, site=site, agreement=agreement, hours=hours, by=by,
                     phone=phone)
    _insert(outlet)
    _write_hours(outlet, hours)
    _record(outlet, "open_outlet", by, at, after={"status": outlet.status, "tasks": outlet.tasks})
    return outlet


def checked(*, code: str, name: str, operator_id: UUID, site: Site, agreement: Agreement, hours: Sequence[Span],
            by: Actor, phone: str = "") -> Outlet:
    """An outlet that could be opened so, not kept yet.

    Raises:
        InvalidOutlet, MayNotRunOutlet: as `open_outlet`.
    """
    wrong = ErrorCollector()
    outlet = Outlet(code=clean(code).upper(), name=clean(name), operator_id=operator_id, phone=clean(phone))
    _check_name(outlet, wrong)
    place = _settle(outlet, site, wrong)
    _agree(outlet, agreement, wrong)
    _check_hours(hours, wrong)
    if not Operator.objects.filter(id=operator_id).exists():
        wrong.add("/operator", "unknown-operator", _("There is no such operator."))
    wrong.raise_if_any(InvalidOutlet)
    _speaks_for(by, operator_id, "" if place is None else place.province_code)
    return outlet


def _insert(outlet: Outlet) -> None:
    try:
        with transaction.atomic():
            outlet.save(force_insert=True)
    except IntegrityError as error:
        if "code" in str(error):
            raise OutletCodeTaken(_("Choose another code; codes of closed outlets are not given again.")) from error
        raise


@operation
def suspend_outlet(*, outlet_id: UUID, reason: str, by: Actor, at: datetime) -> Outlet:
    """Take no new work at the outlet until it is resumed; what it has in hand goes on.

    Raises:
        OutletNotFound: none that `by` sees.
        MayNotRunOutlet: `by` sees it, but neither its operator's headquarters nor the city's administrator.
        OutletStepImpossible: it is not active.
        InvalidOutlet: no reason was given.
    """
    return _step(outlet_id, OutletStep.SUSPEND, reason, by, at)


@operation
def resume_outlet(*, outlet_id: UUID, reason: str, by: Actor, at: datetime) -> Outlet:
    """Let a suspended outlet work again; the same refusals."""
    return _step(outlet_id, OutletStep.RESUME, reason, by, at)


@operation
def close_outlet(*, outlet_id: UUID, reason: str, by: Actor, at: datetime) -> Outlet:
    """End the outlet for good; the same refusals. Its past stays, its code is never given again."""
    return _step(outlet_id, OutletStep.CLOSE, reason, by, at)


def _step(outlet_id: UUID, step: OutletStep, reason: str, by: Actor, at: datetime) -> Outlet:
    outlet = _locked(outlet_id, by)
    _check_reason(reason)
    if step is OutletStep.RESUME and may_not_resume(outlet_id):
        raise OutletStepImpossible(_("The city has suspended its licence; the programme's office lifts that."),
                                   outlet_status=outlet.status, step=step.value)
    return stepped(outlet, step, reason, by, at)


def stepped(outlet: Outlet, step: OutletStep, reason: str, by: Actor, at: datetime) -> Outlet:
    """Take a step of a locked outlet, inside an operation; raises OutletStepImpossible."""
    before = outlet.status
    after = OUTLET_STEPS.get((before, step))
    if after is None:
        message = _("Look at the outlet's present state first.")
        raise OutletStepImpossible(message, outlet_status=before, step=step.value)
    outlet.status = after
    outlet.save(update_fields=["status"])
    _record(outlet, f"{step}_outlet", by, at, before={"status": before}, after={"status": after}, reason=reason)
    return outlet


@operation
def move_outlet(*, outlet_id: UUID, site: Site, reason: str, by: Actor, at: datetime) -> Outlet:
    """Change where the outlet stands. Dossiers keep the place they were filed at.

    Raises:
        OutletNotFound, MayNotRunOutlet, InvalidOutlet: as above.
    """
    outlet = _locked(outlet_id, by)
    _check_reason(reason)
    before = {"commune": outlet.commune_id}
    wrong = ErrorCollector()
    place = _settle(outlet, site, wrong)
    wrong.raise_if_any(InvalidOutlet)
    _speaks_for(by, outlet.operator_id, "" if place is None else place.province_code)
    outlet.save(update_fields=["commune", "address", "latitude", "longitude"])
    _record(outlet, "move_outlet", by, at, before=before, after={"commune": outlet.commune_id}, reason=reason)
    return outlet


def placed(outlet: Outlet, site: Site) -> Outlet:
    """What the outlet would be at another place, not kept.

    Raises:
        InvalidOutlet: no outlet could be there.
    """
    like, wrong = Outlet(code=outlet.code), ErrorCollector()
    _settle(like, site, wrong)
    wrong.raise_if_any(InvalidOutlet)
    return like


@operation
def renew_agreement(*, outlet_id: UUID, agreement: Agreement, reason: str, by: Actor, at: datetime) -> Outlet:
    """Put other tasks or another term in force; the same refusals."""
    outlet = _locked(outlet_id, by)
    _check_reason(reason)
    before = {"tasks": outlet.tasks, "phase": outlet.phase}
    wrong = ErrorCollector()
    _agree(outlet, agreement, wrong)
    wrong.raise_if_any(InvalidOutlet)
    outlet.save(update_fields=["tasks", "phase", "agreement_from", "agreement_until"])
    _record(outlet, "renew_agreement", by, at, before=before, after={"tasks": outlet.tasks, "phase": outlet.phase},
            reason=reason)
    return outlet


@operation
def set_opening_hours(*, outlet_id: UUID, hours: Sequence[Span], by: Actor, at: datetime) -> Outlet:
    """Replace the outlet's week; its own manager may do this too. No spans at all: it opens by appointment only.

    Raises:
        OutletNotFound, MayNotRunOutlet: as above.
        InvalidOutlet: a span ends before it begins, or two overlap.
    """
    outlet = _locked(outlet_id, by, hours_only=True)
    wrong = ErrorCollector()
    _check_hours(hours, wrong)
    wrong.raise_if_any(InvalidOutlet)
    OpeningHours.objects.filter(outlet=outlet).delete()
    _write_hours(outlet, hours)
    _record(outlet, "set_opening_hours", by, at, after={"spans": len(hours)})
    return outlet


def _locked(outlet_id: UUID, by: Actor, *, hours_only: bool = False) -> Outlet:
    outlet = outlets_seen_by(by).select_for_update(of=("self",)).filter(id=outlet_id).first()
    if outlet is None:
        raise OutletNotFound
    is_own_hours = hours_only and by.role == Role.OUTLET_MANAGER
    if not is_own_hours:
        _speaks_for(by, outlet.operator_id, outlet.commune.province_id)
    return outlet


def _speaks_for(by: Actor, operator_id: UUID, province_code: str) -> None:
    """Its operator's headquarters, an administrator of the city, or a job."""
    is_its_operator = by.role == Role.OPERATOR_HQ and by.operator_id == operator_id
    is_its_city = by.role == Role.ADMINISTRATOR and by.province_code in {"", province_code}
    if not (by.kind is ActorKind.JOB or is_its_operator or is_its_city):
        raise MayNotRunOutlet


def _settle(outlet: Outlet, site: Site, wrong: ErrorCollector) -> Place | None:
    outlet.address, outlet.latitude, outlet.longitude = clean(site.address), site.latitude, site.longitude
    if not 3 <= len(outlet.address) <= 200 or hidden_character(outlet.address) is not None:
        wrong.add("/address", "wrong-form", _("Enter house number and street."))
    place = get_place(site.commune_code)
    if place is None:
        message = _("There is no such commune since 1 July 2025; search for it by name.")
        wrong.add("/commune", "unknown-commune", message)
        return None
    outlet.commune_id = place.code
    _check_point(site, place, wrong)
    return place


def _check_point(site: Site, place: Place, wrong: ErrorCollector) -> None:
    is_on_earth = -90 <= site.latitude <= 90 and -180 <= site.longitude <= 180
    here, there = (site.latitude, site.longitude), (place.latitude, place.longitude)
    if not is_on_earth or distance_km(here, there) > FARTHEST_KM:
        wrong.add("/latitude", "not-in-commune",
                  told(_("This point is not in {place}; check latitude and longitude."), place=place.full_name))


def _agree(outlet: Outlet, agreement: Agreement, wrong: ErrorCollector) -> None:
    outlet.tasks, outlet.phase = sorted(agreement.tasks), agreement.phase
    outlet.agreement_from, outlet.agreement_until = agreement.begins, agreement.ends
    if not agreement.tasks or agreement.tasks - set(Task.values):
        wrong.add("/tasks", "not-a-choice", _("Choose at least one task of the list."))
    if agreement.phase not in Phase.values:
        wrong.add("/phase", "not-a-choice", _("Choose one of the phases."))
    if agreement.ends is not None and agreement.ends <= agreement.begins:
        wrong.add("/agreement_until", "out-of-range", _("The agreement ends after it begins."))


def _check_name(outlet: Outlet, wrong: ErrorCollector) -> None:
    if not _CODE.fullmatch(outlet.code) or len(outlet.code) > 16:
        wrong.add("/code", "wrong-form", _("Use capital letters and digits with a hyphen, such as HUE-003."))
    if not 3 <= len(outlet.name) <= 120 or hidden_character(outlet.name) is not None:
        wrong.add("/name", "wrong-form", _("Enter the outlet's name, 3 to 120 characters."))
    if len(outlet.phone) > 20:
        wrong.add("/phone", "too-long", told(_("At most {max_length} characters are possible."), max_length=20))


def _check_hours(hours: Sequence[Span], wrong: ErrorCollector) -> None:
    if any(not 0 <= span.weekday <= 6 or span.closes <= span.opens for span in hours):
        wrong.add("/hours", "out-of-range", _("Each span closes after it opens, on the same day."))
    elif overlapping(hours) is not None:
        wrong.add("/hours", "overlap", _("Two spans of one day overlap."))


def _check_reason(reason: str) -> None:
    if not clean(reason):
        wrong = ErrorCollector()
        wrong.add("/reason", "required", _("Say why; the audit keeps it."))
        wrong.raise_if_any(InvalidOutlet)


def _write_hours(outlet: Outlet, hours: Sequence[Span]) -> None:
    OpeningHours.objects.bulk_create([
        OpeningHours(outlet=outlet, weekday=span.weekday, opens=span.opens, closes=span.closes) for span in hours])


def _record(outlet: Outlet, action: str, by: Actor, at: datetime, *, before: Mapping[str, object] | None = None,
            after: Mapping[str, object] | None = None, reason: str = "") -> None:
    record(actor=by, action=action, object_type="outlet", object_id=outlet.id, at=at, before=before, after=after,
           reason=clean(reason))
