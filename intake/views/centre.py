"""A centre's two pages: what has come in, and one dossier on the desk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from agents import public as agents
from agents.auth import require_role
from intake.errors import DossierChanged, DossierNotFound
from intake.operations import reception
from intake.papers.decisions import refusal_pdf, supplement_pdf
from intake.queries import centre as centre_queries
from intake.queries.desk import Desk, find_desk
from intake.queries.desk_papers import Paper
from intake.queries.presence import Change, latest_changes
from intake.rules.catalogue import Channel
from intake.rules.states import Handling
from intake.rules.terms import due_moment, term_of
from intake.views import acts
from intake.views.authority import ANSWERERS
from intake.views.desk_acts import FORMS, OPERATIONS
from intake.views.desk_forms import DecisionForm
from intake.views.desk_parts import course
from intake.views.desk_sections import shown_sections
from intake.views.pdf import pdf_answer
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES

STAFF: Final = tuple(sorted(CENTRE_ROLES))


@never_cache
@require_GET
@require_role(*STAFF)
def inbox(request: WardpostRequest) -> HttpResponse:
    """What has been sent to the centre, beside the queue of what is being handled."""
    return render(request, "intake/centre/inbox.html", {
        "inbox": centre_queries.inbox(request.actor), "queue": _queue(request), "now": timezone.now(),
        "only_mine": _only_mine(request), "may_answer": request.actor.role in ANSWERERS})


def _only_mine(request: WardpostRequest) -> bool:
    return request.GET.get("mine") == "1"


def _queue(request: WardpostRequest) -> centre_queries.Queue:
    return centre_queries.queue(request.actor, now=timezone.now(), only_mine=_only_mine(request))


@require_POST
@require_role(*STAFF)
def receive_chosen(request: WardpostRequest) -> HttpResponse:
    """Receive every ticked dossier; each for itself, so that one that cannot be received stops no other."""
    received, refused = 0, []
    for chosen in request.POST.getlist("dossier"):
        dossier_id, _separator, version = chosen.partition("@")
        try:
            reception.receive(dossier_id=UUID(dossier_id), version=int(version), by=request.actor, at=timezone.now())
            received += 1
        except DomainError as refusal:
            refused.append(f"{refusal.title}. {refusal.detail}")
        except ValueError:
            raise Http404 from None
    if received:
        messages.success(request, ngettext("%(n)s dossier received.", "%(n)s dossiers received.", received) % {
            "n": received})
    for reason in dict.fromkeys(refused):
        messages.warning(request, reason)
    if not received and not refused:
        messages.warning(request, _("Tick the dossiers to receive first."))
    return redirect("intake:inbox")


# --- one dossier ----------------------------------------------------------------------------------------------------


@never_cache
@require_GET
@require_role(*STAFF)
def desk(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """The dossier with its papers, its clock and the decision; `?act=` chooses the decision, `?paper=` the paper."""
    shown = _found(request, dossier_id)
    act = acts.chosen_act(shown, request.actor, request.GET.get("act", ""))
    form = FORMS[act.code](shown) if act is not None else None
    part = {"decide": "#decide", "viewer": "#viewer"}.get(_target(request), "")
    return render(request, f"intake/centre/desk.html{part}", _context(request, shown, act, form, is_part=bool(part)))


def _target(request: WardpostRequest) -> str:
    """The part that htmx asks for; version 4 names the element with its tag before it."""
    return str(request.headers.get("HX-Target", "")).rpartition("#")[2] if request.htmx else ""


@require_POST
@require_role(*STAFF)
def decide(request: WardpostRequest, dossier_id: UUID, act_code: str) -> HttpResponse:
    """Take a decision. What cannot be done comes back with everything that was typed, and what to do about it."""
    if act_code not in FORMS:
        raise Http404
    shown = _found(request, dossier_id)
    entered = request.POST.copy()
    form = FORMS[act_code](shown, entered, request.FILES)
    act = acts.ACTS[act_code]
    if not form.is_valid():
        return _again(request, shown, act, form, status=422)
    try:
        OPERATIONS[act_code](dossier_id=dossier_id, by=request.actor, at=timezone.now(),
                             version=form.cleaned_data["version"], **form.facts())
    except DossierChanged as refusal:
        form.take_errors(refusal)
        since = shown.version - int(form.cleaned_data["version"])
        entered["version"] = str(shown.version)
        return _again(request, shown, act, form, status=409, changes=latest_changes(dossier_id, max(since, 1)))
    except DomainError as refusal:
        form.take_errors(refusal)
        return _again(request, shown, act, form, status=422)
    messages.success(request, _("Done: %(act)s, %(reference)s.") % {"act": act.label, "reference": shown.reference})
    where = reverse("intake:desk", args=[dossier_id])
    return HttpResponseClientRedirect(where) if request.htmx else redirect(where)


def _again(request: WardpostRequest, shown: Desk, act: acts.Act, form: DecisionForm, *, status: int,
           changes: Sequence[Change] = ()) -> HttpResponse:
    """The panel once more, with what was changed meanwhile; htmx swaps a fragment only under 422."""
    part, told = ("#decide", 422) if request.htmx else ("", status)
    context = _context(request, shown, act, form, is_part=bool(part)) | {"changes": changes}
    return render(request, f"intake/centre/desk.html{part}", context, status=told)


def _found(request: WardpostRequest, dossier_id: UUID) -> Desk:
    try:
        return find_desk(dossier_id, actor=request.actor, now=timezone.now())
    except DossierNotFound:
        raise Http404 from None


def _context(request: WardpostRequest, shown: Desk, act: acts.Act | None, form: DecisionForm | None, *,
             is_part: bool) -> dict[str, Any]:
    now = timezone.now()
    papers = shown.papers
    current = _current(papers, request.GET.get("paper", ""))
    place = papers.index(current) if current is not None else 0
    return {
        "desk": shown, "now": now, "act": act, "form": form, "paper": current,
        "before": papers[place - 1] if place > 0 else None,
        "after": papers[place + 1] if place + 1 < len(papers) else None,
        "offers": acts.offers(shown, request.actor, act.code if act else ""),
        "received_on": acts.received_on(shown), "may_claim": acts.may_claim(shown, request.actor),
        "course": course(shown, now),
        "sections": () if _target(request) == "viewer" else shown_sections(shown, request, now),
        "consequences": acts.consequences(act, shown, due_if_received=_due(shown, now)) if act else (),
        "queue": None if is_part else _queue(request), "only_mine": _only_mine(request),
    }


def _current(papers: tuple[Paper, ...], wished: str) -> Paper | None:
    """The wished paper, else the first one that there is a scan of, else the first."""
    scanned = next((paper for paper in papers if paper.scans), papers[0] if papers else None)
    return next((paper for paper in papers if paper.code == wished), scanned)


def _due(shown: Desk, now: datetime) -> datetime | None:
    """When it would be due, were it received now."""
    if shown.handling != Handling.REGISTERED:
        return None
    term = term_of(shown.terms, shown.channel)
    start = shown.handed_over_at if shown.channel == Channel.POST else None
    return None if term is None else due_moment(term, start or now, shown.has_same_day_cutoff,
                                                  agents.site_calendar(shown.deciding_id))


# --- forms 02 and 03 ------------------------------------------------------------------------------------------------


@never_cache
@require_GET
@require_role(*STAFF, "outlet_clerk", "outlet_manager")
def supplement_paper(request: WardpostRequest, request_id: UUID) -> HttpResponse:
    """Form 02."""
    return pdf_answer(lambda: supplement_pdf(request_id, actor=request.actor), "phieu-bo-sung.pdf")


@never_cache
@require_GET
@require_role(*STAFF, "outlet_clerk", "outlet_manager")
def refusal_paper(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """Form 03."""
    return pdf_answer(lambda: refusal_pdf(dossier_id, actor=request.actor), "phieu-tu-choi.pdf")
