"""Numbers of receipts: delegated by an authority, published, allotted to each outlet in ranges of its own.

Decree 254/2026/NĐ-CP, Article 25: written delegation, the tax office told three days before, published at the place,
ranges per outlet, used in ascending order.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.errors import DelegationNotFound, DelegationNotOpen, DelegationRefused
from intake.models.receipts import OutletRange, ReceiptDelegation, ReceiptSeries
from intake.rules.receipts import FEW_LEFT, LAST_NUMBER, SeriesKind, is_told_in_time
from shared import audit, work
from shared.actors import Actor
from shared.calendar import MINUTES_A_DAY, local
from shared.errors import ErrorCollector
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation
from shared.working_days import work_calendar

RUNNING_OUT: Final = "receipt-numbers-low"


@dataclass(frozen=True, slots=True)
class DelegationInput:
    """What the written delegation says. `centre_id` is the centre of the authority whose fees they are."""

    number: str
    centre_id: UUID
    agency_tax_code: str
    purpose: str
    signed_on: date
    tax_told_on: date
    valid_from: date
    valid_to: date | None = None
    covers_province: bool = False


@operation
def record_delegation(given: DelegationInput, *, by: Actor, at: datetime) -> ReceiptDelegation:
    """Keep an authority's delegation to the actor's operator; nothing is issued before it is published.

    Raises:
        DelegationNotFound: `by` is not of an operator.
        DelegationRefused: what is wrong stands in its errors.
    """
    if by.operator_id is None:
        raise DelegationNotFound
    centre = _checked_centre(given)
    delegation = ReceiptDelegation(
        number=clean(given.number), centre_id=centre.id, agency_name=centre.authority_name,
        agency_tax_code=given.agency_tax_code.strip(), operator_id=by.operator_id, province_code=centre.province_code,
        covers_province=given.covers_province, purpose=clean(given.purpose), signed_on=given.signed_on,
        tax_told_on=given.tax_told_on, valid_from=given.valid_from, valid_to=given.valid_to, created_at=at,
        created_by=by.id)
    try:
        with transaction.atomic():
            delegation.save()
    except IntegrityError:
        raise _one("/number", "known", _("This delegation is recorded already.")) from None
    audit.record(actor=by, action="receipt-delegation.record", object_type="receipt-delegation",
                 object_id=delegation.id, at=at)
    return delegation


def _checked_centre(given: DelegationInput) -> agents.CentreInfo:
    wrong = ErrorCollector()
    if not 2 <= len(clean(given.number)) <= 60:
        wrong.add("/number", "missing", _("Write the number of the written delegation."))
    tax_code = given.agency_tax_code.strip().replace("-", "")
    if not (tax_code.isascii() and tax_code.isdecimal() and len(tax_code) in {10, 13}):
        wrong.add("/agency_tax_code", "not-a-tax-code", _("A tax code has ten digits, or thirteen."))
    if not 3 <= len(clean(given.purpose)) <= 300:
        wrong.add("/purpose", "missing", _("Say what the receipts are for, as the delegation does."))
    if given.signed_on > given.valid_from:
        wrong.add("/signed_on", "order", _("It is signed before it begins."))
    if not is_told_in_time(given.tax_told_on, given.valid_from):
        wrong.add("/tax_told_on", "too-late", _("The tax office is told at least three days before it begins."))
    if given.valid_to is not None and given.valid_to <= given.valid_from:
        wrong.add("/valid_to", "order", _("It ends after it begins."))
    centre = _centre(given.centre_id)
    if centre is None:
        wrong.add("/centre_id", "unknown", _("Choose the authority’s centre."))
    elif given.covers_province and centre.level != "province":
        wrong.add("/covers_province", "not-provincial", _("Only a provincial centre delegates for the whole province."))
    wrong.raise_if_any(DelegationRefused)
    assert centre is not None  # noqa: S101  # refused above
    return centre


def _centre(centre_id: UUID) -> agents.CentreInfo | None:
    try:
        return agents.get_centre(centre_id)
    except agents.CentreNotFound:
        return None


def _one(pointer: str, code: str, message: object) -> DelegationRefused:
    wrong = ErrorCollector()
    wrong.add(pointer, code, message)  # type: ignore[arg-type]  # a lazy translation
    return DelegationRefused(errors=tuple(wrong.errors))


def _locked(delegation_id: UUID, by: Actor) -> ReceiptDelegation:
    if by.operator_id is None:
        raise DelegationNotFound
    found = ReceiptDelegation.objects.select_for_update().filter(id=delegation_id, operator_id=by.operator_id).first()
    if found is None:
        raise DelegationNotFound
    return found


@operation
def publish_delegation(*, delegation_id: UUID, by: Actor, at: datetime) -> ReceiptDelegation:
    """Say that it hangs at the outlets and stands on the web site; from then on receipts may be written.

    Raises:
        DelegationNotFound: unknown, or another operator's.
    """
    delegation = _locked(delegation_id, by)
    if delegation.published_at is None:
        delegation.published_at = at
        delegation.save(update_fields=["published_at"])
        audit.record(actor=by, action="receipt-delegation.publish", object_type="receipt-delegation",
                     object_id=delegation.id, at=at)
    return delegation


@operation
def end_delegation(*, delegation_id: UUID, reason: str, by: Actor, at: datetime) -> ReceiptDelegation:
    """End it before its term; what was issued stays, nothing more is.

    Raises:
        DelegationNotFound: unknown, or another operator's.
        DelegationRefused: nothing says why.
    """
    delegation = _locked(delegation_id, by)
    if len(clean(reason)) < 5:
        raise _one("/reason", "missing", _("Explain in a sentence why it ends."))
    if delegation.ended_at is None:
        delegation.ended_at, delegation.end_reason = at, clean(reason)[:300]
        delegation.save(update_fields=["ended_at", "end_reason"])
        audit.record(actor=by, action="receipt-delegation.end", object_type="receipt-delegation",
                     object_id=delegation.id, at=at, reason=clean(reason))
    return delegation


@operation
def open_series(*, delegation_id: UUID, kind: str, form_symbol: str, symbol: str, year: int, last: int, by: Actor,
                at: datetime, first: int = 1) -> ReceiptSeries:
    """Open the numbers of one year; each year begins again at 1.

    Raises:
        DelegationNotFound: unknown, or another operator's.
        DelegationNotOpen: it has ended.
        DelegationRefused: what is wrong stands in its errors.
    """
    delegation = _locked(delegation_id, by)
    if delegation.ended_at is not None:
        raise DelegationNotOpen
    wrong = ErrorCollector()
    if kind not in set(SeriesKind):
        wrong.add("/kind", "unknown", _("Electronic or pre-printed."))
    if not 3 <= len(clean(form_symbol)) <= 20:
        wrong.add("/form_symbol", "missing", _("Write the form symbol, e.g. 01BLP3-001."))
    if not 3 <= len(clean(symbol)) <= 12:
        wrong.add("/symbol", "missing", _("Write the receipt symbol, e.g. HA-26E."))
    if not local(at).year <= year <= local(at).year + 1:
        wrong.add("/year", "range", _("Open this year’s or next year’s numbers."))
    if not 1 <= first <= last <= LAST_NUMBER:
        wrong.add("/last", "range", _("Numbers run from 1 to 99,999,999."))
    wrong.raise_if_any(DelegationRefused)
    series, is_new = ReceiptSeries.objects.get_or_create(
        delegation=delegation, form_symbol=clean(form_symbol), symbol=clean(symbol), year=year,
        defaults={"kind": kind, "first": first, "last": last})
    if not is_new:
        raise _one("/symbol", "known", _("This series is open already."))
    audit.record(actor=by, action="receipt-series.open", object_type="receipt-series", object_id=series.id, at=at,
                 after={"first": first, "last": last, "year": year})
    return series


@operation
def allot_range(*, series_id: UUID, outlet_id: UUID, count: int, by: Actor, at: datetime) -> OutletRange:
    """Allot the next `count` numbers of a series to an outlet of the operator.

    Raises:
        DelegationNotFound: the series is unknown, or another operator's.
        DelegationNotOpen: its delegation is not published, or has ended.
        DelegationRefused: no such outlet, or so many numbers are not left.
    """
    found = ReceiptSeries.objects.filter(id=series_id).values_list("delegation_id", flat=True).first()
    if found is None:
        raise DelegationNotFound
    delegation = _locked(found, by)
    if delegation.published_at is None or delegation.ended_at is not None:
        raise DelegationNotOpen(_("Publish the delegation first; nothing is allotted after it has ended."))
    series = ReceiptSeries.objects.select_for_update().get(id=series_id)
    outlet = _own_outlet(outlet_id, by)
    last_used = OutletRange.objects.filter(series=series).order_by("-last").values_list("last", flat=True).first()
    first = (last_used or series.first - 1) + 1
    if count < 1 or first + count - 1 > series.last:
        raise _one("/count", "range", _("The series has {n} numbers left.").format(n=max(series.last - first + 1, 0)))
    allotted = OutletRange.objects.create(
        series=series, outlet_id=outlet.id, operator_id=outlet.operator.id, province_code=outlet.province_code,
        first=first, next=first, last=first + count - 1, allotted_at=at, allotted_by=by.id)
    audit.record(actor=by, action="receipt-range.allot", object_type="receipt-range", object_id=allotted.id, at=at,
                 after={"first": allotted.first, "last": allotted.last, "outlet": outlet.code})
    if _left(allotted) > FEW_LEFT:
        work.close_item(kind=RUNNING_OUT, reference=_reference(allotted), by=by.id, at=at, outcome="allotted")
    return allotted


def _own_outlet(outlet_id: UUID, by: Actor) -> agents.OutletInfo:
    try:
        outlet = agents.get_outlet(outlet_id)
    except agents.OutletNotFound:
        raise _one("/outlet_id", "unknown", _("Choose one of your outlets.")) from None
    if outlet.operator.id != by.operator_id:
        raise _one("/outlet_id", "unknown", _("Choose one of your outlets."))
    return outlet


def warn_when_few(numbers: OutletRange, *, at: datetime) -> None:
    """Tell the operator when an outlet's numbers of a delegation and year run out."""
    left = _left(numbers)
    if left > FEW_LEFT:
        return
    outlet = agents.get_outlet(numbers.outlet_id)
    work.open_item(
        kind=RUNNING_OUT, reference=_reference(numbers), owner_role=Role.OPERATOR_HQ, owner_place=outlet.operator.code,
        at=at, due_at=work_calendar().add_working_minutes(at, MINUTES_A_DAY),
        detail={"outlet": outlet.code, "left": left, "symbol": numbers.series.symbol})


def _left(numbers: OutletRange) -> int:
    """Unused numbers of the outlet in this delegation, kind and year."""
    same = OutletRange.objects.filter(
        outlet_id=numbers.outlet_id, series__delegation_id=numbers.series.delegation_id,
        series__year=numbers.series.year, series__kind=numbers.series.kind)
    return same.aggregate(left=Sum(F("last") + 1 - F("next")))["left"] or 0


def _reference(numbers: OutletRange) -> str:
    series = numbers.series
    return f"{numbers.outlet_id}:{str(series.delegation_id)[:18]}:{series.kind}:{series.year}"
