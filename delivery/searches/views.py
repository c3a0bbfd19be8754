"""Searches on screens: what is looked for, latest answer first, and one search with everything done in it."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from agents.auth import require_role
from delivery.errors import ParcelNotFound, SearchNotFound
from delivery.rules.readers import PARCEL_READERS
from delivery.searches import operations, words
from delivery.searches.forms import AnswerForm, NoteForm, ReportForm
from delivery.searches.models import SearchCase, SearchQuerySet
from delivery.searches.queries import loaded, searches_seen_by, steps_of
from delivery.searches.rules import FINAL_SEARCH, MAY_ANSWER, MAY_REPORT, SearchCause, SearchState
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

READERS: Final = tuple(sorted(PARCEL_READERS))
ON_A_PAGE: Final = 50
PICKS: Final = {
    "running": pgettext_lazy("search", "Running"),
    "overdue": gettext_lazy("Answer overdue"),
    "ended": gettext_lazy("Ended"),
}


@require_safe
@require_role(*READERS)
def search_list(request: WardpostRequest) -> HttpResponse:
    """The searches in sight, the most urgent answer first."""
    today = timezone.localdate()
    pick = request.GET.get("pick", "running")
    pick = pick if pick in PICKS else "running"
    rows = _picked(loaded(searches_seen_by(request.actor)), pick)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    told = {"page": page, "rows": [_row(search, today) for search in page], "pick": pick, "picks": PICKS.items()}
    return render(request, "delivery/searches.html#rows" if request.htmx else "delivery/searches.html", told)


def _picked(rows: SearchQuerySet, pick: str) -> SearchQuerySet:
    if pick == "ended":
        return rows.exclude(ended_at=None).order_by("-ended_at", "id")
    running = rows.running().order_by("answer_by", "opened_at", "id")
    return running.filter(state=SearchState.OVERDUE) if pick == "overdue" else running


def _row(search: SearchCase, today: date) -> dict[str, object]:
    state = SearchState(search.state)
    return {"search": search, "face": words.FACES[state], "cause": words.CAUSES[SearchCause(search.cause)],
            "owner": words.OWNERS.get(state, ""), "is_late": search.ended_at is None and search.answer_by < today}


@require_safe
@require_role(*READERS)
def search_page(request: WardpostRequest, search_id: UUID) -> HttpResponse:
    return _page(request, _seen(request, search_id))


def _page(request: WardpostRequest, search: SearchCase, *, answer: forms.Form | None = None,
          note: forms.Form | None = None, status: int = HTTPStatus.OK) -> HttpResponse:
    role, is_running = request.actor.role, search.state not in FINAL_SEARCH
    may_answer = is_running and (role == Role.OPERATOR_HQ or (
        role == Role.ADMINISTRATOR and search.state == SearchState.OVERDUE))
    told = _row(search, timezone.localdate()) | {
        "steps": [{"step": step, "what": words.STEPS[step.action]} for step in steps_of(search)],
        "answer": (answer or AnswerForm()) if may_answer else None,
        "note": (note or NoteForm(prefix="n")) if is_running and role in MAY_REPORT else None}
    return render(request, "delivery/search.html", told, status=status)


def _seen(request: WardpostRequest, search_id: UUID) -> SearchCase:
    search = loaded(searches_seen_by(request.actor)).filter(id=search_id).first()
    if search is None:
        raise Http404
    return search


@require_POST
@require_role(*sorted(MAY_REPORT))
def report(request: WardpostRequest, parcel_id: UUID) -> HttpResponse:
    """Have a parcel looked for."""
    form = ReportForm(request.POST)
    said = form.data.get("words", "")[:500]
    try:
        search = operations.report_missing(parcel_id=parcel_id, words=said, by=request.actor, at=timezone.now())
    except ParcelNotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.warning(request, said_of(refusal))
        return redirect("delivery:parcel", parcel_id=parcel_id)
    messages.success(request, _("It is being looked for; everybody concerned is told."))
    return redirect("delivery:search", search_id=search.id)


@require_POST
@require_role(*sorted(MAY_ANSWER))
def answer(request: WardpostRequest, search_id: UUID) -> HttpResponse:
    """Say where it is, or that it is lost."""
    form = AnswerForm(request.POST)
    return _done(request, search_id, form, _("The search has ended; everybody concerned is told."), lambda:
                 operations.answer(search_id=search_id, said=operations.Answer(**form.cleaned_data), by=request.actor,
                                   at=timezone.now()))  # fmt: skip


@require_POST
@require_role(*sorted(MAY_REPORT))
def note(request: WardpostRequest, search_id: UUID) -> HttpResponse:
    """Write down what was done."""
    form = NoteForm(request.POST, prefix="n")
    return _done(request, search_id, form, _("Written down."), lambda:
                 operations.note(search_id=search_id, words=form.cleaned_data["words"], by=request.actor,
                                 at=timezone.now()))  # fmt: skip


def _done(request: WardpostRequest, search_id: UUID, form: forms.Form, thanks: str,
          call: Callable[[], object]) -> HttpResponse:
    if form.is_valid():
        try:
            call()
            messages.success(request, thanks)
            return redirect("delivery:search", search_id=search_id)
        except SearchNotFound:
            raise Http404 from None
        except DomainError as refusal:
            put_errors(form, refusal)
    shown: dict[str, Any] = {"answer" if isinstance(form, AnswerForm) else "note": form}
    return _page(request, _seen(request, search_id), **shown, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def put_errors(form: forms.Form, refusal: DomainError) -> None:
    """Each error beside its field; what belongs to none above the form."""
    for error in refusal.errors:
        name = error.pointer.removeprefix("/")
        form.add_error(name if name in form.fields else None, str(error.message))
    if not refusal.errors:
        form.add_error(None, str(refusal.detail))


def said_of(refusal: DomainError) -> str:
    """A refusal in one line."""
    return " ".join(str(error.message) for error in refusal.errors) or str(refusal.detail)
