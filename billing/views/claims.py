"""Claims: sent and confirmed by an operator, looked at exceptions first by the city's reviewer."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents.auth import require_role
from billing.claims.deciding import decide_lines
from billing.claims.evidence import facts_of, trail_of
from billing.claims.importing import confirm_claim, discard_claim, receive_claim
from billing.claims.reading_lines import OpenClaimLine, claims_of, find_claim_line
from billing.claims.wording import reason_help, reason_words, state_words, verdict_words
from billing.errors import ClaimTooLarge
from billing.models.claims import Claim
from billing.models.statements import Statement
from billing.queries.books import ROLES, books_of
from billing.queries.lines import find_line
from billing.rules.periods import parse_month
from billing.views.claim_page import ClaimAsked, claim_page
from billing.views.refusals import beside, tell_refusal
from billing.wording import why
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.models.places import Province
from shared.pagination import PageAsked, page_of
from shared.roles import Role
from shared.validation import InvalidRequest

ON_A_PAGE: Final = 40
_ORDER: Final = ("-period", "-sent_at", "-id")


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(*ROLES)
def claims(request: WardpostRequest) -> HttpResponse:
    """Show the claims of the asker's books; an operator sends one here."""
    return _send(request) if request.method == "POST" else _list(request)


def _list(request: WardpostRequest, errors: dict[str, str] | None = None) -> HttpResponse:
    books = books_of(request.actor)
    asked = PageAsked(limit=ON_A_PAGE, cursor=request.GET.get("sau", "")[:300])
    try:
        found, following = page_of(claims_of(books), asked=asked, order=_ORDER)
    except InvalidRequest:
        found, following = page_of(claims_of(books), asked=PageAsked(limit=ON_A_PAGE), order=_ORDER)
    months = Statement.objects.filter(books.statements).order_by("-period").select_related("province")
    return render(request, "billing/claims.html", {
        "claims": [(claim, state_words(claim.state)) for claim in found], "next": following,
        "may_send": request.actor.role == Role.OPERATOR_HQ, "months": list(months[:24]),
        "chosen": request.POST.get("month", ""), "errors": errors or {}}, status=422 if errors else 200)


def _send(request: WardpostRequest) -> HttpResponse:
    place, _slash, month = request.POST.get("month", "").partition("/")
    period, upload = parse_month(month), request.FILES.get("file")
    errors = {}
    if period is None or not Province.objects.filter(code=place).exists():
        errors["month"] = _("Choose the month.")
    if upload is None:
        errors["file"] = _("Choose the file.")
    if period is None or upload is None or errors:
        return _list(request, errors)
    try:
        claim = receive_claim(province_code=place, period=period, file_name=upload.name or "",
                              content=upload.read(), by=request.actor, at=timezone.now())
    except DomainError as refusal:
        field = "file" if isinstance(refusal, ClaimTooLarge) else "month"
        return _list(request, {field: f"{refusal.title}. {refusal.detail}".strip()})
    return redirect("billing:claim", claim_id=claim.id)


@never_cache
@require_GET
@require_role(*ROLES)
def claim(request: WardpostRequest, claim_id: UUID) -> HttpResponse:
    """Show how a file was read, or its lines with their verdicts, exceptions first."""
    return _show(request, _claim(request, claim_id), ClaimAsked.of(request.GET.dict()))


def _show(request: WardpostRequest, found: Claim, asked: ClaimAsked, *, entered: dict[str, Any] | None = None,
          errors: dict[str, str] | None = None) -> HttpResponse:
    page = claim_page(found, asked)
    first = page.rows[0].line.id if page.rows else None
    opened = find_claim_line(books_of(request.actor), found.id, first) if first else None
    return render(request, "billing/claim.html", {
        "claim": found, "page": page, "is_sender": request.actor.role == Role.OPERATOR_HQ,
        "may_decide": request.actor.role == Role.FINANCE_REVIEWER and page.is_open, "entered": entered or {},
        "errors": errors or {}, **(_evidence(request, opened) if opened else {})}, status=422 if errors else 200)


@never_cache
@require_GET
@require_role(*ROLES)
def claim_line(request: WardpostRequest, claim_id: UUID, line_id: int) -> HttpResponse:
    """One line with what everybody says of it; an answer to htmx is the panel beside the list."""
    found = find_claim_line(books_of(request.actor), claim_id, line_id)
    if found is None:
        raise Http404
    template = "billing/claim_evidence.html" if request.htmx else "billing/claim_line.html"
    return render(request, template, _evidence(request, found))


def _evidence(request: WardpostRequest, found: OpenClaimLine) -> dict[str, Any]:
    posted = find_line(books_of(request.actor), found.charge.id) if found.charge is not None else None
    return {
        "open": found, "claim": found.line.claim, "facts": facts_of(found), "trail": trail_of(found), "posted": posted,
        "why": None if posted is None else why(posted), "reason": reason_words(found.line.reason_code),
        "help": reason_help(found.line.reason_code), "verdict": verdict_words(found.line.verdict),
        "decisions": [(each, verdict_words(each.verdict)) for each in found.decisions]}


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
    """Admit or reject the chosen lines. Refused, the page comes back with everything as it was typed."""
    chosen = [int(each) for each in request.POST.getlist("line")[:501] if each.isdecimal() and len(each) < 16]
    asked, typed = ClaimAsked.of(request.POST.dict()), request.POST.get("admitted_vnd", "").strip()
    errors = {} if chosen else {"line_ids": _("Choose at least one line.")}
    if typed and (amount := _amount(typed)) is None:
        errors["admitted_vnd"] = _("Whole đồng, in digits.")
    if not errors:
        try:
            count = decide_lines(
                claim_id=claim_id, line_ids=chosen, verdict=request.POST.get("verdict", "")[:10],
                words=request.POST.get("words", ""), admitted_vnd=amount if typed else None, by=request.actor,
                at=timezone.now())
        except DomainError as refusal:
            tell_refusal(request, refusal)
            errors = beside(refusal) or {"verdict": str(refusal.title)}
        else:
            messages.success(request, _("Lines decided: %(count)s.") % {"count": count})
            return HttpResponseRedirect(
                f"{reverse('billing:claim', args=[claim_id])}?{urlencode(asked.address())}")
    return _show(request, _claim(request, claim_id), asked, errors=errors, entered={
        "lines": set(chosen), "words": request.POST.get("words", ""), "admitted_vnd": typed})


def _amount(typed: str) -> int | None:
    digits = typed.replace(".", "").replace("\u00a0", "").replace(" ", "")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 16 else None


def _claim(request: WardpostRequest, claim_id: UUID) -> Claim:
    found = claims_of(books_of(request.actor)).filter(id=claim_id).first()
    if found is None:
        raise Http404
    return found
