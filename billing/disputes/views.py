"""Disputes on screens: the list, one dispute with everything in it, the figures. The same for both sides."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agents.auth import require_role
from billing.disputes import answering, queries, raising, reviewing
from billing.disputes.checking import has_engine
from billing.disputes.figures import charts_of
from billing.disputes.forms import cause_of, decisions_of, errors_of, files_of, objection_of, printable, said
from billing.disputes.models import Dispute
from billing.disputes.queries import Opened
from billing.disputes.rules import DisputeState, Side
from billing.disputes.steps import side_of
from billing.disputes.wording import CAUSE_CHOICES, OUTCOME_CHOICES, tell, tell_file
from billing.errors import DisputeNotFound, DisputeStateForbids, EvidenceNotOpen
from billing.redress.models import Redress
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

RAISERS: Final = (Role.OUTLET_CLERK, Role.OUTLET_MANAGER, Role.OPERATOR_HQ)
CITY: Final = (Role.FINANCE_REVIEWER, Role.FINANCE_APPROVER)
READERS: Final = (*RAISERS, *CITY, Role.AUDITOR)
ON_A_PAGE: Final = 25
VIEWS: Final = ("open", "mine", "closed", "all")
PERIOD: Final = timedelta(days=365)


@never_cache
@require_GET
@require_role(*READERS)
def dispute_list(request: WardpostRequest) -> HttpResponse:
    """Open ones first to be late; found by number or dossier."""
    view = request.GET.get("xem", "open")
    view = view if view in VIEWS else "open"
    find = printable(request.GET.get("tim", "")).upper()[:40]
    rows = queries.listed(request.actor, view=view, find=find)
    ordered = rows.order_by("-raised_at", "-id") if view in {"closed", "all"} or find else rows.order_by("due_at", "id")
    page = Paginator(ordered, ON_A_PAGE).get_page(request.GET.get("page"))
    names = queries.outlet_names(each.outlet_id for each in page)
    now = timezone.now()
    return render(request, "billing/disputes/list.html", {
        "page": page, "view": view, "find": find, "rows": [tell(each, names, now) for each in page],
        "is_city": request.actor.role not in RAISERS, "may_raise": request.actor.role in RAISERS})


@never_cache
@require_GET
@require_role(*READERS)
def dispute(request: WardpostRequest, dispute_id: UUID) -> HttpResponse:
    return _page(request, _opened(request, dispute_id))


def _opened(request: WardpostRequest, dispute_id: UUID) -> Opened:
    try:
        return queries.opened(request.actor, dispute_id)
    except DisputeNotFound:
        raise Http404 from None


def _page(request: WardpostRequest, found: Opened, *, errors: Mapping[str, str] | None = None,
          status: int = 200) -> HttpResponse:
    now, dispute = timezone.now(), found.dispute
    return render(request, "billing/disputes/dispute.html", {
        "found": found, "dispute": dispute, "told": tell(dispute, {dispute.outlet_id: found.outlet_name}, now),
        "may": _may(dispute, request), "errors": errors or {}, "entered": request.POST if errors else {},
        "causes": CAUSE_CHOICES, "outcomes": OUTCOME_CHOICES, "now": now,
        "files": [tell_file(each, has_engine=has_engine()) for each in found.files],
        "letters": Redress.objects.seen_by(request.actor).filter(source="dispute", source_id=dispute.id),
    }, status=status)


def _may(dispute: Dispute, request: WardpostRequest) -> dict[str, Any]:
    """Which steps this reader can take now; each with what stands in the way, if something does."""
    actor, state = request.actor, dispute.state
    if actor.role == Role.AUDITOR:
        return {}
    side = side_of(actor)
    steps: dict[str, Any] = {"say": dispute.is_open}
    if side == dispute.side:
        steps["answer"] = state == DisputeState.DECIDED
        steps["withdraw"] = state in {DisputeState.RAISED, DisputeState.IN_REVIEW, DisputeState.ASKED}
    if side is Side.CITY:
        waits = state in {DisputeState.RAISED, DisputeState.APPEALED}
        steps["hindered"] = reviewing.part_in(dispute, actor) if waits else ""
        steps["take"] = waits and not steps["hindered"]
        steps["review"] = state == DisputeState.IN_REVIEW and dispute.reviewer == actor.id
        steps["confirm"] = state == DisputeState.PROPOSED and reviewing.may_confirm(dispute, actor)
    return steps


# --- what is done ---------------------------------------------------------------------------------------------------


@require_POST
@require_role(*RAISERS)
def raise_dispute(request: WardpostRequest) -> HttpResponse:
    """One click on a line, or a form for what is missing."""
    try:
        made = raising.raise_dispute(objection_of(request.POST, request.FILES), by=request.actor, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, " ".join(errors_of(refusal).values()))
        return redirect(_back(request))
    numbers = ", ".join(each.number for each in made)
    messages.success(request, _("%(numbers)s: the dispute is raised and its clock runs.") % {"numbers": numbers})
    return redirect("billing:dispute", dispute_id=made[0].id)


def _back(request: WardpostRequest) -> str:
    """Only ever to a page of our own."""
    wanted = request.POST.get("back", "")
    return wanted if wanted.startswith("/") and not wanted.startswith("//") else "/tranh-chap/"


type _Do = Callable[[WardpostRequest, UUID], object]


def _propose(request: WardpostRequest, dispute_id: UUID) -> object:
    found = _opened(request, dispute_id)
    return reviewing.propose(
        dispute_id=dispute_id, decisions=decisions_of(request.POST, [line.id for line in found.lines]),
        cause=cause_of(request.POST.get("cause", "")), cause_evidence=request.POST.get("cause_evidence", ""),
        text=request.POST.get("text", ""), by=request.actor, at=timezone.now())


def _plain(function: Callable[..., object]) -> _Do:
    return lambda request, dispute_id: function(dispute_id=dispute_id, by=request.actor, at=timezone.now())


def _with_text(function: Callable[..., object]) -> _Do:
    return lambda request, dispute_id: function(
        dispute_id=dispute_id, text=request.POST.get("text", ""), by=request.actor, at=timezone.now())


def _say(request: WardpostRequest, dispute_id: UUID) -> object:
    return raising.say(dispute_id=dispute_id, text=request.POST.get("text", ""), files=files_of(request.FILES),
                       by=request.actor, at=timezone.now())


STEPS: Final[Mapping[str, tuple[tuple[str, ...], _Do]]] = MappingProxyType({
    "noi": ((*RAISERS, *CITY), _say),
    "nhan": (CITY, _plain(reviewing.take)),
    "tra-lai": (CITY, _with_text(reviewing.step_aside)),
    "hoi": (CITY, _with_text(reviewing.ask)),
    "de-xuat": (CITY, _propose),
    "chua-dong-y": (CITY, _with_text(reviewing.send_back)),
    "xac-nhan": (CITY, _plain(reviewing.confirm)),
    "dong-y": (RAISERS, _plain(answering.accept)),
    "khieu-nai": (RAISERS, _with_text(answering.appeal)),
    "rut": (RAISERS, _with_text(raising.withdraw)),
})
"""The last part of the address → who may, and what is done."""


@require_POST
@require_role(*RAISERS, *CITY)
def dispute_step(request: WardpostRequest, dispute_id: UUID, step: str) -> HttpResponse:
    """One step of a dispute; what is missing is said on its page, with everything typed still there."""
    roles, do = STEPS.get(step, ((), _say))
    if request.actor.role not in roles:
        raise Http404
    found = _opened(request, dispute_id)
    try:
        do(request, dispute_id)
    except DisputeNotFound:
        raise Http404 from None
    except DomainError as refusal:
        errors = errors_of(refusal) | {"step": step}
        status = 409 if isinstance(refusal, DisputeStateForbids) else 422
        return _page(request, found, errors=errors | {"all": said(refusal)}, status=status)
    messages.success(request, _("Written down; both sides see it."))
    return redirect("billing:dispute", dispute_id=dispute_id)


@never_cache
@require_GET
@require_role(*READERS)
def dispute_file(request: WardpostRequest, file_id: UUID) -> HttpResponse:
    """A file to save, rebuilt by us, or with `?goc=1` as it was given; never shown inside our own pages."""
    read = queries.original_of if request.GET.get("goc") else queries.file_of
    try:
        found, kind, content = read(request.actor, file_id)
    except EvidenceNotOpen as refusal:
        return HttpResponse(f"{refusal.title}. {refusal.detail}", content_type="text/plain; charset=utf-8", status=409)
    except DomainError:
        raise Http404 from None
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@never_cache
@require_GET
@require_role(*READERS)
def dispute_figures(request: WardpostRequest) -> HttpResponse:
    """Disputes by outcome, reason and age, of the last year."""
    now = timezone.now()
    figures = queries.statistics(request.actor, since=now - PERIOD, now=now)
    return render(request, "billing/disputes/figures.html", {
        "figures": figures, "charts": charts_of(figures), "is_city": request.actor.role not in RAISERS})


@never_cache
@require_GET
@require_role(*RAISERS)
def new_dispute(request: WardpostRequest) -> HttpResponse:
    """For work that was done and has no line."""
    return render(request, "billing/disputes/new.html", {})
