"""Cases at work: the queue, one case with its evidence and decisions, a call with its script, the rules in force."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.auth import require_role
from intake.brokers import calls, cases, queries, signals
from intake.brokers.rules import (
    ANSWERS,
    BY_HAND,
    FINAL,
    SCRIPT,
    WITH_REASON,
    Call,
    CaseState,
    Heard,
    Step,
    next_state,
    steps_from,
)
from intake.brokers.words import ANSWER_WORDS, CALL_STATES, DONE, FACES, HEARD, MEANS, NAMES, STATES, STEPS
from intake.views.answers import errors_of, said
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError, Invalid, NotFound
from shared.roles import Role

ON_A_PAGE: Final = 50
READERS: Final = (Role.PROGRAMME_OFFICER, Role.AUDITOR)
USUAL_SAMPLE: Final = 10


def face(state: str) -> dict[str, object]:
    """A state as a badge."""
    icon, kind = FACES[CaseState(state)]
    return {"label": STATES[CaseState(state)], "icon": icon, "kind": kind}


@never_cache
@require_safe
@require_role(*READERS)
def case_list(request: WardpostRequest) -> HttpResponse:
    """Cases by state; open ones by what is due first."""
    state, counts = request.GET.get("state", ""), queries.counts(request.actor)
    rows = queries.cases(request.actor)
    rows = rows.filter(state=state) if state in set(CaseState) else rows.exclude(state__in=sorted(FINAL))
    page = Paginator(rows.order_by(F("due_at").asc(nulls_last=True), "-changed_at", "id"), ON_A_PAGE).get_page(
        request.GET.get("page"))
    return render(request, "intake/brokers/list.html", {
        "page": page, "rows": [(row, queries.about(row), face(row.state)) for row in page], "state": state,
        "states": [(each.value, STATES[each], counts.get(each, 0)) for each in CaseState],
        "open": sum(count for each, count in counts.items() if each not in FINAL), "now": timezone.now()})


@never_cache
@require_safe
@require_role(*READERS)
def case(request: WardpostRequest, case_id: UUID) -> HttpResponse:
    """One case; who opened it is in the audit."""
    found = _seen(request, case_id)
    cases.note_look(case_id=case_id, by=request.actor, at=timezone.now())
    return _page(request, found)


def _seen(request: WardpostRequest, case_id: UUID) -> queries.CaseView:
    try:
        return queries.view(case_id, request.actor)
    except NotFound as error:
        raise Http404 from error


def _page(request: WardpostRequest, found: queries.CaseView, *, problem: str = "",
          errors: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    state, is_officer = CaseState(found.case.state), request.actor.role == Role.PROGRAMME_OFFICER
    steps = steps_from(state) if is_officer else ()
    return render(request, "intake/brokers/case.html", {
        "it": found, "case": found.case, "about": queries.about(found.case), "face": face(state),
        "steps": [(step.value, STEPS[step]) for step in steps],
        "asks_reason": any(step in WITH_REASON for step in steps),
        "asks_answer": found.report is not None and any(next_state(state, step) in FINAL for step in steps),
        "may_draw": is_officer and next_state(state, Step.ASK_CALLS) is not None, "usual_sample": USUAL_SAMPLE,
        "is_proposer": found.case.proposed_by == request.actor.id and state is CaseState.PROPOSED,
        "history": [(DONE[row.step], row) for row in found.steps],
        "calls": [(row, CALL_STATES[Call(row.state)], row.state) for row in found.calls],
        "call_states": [(CALL_STATES[each], found.heard.states[each]) for each in Call],
        "heard": [(question.words, [(ANSWER_WORDS[answer], count, answer == question.alarming)
                                    for answer, count in answers]) for question, answers in found.heard.questions],
        "may_call": is_officer and state is CaseState.CALLING, "problem": problem, "errors": errors or {},
        "entered": request.POST, "now": timezone.now()}, status=status)


@never_cache
@require_POST
@require_role(Role.PROGRAMME_OFFICER)
def step(request: WardpostRequest, case_id: UUID) -> HttpResponse:
    """Take up, propose, confirm, send back or close."""
    found, chosen = _seen(request, case_id), request.POST.get("step", "")
    if chosen not in BY_HAND:
        raise Http404
    try:
        cases.take_step(case_id=case_id, step=Step(chosen), by=request.actor, at=timezone.now(),
                        reason=request.POST.get("reason", "")[:4000], answer=request.POST.get("answer", "")[:4000])
    except DomainError as refusal:
        return _refused(request, found, refusal)
    messages.success(request, str(DONE[Step(chosen)]))
    return redirect("intake:broker-case", case_id)


def _refused(request: WardpostRequest, found: queries.CaseView, refusal: DomainError) -> HttpResponse:
    if isinstance(refusal, NotFound):
        raise Http404 from refusal
    is_typed = isinstance(refusal, Invalid)
    return _page(request, found, problem="" if is_typed else said(refusal),
                 errors=errors_of(refusal) if is_typed else None, status=refusal.status)


@never_cache
@require_POST
@require_role(Role.PROGRAMME_OFFICER)
def draw(request: WardpostRequest, case_id: UUID) -> HttpResponse:
    """Draw at random whom to call."""
    found, typed = _seen(request, case_id), request.POST.get("size", "")
    size = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 4 else 0
    try:
        made = calls.draw(case_id=case_id, size=size, by=request.actor, at=timezone.now())
    except DomainError as refusal:
        return _refused(request, found, refusal)
    messages.success(request, _("Drawn: %(count)d to call.") % {"count": made.size})
    return redirect("intake:broker-case", case_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(Role.PROGRAMME_OFFICER)
def call(request: WardpostRequest, call_id: UUID) -> HttpResponse:
    """One call: the number on request, the script, what was heard."""
    try:
        found = queries.call_of(call_id, request.actor)
    except NotFound as error:
        raise Http404 from error
    context: dict[str, Any] = {"call": found, "case": found.case, "entered": request.POST}
    if request.method == "POST":
        try:
            if "show" in request.POST:
                context["contact"] = calls.show_contact(call_id=call_id, by=request.actor, at=timezone.now())
            else:
                return _record(request, call_id, found.case_id)
        except NotFound as error:
            raise Http404 from error
        except Invalid as refusal:
            return _call_page(request, context | {"errors": errors_of(refusal)}, status=422)
        except DomainError as refusal:
            return _call_page(request, context | {"problem": said(refusal)}, status=refusal.status)
    return _call_page(request, context)


def _record(request: WardpostRequest, call_id: UUID, case_id: UUID) -> HttpResponse:
    chosen = request.POST.get("heard", "")
    if chosen not in set(Heard):
        raise Http404
    answers = {question.code: request.POST[f"q-{question.code}"][:10] for question in SCRIPT
               if request.POST.get(f"q-{question.code}")}
    calls.record_call(call_id=call_id, heard=Heard(chosen), answers=answers, by=request.actor, at=timezone.now(),
                      note=request.POST.get("note", "")[:2000])
    messages.success(request, _("Written down."))
    return redirect("intake:broker-case", case_id)


def _call_page(request: WardpostRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    errors: dict[str, str] = context.get("errors", {})
    return render(request, "intake/brokers/call.html", context | {
        "errors": errors, "state": CALL_STATES[Call(context["call"].state)],
        "is_open": context["call"].state == Call.WAITING and context["case"].state == CaseState.CALLING,
        "questions": [{"code": question.code, "words": question.words,
                       "error": errors.get(f"answers_{question.code}", ""),
                       "answers": [(answer, ANSWER_WORDS[answer],
                                    request.POST.get(f"q-{question.code}") == answer) for answer in ANSWERS],
                       "said": ANSWER_WORDS.get(context["call"].answers.get(question.code, ""))}
                      for question in SCRIPT],
        "heard": [(each.value, HEARD[each]) for each in Heard]}, status=status)


@require_safe
@require_role(*READERS)
def rules(request: WardpostRequest) -> HttpResponse:
    """What is looked for, from when on, and on what it rests."""
    today = local(timezone.now()).date()
    return render(request, "intake/brokers/rules.html", {
        "rules": [(NAMES[rule.code], MEANS[rule.code], rule) for rule in signals.rules_on(today)]})

