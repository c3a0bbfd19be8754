"""Requests to take lines back as their readers see them: those of one line, and all of a city, operator or outlet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from django.db.models import QuerySet

from billing.disputes.models import Dispute
from billing.models.ledger import Charge
from billing.models.statements import Statement, StatementState
from billing.take_backs.errors import ChargingChangesNothing
from billing.take_backs.hindrances import foreseen, hindrance
from billing.take_backs.models import TakeBack
from billing.take_backs.rules import STATES, TakeBackState
from shared.actors import Actor
from shared.errors import DomainError, NotFound
from shared.formatting import speaks_vietnamese
from shared.money import Money
from shared.roles import Role

_LOOK: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    TakeBackState.ASKED: ("hourglass", "pause"), TakeBackState.APPROVED: ("undo-2", "ok"),
    TakeBackState.REFUSED: ("x", ""), TakeBackState.WITHDRAWN: ("undo-2", ""), TakeBackState.LAPSED: ("clock", ""),
})


@dataclass(frozen=True, slots=True)
class Told:
    """A request in its reader's words, and what she may do with it."""

    row: TakeBack
    state: str
    icon: str
    look: str
    may_decide: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class OfLine:
    """Everything about taking one line back: what was asked before, and whether this reader may ask now."""

    told: tuple[Told, ...]
    may_ask: bool = False
    hindrance: DomainError | None = None
    foreseen: Mapping[str, Any] = field(default_factory=dict)
    """Of the line that would be charged anew; empty: the rules give what stands there."""
    is_month_closed: bool = False

    @property
    def foreseen_amount(self) -> Money:
        return Money(int(self.foreseen.get("city_subsidy", 0)) + int(self.foreseen.get("compensation", 0)))


def listed(actor: Actor, *, waiting: bool) -> QuerySet[TakeBack]:
    """Those that wait, the first to lapse first; or all, the newest first."""
    rows: QuerySet[TakeBack] = TakeBack.objects.seen_by(actor).select_related("charge").order_by("-asked_at", "-id")
    return rows.filter(state=TakeBackState.ASKED).order_by("due_at", "id") if waiting else rows


def open_cases(actor: Actor) -> int:
    """For the rail, in one query: open disputes, and for an approver the lines that wait for her answer."""
    try:
        disputes = Dispute.objects.seen_by(actor).open().values("id")
    except NotFound:
        return 0
    if actor.role != Role.FINANCE_APPROVER:
        return disputes.count()
    return disputes.union(TakeBack.objects.seen_by(actor).waiting().exclude(asked_by=actor.id).values("id")).count()


def told(rows: Iterable[TakeBack], actor: Actor) -> tuple[Told, ...]:
    return tuple(_told(row, actor) for row in rows)


def _told(row: TakeBack, actor: Actor) -> Told:
    words, (icon, look) = STATES[TakeBackState(row.state)], _LOOK[row.state]
    is_open, is_hers = row.state == TakeBackState.ASKED, row.asked_by == actor.id
    return Told(row, words.vi if speaks_vietnamese() else words.en, icon, look,
                may_decide=is_open and actor.role == Role.FINANCE_APPROVER and not is_hers,
                may_withdraw=is_open and is_hers)


def of_line(charge: Charge, actor: Actor) -> OfLine:
    """What was asked about the line, newest first; whoever may ask is told what stands in the way."""
    before = told(TakeBack.objects.seen_by(actor).filter(charge=charge).order_by("-asked_at", "-id"), actor)
    if actor.role != Role.FINANCE_REVIEWER:
        return OfLine(before)
    if (refusal := hindrance(charge)) is not None:
        return OfLine(before, may_ask=True, hindrance=refusal)
    return OfLine(before, may_ask=True, foreseen=_foreseen(charge), is_month_closed=_is_closed(charge))


def _foreseen(charge: Charge) -> Mapping[str, Any]:
    try:
        return foreseen(charge)
    except ChargingChangesNothing:
        return {}


def _is_closed(charge: Charge) -> bool:
    months = Statement.objects.filter(province_id=charge.province_code, operator_code=charge.operator_code,
                                      period=charge.period)
    return months.exclude(state=StatementState.OPEN).exists()
