"""The citizen's page behind her tracking code, and the list for the outlet and the programme's office."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents.auth import require_role
from delivery import public as delivery
from intake.complaints import operations, queries
from intake.complaints.errors import ComplaintNotFound
from intake.complaints.rules import COMPLAINT_WORDS, SUBJECTS, ComplaintState, ComplaintStep
from intake.views.answers import errors_of
from shared import scope
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

READERS: Final = (Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)
ON_A_PAGE: Final = 30
FACES: Final = {ComplaintState.OPEN: ("hourglass", "soon"), ComplaintState.FOUNDED: ("triangle-alert", "late"),
                ComplaintState.UNFOUNDED: ("check", "")}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """Say what was not right at the outlet; only who has opened the dossier by code and digits gets here."""
    opened = delivery.remembered(request.session, now=timezone.now())
    if opened is None or opened.dossier_id is None:
        return redirect("delivery:track")
    errors: dict[str, str] = {}
    with scope.everything():
        if request.method == "POST":
            try:
                operations.complain(dossier_id=opened.dossier_id, subject=request.POST.get("subject", ""),
                                    text=request.POST.get("text", "")[:2000], at=timezone.now())
            except DomainError as refusal:
                errors = errors_of(refusal)
            else:
                messages.success(request, _("Your complaint is with the city’s office."))
                return redirect("intake:complain")
        page = render(request, "intake/complaints/say.html", {
            "said": [(each, COMPLAINT_WORDS[ComplaintState(each.state)], SUBJECTS[each.subject])
                     for each in queries.told_to_citizen(opened.dossier_id)],
            "is_possible": queries.is_possible(opened.dossier_id), "subjects": SUBJECTS.items(), "errors": errors,
            "entered": request.POST}, status=422 if errors else 200)
    page["Cache-Control"], page["Referrer-Policy"] = "no-store", "same-origin"
    page["X-Robots-Tag"] = "noindex, nofollow"
    return page


@never_cache
@require_GET
@require_role(*READERS)
def complaints(request: WardpostRequest) -> HttpResponse:
    """What citizens complained about at the outlets one answers for; what waits comes first."""
    return _page(request)


def _page(request: WardpostRequest, *, about: UUID | None = None, errors: dict[str, str] | None = None,
          status: int = 200) -> HttpResponse:
    page = Paginator(queries.complaints(request.actor), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [(each, _face(each.state), SUBJECTS[each.subject]) for each in page]
    now = timezone.now()
    return render(request, "intake/complaints/list.html", {
        "page": page, "rows": rows, "may_explain": request.actor.role == Role.OUTLET_MANAGER, "now": now,
        "may_decide": request.actor.role == Role.PROGRAMME_OFFICER, "about": about, "errors": errors or {},
        "entered": request.POST}, status=status)


def _face(state: str) -> dict[str, Any]:
    icon, kind = FACES[ComplaintState(state)]
    return {"label": COMPLAINT_WORDS[ComplaintState(state)], "icon": icon, "kind": kind}


@require_POST
@require_role(Role.OUTLET_MANAGER)
def explain(request: WardpostRequest, complaint_id: UUID) -> HttpResponse:
    """The outlet's side."""
    try:
        operations.explain(complaint_id=complaint_id, text=request.POST.get("text", "")[:2000], by=request.actor,
                           at=timezone.now())
    except ComplaintNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _page(request, about=complaint_id, errors=errors_of(refusal), status=refusal.status)
    messages.success(request, _("The office reads what you wrote."))
    return redirect("intake:complaints")


@require_POST
@require_role(Role.PROGRAMME_OFFICER)
def decide(request: WardpostRequest, complaint_id: UUID) -> HttpResponse:
    """Found right or not, with an answer to the citizen; an answer without a verdict decides nothing."""
    verdict = request.POST.get("do", "")
    if verdict not in {ComplaintStep.UPHOLD.value, ComplaintStep.DISMISS.value}:
        errors = {"do": _("Choose: found right, or not confirmed.")}
        return _page(request, about=complaint_id, errors=errors, status=422)
    try:
        operations.decide(complaint_id=complaint_id, is_founded=verdict == ComplaintStep.UPHOLD.value,
                          answer=request.POST.get("answer", "")[:2000], by=request.actor, at=timezone.now())
    except ComplaintNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _page(request, about=complaint_id, errors=errors_of(refusal), status=refusal.status)
    messages.success(request, _("The citizen is answered."))
    return redirect("intake:complaints")
