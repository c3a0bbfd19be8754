"""Which lines an error touches: its question put to the ledger, over all outlets and as far back as the books go."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from billing.disputes.models import DisputeLine
from billing.known_errors.rules import Question
from billing.models.ledger import Charge
from billing.queries.rates import rate_book
from billing.rules.entries import is_entry
from billing.rules.plain_data import WORK_FACTS
from billing.rules.plans import Plan, base_kind, plan_again
from billing.rules.rates import RateBook
from shared.calendar import at_local, local
from shared.money import ZERO, Money

_CHUNK: Final = 2000
_MIDNIGHT: Final = time(0, 0)
_AMOUNTS: Final = ("gross", "national_reduction", "city_subsidy", "citizen_share", "compensation")
_READ: Final = ("id", "kind", "source_type", "source_id", "evidence", "province_code", "operator_code", "outlet_id",
                "occurred_at", "posted_at", "rule", "dossier_code", *_AMOUNTS)


@dataclass(frozen=True, slots=True)
class Found:
    """A line and what it should come to. `right` is what stands where nothing else can be said."""

    charge: Charge
    right: Money
    differs: bool


def affected(province_code: str, question: Question) -> Iterator[Found]:
    """Lines that still stand: neither reversals nor taken back. Streams, however many lines there are."""
    judge = Judge(rate_book())
    for charge in candidates(province_code, question).only(*_READ).order_by("posted_at", "id").iterator(_CHUNK):
        found = judge(charge)
        if not question.differs or found.differs:
            yield Found(charge, ZERO, differs=True) if question.doubled else found


def candidates(province_code: str, question: Question) -> QuerySet[Charge]:
    """What the tables alone can tell."""
    mirror = Charge.objects.filter(reverses=OuterRef("id"))
    lines = Charge.objects.filter(~Exists(mirror), province_code=province_code, reverses=None)
    for name in ("rule", "reason_code", "operator_code"):
        if value := getattr(question, name):
            lines = lines.filter(**{name: value})
    if question.kind:
        lines = lines.filter(Q(kind=question.kind) | Q(kind__startswith=f"{question.kind}#"))
    if question.posted_from:
        lines = lines.filter(posted_at__gte=_start(question.posted_from))
    if question.posted_to:
        lines = lines.filter(posted_at__lt=_start(question.posted_to))
    if question.doubled:
        lines = lines.filter(Exists(earlier_twin())).exclude(dossier_code="")
    if question.disputed:
        disputed = DisputeLine.objects.filter(charge=OuterRef("id"), dispute__reason=question.disputed)
        lines = lines.filter(Exists(disputed))
    return lines


def earlier_twin() -> QuerySet[Charge]:
    """An earlier line for the same work on the same dossier that still stands: one of the two is too many."""
    mirror = Charge.objects.filter(reverses=OuterRef("id"))
    return Charge.objects.filter(
        ~Exists(mirror), province_code=OuterRef("province_code"), dossier_code=OuterRef("dossier_code"),
        kind=OuterRef("kind"), reverses=None, id__lt=OuterRef("id"))


def _start(day: date) -> datetime:
    return at_local(day, _MIDNIGHT)


class Judge:
    """Says what a line should be by its event and the rules of its day; equal cases are planned once."""

    def __init__(self, book: RateBook) -> None:
        self._book = book
        self._plans: dict[str, Plan] = {}

    def __call__(self, charge: Charge) -> Found:
        if is_entry(charge.kind):
            return Found(charge, charge.city_owes, differs=False)
        plan = self._plan(charge)
        stands = tuple(getattr(charge, name) for name in _AMOUNTS)
        planned = tuple(getattr(plan, name) for name in _AMOUNTS)
        return Found(charge, plan.city_subsidy + plan.compensation, differs=stands != planned)

    def _plan(self, charge: Charge) -> Plan:
        told = charge.evidence.get("case") or [local(charge.occurred_at).date().isoformat(),
                                               *(charge.evidence.get(name) for name in WORK_FACTS)]
        key = json.dumps([base_kind(charge.kind), charge.province_code, charge.operator_code, told], sort_keys=True)
        if key not in self._plans:
            self._plans[key] = plan_again(
                kind=charge.kind, evidence=charge.evidence, province_code=charge.province_code,
                operator_code=charge.operator_code, occurred_at=charge.occurred_at, book=self._book)
        return self._plans[key]
