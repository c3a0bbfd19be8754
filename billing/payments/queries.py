"""What is read of payments: a drawer, an outlet's shifts, requests, an account's lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Case, Count, ExpressionWrapper, F, IntegerField, Q, QuerySet, Sum, Value, When

from billing.payments.accounts import accounts_seen_by
from billing.payments.cash import sums_of
from billing.payments.collecting import info_of
from billing.payments.errors import CollectionNotFound, ShiftNotFound
from billing.payments.models import BankLine, CashMovement, CashShift, CollectingAccount, Collection, ShiftPaper
from billing.payments.records import CollectionInfo, Sums
from billing.payments.rules.matching import EXCEPTIONS, VERDICT_WORDS, LineVerdict
from billing.payments.rules.shifts import ShiftState
from billing.payments.words import cause_said, said
from shared.actors import Actor
from shared.calendar import at_local
from shared.money import ZERO, Money, MoneyField

MOST_SHIFTS: Final = 60
MOST_LINES: Final = 200


@dataclass(frozen=True, slots=True)
class Drawer:
    """A shift with its movements, newest first."""

    shift: CashShift
    sums: Sums
    movements: Sequence[CashMovement]

    @property
    def is_open(self) -> bool:
        return self.shift.state == ShiftState.OPEN

    @property
    def difference(self) -> Money:
        return ZERO if self.is_open else self.shift.counted - self.shift.expected

    @property
    def cause_words(self) -> str:
        return cause_said(self.shift.cause)


def my_shift(actor: Actor) -> Drawer | None:
    """The actor's open drawer at her outlet."""
    shift = CashShift.objects.seen_by(actor).filter(clerk_id=actor.id, state=ShiftState.OPEN).first()
    return None if shift is None else _drawer(shift)


def find_shift(shift_id: UUID, actor: Actor) -> Drawer:
    """Raises ShiftNotFound."""
    shift = CashShift.objects.seen_by(actor).filter(id=shift_id).first()
    if shift is None:
        raise ShiftNotFound
    return _drawer(shift)


def paper_of(shift: CashShift) -> ShiftPaper | None:
    """The signed close of a shift that the actor may see; none before a worker has signed it."""
    return ShiftPaper.objects.filter(shift=shift).first()


def recent_shifts(actor: Actor) -> list[CashShift]:
    """Those in the actor's reach, questions first, then the newest."""
    rank = Case(When(state=ShiftState.QUESTIONED, then=0), When(state=ShiftState.OPEN, then=1), default=2,
                output_field=IntegerField())
    return list(CashShift.objects.seen_by(actor).annotate(
        rank=rank, difference=ExpressionWrapper(F("counted") - F("expected"), output_field=MoneyField()),
        taken=Sum("movements__amount", filter=~Q(movements__kind="handed_in"), default=Value(0)),
        ).order_by("rank", "-opened_at")[:MOST_SHIFTS])


def collection_of(source_type: str, source_id: UUID, actor: Actor) -> CollectionInfo | None:
    """The latest request for a source that the actor may see."""
    found = Collection.objects.seen_by(actor).select_related("account").filter(
        source_type=source_type, source_id=source_id).order_by("-asked_at", "-id").first()
    return None if found is None else info_of(found)


def find_collection(collection_id: UUID, actor: Actor) -> CollectionInfo:
    """Raises CollectionNotFound."""
    found = Collection.objects.seen_by(actor).select_related("account").filter(id=collection_id).first()
    if found is None:
        raise CollectionNotFound
    return info_of(found)


def find_request(collection_id: UUID, actor: Actor) -> Collection:
    """The request itself; raises CollectionNotFound."""
    found: Collection | None = Collection.objects.seen_by(actor).filter(id=collection_id).first()
    if found is None:
        raise CollectionNotFound
    return found


# --- the bank -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LineRow:
    """A bank line as a person reads it."""

    line: BankLine

    @property
    def words(self) -> str:
        return said(VERDICT_WORDS[LineVerdict(self.line.verdict)])

    @property
    def is_open(self) -> bool:
        return self.line.verdict in EXCEPTIONS and self.line.settled_at is None


@dataclass(frozen=True, slots=True)
class BankDay:
    """An account's month: what came, what it paid, what is open."""

    came: Money
    matched: Money
    open_lines: int
    rows: tuple[LineRow, ...]
    """Open exceptions first, then the newest; at most 200."""


def accounts(actor: Actor) -> list[CollectingAccount]:
    """The actor's accounts, those in force first."""
    return list(accounts_seen_by(actor).order_by("operator_code", "province_code", "-valid_from"))


def bank_month(account_ids: Sequence[UUID], first: date, actor: Actor) -> BankDay:
    """The lines of a month of the accounts in the actor's reach."""
    month = _lines(account_ids, first, actor)
    told = month.aggregate(
        came=Sum("amount", filter=Q(amount__gt=0), default=ZERO),
        matched=Sum("amount", filter=Q(verdict=LineVerdict.MATCHED), default=ZERO),
        open=Count("id", filter=Q(verdict__in=EXCEPTIONS, settled_at=None)))
    is_open = Case(When(Q(verdict__in=EXCEPTIONS, settled_at=None), then=0), default=1, output_field=IntegerField())
    rows = month.select_related("collection", "account").annotate(rank=is_open).order_by("rank", "-booked_at", "-id")
    return BankDay(told["came"], told["matched"], told["open"], tuple(LineRow(row) for row in rows[:MOST_LINES]))


def _lines(account_ids: Sequence[UUID], first: date, actor: Actor) -> QuerySet[BankLine]:
    after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    begins, ends = (_midnight(day) for day in (first.replace(day=1), after))
    return BankLine.objects.filter(account__in=accounts_seen_by(actor).filter(id__in=account_ids),
                                   booked_at__gte=begins, booked_at__lt=ends)


def _midnight(day: date) -> datetime:
    return at_local(day, time(0, 0))


def _drawer(shift: CashShift) -> Drawer:
    return Drawer(shift, sums_of(shift), list(shift.movements.order_by("-at", "-id")[:200]))
