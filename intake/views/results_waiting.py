"""Results that lie at a centre: who has to come, who was reminded, what is handed on with a list."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agents.auth import require_role
from intake.operations import results_counter
from intake.papers.result_list import result_list_pdf
from intake.queries.results_waiting import recent_lists, waiting_results
from intake.views.pdf import pdf_answer
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES

STAFF: Final = tuple(sorted(CENTRE_ROLES))


@never_cache
@require_GET
@require_role(*STAFF)
def results(request: WardpostRequest) -> HttpResponse:
    """To be fetched, oldest first; about to travel; and the lists made so far."""
    now = timezone.now()
    return render(request, "intake/centre/results.html", {
        "to_fetch": waiting_results(request.actor, now=now, to_fetch=True),
        "to_send": waiting_results(request.actor, now=now, to_fetch=False), "lists": recent_lists(request.actor),
        "tab": "results", "now": now})


@require_POST
@require_role(*STAFF)
def remind(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """Remind one citizen."""
    try:
        results_counter.remind(dossier_id=dossier_id, by=request.actor, at=timezone.now())
        messages.success(request, _("The citizen is being reminded."))
    except DomainError as refusal:
        if refusal.status == 404:
            raise Http404 from None
        messages.warning(request, f"{refusal.title}. {refusal.detail}")
    return redirect("intake:results")


@require_POST
@require_role(*STAFF)
def make_list(request: WardpostRequest) -> HttpResponse:
    """Number a hand-over list of what is ticked."""
    try:
        chosen = [UUID(each) for each in request.POST.getlist("dossier")[:500]]
    except ValueError:
        raise Http404 from None
    try:
        made = results_counter.make_result_list(
            dossier_ids=chosen, receiver=request.POST.get("receiver", ""), by=request.actor, at=timezone.now())
    except DomainError as refusal:
        for error in refusal.errors:
            messages.warning(request, str(error.message))
        return redirect("intake:results")
    messages.success(request, _("List %(number)s is ready to print below.") % {
        "number": f"{made.number:03d}/{made.year}"})
    return redirect("intake:results")


@never_cache
@require_GET
@require_role(*STAFF)
def list_paper(request: WardpostRequest, list_id: UUID) -> HttpResponse:
    """Phiếu bàn giao kết quả, as it was made."""
    return pdf_answer(lambda: result_list_pdf(list_id, actor=request.actor), "phieu-ban-giao-ket-qua.pdf")
