"""Ranges of parcel numbers for programs of an operator."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.auth import allow
from delivery.errors import NumberPoolNotFound
from delivery.models.parcels import NumberPool
from delivery.operations.numbers import MAY_HAND_OUT, allot_numbers, hand_numbers_to_outlet, recall_numbers
from delivery.queries.numbers import PoolRow, pool_rows
from delivery.rules.number_forms import FORMS
from shared.api import WardpostRequest, idempotent
from shared.roles import Role
from shared.schemas import In, Out

router = Router()

READ: Final = allow(roles={Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.AUDITOR, Role.ADMINISTRATOR})
WRITE: Final = allow(roles=MAY_HAND_OUT)
LARGEST_ID: Final = 2**62

Serial = Annotated[int, Field(ge=0, le=99_999_999)]


class PoolOut(Out):
    """A range. Recalled ones give no number any more, and are never allotted again."""

    id: int
    operator_code: str
    outlet_id: UUID | None = Field(description="null: any outlet and centre of the operator")
    service: str
    form: str
    first_number: str
    last_number: str
    first_serial: int
    next_serial: int
    last_serial: int
    left: int
    recalled_at: datetime | None
    recalled_because: str


class PoolListedOut(PoolOut):
    is_low: bool
    days_left: int | None = Field(description="Working days at the pace of the last four weeks.")


class PoolsOut(Out):
    items: list[PoolListedOut]


class AllotIn(In):
    operator_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,12}$")]
    service: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "RR"
    first_serial: Serial
    last_serial: Serial


class HandIn(In):
    outlet_id: UUID
    count: Annotated[int, Field(ge=1, le=99_999_999)]


class RecallIn(In):
    """Without serials, all that are left of the range."""

    reason: Annotated[str, Field(min_length=1, max_length=200)]
    first_serial: Serial | None = None
    last_serial: Serial | None = None


@router.get("/number-pools", response=PoolsOut, auth=READ, summary="Ranges of parcel numbers",
            operation_id="number_pools")  # fmt: skip
def list_pools(request: WardpostRequest) -> PoolsOut:
    """Those that run out soonest first."""
    return PoolsOut(items=[_listed(row) for row in pool_rows(request.actor, timezone.now())])


@router.post("/number-pools", response={201: PoolOut}, auth=WRITE, summary="Allot a range",
             operation_id="allot_numbers")  # fmt: skip
def allot(request: WardpostRequest, body: AllotIn) -> HttpResponse:
    """The same range again changes nothing."""
    return idempotent(request, status=201, schema=PoolOut, present=_out, call=lambda: allot_numbers(
        **body.model_dump(), by=request.actor, at=timezone.now()))


@router.post("/number-pools/{pool_id}/hand-outs", response={201: PoolOut}, auth=WRITE,
             summary="Set numbers aside for an outlet", operation_id="hand_numbers_to_outlet")  # fmt: skip
def hand_out(request: WardpostRequest, pool_id: int, body: HandIn) -> HttpResponse:
    return idempotent(request, status=201, schema=PoolOut, present=_out, call=lambda: hand_numbers_to_outlet(
        pool_id=_known(pool_id), outlet_id=body.outlet_id, count=body.count, by=request.actor, at=timezone.now()))


@router.post("/number-pools/{pool_id}/recalls", response={201: PoolOut}, auth=WRITE, summary="Recall numbers",
             operation_id="recall_numbers")  # fmt: skip
def recall(request: WardpostRequest, pool_id: int, body: RecallIn) -> HttpResponse:
    """Parcels that have one keep it."""
    return idempotent(request, status=201, schema=PoolOut, present=_out, call=lambda: recall_numbers(
        pool_id=_known(pool_id), **body.model_dump(), by=request.actor, at=timezone.now()))


def _known(pool_id: int) -> int:
    """Raises NumberPoolNotFound for what no row can have."""
    if not 0 < pool_id < LARGEST_ID:
        raise NumberPoolNotFound
    return pool_id


def _facts(pool: NumberPool) -> dict[str, object]:
    form = FORMS[pool.form]
    plain = ("id", "operator_code", "outlet_id", "service", "form", "first_serial", "next_serial", "last_serial",
             "left", "recalled_at", "recalled_because")  # fmt: skip
    return {name: getattr(pool, name) for name in plain} | {
        "first_number": form.number(pool.service, pool.first_serial),
        "last_number": form.number(pool.service, pool.last_serial)}


def _out(pool: NumberPool) -> PoolOut:
    return PoolOut.model_validate(_facts(pool))


def _listed(row: PoolRow) -> PoolListedOut:
    return PoolListedOut.model_validate(_facts(row.pool) | {"is_low": row.is_low, "days_left": row.days_left})
