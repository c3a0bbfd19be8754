"""Moves of outlets: the list, asking for one, deciding and calling off."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.accreditation.models import Accreditation
from agents.auth import require_role
from agents.forms import show
from agents.moves import operations, queries
from agents.moves.errors import OutletMoveNotFound
from agents.moves.forms import AskMoveForm, MoveWordsForm
from agents.moves.models import OutletMove
from agents.moves.operations import NewPlace
from agents.moves.rules import OPEN, MoveState, MoveStep, last_to_decide
from agents.moves.surveys import new_place_survey
from agents.moves.wording import FACES, STATES
from agents.operations.outlets import Site
from agents.scope import outlets_seen_by
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError, FieldError
from shared.pictures import Map, Point, Tone
from shared.roles import Role

ON_A_PAGE: Final = 50
READERS: Final = (Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)
ASK: Final = (Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER)


def face(state: str) -> dict[str, object]:
    """A state as a badge."""
    icon, kind = FACES[MoveState(state)]
    return {"label": STATES[MoveState(state)], "icon": icon, "kind": kind}


@require_safe
@require_role(*READERS)
def move_list(request: WardpostRequest) -> HttpResponse:
    """Moves in sight, those that are open and come soonest first."""
    rows = queries.moves(request.actor)
    waiting = rows.filter(state__in=sorted(OPEN)).order_by("effective_from", "id")
    past = Paginator(rows.exclude(state__in=sorted(OPEN)).order_by("-effective_from", "-id"), ON_A_PAGE).get_page(
        request.GET.get("page"))
    return render(request, "agents/moves/list.html", {
        "open": [(row, face(row.state)) for row in waiting], "past": [(row, face(row.state)) for row in past],
        "page": past})


@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*ASK)
def ask_move(request: WardpostRequest, outlet_id: UUID) -> HttpResponse:
    """Ask that an outlet may stand elsewhere."""
    outlet = outlets_seen_by(request.actor).filter(id=outlet_id).first()
    if outlet is None:
        raise Http404
    form = AskMoveForm(request.POST or None, initial={
        "commune": outlet.commune_id, "latitude": round(outlet.latitude, 5), "longitude": round(outlet.longitude, 5)})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        site = Site(data["commune"], data["address"], data["latitude"], data["longitude"])
        try:
            made = operations.ask_move(
                outlet_id=outlet_id, place=NewPlace(site, data["effective_from"], data["phone"]),
                reason=data["reason"], by=request.actor, at=timezone.now())
        except DomainError as error:
            _show_or_raise(error, form)
        else:
            messages.success(request, _("The move is asked for; an officer of the programme decides."))
            return redirect("agents:outlet-move", made.id)
    return render(request, "agents/moves/ask.html", {"form": form, "outlet": outlet},
                  status=422 if form.errors else 200)


@require_safe
@require_role(*READERS)
def move(request: WardpostRequest, move_id: UUID) -> HttpResponse:
    """One move: from where to where, from when, who asked and decided, and what may be done now."""
    return _page(request, _seen(request, move_id), MoveWordsForm())


@require_POST
@require_role(*ASK)
def take_step(request: WardpostRequest, move_id: UUID, step: str) -> HttpResponse:
    """Approve, refuse or call off."""
    found, form = _seen(request, move_id), MoveWordsForm(request.POST)
    if step not in {MoveStep.APPROVE, MoveStep.REFUSE, MoveStep.CANCEL}:
        raise Http404
    if form.is_valid():
        try:
            _take(MoveStep(step), found, form.cleaned_data["words"], request)
        except DomainError as error:
            _show_or_raise(_under_words(error), form)
        else:
            messages.success(request, _DONE[MoveStep(step)]())
            return redirect("agents:outlet-move", move_id)
    return _page(request, found, form)


_DONE: Final = {
    MoveStep.APPROVE: lambda: _("The move is decided; citizens, centres and the operator are being told."),
    MoveStep.REFUSE: lambda: _("The move is refused."),
    MoveStep.CANCEL: lambda: _("The move is called off; whoever was told is told again."),
}


def _take(step: MoveStep, found: OutletMove, words: str, request: WardpostRequest) -> None:
    by, now = request.actor, timezone.now()
    if step is MoveStep.CANCEL:
        operations.cancel_move(move_id=found.id, because=words, by=by, at=now)
    else:
        operations.decide_move(move_id=found.id, step=step, decision=words, by=by, at=now)


def _under_words(error: DomainError) -> DomainError:
    """One field takes the words of every step."""
    error.errors = tuple(FieldError("/words", each.code, each.message) if each.pointer in {"/decision", "/because"}
                         else each for each in error.errors)
    return error


def _seen(request: WardpostRequest, move_id: UUID) -> OutletMove:
    try:
        return queries.find_move(move_id, request.actor)
    except OutletMoveNotFound as error:
        raise Http404 from error


def _page(request: WardpostRequest, found: OutletMove, form: MoveWordsForm) -> HttpResponse:
    survey = new_place_survey(found) if found.wants_survey else None
    paper = Accreditation.objects.seen_by(request.actor).filter(outlet_id=found.outlet_id).first()
    context: dict[str, Any] = {
        "it": found, "outlet": found.outlet, "face": face(found.state), "form": form, "paper": paper,
        "steps": queries.steps_for(found, request.actor, local(timezone.now()).date()), "survey": survey,
        "last_day": last_to_decide(found.effective_from), "map": _map(found),
        "may_survey": request.actor.role == Role.PROGRAMME_OFFICER and found.state == MoveState.ASKED}
    return render(request, "agents/moves/move.html", context, status=422 if form.errors else 200)


def _map(found: OutletMove) -> Map:
    return Map(title=_("From where to where"), points=[
        Point(found.from_latitude, found.from_longitude, _("until the day before"), Tone.NIGHT),
        Point(found.latitude, found.longitude, _("from its day on"), Tone.ACTION)])


def _show_or_raise(error: DomainError, form: forms.Form) -> None:
    if error.status == 404:
        raise Http404 from error
    if error.status == 403 and error.code != "outlet-move-second-person":
        raise PermissionDenied from error
    show(error, form)
