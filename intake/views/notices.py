"""Notices of a centre as PDF: apology (04), stopping (05), control slip (06), return receipt."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agents.auth import require_role
from intake.models.papers import PaperKind
from intake.papers.notices import apology_pdf, return_pdf, stop_pdf
from intake.views.papers import READERS, issued
from intake.views.pdf import pdf_answer
from shared.api import WardpostRequest
from shared.roles import Role


@never_cache
@require_GET
@require_role(*READERS)
def apology_paper(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """Form 04."""
    return pdf_answer(lambda: apology_pdf(dossier_id, actor=request.actor), "xin-loi-gia-han.pdf")


@never_cache
@require_GET
@require_role(*READERS)
def stop_paper(request: WardpostRequest, notice_id: UUID) -> HttpResponse:
    """Form 05."""
    return pdf_answer(lambda: stop_pdf(notice_id, actor=request.actor), "thong-bao-dung.pdf")


@never_cache
@require_GET
@require_role(Role.CENTRE_OFFICER, Role.CENTRE_MANAGER)
def return_receipt(request: WardpostRequest, hand_over_id: UUID) -> HttpResponse:
    """The return receipt of a result that was given at the counter."""
    return pdf_answer(lambda: return_pdf(hand_over_id, actor=request.actor), "bien-nhan-tra-ket-qua.pdf")


@never_cache
@require_GET
@require_role(Role.CENTRE_OFFICER, Role.CENTRE_MANAGER)
def control_slip(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """Form 06, from the trace until now."""
    return issued(request, dossier_id, PaperKind.CONTROL)
