"""The people at the counter: mandates, second citizens' papers, recognising somebody known, helps and referrals."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import AwareDatetime, Field

from agents.auth import allow
from intake.api.citizens import CitizenIn, CitizenOut, citizen_input, shown_citizen
from intake.errors import AccountHelpNotFound, ReferralNotFound
from intake.models.account_help import AccountHelp, Referral
from intake.models.citizens import ConsentPurpose
from intake.models.mandates import Mandate, SecondCitizenStop
from intake.operations import account_help, mandates, recognition, referrals, second_citizen, sessions
from intake.operations.account_help import StepInput
from intake.operations.mandates import MandateInput
from intake.operations.referrals import ReferralInput
from intake.operations.second_citizen import StopAnswer
from intake.queries.account_help import find_help, find_referral, helps_of, referrals_of
from intake.queries.sessions import last_words
from intake.rules.account_help import AccountKind, HelpAction, ReferralOutcome
from intake.rules.mandates import MandateKind, Relation
from intake.rules.second_citizen import StopDecision
from shared.api import In, NothingIn, Out, WardpostRequest, idempotent
from shared.roles import OUTLET_ROLES

router = Router(tags=["citizens"])

WRITES = allow(roles=OUTLET_ROLES, scopes={"citizens:write"})
READS = allow(roles=OUTLET_ROLES, scopes={"citizens:read"})

Line = Annotated[str, Field(max_length=200)]
Note = Annotated[str, Field(max_length=300)]


# --- mandates and second citizens -----------------------------------------------------------------------------------


class MandateIn(In):
    """Under what is filed. What a kind needs is checked, and everything wrong is named at once."""

    kind: Literal[MandateKind.WRITTEN, MandateKind.CERTIFIED, MandateKind.SERVICE_CONTRACT,
                  MandateKind.LEGAL_REPRESENTATIVE]
    relation: Literal[""] | Relation = ""
    representative_name: Line = ""
    national_id: Annotated[str, Field(max_length=40, description="Of the representative; kept sealed.")] = ""
    reference: Line = Field(default="", description="Number and day of the paper; without it, its scan.")
    introduction: Line = ""
    certified_by: Line = ""
    valid_to: date | None = Field(default=None, description="Half-open; null: until it is taken back.")
    document_id: UUID | None = None


class MandateOut(Out):
    id: UUID
    kind: str
    relation: str
    representative_name: str
    representative_id: str = Field(description="Masked.")
    valid_from: date
    valid_to: date | None
    withdrawn_at: datetime | None


def _mandate(mandate: Mandate) -> dict[str, Any]:
    names = ("id", "kind", "relation", "representative_name", "valid_from", "valid_to", "withdrawn_at")
    return {name: getattr(mandate, name) for name in names} | {"representative_id": mandate.representative_id_masked}


@router.post("/sessions/{uuid:session_id}/mandates", response={201: MandateOut}, auth=WRITES,
             summary="Record under what is filed")
def record_mandate(request: WardpostRequest, session_id: UUID, body: MandateIn) -> HttpResponse:
    """Record a mandate in an open session; the same one again is the same."""
    typed = MandateInput(**body.model_dump())
    return idempotent(request, status=201, schema=MandateOut, present=_mandate, call=lambda: mandates.record_mandate(
        session_id=session_id, typed=typed, by=request.actor, at=timezone.now()))


@router.post("/mandates/{uuid:mandate_id}/withdrawals", response={201: MandateOut}, auth=WRITES,
             summary="Take a mandate back")
def withdraw_mandate(request: WardpostRequest, mandate_id: UUID, body: NothingIn) -> HttpResponse:
    """Nothing is filed under it any more."""
    return idempotent(request, status=201, schema=MandateOut, present=_mandate, call=lambda: mandates.withdraw_mandate(
        mandate_id=mandate_id, by=request.actor, at=timezone.now()))


class SeenIn(In):
    """A card that was scanned, or a file that was added, while somebody is acted for."""

    card: Annotated[str, Field(max_length=400)] = Field(default="", description="The QR code's text, or the number.")
    document_id: UUID | None = None


class SecondCitizenOut(Out):
    """A second citizen's paper; `is_stopped` is false when it is the citizen's own."""

    is_stopped: bool
    id: UUID | None
    cause: str
    number: str = Field(description="Masked.")
    decision: str


def _stop(stop: SecondCitizenStop | None) -> dict[str, Any]:
    if stop is None:
        return {"is_stopped": False, "id": None, "cause": "", "number": "", "decision": ""}
    return {"is_stopped": not stop.decision, "id": stop.id, "cause": stop.cause, "number": stop.number_masked,
            "decision": stop.decision}


@router.post("/sessions/{uuid:session_id}/second-citizens", response={201: SecondCitizenOut}, auth=WRITES,
             summary="Say whose paper turned up")
def note_paper(request: WardpostRequest, session_id: UUID, body: SeenIn) -> HttpResponse:
    """Compare a card or file with the session's citizen; somebody else's stops the filing until it is decided."""
    now = timezone.now()
    document_id = body.document_id
    if document_id is not None:
        return idempotent(request, status=201, schema=SecondCitizenOut, present=_stop, call=lambda: (
            second_citizen.note_document(session_id=session_id, document_id=document_id, by=request.actor, at=now)))
    return idempotent(request, status=201, schema=SecondCitizenOut, present=_stop,
                      call=lambda: second_citizen.note_card(
        session_id=session_id, text=body.card, by=request.actor, at=now))


class SecondCitizenDecisionIn(In):
    decision: Literal[StopDecision.SWITCH, StopDecision.REPRESENTATIVE, StopDecision.RELATION,
                      StopDecision.COMMON_PAPER, StopDecision.MISTAKE]
    relation: Literal[""] | Relation = ""
    note: Line = ""


@router.post("/second-citizens/{uuid:stop_id}/decisions", response={201: SecondCitizenOut}, auth=WRITES,
             summary="Say what a second citizen's paper is")
def decide(request: WardpostRequest, stop_id: UUID, body: SecondCitizenDecisionIn) -> HttpResponse:
    """Record what it is; filing goes on where the decision allows it."""
    answer = StopAnswer(body.decision, body.relation, body.note)
    return idempotent(request, status=201, schema=SecondCitizenOut, present=_stop,
                      call=lambda: second_citizen.decide_stop(
        stop_id=stop_id, answer=answer, by=request.actor, at=timezone.now()))


# --- citizens -------------------------------------------------------------------------------------------------------


class RecognitionIn(CitizenIn):
    take_over: Annotated[list[Literal["full_name", "birth", "sex", "phone", "email", "residence"]],
                         Field(max_length=6)] = []


@router.post("/citizens/{uuid:citizen_id}/recognitions", response={201: CitizenOut}, auth=WRITES,
             summary="Use somebody known instead of registering her again")
def recognise(request: WardpostRequest, citizen_id: UUID, body: RecognitionIn) -> HttpResponse:
    """After 409 `citizen-maybe-known`: it is this one. Entries in `take_over` replace hers; the old ones are kept."""
    typed = citizen_input(body, without={"take_over"})
    return idempotent(request, status=201, schema=CitizenOut, present=shown_citizen, call=lambda: (
        recognition.recognise_citizen(citizen_id=citizen_id, typed=typed, take_over=body.take_over, by=request.actor,
                                      at=timezone.now())))


class ConsentWithdrawalIn(In):
    purpose: ConsentPurpose
    channel: Literal["counter", "phone", "paper"] = "counter"


class WithdrawnOut(Out):
    id: UUID
    purposes: list[str] = Field(description="What the citizen still agrees to.")


@router.post("/citizens/{uuid:citizen_id}/consent-withdrawals", response={201: WithdrawnOut}, auth=WRITES,
             summary="Take back a consent at any time")
def withdraw_consent(request: WardpostRequest, citizen_id: UUID, body: ConsentWithdrawalIn) -> HttpResponse:
    """Record that the citizen takes back a yes; without one to the help itself her open sessions end."""
    def present(citizen: Any) -> dict[str, Any]:
        words = last_words(citizen.id)
        return {"id": citizen.id, "purposes": sorted(purpose for purpose, is_given in words.items() if is_given)}

    return idempotent(request, status=201, schema=WithdrawnOut, present=present, call=lambda: (
        sessions.withdraw_at_any_time(citizen_id=citizen_id, purpose=body.purpose, channel=body.channel,
                                      by=request.actor, at=timezone.now())))


# --- account help and referrals -------------------------------------------------------------------------------------


class HelpIn(In):
    kind: AccountKind


class HelpOut(Out):
    id: UUID
    citizen_id: UUID
    kind: str
    state: str
    booked_for: datetime | None
    opened_at: datetime
    moved_at: datetime


@router.post("/citizens/{uuid:citizen_id}/account-helps", response={201: HelpOut}, auth=WRITES,
             summary="Begin to help to an account")
def open_help(request: WardpostRequest, citizen_id: UUID, body: HelpIn) -> HttpResponse:
    """Begin, or find what is open already. No field of a help takes a password or one-time code."""
    return idempotent(request, status=201, schema=HelpOut, call=lambda: account_help.open_help(
        citizen_id=citizen_id, kind=body.kind, by=request.actor, at=timezone.now()))


class AccountHelpStepIn(In):
    action: HelpAction
    note: Note = ""
    document_id: UUID | None = None
    booked_for: AwareDatetime | None = None


@router.post("/account-helps/{uuid:help_id}/steps", response={201: HelpOut}, auth=WRITES, summary="Record a step")
def take_step(request: WardpostRequest, help_id: UUID, body: AccountHelpStepIn) -> HttpResponse:
    """Record the next step with its proof; 409 when it does not follow from where the help stands."""
    step = StepInput(**body.model_dump())
    return idempotent(request, status=201, schema=HelpOut, call=lambda: account_help.take_help_step(
        help_id=help_id, step=step, by=request.actor, at=timezone.now()))


@router.get("/account-helps", response=list[HelpOut], auth=READS, summary="Helps that are open")
def helps(request: WardpostRequest) -> list[AccountHelp]:
    """Those of the outlet, what waits longest first; at most 100."""
    return [line.help for line in helps_of(request.actor, only_open=True)]


@router.get("/account-helps/{uuid:help_id}", response=HelpOut, auth=READS, summary="One help")
def one_help(request: WardpostRequest, help_id: UUID) -> AccountHelp:
    """Where it stands."""
    found = find_help(help_id, request.actor)
    if found is None:
        raise AccountHelpNotFound
    return found.help


class ReferralIn(In):
    """Where to: a centre, or without one the police of the citizen's commune."""

    procedure_code: Annotated[str, Field(max_length=20)] = ""
    centre_id: UUID | None = None
    account_help_id: UUID | None = None
    place_address: Line = ""
    place_hours: Annotated[str, Field(max_length=160)] = ""
    place_phone: Annotated[str, Field(max_length=20)] = ""
    booked_for: AwareDatetime | None = None
    note: Note = ""


class ReferralOut(Out):
    id: UUID
    code: str
    citizen_id: UUID
    place_kind: str
    place_name: str
    place_address: str
    matter_vi: str
    matter_en: str
    booked_for: datetime | None
    made_at: datetime
    outcome: str


@router.post("/citizens/{uuid:citizen_id}/referrals", response={201: ReferralOut}, auth=WRITES,
             summary="Refer to where the citizen must appear")
def refer(request: WardpostRequest, citizen_id: UUID, body: ReferralIn) -> HttpResponse:
    """Say where, with what and when; the slip is printed from it."""
    typed = ReferralInput(citizen_id=citizen_id, **body.model_dump())
    return idempotent(request, status=201, schema=ReferralOut, call=lambda: referrals.refer_citizen(
        typed, by=request.actor, at=timezone.now()))


class OutcomeIn(In):
    outcome: ReferralOutcome
    note: Note = ""


@router.post("/referrals/{uuid:referral_id}/outcomes", response={201: ReferralOut}, auth=WRITES,
             summary="Say how a referral ended")
def record_outcome(request: WardpostRequest, referral_id: UUID, body: OutcomeIn) -> HttpResponse:
    """Record whether the citizen came."""
    return idempotent(request, status=201, schema=ReferralOut, call=lambda: referrals.record_outcome(
        referral_id=referral_id, outcome=body.outcome, note=body.note, by=request.actor, at=timezone.now()))


@router.get("/referrals", response=list[ReferralOut], auth=READS, summary="Referrals")
def all_referrals(request: WardpostRequest) -> list[Referral]:
    """Those of the outlet, what is open first; at most 100."""
    return [line.referral for line in referrals_of(request.actor)]


@router.get("/referrals/{uuid:referral_id}", response=ReferralOut, auth=READS, summary="One referral")
def one_referral(request: WardpostRequest, referral_id: UUID) -> Referral:
    """Where to, with what and when, and how it ended."""
    found = find_referral(referral_id, request.actor)
    if found is None:
        raise ReferralNotFound
    return found.referral
