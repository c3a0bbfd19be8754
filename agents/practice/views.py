"""The pages of practice itself: the door, the exercises, and one try with its steps."""

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.auth import require_role
from agents.models.people import StaffAccount
from agents.practice import runs, world
from agents.practice.errors import PracticeLinkRefused, PracticeRunOver
from agents.practice.exercises import exercise_of, exercises
from agents.practice.models import PracticeRun
from shared import practice
from shared.actors import ActorKind
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import OUTLET_ROLES, Role

TRAINEES: Final = (Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
_BACKEND: Final = "agents.backends.StaffBackend"


@never_cache
@require_safe
def start(request: WardpostRequest) -> HttpResponse:
    """What practice is, and its exercises; who came in by a link begins one here."""
    _must_be_practice()
    is_in = request.actor.kind is ActorKind.PERSON and request.actor.role in OUTLET_ROLES
    opened = runs.open_run_of(UUID(request.actor.id)) if is_in else None
    done = set(PracticeRun.objects.filter(account_id=UUID(request.actor.id), is_finished=True).values_list(
        "exercise_code", flat=True)) if is_in else set()
    rows = [{"exercise": each, "is_done": each.code in done,
             "is_open": opened is not None and opened.exercise_code == each.code} for each in exercises()]
    context = {"rows": rows, "is_in": is_in, "opened": opened, "live_url": settings.WARDPOST_LIVE_URL}
    return render(request, "agents/practice/start.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: WardpostRequest) -> HttpResponse:
    """The door: a page says what is behind it, its button uses the link up. So nothing that only looks uses it."""
    _must_be_practice()
    token = request.POST.get("ve", "") if request.method == "POST" else request.GET.get("ve", "")
    if request.method != "POST":
        return render(request, "agents/practice/enter.html", {"token": token[:4000]})
    try:
        welcome = world.enter(token=token, at=timezone.now())
    except PracticeLinkRefused:
        context = {"is_refused": True, "live_url": settings.WARDPOST_LIVE_URL}
        return render(request, "agents/practice/enter.html", context, status=403)
    _sign_in(request, welcome.trainee.account_id)
    if not welcome.exercise_code or exercise_of(welcome.exercise_code) is None:
        return redirect("agents:practice")
    begun = runs.begin(exercise_code=welcome.exercise_code, by=_account(welcome.trainee.account_id).actor,
                       at=timezone.now())
    return redirect("agents:practice-run", run_id=begun.id)


@require_POST
@require_role(*TRAINEES)
def fresh(request: WardpostRequest) -> HttpResponse:
    """A fresh world: another outlet, other people, nothing done yet."""
    _must_be_practice()
    trainee = world.fresh(account_id=UUID(request.actor.id), at=timezone.now())
    _sign_in(request, trainee.account_id)
    messages.success(request, _("You work at a fresh practice outlet now."))
    return redirect("agents:practice")


@require_POST
@require_role(*TRAINEES)
def begin(request: WardpostRequest, code: str) -> HttpResponse:
    """Begin an exercise, or go on with it."""
    try:
        begun = runs.begin(exercise_code=code, by=request.actor, at=timezone.now())
    except DomainError:
        raise Http404 from None
    return redirect("agents:practice-run", run_id=begun.id)


@never_cache
@require_safe
@require_role(*TRAINEES)
def run(request: WardpostRequest, run_id: UUID) -> HttpResponse:
    """One try: the story, the made-up people's cards, the steps as they stand."""
    _must_be_practice()
    found = PracticeRun.objects.filter(id=run_id, account_id=UUID(request.actor.id)).first()
    exercise = exercise_of(found.exercise_code) if found is not None else None
    if found is None or exercise is None:
        raise Http404
    context: dict[str, Any] = {"run": found, "exercise": exercise, "steps": runs.steps_of(found),
                               "people": runs.people_of(found), "live_url": settings.WARDPOST_LIVE_URL,
                               "minutes": _minutes(found)}
    return render(request, "agents/practice/run.html", context)


def _minutes(found: PracticeRun) -> int:
    ended = found.ended_at or found.started_at
    return max(1, round((ended - found.started_at).total_seconds() / 60))


@require_POST
@require_role(*TRAINEES)
def check(request: WardpostRequest, run_id: UUID) -> HttpResponse:
    """See what is done by now."""
    mine = PracticeRun.objects.filter(id=run_id, account_id=UUID(request.actor.id))
    before = mine.values_list("done", flat=True).first()
    try:
        found = runs.look(run_id=run_id, by=request.actor, at=timezone.now())
    except DomainError:
        raise Http404 from None
    if found.ended_at is None and len(found.done) == len(before or {}):
        messages.info(request, _("Nothing new is done yet. Look at the next step, or open its hint."))
    return redirect("agents:practice-run", run_id=run_id)


@require_POST
@require_role(*TRAINEES)
def hint(request: WardpostRequest, run_id: UUID, step: str) -> HttpResponse:
    """Open a step's hint."""
    try:
        runs.open_hint(run_id=run_id, step_code=step, by=request.actor, at=timezone.now())
    except PracticeRunOver as refusal:
        messages.warning(request, str(refusal.title))
    except DomainError:
        raise Http404 from None
    return redirect("agents:practice-run", run_id=run_id)


def under_way(request: HttpRequest) -> object | None:
    """What the shell shows on every page of somebody who is in the middle of an exercise."""
    actor = getattr(request, "actor", None)
    if not practice.is_on() or actor is None or actor.role not in OUTLET_ROLES:
        return None
    found = runs.open_run_of(UUID(actor.id))
    exercise = exercise_of(found.exercise_code) if found is not None else None
    if found is None or exercise is None:
        return None
    steps = runs.steps_of(found)
    return {"run": found, "exercise": exercise, "next": next((each for each in steps if each.is_next), None),
            "number": sum(1 for each in steps if each.done_at) + 1, "of": len(steps)}


def _sign_in(request: HttpRequest, account_id: UUID) -> None:
    login(request, _account(account_id), backend=_BACKEND)


def _account(account_id: UUID) -> StaffAccount:
    return StaffAccount.objects.select_related("outlet__commune").get(id=account_id)


def _must_be_practice() -> None:
    if not practice.is_on():
        raise Http404
