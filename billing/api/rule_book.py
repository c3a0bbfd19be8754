"""The rule book for machines and screens: versions in force, drafts, and the two persons of a draft."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from agents.proof import with_fresh_proof
from billing.errors import DraftNotFound
from billing.models.rule_book import RuleDraft
from billing.queries.books import CITY_ROLES
from billing.rule_book import approving, drafting
from billing.rule_book.cards import terms_of
from billing.rule_book.queries import city_of, drafts, find_draft, versions
from billing.rule_book.terms import TermsIn, as_data
from billing.rules.rule_book import RuleKind
from shared.api import Asked, In, Out, Page, PageAsked, Paragraphs, WardpostRequest, idempotent, page_of
from shared.calendar import local
from shared.roles import FINANCE_ROLES, Role

router = Router(tags=["rules"])
READ = allow(roles=CITY_ROLES, scopes={"billing:read"})
WRITE = allow(roles=FINANCE_ROLES, scopes=set())
APPROVE = allow(roles={Role.FINANCE_APPROVER}, scopes=set())
type Kind = Literal["tariff", "reduction", "subsidy", "norm"]
Note = Annotated[Paragraphs, Field(max_length=1000)]


class VersionsAsked(Asked):
    kind: Kind


class RuleVersionOut(Out):
    """`when`: "now", "later" or "past". `terms` as a draft of its kind has them."""

    when: str
    terms: dict[str, Any]


@router.get("/rules", response=list[RuleVersionOut], auth=READ, summary="Versions of one kind of rule")
def list_rules(request: WardpostRequest, asked: Query[VersionsAsked]) -> list[dict[str, object]]:
    """Those that hold for the caller's city, newest first within a rule."""
    found = versions(RuleKind(asked.kind), city_of(request.actor), local(timezone.now()).date())
    return [{"when": each.when, "terms": terms_of(each.card)} for each in found]


class DraftOut(Out):
    """`digest` is what a person signs: SHA-256 of `terms`."""

    id: UUID
    kind: str
    province_code: str
    code: str
    valid_from: date
    valid_to: date | None
    state: str
    version: int
    digest: str
    terms: dict[str, Any]
    note: str
    drafted_by_name: str
    drafted_at: datetime
    proposed_by_name: str
    proposed_at: datetime | None
    decided_by_name: str
    decided_at: datetime | None
    decision_note: str
    to_recharge: Annotated[bool, Field(description="Lines of open months are being written anew.")]


class DraftsAsked(PageAsked):
    kind: Literal["", "tariff", "reduction", "subsidy", "norm", "budget"] = ""
    state: Literal["", "draft", "proposed", "approved", "rejected", "withdrawn"] = ""


@router.get("/rule-drafts", response=Page[DraftOut], auth=READ, summary="Drafts of rules, newest first")
def list_drafts(request: WardpostRequest, asked: Query[DraftsAsked]) -> dict[str, object]:
    """Those of the caller's city, and proposed ones that bind every city."""
    rows = drafts(request.actor, asked.kind)
    if asked.state:
        rows = rows.filter(state=asked.state)
    found, following = page_of(rows, asked=asked, order=("-drafted_at", "-id"))
    return {"items": found, "next": following}


class RuleDraftIn(In):
    terms: TermsIn
    note: Note = ""


class RuleChangeIn(RuleDraftIn):
    version: Annotated[int, Field(ge=1, description="The draft's version that was read.")]


@router.post("/rule-drafts", response={201: DraftOut}, auth=WRITE, summary="Begin a draft")
def write_draft(request: WardpostRequest, body: RuleDraftIn) -> HttpResponse:
    """Nothing changes for anybody until another person approves it."""
    return idempotent(request, status=201, schema=DraftOut, call=lambda: drafting.write_draft(
        terms=as_data(body.terms), note=body.note, by=request.actor, at=timezone.now()))


@router.get("/rule-drafts/{uuid:draft_id}", response=DraftOut, auth=READ, summary="One draft")
def get_draft(request: WardpostRequest, draft_id: UUID) -> RuleDraft:
    """With its terms in full."""
    found = find_draft(request.actor, draft_id)
    if found is None:
        raise DraftNotFound
    return found


@router.put("/rule-drafts/{uuid:draft_id}", response=DraftOut, auth=WRITE, summary="Write a draft anew")
def change_draft(request: WardpostRequest, draft_id: UUID, body: RuleChangeIn) -> HttpResponse:
    """While it is a draft; a proposed one is taken back first."""
    return idempotent(request, status=200, schema=DraftOut, call=lambda: drafting.change_draft(
        draft_id=draft_id, terms=as_data(body.terms), note=body.note, version=body.version, by=request.actor,
        at=timezone.now()))


@router.post("/rule-drafts/{uuid:draft_id}/proposals", response=DraftOut, auth=with_fresh_proof(WRITE),
             summary="Ask for approval")
def propose(request: WardpostRequest, draft_id: UUID) -> HttpResponse:
    """Refused while it overlaps a version, leaves a gap or reaches into a closed month."""
    return idempotent(request, status=200, schema=DraftOut, call=lambda: drafting.propose(
        draft_id=draft_id, by=request.actor, at=timezone.now()))


@router.post("/rule-drafts/{uuid:draft_id}/returns", response=DraftOut, auth=WRITE, summary="Take a proposal back")
def take_back(request: WardpostRequest, draft_id: UUID) -> HttpResponse:
    """It is a draft again."""
    return idempotent(request, status=200, schema=DraftOut, call=lambda: drafting.take_back(
        draft_id=draft_id, by=request.actor, at=timezone.now()))


@router.post("/rule-drafts/{uuid:draft_id}/withdrawals", response=DraftOut, auth=WRITE, summary="Give a draft up")
def withdraw(request: WardpostRequest, draft_id: UUID) -> HttpResponse:
    """It stays to be read."""
    return idempotent(request, status=200, schema=DraftOut, call=lambda: drafting.withdraw(
        draft_id=draft_id, by=request.actor, at=timezone.now()))


class RuleApprovalIn(In):
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="The digest that was read.")]
    note: Annotated[str, Field(max_length=500)] = ""


class RejectionIn(In):
    note: Annotated[str, Field(min_length=1, max_length=500)]


@router.post("/rule-drafts/{uuid:draft_id}/approvals", response=DraftOut, auth=with_fresh_proof(APPROVE),
             summary="Put a rule in force, as another person")
def approve(request: WardpostRequest, draft_id: UUID, body: RuleApprovalIn) -> HttpResponse:
    """The version before it ends on its first day."""
    return idempotent(request, status=200, schema=DraftOut, call=lambda: approving.approve(
        draft_id=draft_id, digest=body.digest, note=body.note, by=request.actor, at=timezone.now()))


@router.post("/rule-drafts/{uuid:draft_id}/rejections", response=DraftOut, auth=APPROVE, summary="Turn a rule down")
def reject(request: WardpostRequest, draft_id: UUID, body: RejectionIn) -> HttpResponse:
    """With the reason, which its writer reads."""
    return idempotent(request, status=200, schema=DraftOut, call=lambda: approving.reject(
        draft_id=draft_id, note=body.note, by=request.actor, at=timezone.now()))
