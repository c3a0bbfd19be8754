"""Support access on screens: asked, allowed, ended, and read; the outlet sees all of it on the same page."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents import public as agents
from agents.auth import require_role
from billing.disputes.forms import errors_of, uuid_of
from billing.outlet_money import queries as money
from billing.outlet_money.sources import events_behind
from billing.queries.holds import holds_of
from billing.queries.lines import find_line
from billing.rules.periods import month_after, month_before, month_of, parse_month
from billing.support import opening, queries
from billing.support.errors import SupportAccessNotFound
from billing.support.opening import AccessAsked
from billing.support.rules import MOST_MINUTES
from billing.wording import rules, why
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES, PROGRAMME_ROLES, Role
from shared.text import clean

READERS: Final = tuple(sorted(set(Role) - CENTRE_ROLES - PROGRAMME_ROLES))
ENDERS: Final = (Role.ADMINISTRATOR, Role.FINANCE_APPROVER, Role.OUTLET_MANAGER, Role.OPERATOR_HQ)
_SHOWN: Final = 60


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(*READERS)
def accesses(request: WardpostRequest) -> HttpResponse:
    """Who may look, who looked, at what; an administrator asks here."""
    if request.method == "POST":
        if request.actor.role != Role.ADMINISTRATOR:
            raise Http404
        try:
            opening.ask_access(_asked(request), by=request.actor, at=timezone.now())
        except DomainError as refusal:
            return _page(request, errors_of(refusal), status=422)
        messages.success(request, _("Asked. The city's finance approver answers; the outlet sees it already."))
        return redirect("billing:support")
    return _page(request, {})


def _asked(request: WardpostRequest) -> AccessAsked:
    told, minutes = request.POST, request.POST.get("minutes", "")
    return AccessAsked(
        outlet_id=uuid_of(told.get("outlet_id", "")), ticket=clean(told.get("ticket", "")[:200]),
        reason=clean(told.get("reason", "")[:2000]),
        minutes=int(minutes) if minutes.isascii() and minutes.isdecimal() and len(minutes) < 4 else 0)


def _page(request: WardpostRequest, errors: dict[str, str], *, status: int = 200) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    asks = actor.role == Role.ADMINISTRATOR
    return render(request, "billing/support/accesses.html", {
        "rows": queries.shown(list(queries.accesses(actor)[:_SHOWN]), now=now), "errors": errors, "asks": asks,
        "entered": request.POST, "chosen": request.POST.get("outlet_id") or request.GET.get("diem", ""),
        "outlets": agents.outlets_of_province(actor.province_code) if asks and actor.province_code else [],
        "decides": actor.role == Role.FINANCE_APPROVER, "ends": actor.role in ENDERS, "most_minutes": MOST_MINUTES,
        "is_outlet": actor.outlet_id is not None}, status=status)


@require_POST
@require_role(*ENDERS)
def step(request: WardpostRequest, access_id: UUID, name: str) -> HttpResponse:
    """Allow, refuse or end."""
    try:
        if name == "ket-thuc":
            opening.end_access(access_id, by=request.actor, at=timezone.now())
        elif name in {"cho-phep", "tu-choi"}:
            opening.decide_access(access_id, allow=name == "cho-phep", by=request.actor, at=timezone.now())
        else:
            raise Http404
    except SupportAccessNotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.error(request, str(refusal.title))
    return redirect("billing:support")


@never_cache
@require_GET
@require_role(Role.ADMINISTRATOR)
def month(request: WardpostRequest, access_id: UUID) -> HttpResponse:
    """A month of the outlet, while the access is open; the look is kept before anything is shown."""
    period = parse_month(request.GET.get("thang", "")) or month_of(timezone.now())
    try:
        books = opening.look(access_id, period=period, by=request.actor, at=timezone.now())
    except DomainError as refusal:
        return _closed(request, refusal)
    lines = money.month_of_outlet(books, period)
    rows, _following = money.page_of_outlet(lines)
    return render(request, "billing/support/month.html", {
        "access_id": access_id, "period": period, "rows": rows, "sums": money.sums_of(lines),
        "before": f"{month_before(period):%Y-%m}", "after": f"{month_after(period):%Y-%m}"})


@never_cache
@require_GET
@require_role(Role.ADMINISTRATOR)
def line(request: WardpostRequest, access_id: UUID, line_id: UUID) -> HttpResponse:
    """One line with everything behind it, while the access is open."""
    period = parse_month(request.GET.get("thang", "")) or month_of(timezone.now())
    try:
        books = opening.look(access_id, period=period, line_id=line_id, by=request.actor, at=timezone.now())
    except DomainError as refusal:
        return _closed(request, refusal)
    found = find_line(books, line_id)
    if found is None:
        raise Http404
    return render(request, "billing/money/line.html", {
        "line": found, "why": why(found), "rules": rules(found.charge), "reasons": (), "may_raise": False,
        "events": events_behind(found.charge.source_type, found.charge.source_id),
        "holds": holds_of([line_id]).get(line_id, ()), "dispute": None, "is_outlet": False, "support": access_id})


def _closed(request: WardpostRequest, refusal: DomainError) -> HttpResponse:
    if isinstance(refusal, SupportAccessNotFound):
        raise Http404
    messages.error(request, str(refusal.title))
    return redirect("billing:support")
