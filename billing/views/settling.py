"""A statement's five signatures, its minutes, and the citizens who are asked before money moves."""

from datetime import date
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from agents.auth import require_role
from agents.proof import fresh_proof
from billing.claims.calling_back import answer_call, calls_of
from billing.errors import NotYetSettled
from billing.models.statements import Statement, StatementSignature
from billing.papers.minutes import minutes_pdf
from billing.payouts.queries import paid_of
from billing.queries.books import ROLES, books_of
from billing.rules.settling import DUTIES, Step, next_step
from billing.settling.figures import figures_of, matched_claim
from billing.settling.step_words import state_said, step_said
from billing.settling.withheld import withheld_by_why
from billing.settling.workflow import reconcile, send_back, sign, signatures
from billing.views.refusals import beside, tell_refusal
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES, Role

_SIGNED: Final = frozenset({Step.REVIEW, Step.AGREE, Step.APPROVE, Step.RELEASE})
"""Steps under which a name stands: each asks for a fresh proof that it is its holder's."""


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(*ROLES)
@fresh_proof(steps=_SIGNED)
def settlement(request: WardpostRequest, statement_id: UUID) -> HttpResponse:
    """Show the figures and who signed what; take the next step."""
    statement = _statement(request, statement_id)
    if request.method == "POST":
        try:
            _take(request, statement)
        except DomainError as refusal:
            errors = beside(refusal)
            if isinstance(refusal, NotYetSettled) and refusal.detail:
                errors = {"note": str(refusal.detail)}
            if not errors or refusal.errors:
                tell_refusal(request, refusal)
            statement.refresh_from_db()
            return _show(request, statement, errors=errors, status=422)
        return redirect("billing:settlement", statement_id=statement_id)
    return _show(request, statement)


def _show(request: WardpostRequest, statement: Statement, *, errors: dict[str, str] | None = None,
          status: int = 200) -> HttpResponse:
    figures, signed = figures_of(statement), signatures(statement)
    following = next_step(statement.state)
    can_agree = statement.state == "reviewed" and Step.AGREE not in signed
    step = Step.AGREE if can_agree and request.actor.role == DUTIES[Step.AGREE].role else following
    return render(request, "billing/settlement.html", {
        "statement": statement, "state": state_said(statement.state), "figures": figures, "digest": figures.digest,
        "claim": matched_claim(statement), "step": step if step not in {None, Step.PREPARE} else None,
        "step_title": step_said(step) if step else "", "entered": request.POST, "errors": errors or {},
        "withheld": withheld_by_why(statement), "paid": paid_of(statement),
        "step_role": Role(DUTIES[step].role).label if step else "",
        "is_mine": step is not None and request.actor.role == DUTIES[step].role,
        "may_send_back": statement.state in {"reviewed", "approved"} and request.actor.role in {
            DUTIES[Step.REVIEW].role, DUTIES[Step.APPROVE].role},
        "signed": [(row, step_said(row.step)) for row in StatementSignature.objects.filter(
            statement=statement).order_by("signed_at", "id")]}, status=status)


def _take(request: WardpostRequest, statement: Statement) -> None:
    asked, now = request.POST.get("step", ""), timezone.now()
    note, seen = request.POST.get("note", ""), request.POST.get("digest", "")[:64]
    if asked == Step.SEND_BACK:
        send_back(statement_id=statement.id, reason=note, by=request.actor, at=now)
    elif asked == Step.RECONCILE:
        amount = request.POST.get("amount", "").replace(".", "").strip()
        try:
            paid_on = date.fromisoformat(request.POST.get("paid_on", ""))
        except ValueError:
            paid_on = date.min
        reconcile(statement_id=statement.id, seen_digest=seen, reference=request.POST.get("reference", ""),
                  amount_vnd=int(amount) if amount.isascii() and amount.isdecimal() and len(amount) < 16 else -1,
                  paid_on=paid_on, by=request.actor, at=now)
    elif asked in _SIGNED:
        sign(statement_id=statement.id, step=Step(asked), seen_digest=seen, note=note, by=request.actor, at=now)


@require_GET
@require_role(*ROLES)
def minutes(request: WardpostRequest, statement_id: UUID) -> HttpResponse:
    """Give the joint minutes as a PDF."""
    statement = _statement(request, statement_id)
    if statement.prepared_at is None:
        raise Http404
    name = f"bien-ban-doi-soat-{statement.operator_code}-{statement.period:%Y-%m}.pdf"
    return HttpResponse(minutes_pdf(statement), content_type="application/pdf",
                        headers={"Content-Disposition": f'attachment; filename="{name}"'})


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(*sorted(CENTRE_ROLES))
def calls(request: WardpostRequest) -> HttpResponse:
    """Show whom the centre is to ask, and keep what they say."""
    if request.method == "POST":
        try:
            answer_call(call_id=UUID(request.POST.get("call", "")), outcome=request.POST.get("outcome", ""),
                        note=request.POST.get("note", ""), by=request.actor, at=timezone.now())
        except ValueError as error:
            raise Http404 from error
        except DomainError as refusal:
            tell_refusal(request, refusal)
            return _calls(request, errors=beside(refusal))
        messages.success(request, _("The answer is kept."))
        return redirect("billing:calls")
    return _calls(request)


def _calls(request: WardpostRequest, errors: dict[str, str] | None = None) -> HttpResponse:
    waiting = calls_of(request.actor).filter(outcome="").order_by("due_at", "id")
    return render(request, "billing/calls.html", {
        "calls": list(waiting[:100]), "entered": request.POST, "errors": errors or {}},
        status=200 if errors is None else 422)


def _statement(request: WardpostRequest, statement_id: UUID) -> Statement:
    found = Statement.objects.filter(books_of(request.actor).statements, id=statement_id).first()
    if found is None:
        raise Http404
    return found
