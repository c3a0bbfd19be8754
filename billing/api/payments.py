"""The bank's lines from a machine, and a dossier's request for payment."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import AwareDatetime, Field

from agents.auth import allow
from billing.payments import bank
from billing.payments.records import BankEntry
from shared.api import In, Out, WardpostRequest, idempotent
from shared.money import Money
from shared.roles import Role

router = Router(tags=["payments"])
BANK = allow(roles={Role.OPERATOR_HQ}, scopes={"bank:write"})
_Dong = Annotated[int, Field(strict=True, ge=-999_999_999_999, le=999_999_999_999)]


class BankLineIn(In):
    booked_at: AwareDatetime
    amount_vnd: Annotated[_Dong, Field(description="Positive: it came in.")]
    purpose: Annotated[str, Field(max_length=300)]
    bank_ref: Annotated[str, Field(max_length=80, description="The bank's own number of the line.")] = ""


class BankLinesIn(In):
    lines: Annotated[list[BankLineIn], Field(min_length=1, max_length=1000)]


class BankLinesOut(Out):
    lines: int
    new: int
    matched: Annotated[int, Field(description="How many paid what was asked for.")]
    exceptions: Annotated[int, Field(description="How many wait for a person.")]


@router.post("/collecting-accounts/{uuid:account_id}/lines", response={201: BankLinesOut}, auth=BANK,
             summary="Tell lines of a collecting account")
def tell_lines(request: WardpostRequest, account_id: UUID, body: BankLinesIn) -> HttpResponse:
    """Keep what is new and pay what it pays. The same line told again, here or in a file, is the same line."""
    entries = [BankEntry(line.booked_at, Money(line.amount_vnd), line.purpose, line.bank_ref) for line in body.lines]
    return idempotent(request, status=201, schema=BankLinesOut, call=lambda: _told(account_id, entries, request))


def _told(account_id: UUID, entries: list[BankEntry], request: WardpostRequest) -> Any:
    return bank.take_lines(account_id=account_id, entries=entries, by=request.actor, at=timezone.now())
