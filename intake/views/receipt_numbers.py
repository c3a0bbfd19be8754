"""Delegations of receipts and the numbers allotted to outlets: the operator runs them, city and auditors look on."""

from collections.abc import Callable
from datetime import date
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agents import public as agents
from agents.auth import require_role
from intake.operations import receipt_numbers
from intake.operations.receipt_numbers import DelegationInput
from intake.queries import receipts as queries
from intake.rules.receipts import SERIES_WORDS
from intake.views.answers import errors_of, go
from intake.views.take_entries import number, uuid_or_none
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError, NotFound
from shared.roles import FINANCE_ROLES, Role

READERS: Final = (Role.OPERATOR_HQ, *sorted(FINANCE_ROLES), Role.AUDITOR, Role.ADMINISTRATOR)
PAGE: Final = "intake/receipts/numbers.html"


@never_cache
@require_GET
@require_role(*READERS)
def numbers(request: WardpostRequest) -> HttpResponse:
    """Every delegation with its series, and what each outlet has left."""
    return _page(request)


def _page(request: WardpostRequest, *, errors: dict[str, str] | None = None, form: str = "",
          status: int = 200) -> HttpResponse:
    now = timezone.now()
    may_run = request.actor.role == Role.OPERATOR_HQ
    context: dict[str, object] = {
        "delegations": queries.delegations(request.actor, now), "may_run": may_run, "errors": errors or {},
        "form": form, "entered": request.POST, "kinds": SERIES_WORDS.items(), "year": local(now).year}
    if may_run:
        context |= _choices(request, local(now).date())
    return render(request, PAGE, context, status=status)


def _choices(request: WardpostRequest, on: date) -> dict[str, object]:
    """The operator's outlets, and the centres of the provinces they stand in."""
    operator_id = request.actor.operator_id
    outlets = agents.outlets_of_operator(operator_id) if operator_id is not None else []
    centres: list[agents.CentreInfo] = []
    for code in sorted({outlet.province_code for outlet in outlets}):
        provincial = agents.provincial_centre(code, on)
        centres += [*([provincial] if provincial is not None else []), *agents.centres_of_province(code, on)]
    return {"outlets": outlets, "centres": centres}


@require_POST
@require_role(Role.OPERATOR_HQ)
def record(request: WardpostRequest) -> HttpResponse:
    """Keep an authority's written delegation."""
    posted, centre_id = request.POST, uuid_or_none(request.POST.get("centre_id", ""))
    days = {name: _day(posted.get(name, "")) for name in ("signed_on", "tax_told_on", "valid_from", "valid_to")}
    missing = {name: _("Write the day.") for name in ("signed_on", "tax_told_on", "valid_from") if days[name] is None}
    if centre_id is None:
        missing["centre_id"] = _("Choose the authority’s centre.")
    signed_on, tax_told_on, valid_from = days["signed_on"], days["tax_told_on"], days["valid_from"]
    if centre_id is None or signed_on is None or tax_told_on is None or valid_from is None:
        return _page(request, errors=missing, form="delegation", status=422)
    given = DelegationInput(
        number=posted.get("number", ""), centre_id=centre_id, agency_tax_code=posted.get("agency_tax_code", ""),
        purpose=posted.get("purpose", ""), signed_on=signed_on, tax_told_on=tax_told_on, valid_from=valid_from,
        valid_to=days["valid_to"], covers_province=posted.get("covers_province") == "1")
    return _act(request, "delegation", lambda: receipt_numbers.record_delegation(
        given, by=request.actor, at=timezone.now()), _("Recorded. Publish it at the outlets before it is used."))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_POST
@require_role(Role.OPERATOR_HQ)
def publish(request: WardpostRequest, delegation_id: UUID) -> HttpResponse:
    """It hangs at the outlets and stands on the web site."""
    return _act(request, f"end-{delegation_id}", lambda: receipt_numbers.publish_delegation(
        delegation_id=delegation_id, by=request.actor, at=timezone.now()), _("Published."))


@require_POST
@require_role(Role.OPERATOR_HQ)
def end(request: WardpostRequest, delegation_id: UUID) -> HttpResponse:
    """End it before its term."""
    return _act(request, f"end-{delegation_id}", lambda: receipt_numbers.end_delegation(
        delegation_id=delegation_id, reason=request.POST.get("reason", ""), by=request.actor, at=timezone.now()),
        _("Ended. Nothing more is issued under it."))


@require_POST
@require_role(Role.OPERATOR_HQ)
def open_series(request: WardpostRequest, delegation_id: UUID) -> HttpResponse:
    """Open the numbers of a year."""
    posted = request.POST
    return _act(request, f"series-{delegation_id}", lambda: receipt_numbers.open_series(
        delegation_id=delegation_id, kind=posted.get("kind", ""), form_symbol=posted.get("form_symbol", ""),
        symbol=posted.get("symbol", ""), year=number(posted.get("year", "")),
        last=number(posted.get("last", ""), most_digits=8), by=request.actor, at=timezone.now()),
        _("The series is open. Allot its numbers to outlets."))


@require_POST
@require_role(Role.OPERATOR_HQ)
def allot(request: WardpostRequest, series_id: UUID) -> HttpResponse:
    """Allot the next numbers to an outlet."""
    posted, outlet_id = request.POST, uuid_or_none(request.POST.get("outlet_id", ""))
    if outlet_id is None:
        return _page(request, errors={"outlet_id": _("Choose one of your outlets.")}, form=f"allot-{series_id}",
                     status=422)
    return _act(request, f"allot-{series_id}", lambda: receipt_numbers.allot_range(
        series_id=series_id, outlet_id=outlet_id, count=number(posted.get("count", ""), most_digits=8),
        by=request.actor, at=timezone.now()), _("Allotted."))


def _act(request: WardpostRequest, form: str, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except NotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _page(request, errors=errors_of(refusal), form=form, status=422)
    messages.success(request, done)
    return go(request, "intake:receipt-numbers")
