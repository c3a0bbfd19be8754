"""The handbook on screens. Searched words go in the body, not in the address."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.auth import require_role
from agents.forms import show
from agents.handbook import operations, queries, questions, sources
from agents.handbook.forms import AnswerForm, AskForm, ChangedForm, EntryForm, typed
from agents.handbook.models import HandbookQuestion
from agents.handbook.rules import EDITORS, FIELDS, PROPOSERS, REVIEW_AFTER
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError
from shared.roles import Role

EVERYBODY: Final = tuple(Role.values)
READERS_OF_WORK: Final = (*sorted(EDITORS), Role.AUDITOR, Role.ADMINISTRATOR)
LONGEST: Final = 200


@never_cache
@sensitive_post_parameters("q")
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*EVERYBODY)
def handbook(request: WardpostRequest) -> HttpResponse:
    """Search, or everything by place in the software; nothing found is counted and may be asked."""
    now, actor = timezone.now(), request.actor
    text = request.POST.get("q", "").strip()[:LONGEST]
    field = request.GET.get("field", "")
    found = queries.search(text, actor, local(now).date(), field=field if field in FIELDS else "")
    if text and not found:
        questions.note_miss(text=text, by=actor, at=now)
    return render(request, "agents/handbook/list.html", {
        "found": found, "text": text, "form": AskForm(initial={"text": text}), "mine": _mine(request),
        "may_propose": actor.role in PROPOSERS, "may_work": actor.role in READERS_OF_WORK})


def _mine(request: WardpostRequest) -> list[HandbookQuestion]:
    """What the reader asked; those who answer have a page for it."""
    if request.actor.role in READERS_OF_WORK:
        return []
    asked = HandbookQuestion.objects.filter(asked_by=request.actor.id).order_by("-asked_at", "-id")
    return list(asked[:5])


@require_POST
@require_role(*EVERYBODY)
def ask(request: WardpostRequest) -> HttpResponse:
    """Ask the operations room."""
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            questions.ask(text=form.cleaned_data["text"], by=request.actor, at=timezone.now(),
                          field_key=request.GET.get("field", "") if request.GET.get("field") in FIELDS else "")
        except DomainError as refusal:
            _show(refusal, form)
        else:
            messages.success(request, _("Asked. The operations room answers; you find the answer in the handbook."))
            return redirect("agents:handbook")
    return render(request, "agents/handbook/list.html", {
        "found": (), "text": "", "form": form, "mine": _mine(request), "is_asking": True}, status=422)


@never_cache
@require_safe
@require_role(*EVERYBODY)
def entry(request: WardpostRequest, entry_id: UUID) -> HttpResponse:
    """One entry, its versions and votes."""
    return _entry(request, entry_id)


@require_POST
@require_role(*EVERYBODY)
def vote(request: WardpostRequest, entry_id: UUID) -> HttpResponse:
    """Useful or not."""
    try:
        operations.vote(entry_id=entry_id, is_useful=request.POST.get("useful") == "1", by=request.actor,
                        at=timezone.now())
    except DomainError as refusal:
        return _refused(request, refusal)
    messages.success(request, _("Thank you, that helps to keep the handbook right."))
    return redirect("agents:handbook-entry", entry_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*PROPOSERS)
def propose(request: WardpostRequest, entry_id: UUID | None = None) -> HttpResponse:
    """Write a new entry, or a new version of one."""
    page = _found(request, entry_id) if entry_id else None
    if request.method != "POST":
        return _form(request, EntryForm(initial=_initial(page)), page)
    form = EntryForm(request.POST)
    if form.is_valid():
        try:
            made = operations.propose(draft=form.draft(), entry_id=entry_id, by=request.actor, at=timezone.now())
        except DomainError as refusal:
            _show(refusal, form)
        else:
            messages.success(request, _("Proposed: somebody else approves it."))
            return redirect("agents:handbook-entry", made.entry_id)
    return _form(request, form, page, status=422)


@require_POST
@require_role(*EDITORS)
def decide(request: WardpostRequest, version_id: UUID) -> HttpResponse:
    """Approve a version, or return it."""
    try:
        made = operations.decide(version_id=version_id, is_approved=request.POST.get("do") == "approve",
                                 note=request.POST.get("note", "")[:300], by=request.actor, at=timezone.now())
    except DomainError as refusal:
        return _refused(request, refusal)
    messages.success(request, _("Approved: it is in the handbook.") if made.is_approved else _("Returned."))
    return redirect("agents:handbook-entry", made.entry_id)


@require_POST
@require_role(*EDITORS)
def confirm(request: WardpostRequest, entry_id: UUID) -> HttpResponse:
    """It still holds."""
    return _step(request, entry_id, _("Confirmed for half a year."), operations.confirm)


@require_POST
@require_role(*EDITORS)
def withdraw(request: WardpostRequest, entry_id: UUID) -> HttpResponse:
    """Take an entry out of the handbook."""
    return _step(request, entry_id, _("Withdrawn."), operations.withdraw, because=request.POST.get("because", "")[:300])


@never_cache
@require_safe
@require_role(*READERS_OF_WORK)
def work(request: WardpostRequest) -> HttpResponse:
    """Questions, proposals, answers to look at again, what was searched in vain."""
    return _work(request, ChangedForm())


@require_POST
@require_role(*EDITORS)
def source_changed(request: WardpostRequest) -> HttpResponse:
    """A law was changed: flag the answers that rest on it."""
    form = ChangedForm(request.POST)
    if form.is_valid():
        try:
            flagged = sources.source_changed(by=request.actor, at=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            _show(refusal, form)
        else:
            if flagged:
                said = ngettext("%(n)d answer is to be looked at again.",
                                "%(n)d answers are to be looked at again.", flagged)
                messages.success(request, said % {"n": flagged})
            else:
                messages.warning(request, _("No answer rests on this document."))
            return redirect("agents:handbook-work")
    return _work(request, form, status=422)


def _work(request: WardpostRequest, form: ChangedForm, *, status: int = 200) -> HttpResponse:
    actor, today = request.actor, local(timezone.now()).date()
    return render(request, "agents/handbook/work.html", {
        "questions": queries.questions(actor, is_open=True), "answered": queries.questions(actor, is_open=False),
        "proposals": queries.proposals(actor), "stale": queries.to_review(actor, today),
        "misses": queries.misses(actor), "now": timezone.now(), "may_decide": actor.role in EDITORS,
        "form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*EDITORS)
def answer(request: WardpostRequest, question_id: UUID) -> HttpResponse:
    """Answer a question and, in the same step, make an entry of it."""
    question = HandbookQuestion.objects.seen_by(request.actor).filter(id=question_id).first()
    if question is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = questions.answer(question_id=question_id, reply=questions.Reply(**form.cleaned_data),
                                    by=request.actor, at=timezone.now())
        except DomainError as refusal:
            _show(refusal, form)
        else:
            messages.success(request, _("Answered; the entry waits for approval.") if done.entry_id else _("Answered."))
            return redirect("agents:handbook-work")
    return render(request, "agents/handbook/answer.html", {"question": question, "form": form},
                  status=422 if form.errors else 200)


def _found(request: WardpostRequest, entry_id: UUID) -> queries.EntryPage:
    page = queries.entry_page(entry_id, request.actor, local(timezone.now()).date())
    if page is None:
        raise Http404
    return page


def _entry(request: WardpostRequest, entry_id: UUID, *, status: int = 200) -> HttpResponse:
    page, role = _found(request, entry_id), request.actor.role
    waiting = next((each for each in page.versions if each.decided_at is None), None)
    if page.current is None and role not in {*PROPOSERS, *READERS_OF_WORK}:
        raise Http404
    return render(request, "agents/handbook/entry.html", {
        "page": page, "it": page.current, "waiting": waiting, "may_propose": role in PROPOSERS and waiting is None,
        "may_decide": role in EDITORS and waiting is not None and waiting.proposed_by != request.actor.id,
        "may_edit": role in EDITORS, "sees_versions": role in {*PROPOSERS, *READERS_OF_WORK}}, status=status)


def _initial(page: queries.EntryPage | None) -> dict[str, Any]:
    today = timezone.localdate()
    given: dict[str, Any] = {"valid_from": today, "review_on": today + REVIEW_AFTER}
    approved = [each for each in page.versions if each.is_approved] if page else []
    return (typed(approved[0]) if approved else {}) | given | {"valid_until": None}


def _form(request: WardpostRequest, form: EntryForm, page: queries.EntryPage | None, *,
          status: int = 200) -> HttpResponse:
    return render(request, "agents/handbook/form.html", {"form": form, "page": page}, status=status)


def _step(request: WardpostRequest, entry_id: UUID, done: str, step: Any, **more: str) -> HttpResponse:
    try:
        step(entry_id=entry_id, by=request.actor, at=timezone.now(), **more)
    except DomainError as refusal:
        return _refused(request, refusal, back=("agents:handbook-entry", str(entry_id)))
    messages.success(request, done)
    return redirect("agents:handbook-entry", entry_id)


def _show(refusal: DomainError, form: forms.Form) -> None:
    if refusal.status == 403:
        raise PermissionDenied from refusal
    if refusal.status == 404:
        raise Http404 from refusal
    show(refusal, form)


def _refused(request: WardpostRequest, refusal: DomainError, *, back: tuple[str, ...] = ()) -> HttpResponse:
    if refusal.status == 404:
        raise Http404 from refusal
    messages.warning(request, str(refusal.errors[0].message if refusal.errors else refusal.detail))
    return redirect(*back) if back else redirect("agents:handbook")
