"""The proof of the books for machines: how far they are sealed and signed, looks, sealed months, outlets' days."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from ninja import Query, Router
from pydantic import BeforeValidator, Field

from agents.auth import allow
from billing.api.schemas import MonthText, Vnd
from billing.errors import CheckpointNotFound, OutletDayNotFound, StatementNotFound, VerificationNotFound
from billing.exports.sealed import day_file, days_file, sealed_file
from billing.models.seals import Checkpoint
from billing.operations.verifying import ask_verification
from billing.queries import chain, months
from billing.queries.books import CITY_ROLES, ROLES, books_of
from billing.rules.periods import parse_month
from shared.api import In, Out, Page, PageAsked, WardpostRequest, idempotent, page_of
from shared.roles import OUTLET_ROLES
from shared.schemas import Asked

router = Router(tags=["books"])
READ = allow(roles=ROLES, scopes={"billing:read"})
CITY = allow(roles=CITY_ROLES, scopes={"billing:read"})
LOOK = allow(roles=CITY_ROLES, scopes={"billing:write"})
EVERYBODY_WITH_BOOKS = allow(roles=ROLES | OUTLET_ROLES, scopes={"billing:read"})
FILE = {"responses": {200: {"description": "The file."}}}

type Hex = Annotated[str, BeforeValidator(lambda value: value if isinstance(value, str) else bytes(value).hex())]


class CheckpointOut(Out):
    """`said` is what was signed, byte for byte; verify `signature` over it with the key that it names."""

    number: int
    day: date
    code: str
    lines: Annotated[int, Field(description="Sequence of the last line it covers.")]
    entries: Annotated[int, Field(description="Sequence of the last audit entry it covers.")]
    said: str
    signature: Annotated[Hex, Field(description="Ed25519, hexadecimal.")]
    key_id: str
    signed_at: datetime


class KeyOut(Out):
    key_id: str
    public_key: Hex
    since: datetime
    vouched_by: str


class BooksOut(Out):
    sealed: Annotated[int, Field(description="Sequence of the last sealed line.")]
    sealed_at: datetime | None
    unsealed: Annotated[int, Field(description="The caller's lines that wait for their seal; 10,000 means at least.")]
    signed: Annotated[int, Field(description="Sequence of the last line that a checkpoint covers.")]
    last: Annotated[CheckpointOut | None, Field(description="The newest checkpoint.")]
    keys: list[KeyOut]


class FindingOut(Out):
    kind: str
    sequence: Annotated[int | None, Field(description="Place in its chain, where it has one.")]
    reference: str
    detail: str


class VerificationOut(Out):
    """A look through the books by independent code; `asked` until a worker has looked."""

    id: UUID
    state: str
    days: int | None
    asked_at: datetime
    asked_by: str
    finished_at: datetime | None
    seconds: float
    lines: int
    entries: int
    checkpoints: int
    unsealed: int
    found: int
    findings: Annotated[list[FindingOut], BeforeValidator(
        lambda rows: [dict(zip(("kind", "sequence", "reference", "detail"), row, strict=True)) for row in rows])]


class LookIn(In):
    days: Annotated[int | None, Field(ge=1, le=3660, description="Lines of the last so many days; null: all.")] = None


class DaysAsked(PageAsked):
    outlet_id: UUID | None = None


class OutletDayOut(Out):
    id: UUID
    outlet_id: UUID
    number: int
    day: Annotated[date, Field(validation_alias="signed_day")]
    checkpoint_code: Annotated[str, Field(validation_alias="seal_code")]
    lines: int
    city_subsidy_vnd: Annotated[Vnd, Field(validation_alias="city_subsidy")]
    citizen_share_vnd: Annotated[Vnd, Field(validation_alias="citizen_share")]
    compensation_vnd: Annotated[Vnd, Field(validation_alias="compensation")]
    other_vnd: Annotated[Vnd, Field(validation_alias="other")]
    said: str
    signature: Hex


class ArchiveAsked(Asked):
    period: MonthText
    outlet_id: Annotated[UUID | None, Field(description="May be left out by an outlet, which has only its own.")] = None


@router.get("/books", response=BooksOut, auth=READ, summary="How far the books are sealed and signed")
def get_books(request: WardpostRequest) -> dict[str, object]:
    state = chain.chain_state(books_of(request.actor))
    return {"sealed": state.sealed, "sealed_at": state.sealed_at, "unsealed": state.unsealed, "signed": state.signed,
            "last": state.last, "keys": chain.signing_keys()}


@router.get("/books/checkpoints", response=Page[CheckpointOut], auth=EVERYBODY_WITH_BOOKS,
            summary="Signed checkpoints, newest first")
def list_checkpoints(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    """The same for everybody: counts and digests, nothing of any person."""
    found, following = page_of(Checkpoint.objects.all(), asked=asked, order=("-number",))
    return {"items": found, "next": following}


@router.get("/books/checkpoints/{number}", response=CheckpointOut, auth=EVERYBODY_WITH_BOOKS,
            summary="One checkpoint")
def get_checkpoint(request: WardpostRequest, number: int) -> Checkpoint:
    found = chain.find_checkpoint(number)
    if found is None:
        raise CheckpointNotFound
    return found


@router.get("/books/verifications", response=Page[VerificationOut], auth=CITY, summary="Looks, newest first")
def list_verifications(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    found, following = page_of(chain.verifications(), asked=asked, order=("-asked_at", "-id"))
    return {"items": found, "next": following}


@router.post("/books/verifications", response={202: VerificationOut}, auth=LOOK,
             summary="Have the books looked through")
def ask_look(request: WardpostRequest, body: LookIn) -> HttpResponse:
    """A worker looks within a minute. Whoever asks meanwhile gets the look that is asked for already."""
    return idempotent(request, status=202, schema=VerificationOut,
                      call=lambda: ask_verification(by=request.actor, at=timezone.now(), days=body.days))


@router.get("/books/verifications/{uuid:verification_id}", response=VerificationOut, auth=CITY,
            summary="What one look found")
def get_verification(request: WardpostRequest, verification_id: UUID) -> object:
    """At most the first 50 findings; `found` counts all."""
    found = chain.verifications().filter(id=verification_id).first()
    if found is None:
        raise VerificationNotFound
    return found


@router.get("/statements/{uuid:statement_id}/sealed-export", auth=READ, summary="A month with its seals",
            openapi_extra=FILE)
def export_sealed(request: WardpostRequest, statement_id: UUID) -> HttpResponseBase:
    """A line of JSON each; the offline verifier checks it without us. Complete, or refused."""
    info = months.find_statement(books_of(request.actor), statement_id)
    if info is None:
        raise StatementNotFound
    return sealed_file(info)


@router.get("/outlet-days", response=Page[OutletDayOut], auth=EVERYBODY_WITH_BOOKS,
            summary="Outlets' signed daily statements, newest first")
def list_outlet_days(request: WardpostRequest, asked: Query[DaysAsked]) -> dict[str, object]:
    """An outlet's own, an operator's outlets', or a city's."""
    rows = chain.outlet_days(books_of(request.actor))
    if asked.outlet_id is not None:
        rows = rows.filter(outlet_id=asked.outlet_id)
    found, following = page_of(rows, asked=asked, order=("-id",))
    return {"items": found, "next": following}


@router.get("/outlet-days/archive", auth=EVERYBODY_WITH_BOOKS, summary="A month's signed days of one outlet, zipped",
            openapi_extra=FILE)
def get_archive(request: WardpostRequest, asked: Query[ArchiveAsked]) -> HttpResponseBase:
    """Every daily statement with a line of the month, the verifier, and how to use it."""
    books, period = books_of(request.actor), parse_month(asked.period)
    outlet_id = books.outlet_id or asked.outlet_id
    days = [] if outlet_id is None or period is None else chain.days_of_month(books, outlet_id, period)
    if not days or period is None:
        raise OutletDayNotFound
    return days_file(days, period)


@router.get("/outlet-days/{uuid:day_id}/content", auth=EVERYBODY_WITH_BOOKS, summary="One signed day with its lines",
            openapi_extra=FILE)
def get_outlet_day(request: WardpostRequest, day_id: UUID) -> HttpResponse:
    """What was signed, its signature, and every line with the salt that opens its commitment."""
    found = chain.outlet_days(books_of(request.actor)).filter(id=day_id).first()
    if found is None:
        raise OutletDayNotFound
    return day_file(found)
