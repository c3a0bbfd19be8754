"""Ranges of parcel numbers: allotted, handed to outlets, recalled."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agents import public as agents
from agents.auth import require_role
from delivery.errors import NumberPoolNotFound
from delivery.forms import AllotForm, HandToOutletForm, RecallForm
from delivery.operations.numbers import MAY_HAND_OUT, allot_numbers, hand_numbers_to_outlet, recall_numbers
from delivery.queries.numbers import pool_rows
from shared.actors import Actor
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

READERS: Final = (Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.AUDITOR, Role.ADMINISTRATOR)
WRITERS: Final = tuple(sorted(MAY_HAND_OUT))

type Form = AllotForm | HandToOutletForm | RecallForm


@never_cache
@require_safe
@require_role(*READERS)
def numbers(request: WardpostRequest) -> HttpResponse:
    """Every range, those that run out first."""
    return _page(request)


def _page(request: WardpostRequest, *, bound: Form | None = None, status: int = 200) -> HttpResponse:
    rows, operators = pool_rows(request.actor, timezone.now()), _operators(request.actor)
    forms: dict[str, object] = {}
    if request.actor.role in MAY_HAND_OUT:
        common = [(row.pool.id, f"{row.first_number} – {row.last_number}") for row in rows
                  if row.pool.outlet_id is None and row.pool.left]
        open_ones = [(row.pool.id, f"{row.first_number} – {row.last_number}") for row in rows if row.pool.left]
        forms = {"allot": AllotForm(operators=operators),
                 "hand": HandToOutletForm(pools=common, outlets=_outlets(operators)),
                 "recall": RecallForm(pools=open_ones)}
        if bound is not None:
            forms[bound.name] = bound
    return render(request, "delivery/numbers.html", {"rows": rows, **forms}, status=status)


def _operators(actor: Actor) -> list[agents.OperatorInfo]:
    return [each for each in agents.operators()
            if actor.role == Role.ADMINISTRATOR or each.id == actor.operator_id]


def _outlets(operators: list[agents.OperatorInfo]) -> list[tuple[UUID, str]]:
    return [(outlet.id, f"{outlet.name} ({outlet.code})") for operator in operators
            for outlet in agents.outlets_of_operator(operator.id)]


@require_POST
@require_role(*WRITERS)
def allot(request: WardpostRequest) -> HttpResponse:
    """Give an operator a range."""
    form = AllotForm(request.POST, operators=_operators(request.actor))
    return _act(request, form, lambda typed: allot_numbers(
        operator_code=typed["operator"], service=typed["service"], first_serial=typed["first_serial"],
        last_serial=typed["last_serial"], by=request.actor, at=timezone.now()), _("Allotted."))


@require_POST
@require_role(*WRITERS)
def hand_to_outlet(request: WardpostRequest) -> HttpResponse:
    """Set numbers aside for one outlet."""
    operators = _operators(request.actor)
    pools = [(row.pool.id, "") for row in pool_rows(request.actor, timezone.now())]
    form = HandToOutletForm(request.POST, pools=pools, outlets=_outlets(operators))
    return _act(request, form, lambda typed: hand_numbers_to_outlet(
        pool_id=int(typed["pool_id"]), outlet_id=UUID(typed["outlet_id"]), count=typed["count"], by=request.actor,
        at=timezone.now()), _("Set aside for the outlet."))


@require_POST
@require_role(*WRITERS)
def recall(request: WardpostRequest) -> HttpResponse:
    """Take numbers out of use for ever."""
    pools = [(row.pool.id, "") for row in pool_rows(request.actor, timezone.now())]
    form = RecallForm(request.POST, pools=pools)
    return _act(request, form, lambda typed: recall_numbers(
        pool_id=int(typed["recall_pool_id"]), reason=typed["reason"], first_serial=typed["recall_first"],
        last_serial=typed["recall_last"], by=request.actor, at=timezone.now()),
        _("Recalled; these numbers are never given again."))


def _act(request: WardpostRequest, form: Form, act: object, done: str) -> HttpResponse:
    if not form.is_valid():
        return _page(request, bound=form, status=422)
    try:
        act(form.cleaned_data)  # type: ignore[operator]  # each of the three takes what its form has read
    except NumberPoolNotFound:
        raise Http404 from None
    except DomainError as refusal:
        for error in refusal.errors:
            form.add_error(form.field_of(error.pointer), str(error.message))
        if not refusal.errors:
            form.add_error(None, str(refusal.detail))
        return _page(request, bound=form, status=422)
    messages.success(request, done)
    return redirect("delivery:numbers")
