"""The rule book on screen: what is in force, what is on its way, and the two persons of a draft."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents.auth import require_role
from agents.proof import fresh_proof
from billing.models.rule_book import RuleDraft
from billing.queries.books import CITY_ROLES
from billing.rule_book import approving, drafting
from billing.rule_book.cards import terms_of
from billing.rule_book.describing import KINDS, STATES, compared, entries
from billing.rule_book.forms.draft import DraftForm
from billing.rule_book.queries import (
    decided_drafts,
    find_draft,
    find_version,
    in_the_way,
    open_drafts,
    versions,
)
from billing.rule_book.terms import as_data, kept, read
from billing.rules.rule_book import BINDS_EVERY_CITY, DraftState, RuleKind
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError, Forbidden, NotFound
from shared.roles import FINANCE_ROLES, Role

READERS: Final = tuple(sorted(CITY_ROLES))
WRITERS: Final = tuple(sorted(FINANCE_ROLES))
_DATED: Final = (RuleKind.SUBSIDY, RuleKind.NORM, RuleKind.TARIFF, RuleKind.REDUCTION)


@never_cache
@require_GET
@require_role(*READERS)
def rules(request: WardpostRequest) -> HttpResponse:
    """Drafts that wait, then every version of every kind."""
    today = local(timezone.now()).date()
    city = request.actor.province_code
    shelves = [(kind, KINDS[kind], kind in BINDS_EVERY_CITY, versions(kind, city, today)) for kind in _DATED]
    return render(request, "billing/rules/rules.html", {
        "shelves": shelves, "drafts": [_shown(each) for each in open_drafts(request.actor)],
        "decided": [_shown(each) for each in decided_drafts(request.actor)], "kinds": KINDS,
        "may_write": request.actor.role in FINANCE_ROLES})


def _shown(draft: RuleDraft) -> dict[str, Any]:
    return {"draft": draft, "kind": KINDS[RuleKind(draft.kind)], "state": STATES[DraftState(draft.state)]}


@never_cache
@require_GET
@require_role(*READERS)
def version(request: WardpostRequest, kind: str, address: str) -> HttpResponse:
    """One version in full."""
    today = local(timezone.now()).date()
    found = find_version(_kind(kind), address, request.actor.province_code, today)
    if found is None:
        raise Http404
    return render(request, "billing/rules/version.html", {
        "version": found, "kind": KINDS[found.kind], "entries": list(entries(kept(terms_of(found.card)))),
        "may_write": request.actor.role in FINANCE_ROLES})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*WRITERS)
def new_draft(request: WardpostRequest, kind: str) -> HttpResponse:
    """Write a draft, from nothing or from a version (`?tu=`)."""
    rule_kind = _kind(kind)
    if request.method != "POST":
        return _form(request, DraftForm(rule_kind, terms=_start(request, rule_kind)), None)
    form = DraftForm(rule_kind, typed=request.POST)
    return _write(request, form, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*WRITERS)
def edit_draft(request: WardpostRequest, draft_id: UUID) -> HttpResponse:
    """Write a draft anew."""
    draft = _draft(request, draft_id)
    if draft.state != DraftState.DRAFT or draft.home != request.actor.province_code:
        return redirect("billing:rule-draft", draft_id)
    if request.method != "POST":
        return _form(request, DraftForm(RuleKind(draft.kind), terms=draft.terms), draft)
    return _write(request, DraftForm(RuleKind(draft.kind), typed=request.POST), draft)


@never_cache
@require_GET
@require_role(*READERS)
def draft_page(request: WardpostRequest, draft_id: UUID) -> HttpResponse:
    """A draft beside the version before it, what stands in its way, and who may do what next."""
    return _page(request, _draft(request, draft_id), 200)


@require_POST
@require_role(*WRITERS)
@fresh_proof(steps={"propose", "approve"})
def draft_step(request: WardpostRequest, draft_id: UUID) -> HttpResponse:
    """Propose, take back, give up, approve or turn down."""
    draft = _draft(request, draft_id)
    step = request.POST.get("step", "")
    if step in {"approve", "reject"} and request.actor.role != Role.FINANCE_APPROVER:
        raise PermissionDenied
    try:
        _take(request, draft, step)
    except NotFound as error:
        raise Http404 from error
    except DomainError as refusal:
        told = "; ".join(str(error.message) for error in refusal.errors) or str(refusal.detail)
        messages.warning(request, f"{refusal.title}. {told}" if told != str(refusal.title) else told)
        if isinstance(refusal, Forbidden):
            return _page(request, draft, 403)
    return redirect("billing:rule-draft", draft_id)


def _take(request: WardpostRequest, draft: RuleDraft, step: str) -> None:
    who: dict[str, Any] = {"draft_id": draft.id, "by": request.actor, "at": timezone.now()}
    note = request.POST.get("note", "")[:500]
    match step:
        case "propose":
            drafting.propose(**who)
            messages.success(request, _("Proposed; another person approves it."))
        case "take_back":
            drafting.take_back(**who)
        case "withdraw":
            drafting.withdraw(**who)
        case "approve":
            approving.approve(**who, digest=request.POST.get("digest", ""), note=note)
            messages.success(request, _("In force from its first day, with both names on record."))
        case "reject":
            approving.reject(**who, note=note)
        case _:
            raise Http404


def _page(request: WardpostRequest, draft: RuleDraft, status: int) -> HttpResponse:
    now, actor = timezone.now(), request.actor
    is_mine = draft.home == actor.province_code
    is_open = draft.state in {DraftState.DRAFT, DraftState.PROPOSED}
    return render(request, "billing/rules/draft.html", {
        **_shown(draft), "entries": compared(kept(draft.terms), draft.province_code),
        "obstacle": in_the_way(draft, now) if is_open else None,
        "may_write": is_mine and actor.role in FINANCE_ROLES,
        "may_approve": is_mine and actor.role == Role.FINANCE_APPROVER
        and actor.id not in {draft.drafted_by, draft.proposed_by},
    }, status=status)


def _write(request: WardpostRequest, form: DraftForm, draft: RuleDraft | None) -> HttpResponse:
    if not form.is_readable():
        return _form(request, form, draft)
    note = request.POST.get("note", "")
    try:
        terms = as_data(read(form.as_terms()))
        if draft is None:
            saved = drafting.write_draft(terms=terms, note=note, by=request.actor, at=timezone.now())
        else:
            saved = drafting.change_draft(
                draft_id=draft.id, terms=terms, note=note, version=_version(request), by=request.actor,
                at=timezone.now())
    except NotFound as error:
        raise Http404 from error
    except DomainError as refusal:
        form.show(refusal)
        return _form(request, form, draft)
    return redirect("billing:rule-draft", saved.id)


def _version(request: WardpostRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _form(request: WardpostRequest, form: DraftForm, draft: RuleDraft | None) -> HttpResponse:
    note = request.POST.get("note", draft.note if draft is not None else "")[:1000]
    return render(request, "billing/rules/form.html", {
        "form": form, "draft": draft, "kind": KINDS[form.kind], "note": note,
    }, status=422 if form.is_wrong else 200)


def _start(request: WardpostRequest, kind: RuleKind) -> dict[str, Any]:
    """The terms of the version that `?tu=` names, to be written on: without its code and days."""
    if kind == RuleKind.BUDGET:
        return {"code": request.GET.get("dong", "")[:60], "year": local(timezone.now()).year}
    today = local(timezone.now()).date()
    found = find_version(kind, request.GET.get("tu", "")[:80], request.actor.province_code, today)
    return {} if found is None else terms_of(found.card) | {"code": "", "valid_from": "", "valid_to": None}


def _draft(request: WardpostRequest, draft_id: UUID) -> RuleDraft:
    found = find_draft(request.actor, draft_id)
    if found is None:
        raise Http404
    return found


def _kind(text: str) -> RuleKind:
    try:
        return RuleKind(text)
    except ValueError as error:
        raise Http404 from error
