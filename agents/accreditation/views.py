"""Accreditation at work: the list, a proposal, one place with its survey and decisions, reports about outlets."""

from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.accreditation import papers, public_acts, queries, steps
from agents.accreditation.forms import OutcomeForm, ProposalForm, StepForm
from agents.accreditation.models import Accreditation, StaffBadge
from agents.accreditation.rules import DECISIONS, FINAL, LICENSED, WITH_REASON, State, Step, steps_from
from agents.accreditation.surveying import photo_of
from agents.accreditation.wording import DONE, FACES, STATES, STEPS
from agents.auth import require_role
from agents.forms import show
from agents.moves.places import coming_move
from agents.operations.outlets import Site
from agents.scope import accounts_seen_by
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError, NotFound
from shared.roles import OUTLET_ROLES, Role
from shared.shell import Waiting
from shared.text import clean

ON_A_PAGE: Final = 50
READERS: Final = (Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)
TAKERS: Final = (Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER)
BADGES: Final = (Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.ADMINISTRATOR)


def waiting(request: HttpRequest) -> Waiting:
    """What waits for the programme's officers: for the rail."""
    by = request.actor  # type: ignore[attr-defined]  # declared by WardpostRequest
    asked = queries.accreditations(by).filter(state__in=[State.CANDIDATE, State.SURVEYED])
    return asked, queries.reports(by).filter(settled_at=None)


def face(state: str) -> dict[str, object]:
    """A state as a badge."""
    icon, kind = FACES[State(state)]
    return {"label": STATES[State(state)], "icon": icon, "kind": kind}


@require_safe
@require_role(Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)
def accreditation_list(request: WardpostRequest) -> HttpResponse:
    """Places by state; what waits comes first."""
    state, counts = request.GET.get("state", ""), queries.counts(request.actor)
    rows = queries.accreditations(request.actor).order_by("changed_at", "id")
    if state in set(State):
        rows = rows.filter(state=state)
    else:
        rows = rows.exclude(state__in=sorted(FINAL))
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "agents/accreditation/list.html", {
        "page": page, "rows": [(row, face(row.state)) for row in page], "state": state,
        "states": [(each.value, STATES[each], counts.get(each, 0)) for each in State],
        "may_propose": request.actor.role == Role.OPERATOR_HQ,
        "reports": queries.reports(request.actor).filter(settled_at=None).count()})


@require_http_methods(["GET", "HEAD", "POST"])
@require_role(Role.OPERATOR_HQ)
def propose(request: WardpostRequest) -> HttpResponse:
    """Put a place forward."""
    form = ProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data, by = form.cleaned_data, request.actor
        site = Site(data["commune"], data["address"], data["latitude"], data["longitude"])
        assert by.operator_id is not None  # noqa: S101  # headquarters have one
        try:
            made = steps.propose(operator_id=by.operator_id, by=by, at=timezone.now(), proposal=steps.Proposal(
                data["code"], data["name"], site, frozenset(data["tasks"]), data["phase"], data["phone"]))
        except DomainError as error:
            _show_or_raise(error, form)
        else:
            messages.success(request, _("The place is proposed; the programme's office surveys it."))
            return redirect("agents:accreditation", made.id)
    return render(request, "agents/accreditation/propose.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@require_role(*READERS)
def accreditation(request: WardpostRequest, accreditation_id: UUID) -> HttpResponse:
    """One place: what it is, how ready, what happened, what may be done now."""
    return _page(request, _seen(request, accreditation_id), StepForm())


def _seen(request: WardpostRequest, accreditation_id: UUID) -> Accreditation:
    try:
        return queries.find(accreditation_id, request.actor)
    except NotFound as error:
        raise Http404 from error


def _page(request: WardpostRequest, found: Accreditation, form: StepForm) -> HttpResponse:
    survey = queries.last_survey(found)
    is_surveyor = survey is not None and survey.inspector_id == request.actor.id
    open_to_role = steps_from(State(found.state), request.actor.role)
    may = [step for step in open_to_role if not (is_surveyor and step in DECISIONS)]
    staff = accounts_seen_by(request.actor).filter(outlet_id=found.outlet_id, is_active=True,
                                                   role__in=sorted(OUTLET_ROLES)) if found.outlet_id else []
    badges = dict(StaffBadge.objects.filter(account__in=[each.id for each in staff]).values_list(
        "account_id", "number"))
    return render(request, "agents/accreditation/one.html", {
        "it": found, "face": face(found.state), "look": queries.look(survey), "form": form,
        "may_correct": request.actor.role == Role.OPERATOR_HQ and found.state in {State.CANDIDATE, State.RETURNED},
        "needs_another": may != open_to_role, "may_survey": Step.SURVEY in may, "is_licensed": found.state in LICENSED,
        "steps": [(step.value, STEPS[step], step in WITH_REASON) for step in may if step is not Step.SURVEY],
        "history": [(DONE[row.step], row) for row in found.steps.order_by("at", "id")],
        "staff": [(person, badges.get(person.id, "")) for person in staff],
        "may_issue": request.actor.role in BADGES,
    }, status=422 if form.errors else 200)


@require_POST
@require_role(*TAKERS)
def take_step(request: WardpostRequest, accreditation_id: UUID, step: str) -> HttpResponse:
    """Approve, return, open, suspend, resume, renew or end."""
    if step not in set(Step) - {Step.SURVEY, Step.EXPIRE}:
        raise Http404
    found, form = _seen(request, accreditation_id), StepForm(request.POST)
    if form.is_valid():
        try:
            steps.take_step(accreditation_id=accreditation_id, step=Step(step), by=request.actor, at=timezone.now(),
                            reason=form.cleaned_data["reason"])
        except DomainError as error:
            _show_or_raise(error, form)
        else:
            messages.success(request, str(DONE[step]))
            return redirect("agents:accreditation", accreditation_id)
    return _page(request, found, form)


@require_safe
@require_role(*READERS)
def photo(request: WardpostRequest, photo_id: UUID) -> HttpResponse:
    """A picture of a survey, for those who see the accreditation."""
    try:
        kind, content = photo_of(photo_id, request.actor)
    except NotFound as error:
        raise Http404 from error
    return HttpResponse(content, content_type=kind, headers={
        "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Disposition": "inline"})


@require_safe
@require_role(*READERS)
def sign(request: WardpostRequest, accreditation_id: UUID) -> HttpResponse:
    """The sign for the counter, A5: “genuine agent”, with the code that shows the public page."""
    found = _seen(request, accreditation_id)
    if found.state not in LICENSED:
        raise Http404
    today = local(timezone.now()).date()
    move = coming_move(found.outlet_id, today, fresh=True) if found.outlet_id else None
    name, content = papers.sign_pdf(found, move)
    return HttpResponse(content, content_type="application/pdf",
                        headers={"Content-Disposition": f'inline; filename="{name}"'})


@require_POST
@require_role(*BADGES)
def issue_badge(request: WardpostRequest, accreditation_id: UUID, account_id: UUID) -> HttpResponse:
    """Give a person of the outlet the number for her badge."""
    try:
        public_acts.issue_badge(account_id=account_id, by=request.actor, at=timezone.now())
    except NotFound as error:
        raise Http404 from error
    return redirect("agents:accreditation", accreditation_id)


@require_http_methods(["GET", "HEAD", "POST"])
@require_role(Role.PROGRAMME_OFFICER)
def reports(request: WardpostRequest) -> HttpResponse:
    """What people reported at the signs of outlets; each is answered once."""
    form = OutcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            public_acts.settle_report(report_id=_uuid(request.POST.get("report", "")), by=request.actor,
                                      outcome=form.cleaned_data["outcome"], at=timezone.now())
        except DomainError as error:
            _show_or_raise(error, form)
        else:
            messages.success(request, _("The report is settled."))
            return redirect("agents:outlet-reports")
    rows = queries.reports(request.actor).order_by("settled_at", "-at")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "agents/accreditation/reports.html", {
        "page": page, "form": form, "asked": request.POST.get("report", "")}, status=422 if form.errors else 200)


def _uuid(text: str) -> UUID:
    try:
        return UUID(clean(text))
    except ValueError as error:
        raise Http404 from error


def _show_or_raise(error: DomainError, form: forms.Form) -> None:
    if error.status == 404:
        raise Http404 from error
    if error.status == 403 and error.code != "not-the-surveyor":
        raise PermissionDenied from error
    show(error, form)
