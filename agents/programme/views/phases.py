"""The programme: its phases, what their gates measure, and what was decided."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.auth import require_role
from agents.programme import decisions, phases, queries
from agents.programme.errors import ProgrammeNotFound
from agents.programme.forms import BeginForm, DecisionForm, GatesForm, HoldsForm, PhaseForm, ReasonForm
from agents.programme.models import PhaseDecision, ProgrammePhase
from agents.programme.ports import groups
from agents.programme.rules import DecisionState, DecisionStep, PhaseState, PhaseStep
from agents.programme.views.answers import READERS, WRITER, show_or_raise
from agents.programme.wording import (
    DECISION_FACES,
    DECISION_STATES,
    DONE,
    KINDS,
    PHASE_FACES,
    PHASE_STATES,
    VERDICTS,
)
from shared.actors import Actor
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role
from shared.shell import Waiting


def waiting(request: HttpRequest) -> Waiting:
    """What waits for a second officer: for the rail."""
    by = request.actor  # type: ignore[attr-defined]  # declared by WardpostRequest
    return queries.open_decisions(by), queries.waiting_operators(by)


def face(state: str) -> dict[str, object]:
    icon, kind = PHASE_FACES[state]
    return {"label": PHASE_STATES[state], "icon": icon, "kind": kind}


@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*READERS)
def programme(request: WardpostRequest) -> HttpResponse:
    """The programme with its phases; where there is none yet, the officer begins it here."""
    form = BeginForm(request.POST or None) if request.actor.role == WRITER else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            phases.begin_programme(**form.cleaned_data, by=request.actor, at=timezone.now())
        except DomainError as error:
            show_or_raise(error, form)
        else:
            messages.success(request, _("The programme is there; plan its first phase."))
            return redirect("agents:programme")
    return _programme(request, form, HoldsForm(initial={"holds_from": timezone.localdate()}))


def _programme(request: WardpostRequest, form: BeginForm | None, holds_form: HoldsForm) -> HttpResponse:
    found = queries.programme(request.actor)
    rows = queries.phases(found) if found is not None else []
    return render(request, "agents/programme/programme.html", {
        "it": found, "form": form, "holds": holds_form, "may_write": request.actor.role == WRITER,
        "rows": [(row, face(row.state), KINDS[row.kind]) for row in rows],
        "open_decisions": queries.open_decisions(request.actor).count(),
    }, status=422 if (form and form.errors) or holds_form.errors else 200)


@require_POST
@require_role(WRITER)
def holds(request: WardpostRequest) -> HttpResponse:
    """Switch the programme's rules on from a day, or off."""
    is_off = request.POST.get("do") == "off"
    form: forms.Form = ReasonForm({"reason": request.POST.get("holds-reason", "")}) if is_off else HoldsForm(
        request.POST)
    shown = form if isinstance(form, HoldsForm) else HoldsForm(request.POST)
    if form.is_valid():
        try:
            _hold(form.cleaned_data, request.actor)
        except DomainError as error:
            shown.is_valid()
            show_or_raise(error, shown)
        else:
            messages.success(request, _("Done."))
            return redirect("agents:programme")
    elif is_off:
        shown.is_valid()
    return _programme(request, BeginForm(), shown)


def _hold(data: Mapping[str, Any], by: Actor) -> None:
    if "holds_from" in data:
        phases.switch_on(holds_from=data["holds_from"], reason=data["reason"], by=by, at=timezone.now())
    else:
        phases.switch_off(reason=data["reason"], by=by, at=timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@require_role(WRITER)
def plan(request: WardpostRequest) -> HttpResponse:
    """A further phase."""
    if queries.programme(request.actor) is None:
        raise Http404
    form = PhaseForm(request.POST or None, province_code=request.actor.province_code)
    if request.method == "POST" and form.is_valid():
        try:
            made = phases.plan_phase(phase=phases.Phase(**form.cleaned_data), by=request.actor, at=timezone.now())
        except DomainError as error:
            show_or_raise(error, form)
        else:
            messages.success(request, _("The phase is planned; set its gates now."))
            return redirect("agents:phase", made.id)
    return render(request, "agents/programme/plan.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@require_role(WRITER)
def change(request: WardpostRequest, phase_id: UUID) -> HttpResponse:
    """Plan a phase anew."""
    found = _seen(request, phase_id)
    initial = {name: getattr(found, name) for name in (
        "name", "kind", "legal_basis", "operators", "groups")} | {
        "starts_on": found.starts_on, "ends_on": found.ends_on,
        "communes": ", ".join(found.communes)}
    form = PhaseForm(request.POST or None, province_code=found.province_code, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            phases.change_phase(phase_id=phase_id, phase=phases.Phase(**form.cleaned_data), by=request.actor,
                                at=timezone.now())
        except DomainError as error:
            show_or_raise(error, form)
        else:
            return redirect("agents:phase", phase_id)
    return render(request, "agents/programme/plan.html", {"form": form, "it": found},
                  status=422 if form.errors else 200)


@require_safe
@require_role(*READERS)
def phase(request: WardpostRequest, phase_id: UUID) -> HttpResponse:
    """One phase: what it includes, its gates measured now, its decisions, what may be done."""
    return _phase(request, _seen(request, phase_id))


def _seen(request: WardpostRequest, phase_id: UUID) -> ProgrammePhase:
    try:
        return queries.find_phase(phase_id, request.actor)
    except ProgrammeNotFound as error:
        raise Http404 from error


def _phase(request: WardpostRequest, found: ProgrammePhase, *, proposal: DecisionForm | None = None,
           reason: ReasonForm | None = None, asked: GatesForm | None = None) -> HttpResponse:
    now = timezone.now()
    gates_now = queries.gates_now(found, now)
    rows, waits = queries.decisions(found), None
    if rows and rows[0][0].state == DecisionState.PROPOSED:
        waits = rows[0][0]
    may_write = request.actor.role == Role.PROGRAMME_OFFICER
    is_planned = found.state == PhaseState.PLANNED
    failing = [(gate.code, gate.label) for gate in gates_now if not gate.passes]
    names = groups()
    forms_shown: dict[str, object] = {
        "reason": reason or ReasonForm(), "proposal": proposal or DecisionForm(failing=failing),
        "asked": asked or GatesForm(gates=found.gates.all())}
    is_wrong = any(form is not None and form.errors for form in (proposal, reason, asked))
    return render(request, "agents/programme/phase.html", {
        "it": found, "face": face(found.state), "kind": KINDS[found.kind], "gates": gates_now, "now": now,
        "decisions": [(row, gates, VERDICTS[row.verdict], _decision_face(row.state)) for row, gates in rows],
        "waits": waits, "is_proposer": waits is not None and waits.proposed_by == request.actor.id,
        "may_write": may_write, "may_plan": may_write and is_planned and waits is None,
        "may_end": may_write and found.state == PhaseState.RUNNING,
        "communes": queries.commune_names(found.communes), "groups": [names.get(each, each) for each in found.groups],
        "history": [(DONE.get(row.step, row.step), row) for row in found.steps.order_by("at", "id")], **forms_shown,
    }, status=422 if is_wrong else 200)


def _decision_face(state: str) -> dict[str, object]:
    icon, kind = DECISION_FACES[state]
    return {"label": DECISION_STATES[state], "icon": icon, "kind": kind}


@require_POST
@require_role(WRITER)
def gates(request: WardpostRequest, phase_id: UUID) -> HttpResponse:
    """Set what must be reached."""
    found = _seen(request, phase_id)
    form = GatesForm(request.POST, gates=found.gates.all())
    if form.is_valid():
        asked = [phases.Gate(code, threshold, least_sample=least) for code, threshold, least in form.asked()]
        try:
            phases.set_gates(phase_id=phase_id, gates=asked, by=request.actor, at=timezone.now())
        except DomainError as error:
            _named(error, form, [gate.measure for gate in asked])
        else:
            messages.success(request, _("The gates are set."))
            return redirect("agents:phase", phase_id)
    return _phase(request, found, asked=form)


def _named(error: DomainError, form: GatesForm, order: list[str]) -> None:
    if not error.errors:
        show_or_raise(error, form)
    for each in error.errors:
        parts = each.pointer.strip("/").split("/")
        code = order[int(parts[1])] if len(parts) > 1 else ""
        name = f"{code}-{'least' if parts[-1] == 'least_sample' else 'threshold'}"
        form.add_error(name if name in form.fields else None, str(each.message))


@require_POST
@require_role(WRITER)
def propose(request: WardpostRequest, phase_id: UUID) -> HttpResponse:
    """Propose go, no-go or go with conditions."""
    found = _seen(request, phase_id)
    failing = [(gate.code, gate.label) for gate in queries.gates_now(found, timezone.now()) if not gate.passes]
    form = DecisionForm(request.POST, failing=failing)
    if form.is_valid():
        data = form.cleaned_data
        proposed = decisions.Proposed(data["verdict"], data["reason"], data["conditions"], form.despite())
        try:
            decisions.propose_decision(phase_id=phase_id, proposed=proposed, by=request.actor, at=timezone.now())
        except DomainError as error:
            show_or_raise(error, form)
        else:
            messages.success(request, _("Proposed; another officer signs or refuses it."))
            return redirect("agents:phase", phase_id)
    return _phase(request, found, proposal=form)


@require_POST
@require_role(WRITER)
def settle(request: WardpostRequest, decision_id: UUID, step: str) -> HttpResponse:
    """Sign, refuse or withdraw what was proposed."""
    decision = PhaseDecision.objects.seen_by(request.actor).filter(id=decision_id).first()
    if decision is None or step not in set(DecisionStep):
        raise Http404
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            decisions.settle_decision(decision_id=decision_id, step=DecisionStep(step), by=request.actor,
                                      at=timezone.now(), reason=form.cleaned_data["reason"])
        except DomainError as error:
            show_or_raise(error, form)
        else:
            messages.success(request, str(DONE[f"{step}_decision"]))
            return redirect("agents:phase", decision.phase_id)
    return _phase(request, _seen(request, decision.phase_id), reason=form)


@require_POST
@require_role(WRITER)
def take_step(request: WardpostRequest, phase_id: UUID, step: str) -> HttpResponse:
    """End a running phase, drop a planned one."""
    if step not in {PhaseStep.END.value, PhaseStep.DROP.value}:
        raise Http404
    found, form = _seen(request, phase_id), ReasonForm(request.POST)
    if form.is_valid():
        try:
            phases.take_phase_step(phase_id=phase_id, step=PhaseStep(step), by=request.actor, at=timezone.now(),
                                   reason=form.cleaned_data["reason"])
        except DomainError as error:
            show_or_raise(error, form)
        else:
            messages.success(request, str(DONE[step]))
            return redirect("agents:phase", phase_id)
    return _phase(request, found, reason=form)
