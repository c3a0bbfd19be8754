"""Claims: sent and confirmed by an operator, looked at exceptions first by the city's reviewer."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents.auth import require_role
from billing.claims.deciding import decide_lines
from billing.claims.faults import WORDS
from billing.claims.importing import confirm_claim, discard_claim, receive_claim
from billing.claims.reading_lines import VIEWS, claims_of, page_of_claim, summed, sums_by_reason
from billing.claims.wording import reason_help, reason_words, state_words, verdict_words
from billing.models.claims import Claim
from billing.models.statements import Statement
from billing.queries.books import ROLES, books_of
from billing.rules.claims import REASONS
from billing.rules.periods import parse_month
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.models.places import Province
from shared.roles import Role
from shared.text import clean
from shared.validation import InvalidRequest

SHOWN: Final = 60
ON_A_PAGE: Final = 40


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(*ROLES)
def claims(request: WardpostRequest) -> HttpResponse:
    """Show the claims of the asker's books; an operator sends one here."""
    if request.method == "POST":
        return _send(request)
    books = books_of(request.actor)
    found = list(claims_of(books).order_by("-period", "-sent_at")[:SHOWN])
    months = Statement.objects.filter(books.statements).order_by("-period").select_related("province")
    return render(request, "billing/claims.html", {
        "claims": [(claim, state_words(claim.state)) for claim in found],
        "may_send": request.actor.role == Role.OPERATOR_HQ, "months": list(months[:24])})


def _send(request: WardpostRequest) -> HttpResponse:
    place, _slash, month = request.POST.get("month", "").partition("/")
    period, upload = parse_month(month), request.FILES.get("file")
    if period is None or upload is None or not Province.objects.filter(code=place).exists():
        messages.error(request, _("Choose the month and the file."))
        return redirect("billing:claims")
    try:
        claim = receive_claim(province_code=place, period=period, file_name=upload.name or "",
                              content=upload.read(), by=request.actor, at=timezone.now())
    except DomainError as refusal:
        tell_refusal(request, refusal)
        return redirect("billing:claims")
    return redirect("billing:claim", claim_id=claim.id)


@never_cache
@require_GET
@require_role(*ROLES)
def claim(request: WardpostRequest, claim_id: UUID) -> HttpResponse:
    """Show how a file was read, or its lines with their verdicts, exceptions first."""
    found = _claim(request, claim_id)
    reasons = sums_by_reason(found)
    asked = request.GET.get("xem", "")
    view = asked if asked in VIEWS or asked in REASONS else "exceptions" if any(
        each.reason_code for each in reasons) else "all"
    find = clean(request.GET.get("tim", ""))[:40].upper()
    try:
        lines, following = page_of_claim(found, view=view, find=find, cursor=request.GET.get("sau", "")[:300],
                                         limit=ON_A_PAGE)
    except InvalidRequest:
        lines, following = page_of_claim(found, view=view, find=find, cursor="", limit=ON_A_PAGE)
    month = Statement.objects.filter(province_id=found.province_id, operator_code=found.operator_code,
                                     period=found.period).first()
    return render(request, "billing/claim.html", {
        "claim": found, "state": state_words(found.state), "sums": summed(reasons), "view": view, "find": find,
        "reasons": [(each, reason_words(each.reason_code)) for each in reasons if each.reason_code],
        "rows": [(line, reason_words(line.reason_code), reason_help(line.reason_code), verdict_words(line.verdict))
                 for line in lines],
        "next": following, "month": month, "is_sender": request.actor.role == Role.OPERATOR_HQ,
        "may_decide": request.actor.role == Role.FINANCE_REVIEWER and month is not None and month.state == "prepared",
        "faults": [(each, str(WORDS.get(each.code, each.code)))
                   for each in found.fault_rows.order_by("row", "id")[:100]] if found.faults else []})


@require_POST
@require_role(Role.OPERATOR_HQ)
def claim_step(request: WardpostRequest, claim_id: UUID) -> HttpResponse:
    """Confirm what was read, or discard the claim."""
    try:
        if request.POST.get("step") == "confirm":
            confirm_claim(claim_id=claim_id, by=request.actor, at=timezone.now())
        else:
            discard_claim(claim_id=claim_id, reason=request.POST.get("reason", ""), by=request.actor,
                          at=timezone.now())
    except DomainError as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        tell_refusal(request, refusal)
    return redirect("billing:claim", claim_id=claim_id)


@require_POST
@require_role(Role.FINANCE_REVIEWER)
def decide(request: WardpostRequest, claim_id: UUID) -> HttpResponse:
    """Admit or reject the chosen lines."""
    chosen = [int(each) for each in request.POST.getlist("line")[:500] if each.isdecimal() and len(each) < 16]
    try:
        decide_lines(claim_id=claim_id, line_ids=chosen, verdict=request.POST.get("verdict", "")[:10],
                     words=request.POST.get("words", ""), by=request.actor, at=timezone.now())
    except DomainError as refusal:
        tell_refusal(request, refusal)
    else:
        messages.success(request, _("The lines are decided."))
    return redirect("billing:claim", claim_id=claim_id)


def _claim(request: WardpostRequest, claim_id: UUID) -> Claim:
    found = claims_of(books_of(request.actor)).filter(id=claim_id).first()
    if found is None:
        raise Http404
    return found


def tell_refusal(request: WardpostRequest, refusal: DomainError) -> None:
    messages.error(request, " ".join([f"{refusal.title}.", *(str(each.message) for each in refusal.errors)]
                                     if refusal.errors else [f"{refusal.title}.", str(refusal.detail)]))


