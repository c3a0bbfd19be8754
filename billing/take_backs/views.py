"""Taking a line back on screens: asked for and answered on the line's own page, all of them on one list."""

from typing import Final
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
from agents.proof import fresh_proof
from billing.disputes.forms import errors_of
from billing.errors import LineNotFound
from billing.queries.books import books_of
from billing.queries.lines import find_line
from billing.take_backs import asking, queries
from billing.take_backs.asking import TakeBackAsked
from billing.take_backs.errors import TakeBackNotFound
from billing.take_backs.models import TakeBack
from billing.views.line_page import line_page
from billing.wording import reason_title
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import OUTLET_ROLES, Role

READERS: Final = (Role.OUTLET_CLERK, Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.FINANCE_REVIEWER,
                  Role.FINANCE_APPROVER, Role.AUDITOR)
ON_A_PAGE: Final = 25


@never_cache
@require_GET
@require_role(*READERS)
def take_backs(request: WardpostRequest) -> HttpResponse:
    """What waits, or everything; an outlet and an operator read those of their own lines."""
    view = "all" if request.GET.get("xem") == "all" else "open"
    page = Paginator(queries.listed(request.actor, waiting=view == "open"), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [(each, reason_title(each.row.charge)) for each in queries.told(page, request.actor)]
    is_outlet = request.actor.role in OUTLET_ROLES
    return render(request, "billing/take_backs/list.html", {
        "page": page, "rows": rows, "view": view, "line_page": "billing:evidence" if is_outlet else "billing:line",
        "is_city": not is_outlet and request.actor.role != Role.OPERATOR_HQ})


@require_POST
@require_role(Role.FINANCE_REVIEWER)
def ask(request: WardpostRequest, line_id: UUID) -> HttpResponse:
    """Ask; what is wrong stands beside its field, with what was typed."""
    asked = TakeBackAsked(line_id=line_id, reason=request.POST.get("reason", "")[:2000],
                          charge_anew=request.POST.get("how") == "anew")
    try:
        asking.ask(asked, by=request.actor, at=timezone.now())
    except LineNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _line(request, line_id, refusal)
    messages.success(request, _("Asked. A finance approver answers; the outlet reads your reason already."))
    return redirect("billing:line", line_id)


def _line(request: WardpostRequest, line_id: UUID, refusal: DomainError) -> HttpResponse:
    found = find_line(books_of(request.actor), line_id)
    if found is None:
        raise Http404
    return line_page(request, found, errors=errors_of(refusal), status=refusal.status)


@require_POST
@require_role(Role.FINANCE_REVIEWER, Role.FINANCE_APPROVER)
@fresh_proof(steps={"duyet"}, named="name")
def step(request: WardpostRequest, take_back_id: UUID, name: str) -> HttpResponse:
    """Approve, refuse or withdraw; back to the line."""
    row = TakeBack.objects.seen_by(request.actor).filter(id=take_back_id).first()
    if row is None or name not in {"duyet", "tu-choi", "rut"}:
        raise Http404
    try:
        if name == "rut":
            asking.withdraw(take_back_id, by=request.actor, at=timezone.now())
        else:
            asking.decide(take_back_id, approve=name == "duyet", answer=request.POST.get("answer", "")[:2000],
                          by=request.actor, at=timezone.now())
    except TakeBackNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _line(request, row.charge_id, refusal)
    messages.success(request, {"duyet": _("The line is taken back."), "tu-choi": _("Refused. Who asked reads why."),
                               "rut": _("Withdrawn. The line stands as it was.")}[name])
    return redirect("billing:line", row.charge_id)
