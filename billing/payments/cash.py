"""A clerk's drawer: opened, filled by what is taken, handed in, counted; a difference is asked about, by another.

Nothing here makes a person owe money: a difference begins as a question without a cause, and what stays unexplained is
borne by the operator.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from billing.operations.entries import write_entry
from billing.payments.books import difference_entry, shift_entry
from billing.payments.errors import (
    AnotherPersonNeeded,
    CountRefused,
    NothingAsked,
    ShiftNotFound,
    ShiftNotOpen,
    ShiftOpenAlready,
)
from billing.payments.events import ShiftCounted
from billing.payments.models import CashMovement, CashShift, Collection, MovementKind
from billing.payments.records import CashTaken, Sums, Till
from billing.payments.rules.matching import CollectionState
from billing.payments.rules.shifts import ANSWERS, SHIFTS, ShiftAction, ShiftCause, ShiftState, count_action, counted
from billing.rules.entries import Entry
from shared import audit, work
from shared.actors import Actor, ActorKind
from shared.money import ZERO, Money
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.scope import everything
from shared.text import clean
from shared.transactions import operation

DIFFERENCE: Final = "cash-difference"
"""Work item of the outlet's manager: a drawer's count and its movements disagree."""
NEVER_TAKEN: Final = "cash-never-taken"
"""Work item of the outlet's manager: a receipt of a counted shift was voided because its money was never taken."""
TO_RETURN: Final = "collection-to-return"
"""Work item of the operator's headquarters: a transfer or card payment is to be given back."""
ANSWER_WITHIN: Final = timedelta(days=3)
LONGEST_HAND_IN: Final = 60


@operation
def open_shift(*, till: Till, notes: Mapping[int, int], by: Actor, at: datetime) -> CashShift:
    """Open the clerk's shift with the small change that she counted.

    Raises:
        ShiftOpenAlready: she has one open here.
        CountRefused: the notes cannot be counted.
    """
    opening = _counted(notes)
    try:
        with transaction.atomic():
            shift = _new_shift(till, by.id, by.name, at, opening=opening, is_opened_by_money=False)
    except IntegrityError as error:
        raise ShiftOpenAlready from error
    audit.record(actor=by, action="cash_shift.open", object_type="cash_shift", object_id=shift.id, at=at,
                 after={"float_vnd": opening.amount})
    return shift


@operation
def note_cash(taken: CashTaken, *, at: datetime) -> CashMovement:
    """Put down what was taken or given back; told again, it is the same movement.

    Where the person has no shift open, the money opens one: nobody at a counter waits for a form.
    """
    known = CashMovement.objects.filter(source_key=taken.source_key).first()
    if known is not None:
        return known
    shift = _open_shift_of(taken.till, taken.person_id) or _new_shift(
        taken.till, taken.person_id, taken.person_name, taken.at, opening=ZERO, is_opened_by_money=True)
    return _move(shift, taken)


@operation
def note_cash_back(back: CashTaken, *, was_taken: bool, taken_by: str, at: datetime) -> CashMovement | None:
    """A receipt was voided: `back` (negative) leaves the drawer of whoever gave it back.

    What was never taken is taken off the drawer that had counted it in; where that was counted and closed, its manager
    is asked. What came by transfer or card goes back by the bank, and the operator is asked to send it.
    """
    known = CashMovement.objects.filter(source_key=back.source_key).first()
    if known is not None:
        return known
    paid = Collection.objects.filter(source_id=back.due.source_id, state=CollectionState.PAID).first()
    if paid is not None:
        work.open_item(kind=TO_RETURN, reference=str(paid.id), owner_role=Role.OPERATOR_HQ,
                       owner_place=paid.operator_code, at=at, due_at=at + ANSWER_WITHIN,
                       detail={"amount_vnd": paid.amount.amount})
        return None
    if _went_back_otherwise(back):
        return None
    shift = _open_shift_of(back.till, back.person_id if was_taken else taken_by)
    if shift is None and was_taken:
        shift = _new_shift(back.till, back.person_id, back.person_name, back.at, opening=ZERO, is_opened_by_money=True)
    if shift is None:
        work.open_item(kind=NEVER_TAKEN, reference=back.source_key, owner_role=Role.OUTLET_MANAGER,
                       owner_place=str(back.till.outlet_id), at=at, due_at=at + ANSWER_WITHIN,
                       detail={"amount_vnd": back.due.amount.amount, "receipt": back.reference})
        return None
    return _move(shift, back)


@operation
def hand_in(*, shift_id: UUID, amount: Money, slip: str, by: Actor, at: datetime) -> CashMovement:
    """Money leaves the drawer for the operator's bank, under the number of its deposit slip.

    Raises:
        ShiftNotFound, ShiftNotOpen: no such shift in the actor's reach, or it was counted.
        CountRefused: no slip number, or more than lies in the drawer.
    """
    shift = _locked(shift_id, by)
    if shift.state != ShiftState.OPEN:
        raise ShiftNotOpen
    number = clean(slip)[:LONGEST_HAND_IN]
    if not number:
        raise CountRefused(_("Write the number of the deposit slip."))
    if not ZERO < amount <= sums_of(shift).expected:
        raise CountRefused(_("Hand in what lies in the drawer, and no more."))
    key = f"hand-in:{shift.operator_code}:{number}"
    if CashMovement.objects.filter(source_key=key).exists():
        raise CountRefused(_("This deposit slip was entered before."))
    moved = CashMovement.objects.create(shift=shift, source_key=key, kind=MovementKind.HANDED_IN, amount=-amount,
                                        reference=number, at=at, by_name=by.name)
    audit.record(actor=by, action="cash_shift.hand_in", object_type="cash_shift", object_id=shift.id, at=at,
                 after={"amount_vnd": amount.amount, "slip": number})
    return moved


@operation
def close_shift(*, shift_id: UUID, notes: Mapping[int, int], note: str, by: Actor, at: datetime) -> CashShift:
    """Count the drawer and close; a difference leaves it open as a question to somebody else.

    Raises:
        ShiftNotFound, ShiftNotOpen: no such shift in the actor's reach, or it was counted.
        CountRefused: the notes cannot be counted.
    """
    shift = _locked(shift_id, by)
    if shift.state != ShiftState.OPEN:
        raise ShiftNotOpen
    sums, lying = sums_of(shift), _counted(notes)
    action = count_action(lying - sums.expected)
    shift.state = SHIFTS[ShiftState(shift.state), action]
    shift.closed_at, shift.closed_by, shift.closed_by_name = at, by.id, by.name
    shift.notes_counted = {str(value): many for value, many in notes.items() if many}
    shift.expected, shift.counted, shift.note = sums.expected, lying, clean(note)[:300]
    shift.cause = ShiftCause.UNKNOWN if action is ShiftAction.QUESTION else ""
    shift.save()
    audit.record(actor=by, action=f"cash_shift.{action}", object_type="cash_shift", object_id=shift.id, at=at,
                 after={"expected_vnd": sums.expected.amount, "counted_vnd": lying.amount})
    if entry := shift_entry(shift, sums):
        _book(entry, by=by, at=at)
    publish(ShiftCounted(shift.id, counted_at=at))
    if action is ShiftAction.QUESTION:
        work.open_item(kind=DIFFERENCE, reference=str(shift.id), owner_role=Role.OUTLET_MANAGER,
                       owner_place=str(shift.outlet_id), at=at, due_at=at + ANSWER_WITHIN,
                       detail={"difference_vnd": (lying - sums.expected).amount})
    return shift


@operation
def answer_difference(*, shift_id: UUID, cause: str, answer: str, by: Actor, at: datetime) -> CashShift:
    """Say why the count differs; what stays unexplained is the operator's, never the clerk's.

    Raises:
        ShiftNotFound, NothingAsked: no such shift in the actor's reach, or it has no open difference.
        AnotherPersonNeeded: the clerk of the shift, a clerk at all, or a machine.
        CountRefused: no cause, or no sentence about it.
    """
    shift = _locked(shift_id, by)
    if shift.state != ShiftState.QUESTIONED:
        raise NothingAsked
    if by.kind != ActorKind.PERSON or by.is_one_of(shift.clerk_id, shift.closed_by) or by.role == Role.OUTLET_CLERK:
        raise AnotherPersonNeeded
    if cause not in ANSWERS or len(clean(answer)) < 5:
        raise CountRefused(_("Choose what was found, and explain it in a sentence."))
    shift.state = SHIFTS[ShiftState(shift.state), ShiftAction.ANSWER]
    shift.cause, shift.answer = cause, clean(answer)[:300]
    shift.answered_at, shift.answered_by, shift.answered_by_name = at, by.id, by.name
    shift.save()
    audit.record(actor=by, action="cash_shift.answer", object_type="cash_shift", object_id=shift.id, at=at,
                 before={"cause": ShiftCause.UNKNOWN.value}, after={"cause": cause}, reason=shift.answer)
    if cause in {ShiftCause.UNEXPLAINED, ShiftCause.SYSTEM}:
        _book(difference_entry(shift), by=by, at=at)
    work.close_item(kind=DIFFERENCE, reference=str(shift.id), by=by.name, at=at, outcome=cause)
    return shift


# --- the parts ------------------------------------------------------------------------------------------------------


def sums_of(shift: CashShift) -> Sums:
    """The sums of a drawer's movements, in one statement."""
    def of(kind: MovementKind) -> Sum:
        return Sum("amount", filter=Q(kind=kind), default=ZERO)

    found = shift.movements.aggregate(
        taken=of(MovementKind.TAKEN), given_back=of(MovementKind.GIVEN_BACK), handed_in=of(MovementKind.HANDED_IN),
        fees=Sum("fee", default=ZERO), postages=Sum("postage", default=ZERO))
    return Sums(shift.opening_float, found["taken"], found["given_back"], found["handed_in"], found["fees"],
                found["postages"])


def _went_back_otherwise(back: CashTaken) -> bool:
    """It came by transfer or card and went back so before its receipt was voided; no drawer ever held it."""
    return Collection.objects.filter(source_id=back.due.source_id, state=CollectionState.RETURNED).exists() \
        and not CashMovement.objects.filter(source_id=back.due.source_id, kind=MovementKind.TAKEN).exists()


def _book(entry: Entry, *, by: Actor, at: datetime) -> None:
    """Put it into the books: a month's statement is the operator's, which an outlet's own connection does not see."""
    with everything():
        write_entry(entry, by=by, at=at)


def _move(shift: CashShift, taken: CashTaken) -> CashMovement:
    kind = MovementKind.TAKEN if taken.due.amount > ZERO else MovementKind.GIVEN_BACK
    return CashMovement.objects.create(
        shift=shift, source_key=taken.source_key, kind=kind, source_id=taken.due.source_id, fee=taken.due.fee,
        postage=taken.due.postage, amount=taken.due.amount, reference=taken.reference, at=taken.at,
        by_name=taken.person_name)


def _open_shift_of(till: Till, person_id: str) -> CashShift | None:
    return CashShift.objects.select_for_update().filter(
        outlet_id=till.outlet_id, clerk_id=person_id, state=ShiftState.OPEN).first()


def _new_shift(till: Till, clerk_id: str, clerk_name: str, at: datetime, *, opening: Money,
               is_opened_by_money: bool) -> CashShift:
    return CashShift.objects.create(
        outlet_id=till.outlet_id, operator_id=till.operator_id, operator_code=till.operator_code,
        province_code=till.province_code, clerk_id=clerk_id, clerk_name=clerk_name, opened_at=at, opening_float=opening,
        is_opened_by_money=is_opened_by_money)


def _locked(shift_id: UUID, by: Actor) -> CashShift:
    shift: CashShift | None = CashShift.objects.seen_by(by).select_for_update().filter(id=shift_id).first()
    if shift is None:
        raise ShiftNotFound
    return shift


def _counted(notes: Mapping[int, int]) -> Money:
    try:
        return counted(notes)
    except ValueError as error:
        raise CountRefused(_("Count the banknotes in use, 0 to 9,999 of each.")) from error
