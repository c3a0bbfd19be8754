"""People's coming and going through the API. For people in a session: no machine hires or dismisses anybody."""

from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow, with_fresh_proof
from agents.operations import accounts
from agents.people import inviting, queries, reach
from agents.people.mailing import link_of
from agents.people.models import Invitation
from agents.records import Workplace
from agents.rules import GRANTS
from agents.scope import accounts_seen_by
from shared.api import In, Out, Page, PageAsked, WardpostRequest, idempotent, page_of
from shared.roles import Role

router = Router(tags=["people"])
ENROLLERS: Final = {Role(role) for role in GRANTS}
READS = allow(roles=ENROLLERS | {Role.AUDITOR})
SETTLES = allow(roles=ENROLLERS)
Groups = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)]
Reason = Annotated[str, Field(max_length=300)]


class StaffOut(Out):
    id: UUID
    username: str
    display_name: str
    role: str
    place_name: str
    is_active: bool
    procedure_groups: list[str] = Field(description="Empty: all.")
    works_until: date | None = Field(description="The first day without access; null: until somebody ends it.")


@router.get("/staff", response=Page[StaffOut], auth=READS, summary="Staff accounts")
def staff(request: WardpostRequest, asked: Query[PageAsked]) -> Any:
    """List the accounts one answers for, by user name."""
    rows, following = page_of(accounts_seen_by(request.actor), asked=asked, order=("username",))
    return {"items": rows, "next": following}


class StaffReasonIn(In):
    reason: Reason


@router.post("/staff/{uuid:account_id}/departures", response={201: StaffOut}, auth=SETTLES,
             summary="End somebody's employment")
def depart(request: WardpostRequest, account_id: UUID, body: StaffReasonIn) -> HttpResponse:
    """Shut the account at once: its sessions, passkeys, invitations and the machine keys she has issued."""
    return idempotent(request, status=201, schema=StaffOut, call=lambda: accounts.deactivate(
        account_id=account_id, reason=body.reason, by=request.actor, at=timezone.now()))


class ReachIn(In):
    procedure_groups: Groups = Field(description="Empty: all.")
    works_until: date | None = Field(default=None, description="The first day without access.")
    reason: Reason


@router.post("/staff/{uuid:account_id}/reaches", response={201: StaffOut}, auth=SETTLES,
             summary="Set how far an account reaches")
def set_reach(request: WardpostRequest, account_id: UUID, body: ReachIn) -> HttpResponse:
    """Bind a person of an outlet to procedure groups and to a last day."""
    return idempotent(request, status=201, schema=StaffOut, call=lambda: reach.set_reach(
        account_id=account_id, by=request.actor, at=timezone.now(), **body.model_dump()))


class InvitationIn(In):
    display_name: Annotated[str, Field(max_length=120)]
    email: Annotated[str, Field(max_length=254)] = ""
    phone: Annotated[str, Field(max_length=20)] = ""
    role: Role
    outlet_id: UUID | None = None
    operator_id: UUID | None = None
    centre_id: UUID | None = None
    province_code: Annotated[str, Field(max_length=2)] = ""
    procedure_groups: Groups = Field(default=[], description="Empty: all.")
    works_until: date | None = Field(default=None, description="For a surge helper: the first day without access.")


class InvitationOut(Out):
    id: UUID
    display_name: str
    role: str
    place_name: str
    procedure_groups: list[str]
    works_until: date | None
    state: str
    expires_at: datetime
    invited_at: datetime
    invited_by_name: str


class SentInvitationOut(InvitationOut):
    link: str = Field(default="", description="Shown in the first answer only; a repeat leaves it empty.")


@router.get("/invitations", response=Page[InvitationOut], auth=READS, summary="Invitations")
def invitations(request: WardpostRequest, asked: Query[PageAsked]) -> Any:
    """List the invitations to the places one answers for, newest first."""
    rows, following = page_of(queries.invitations_seen_by(request.actor), asked=asked, order=("-invited_at", "-id"))
    return {"items": rows, "next": following}


@router.post("/invitations", response={201: SentInvitationOut}, auth=with_fresh_proof(SETTLES),
             summary="Invite a person")
def invite(request: WardpostRequest, body: InvitationIn) -> HttpResponse:
    """Ask a person to open an account; what is kept under the Idempotency-Key is the answer without the link."""
    given = body.model_dump()
    place = Workplace(*(given.pop(name) for name in ("outlet_id", "operator_id", "centre_id", "province_code")))
    return _once(request, lambda: inviting.invite(place=place, by=request.actor, at=timezone.now(), **given))


@router.post("/invitations/{uuid:invitation_id}/resends", response={201: SentInvitationOut},
             auth=with_fresh_proof(SETTLES), summary="Send an invitation again")
def resend(request: WardpostRequest, invitation_id: UUID) -> HttpResponse:
    """A new link for a week; the former ones open nothing."""
    return _once(request, lambda: inviting.resend(
        invitation_id=invitation_id, by=request.actor, at=timezone.now()))


def _once(request: WardpostRequest, call: Any) -> HttpResponse:
    shown: list[str] = []

    def run() -> inviting.Invited:
        invited: inviting.Invited = call()
        shown.append(link_of(invited.code))
        return invited

    def present(invited: inviting.Invited) -> Invitation:
        return queries.invitations().get(id=invited.invitation.id)

    answer = idempotent(request, status=201, schema=SentInvitationOut, call=run, present=present)
    if shown:
        answer.content = orjson.dumps(orjson.loads(answer.content) | {"link": shown[0]})
    answer["Cache-Control"] = "no-store"
    return answer


@router.post("/invitations/{uuid:invitation_id}/revocations", response={201: InvitationOut}, auth=SETTLES,
             summary="Take an invitation back")
def revoke(request: WardpostRequest, invitation_id: UUID) -> HttpResponse:
    """Its links open nothing any more."""
    return idempotent(request, status=201, schema=InvitationOut, call=lambda: inviting.revoke(
        invitation_id=invitation_id, by=request.actor, at=timezone.now()))
