"""The register of known errors on screens: open to everybody whose money it may touch."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agents.auth import require_role
from agents.proof import fresh_proof
from billing.disputes.forms import cause_of, errors_of
from billing.disputes.rules import CAUSES, Cause
from billing.disputes.views import CITY, RAISERS, READERS
from billing.disputes.wording import CAUSE_CHOICES, words
from billing.errors import KnownErrorNotFound
from billing.known_errors import queries, registering
from billing.known_errors.models import KnownError
from billing.known_errors.putting_right import put_right
from billing.known_errors.rules import STATES, ErrorState, Question
from billing.rules.compensation import TASKS
from billing.rules.plans import COMPENSATION, POSTAGE
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.formatting import speaks_vietnamese
from shared.roles import OUTLET_ROLES, Role


@never_cache
@require_GET
@require_role(*READERS)
def error_list(request: WardpostRequest) -> HttpResponse:
    return _list(request)


def _list(request: WardpostRequest, *, errors: Mapping[str, str] | None = None, status: int = 200) -> HttpResponse:
    rows = [(each, _title(each), words(STATES[ErrorState(each.state)]), words(CAUSES[Cause(each.cause)]))
            for each in queries.register_of(request.actor)[:200]]
    return render(request, "billing/errors/list.html", {
        "rows": rows, "may_register": request.actor.role in CITY, "is_city": request.actor.role not in RAISERS,
        "kinds": _kinds(), "errors": errors or {}, "entered": request.POST}, status=status)


def _title(error: KnownError) -> str:
    return error.title_vi if speaks_vietnamese() else error.title_en


def _kinds() -> list[tuple[str, str]]:
    return [(POSTAGE, _("Postage")), *((f"{COMPENSATION}{task}", words(said)) for task, said in TASKS.items())]


def _asked(question: Mapping[str, Any]) -> str:
    """Which lines the error's question touches, in words."""
    parts = [str(dict(_kinds()).get(question.get("kind", ""), question.get("kind", ""))), question.get("rule", ""),
             question.get("reason_code", ""), question.get("operator_code", "")]
    days = [f"{date.fromisoformat(question[name]):%d/%m/%Y}" if question.get(name) else "…"
            for name in ("posted_from", "posted_to")]
    parts += ["" if days == ["…", "…"] else " – ".join(days),
              str(_("come to something else when computed again")) if question.get("differs") else "",
              str(_("entered twice")) if question.get("doubled") else "",
              str(_("disputed for one reason")) if question.get("disputed") else ""]
    return ", ".join(each for each in parts if each)


@never_cache
@require_GET
@require_role(*READERS)
def error(request: WardpostRequest, error_id: UUID) -> HttpResponse:
    """One error; that an outlet had it on its screen is noted."""
    if request.actor.role in OUTLET_ROLES:
        registering.note_read(error_id=error_id, by=request.actor, at=timezone.now())
    return _page(request, error_id)


def _page(request: WardpostRequest, error_id: UUID, *, errors: Mapping[str, str] | None = None,
          status: int = 200) -> HttpResponse:
    try:
        found = queries.opened_error(request.actor, error_id)
    except KnownErrorNotFound:
        raise Http404 from None
    return render(request, "billing/errors/error.html", {
        "question": _asked(found.error.question), "found": found, "error": found.error,
        "title": _title(found.error), "state": words(
            STATES[ErrorState(found.error.state)]), "cause": words(CAUSES[Cause(found.error.cause)]),
        "causes": CAUSE_CHOICES, "errors": errors or {}, "entered": request.POST if errors else {},
        "may": _may(found.error, request), "is_city": request.actor.role not in RAISERS}, status=status)


def _may(error: KnownError, request: WardpostRequest) -> dict[str, bool]:
    if request.actor.role not in CITY:
        return {}
    is_second = request.actor.role == Role.FINANCE_APPROVER and request.actor.id != error.confirmed_by
    return {"settle": error.state == ErrorState.SUSPECTED, "fix": error.state == ErrorState.CONFIRMED,
            "put_right": error.state == ErrorState.FIXED and is_second,
            "close": error.state == ErrorState.FIXED and is_second, "look": error.is_open}


@require_POST
@require_role(*CITY)
def register_error(request: WardpostRequest) -> HttpResponse:
    """Somebody found a fault: its question is put to the ledger at once."""
    posted = request.POST
    question = Question(kind=posted.get("kind", ""), rule=posted.get("rule", "").strip()[:130],
                        operator_code=posted.get("operator", "").strip()[:12], posted_from=_day(posted.get("from", "")),
                        posted_to=_day(posted.get("to", "")), differs=bool(posted.get("differs")))
    try:
        made = registering.register(title_vi=posted.get("title_vi", ""), title_en=posted.get("title_en", ""),
                                    description=posted.get("description", ""), question=question, by=request.actor,
                                    at=timezone.now())
    except DomainError as refusal:
        return _list(request, errors=errors_of(refusal), status=422)
    messages.success(request, _("%(number)s is in the register; its lines are on hold and their outlets told.") % {
        "number": made.number})
    return redirect("billing:known-error", error_id=made.id)


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  # a day, not a moment
    except ValueError:
        return None


type _Do = Callable[[WardpostRequest, UUID], object]


def _with_text(function: Callable[..., object]) -> _Do:
    return lambda request, error_id: function(error_id=error_id, text=request.POST.get("text", ""), by=request.actor,
                                              at=timezone.now())


def _confirm(request: WardpostRequest, error_id: UUID) -> object:
    return registering.confirm(error_id=error_id, cause=cause_of(request.POST.get("cause", "")),
                               text=request.POST.get("text", ""), by=request.actor, at=timezone.now())


def _fix(request: WardpostRequest, error_id: UUID) -> object:
    return registering.fix(error_id=error_id, release=request.POST.get("release", ""),
                           text=request.POST.get("text", ""), by=request.actor, at=timezone.now())


STEPS: Final[Mapping[str, tuple[tuple[str, ...], _Do]]] = MappingProxyType({
    "xac-nhan": (CITY, _confirm),
    "loai-tru": (CITY, _with_text(registering.rule_out)),
    "da-sua": (CITY, _fix),
    "tra-lai": ((Role.FINANCE_APPROVER,), lambda request, error_id: put_right(
        error_id=error_id, by=request.actor, at=timezone.now())),
    "khep": ((Role.FINANCE_APPROVER,), _with_text(registering.close)),
    "tim-lai": (CITY, lambda request, error_id: registering.look_back(
        error_id=error_id, by=request.actor, at=timezone.now())),
})
"""The last part of the address → who may, and what is done."""


@require_POST
@require_role(*CITY)
@fresh_proof(steps={"tra-lai"})
def error_step(request: WardpostRequest, error_id: UUID, step: str) -> HttpResponse:
    """One step of an error; what is missing is said on its page."""
    roles, do = STEPS.get(step, ((), _confirm))
    if request.actor.role not in roles:
        raise Http404
    try:
        do(request, error_id)
    except KnownErrorNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _page(request, error_id, errors=errors_of(refusal) | {"step": step}, status=refusal.status)
    messages.success(request, _("Written down; every outlet concerned sees it."))
    return redirect("billing:known-error", error_id=error_id)
