"""Operators that take part: what they showed, their agreements, what is delegated to them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.auth import require_role
from agents.models.organisations import Task
from agents.programme import agreements, delegating, operators, queries
from agents.programme.errors import ProgrammeNotFound
from agents.programme.forms import (
    AgreementForm,
    DelegationForm,
    EndForm,
    EvidenceForm,
    NoticeForm,
    OperatorForm,
    ReasonForm,
)
from agents.programme.models import DelegatedTask, OperatorAgreement, ProgrammeOperator
from agents.programme.ports import groups
from agents.programme.rules import CONFORMANCE, OPERATOR_MOVES, WITH_REASON, OperatorState, OperatorStep, holds
from agents.programme.views.answers import READERS, WRITER, show_or_raise
from agents.programme.wording import DONE, ITEMS, OPERATOR_FACES, OPERATOR_STATES, OPERATOR_STEPS
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

SEES = (*READERS, Role.OPERATOR_HQ)


def face(state: str) -> dict[str, object]:
    icon, kind = OPERATOR_FACES[state]
    return {"label": OPERATOR_STATES[state], "icon": icon, "kind": kind}


@require_safe
@require_role(*SEES)
def operator_list(request: WardpostRequest) -> HttpResponse:
    """Operators of the city; an operator sees its own part in each city."""
    rows = queries.operators(request.actor, timezone.localdate())
    return render(request, "agents/programme/operators.html", {
        "rows": [(row, face(row.entry.state)) for row in rows], "of": len(CONFORMANCE),
        "has_programme": bool(rows) or queries.programme(request.actor) is not None,
        "may_write": request.actor.role == WRITER})


@require_http_methods(["GET", "HEAD", "POST"])
@require_role(WRITER)
def enter(request: WardpostRequest) -> HttpResponse:
    """A candidate."""
    form = OperatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operators.enter_operator(operator=operators.NewOperator(**form.cleaned_data), by=request.actor,
                                            at=timezone.now())
        except DomainError as error:
            show_or_raise(error, form)
        else:
            messages.success(request, _("A candidate now: keep its agreement and record its evidence."))
            return redirect("agents:operator", made.id)
    return render(request, "agents/programme/enter.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@require_role(*SEES)
def operator(request: WardpostRequest, entry_id: UUID) -> HttpResponse:
    """One operator's part: agreement, tasks, evidence, history."""
    return _page(request, _seen(request, entry_id))


def _seen(request: WardpostRequest, entry_id: UUID) -> ProgrammeOperator:
    try:
        return queries.find_entry(entry_id, request.actor)
    except ProgrammeNotFound as error:
        raise Http404 from error


def _page(request: WardpostRequest, found: ProgrammeOperator, **shown: Any) -> HttpResponse:
    today, names = timezone.localdate(), {"": _("every group"), **groups()}
    may_write = request.actor.role == WRITER
    steps = [step for step in OperatorStep if (OperatorState(found.state), step) in OPERATOR_MOVES]
    tasks, items = dict(Task.choices), queries.checklist(found)
    context = {
        "it": found, "face": face(found.state), "items": items, "may_write": may_write,
        "met": sum(row.is_met for row in items), "of": len(CONFORMANCE),
        "matrix": queries.matrix(found, today), "today": today,
        "agreements": [(row, holds(row.valid_from, row.valid_until, today))
                       for row in found.agreements.order_by("-valid_from")],
        "delegations": [(row, tasks[row.task], names.get(row.group, row.group),
                         holds(row.valid_from, row.valid_until, today)) for row in queries.delegations(found)],
        "steps": [(step.value, OPERATOR_STEPS[step], step in WITH_REASON) for step in steps] if may_write else [],
        "history": [(DONE.get(row.step, row.step), row) for row in found.steps.order_by("at", "id")],
        "may_record": may_write and found.state not in {OperatorState.SUBMITTED, OperatorState.ENDED},
        "reason": ReasonForm(), "task": DelegationForm(initial={"valid_from": today}),
        "notice": NoticeForm(), "end": EndForm(),
        "evidence": EvidenceForm(items=_items(), initial={"evidence_on": today}),
    }
    is_wrong = any(form.errors for form in shown.values())
    return render(request, "agents/programme/operator.html", context | shown, status=422 if is_wrong else 200)


def _items() -> list[tuple[str, Any]]:
    return [(item, ITEMS[item][0]) for item in CONFORMANCE]


@require_http_methods(["GET", "HEAD", "POST"])
@require_role(WRITER)
def keep_agreement(request: WardpostRequest, entry_id: UUID) -> HttpResponse:
    """Keep a signed agreement."""
    found = _seen(request, entry_id)
    form = AgreementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        agreement = agreements.Agreement(
            data["number"], data["valid_from"], data["valid_until"], data["notice_days"],
            [agreements.Contact(**row) for row in form.contacts()],
            [agreements.Price(what, amount) for what, amount in form.prices()])
        try:
            agreements.keep_agreement(entry_id=entry_id, agreement=agreement, by=request.actor, at=timezone.now())
        except DomainError as error:
            _beside(error, form)
        else:
            messages.success(request, _("The agreement is kept."))
            return redirect("agents:operator", entry_id)
    return render(request, "agents/programme/agreement.html", {"form": form, "it": found},
                  status=422 if form.errors else 200)


def _beside(error: DomainError, form: AgreementForm) -> None:
    """/contacts/0/phone stands beside contact-0-phone; the numbers count the filled rows, which come first."""
    for each in error.errors:
        name = each.pointer.strip("/").replace("/", "-").replace("contacts-", "contact-").replace("prices-", "price-")
        form.add_error(name if name in form.fields else None, str(each.message))
    if not error.errors:
        show_or_raise(error, form)


@require_POST
@require_role(WRITER)
def record_evidence(request: WardpostRequest, entry_id: UUID) -> HttpResponse:
    """Evidence for one item."""
    found, form = _seen(request, entry_id), EvidenceForm(request.POST, items=_items())
    if form.is_valid():
        try:
            operators.record_evidence(entry_id=entry_id, found=operators.Evidence(**form.cleaned_data),
                                      by=request.actor, at=timezone.now())
        except DomainError as error:
            show_or_raise(error, form)
        else:
            messages.success(request, _("The evidence is recorded."))
            return redirect("agents:operator", entry_id)
    return _page(request, found, evidence=form)


@require_POST
@require_role(WRITER)
def delegate(request: WardpostRequest, entry_id: UUID) -> HttpResponse:
    """Delegate a task."""
    found, form = _seen(request, entry_id), DelegationForm(request.POST)
    if form.is_valid():
        try:
            delegating.delegate(entry_id=entry_id, delegation=delegating.Delegation(**form.cleaned_data),
                                by=request.actor, at=timezone.now())
        except DomainError as error:
            show_or_raise(error, form)
        else:
            messages.success(request, _("The task is delegated."))
            return redirect("agents:operator", entry_id)
    return _page(request, found, task=form)


@require_POST
@require_role(WRITER)
def take_step(request: WardpostRequest, entry_id: UUID, step: str) -> HttpResponse:
    """Hand in, return, approve, suspend, resume, end."""
    if step not in set(OperatorStep):
        raise Http404
    found, form = _seen(request, entry_id), ReasonForm(request.POST)
    if OperatorStep(step) not in WITH_REASON:
        form.fields["reason"].required = False
    if form.is_valid():
        try:
            operators.take_operator_step(entry_id=entry_id, step=OperatorStep(step), by=request.actor,
                                         at=timezone.now(), reason=form.cleaned_data["reason"])
        except DomainError as error:
            show_or_raise(error, form)
        else:
            messages.success(request, str(DONE[step]))
            return redirect("agents:operator", entry_id)
    return _page(request, found, reason=form)


@require_POST
@require_role(WRITER)
def give_notice(request: WardpostRequest, agreement_id: UUID) -> HttpResponse:
    """End an agreement on a day."""
    agreement = OperatorAgreement.objects.seen_by(request.actor).filter(id=agreement_id).first()
    if agreement is None:
        raise Http404
    return _ended(request, agreement.entry_id, "notice", lambda data: agreements.give_notice(
        agreement_id=agreement_id, **data, by=request.actor, at=timezone.now()))


@require_POST
@require_role(WRITER)
def end_delegation(request: WardpostRequest, delegation_id: UUID) -> HttpResponse:
    """Take a task back from a day on."""
    delegation = DelegatedTask.objects.seen_by(request.actor).filter(id=delegation_id).first()
    if delegation is None:
        raise Http404
    return _ended(request, delegation.entry_id, "end", lambda data: delegating.end_delegation(
        delegation_id=delegation_id, **data, by=request.actor, at=timezone.now()))


def _ended(request: WardpostRequest, entry_id: UUID, name: str, end: Callable[[dict[str, Any]], object],
           ) -> HttpResponse:
    found, form = _seen(request, entry_id), (NoticeForm if name == "notice" else EndForm)(request.POST)
    if form.is_valid():
        try:
            end(form.cleaned_data)
        except DomainError as error:
            show_or_raise(error, form)
        else:
            messages.success(request, _("Done."))
            return redirect("agents:operator", entry_id)
    return _page(request, found, **{name: form})
