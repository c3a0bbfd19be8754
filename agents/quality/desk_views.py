"""The programme's desk of quality: appeals, new outlets, commendations; outlets and operators read along."""

from collections.abc import Callable
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
from django.views.decorators.http import require_POST, require_safe

from agents.auth import require_role
from agents.forms import show
from agents.quality import appeals, commending, launch, queries, showing
from agents.quality.forms import DecisionForm, NoteForm, PraiseForm, WatchForm
from agents.quality.models import LaunchWatch
from agents.quality.rules import AppealState, AppealStep, Measure, PraiseState, PraiseStep, WatchState
from agents.quality.views import LISTERS, appeal_face
from agents.quality.wording import MEASURES, NOTES, PRAISE_STATES, PRAISES, WATCH_STATES
from shared.api import WardpostRequest
from shared.errors import DomainError, Forbidden, NotFound
from shared.roles import Role

ON_A_PAGE: Final = 30


@require_safe
@require_role(Role.OUTLET_MANAGER, *LISTERS)
def appeal_list(request: WardpostRequest) -> HttpResponse:
    """Appeals in sight, those that wait first."""
    return _appeals(request, DecisionForm())


def _appeals(request: WardpostRequest, form: DecisionForm, about: UUID | None = None) -> HttpResponse:
    page = Paginator(queries.appeals(request.actor), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [{"it": each, "label": MEASURES[Measure(each.measure)], "face": appeal_face(each.state),
             "month": showing.month_words(each.score.month), "before": showing.tenths(each.total_before),
             "after": showing.tenths(each.total_after), "waits": each.state == AppealState.OPEN,
             "form": form if each.id == about else DecisionForm(auto_id=f"{each.id}_%s")} for each in page]
    return render(request, "agents/quality/appeals.html", {
        "page": page, "rows": rows, "now": timezone.now(), "about": about,
        "may_decide": request.actor.role == Role.PROGRAMME_OFFICER,
        "may_withdraw": request.actor.role == Role.OUTLET_MANAGER and not request.actor.on_behalf_of,
    }, status=422 if form.errors else 200)


@require_POST
@require_role(Role.OUTLET_MANAGER, Role.PROGRAMME_OFFICER)
def decide_appeal(request: WardpostRequest, appeal_id: UUID, step: str) -> HttpResponse:
    """Uphold or refuse, or take one's own appeal back."""
    if step not in set(AppealStep):
        raise Http404
    if step == AppealStep.WITHDRAW:
        return _done(lambda: appeals.withdraw(appeal_id=appeal_id, by=request.actor, at=timezone.now()), None,
                     lambda: _appeals(request, DecisionForm(), appeal_id),
                     lambda: _told(request, _("The appeal is taken back."), "agents:score-appeals"))
    form = DecisionForm(request.POST, auto_id=f"{appeal_id}_%s")
    if not form.is_valid():
        return _appeals(request, form, appeal_id)
    return _done(lambda: appeals.decide(
        appeal_id=appeal_id, step=AppealStep(step), decision=form.cleaned_data["decision"], by=request.actor,
        at=timezone.now()), form, lambda: _appeals(request, form, appeal_id),
        lambda: _told(request, _("The appeal is decided; the score is worked out anew."), "agents:score-appeals"))


def _told(request: WardpostRequest, words: str, name: str, *args: Any) -> HttpResponse:
    messages.success(request, words)
    answer: HttpResponse = redirect(name, *args)
    return answer


def _done(call: Callable[[], object], form: forms.Form | None, again: Callable[[], HttpResponse],
          after: Callable[[], HttpResponse]) -> HttpResponse:
    """Make the one call; a refusal stands beside what was typed."""
    try:
        call()
    except NotFound as error:
        raise Http404 from error
    except DomainError as error:
        if form is None or (isinstance(error, Forbidden) and error.code != "own-outlet"):
            raise PermissionDenied from error
        show(error, form)
        return again()
    return after()


# --- new outlets ----------------------------------------------------------------------------------------------------


@require_safe
@require_role(*LISTERS)
def watch_list(request: WardpostRequest) -> HttpResponse:
    """New outlets, who looks after each, and when it is decided whether the watch ends."""
    page = Paginator(queries.watches(request.actor), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "agents/quality/watches.html", {
        "page": page, "rows": [{"it": each, "face": _watch_face(each)} for each in page],
        "today": timezone.localdate()})


def _watch_face(watch: LaunchWatch) -> dict[str, object]:
    state = WatchState(watch.state)
    icon, kind = ("eye", "soon") if state is WatchState.RUNNING else ("check", "ok")
    return {"label": WATCH_STATES[state], "icon": icon, "kind": kind}


@require_safe
@require_role(*LISTERS)
def watch(request: WardpostRequest, watch_id: UUID) -> HttpResponse:
    """One new outlet: its signals, who visits it, notes, and the decision."""
    return _watch(request, watch_id, NoteForm(), WatchForm())


def _watch(request: WardpostRequest, watch_id: UUID, note: NoteForm, end: WatchForm) -> HttpResponse:
    try:
        found = queries.find_watch(request.actor, watch_id)
    except NotFound as error:
        raise Http404 from error
    return render(request, "agents/quality/watch.html", {
        "it": found, "face": _watch_face(found), "signals": launch.signals(found, timezone.now()),
        "notes": [(NOTES.get(each.kind, each.kind), each) for each in found.notes.order_by("-at", "-id")],
        "note": note, "end": end, "is_mine": found.visitor_id == request.actor.id,
        "may_act": request.actor.role == Role.PROGRAMME_OFFICER and found.state == WatchState.RUNNING,
    }, status=422 if note.errors or end.errors else 200)


@require_POST
@require_role(Role.PROGRAMME_OFFICER)
def act_on_watch(request: WardpostRequest, watch_id: UUID, act: str) -> HttpResponse:
    """Look after it, write a note, watch longer, end."""
    by, now = request.actor, timezone.now()
    note = NoteForm(request.POST) if act == "note" else NoteForm()
    end = WatchForm(request.POST) if act in {"extend", "end"} else WatchForm()
    form: forms.Form = note if act == "note" else end
    if form.is_bound and not form.is_valid():
        return _watch(request, watch_id, note, end)
    data = form.cleaned_data if form.is_bound else {}
    calls: dict[str, Callable[[], object]] = {
        "look-after": lambda: launch.look_after(watch_id=watch_id, by=by, at=now),
        "note": lambda: launch.note(watch_id=watch_id, kind=data["kind"], text=data["text"], by=by, at=now),
        "extend": lambda: launch.extend(watch_id=watch_id, weeks=data["weeks"] or 0, reason=data["text"], by=by,
                                        at=now),
        "end": lambda: launch.end(watch_id=watch_id, outcome=data["text"], by=by, at=now)}
    if act not in calls:
        raise Http404
    return _done(calls[act], form if form.is_bound else None, lambda: _watch(request, watch_id, note, end),
                 lambda: _told(request, _("It is written down."), "agents:launch-watch", watch_id))


# --- commendations --------------------------------------------------------------------------------------------------


@require_safe
@require_role(*LISTERS)
def commendation_list(request: WardpostRequest) -> HttpResponse:
    """What was proposed by the published criteria, and what a person made of it."""
    return _commendations(request, PraiseForm())


def _commendations(request: WardpostRequest, form: PraiseForm, about: UUID | None = None) -> HttpResponse:
    page = Paginator(queries.commendations(request.actor), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [{"it": each, "label": PRAISES[each.praise], "state": PRAISE_STATES[PraiseState(each.state)],
             "month": showing.month_words(each.month), "total": showing.tenths(each.score.total),
             "waits": each.state == PraiseState.PROPOSED,
             "form": form if each.id == about else PraiseForm(auto_id=f"{each.id}_%s")} for each in page]
    return render(request, "agents/quality/commendations.html", {
        "page": page, "rows": rows, "about": about, "may_decide": request.actor.role == Role.PROGRAMME_OFFICER},
        status=422 if form.errors else 200)


@require_POST
@require_role(Role.PROGRAMME_OFFICER)
def decide_commendation(request: WardpostRequest, commendation_id: UUID, step: str) -> HttpResponse:
    """Confirm or decline."""
    if step not in set(PraiseStep):
        raise Http404
    form = PraiseForm(request.POST, auto_id=f"{commendation_id}_%s")
    if not form.is_valid():
        return _commendations(request, form, commendation_id)
    return _done(lambda: commending.decide(
        commendation_id=commendation_id, step=PraiseStep(step), words=form.cleaned_data["words"], by=request.actor,
        at=timezone.now()), form, lambda: _commendations(request, form, commendation_id),
        lambda: _told(request, _("It is decided."), "agents:commendations"))
