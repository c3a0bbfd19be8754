"""A clerk's drawer: what is taken fills it, its count closes it, and a difference is asked about by somebody else."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from billing.models.ledger import Charge, Posting
from billing.payments import cash
from billing.payments.errors import AnotherPersonNeeded, CountRefused, ShiftNotFound, ShiftNotOpen, ShiftOpenAlready
from billing.payments.models import CashMovement, CashShift
from billing.payments.records import CashTaken, Due, Till
from shared.actors import Actor, ActorKind
from shared.models.oversight import WorkItem
from shared.money import Money
from shared.roles import Role
from tests.billing.rates import load_rates

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
TILL = Till(uuid4(), uuid4(), "VNPOST", "01")
CLERK = Actor(ActorKind.PERSON, str(uuid4()), "Lê Thị Hoa", Role.OUTLET_CLERK, outlet_id=TILL.outlet_id)
MANAGER = Actor(ActorKind.PERSON, str(uuid4()), "Trần Văn Nam", Role.OUTLET_MANAGER, outlet_id=TILL.outlet_id)


@pytest.fixture(autouse=True)
def _rates():
    load_rates()


def taken(key="dossier:1:2", *, fee=8_000, postage=30_000, minutes=5, by=CLERK):
    return cash.note_cash(
        CashTaken(key, TILL, Due("dossier", uuid4(), Money(fee), Money(postage)), by.id, by.name,
                  MORNING + timedelta(minutes=minutes), "0000123"), at=MORNING)


def opened(notes=None):
    return cash.open_shift(till=TILL, notes=notes or {10_000: 5}, by=CLERK, at=MORNING)


def closed(shift, notes, *, by=CLERK):
    return cash.close_shift(shift_id=shift.id, notes=notes, note="", by=by, at=MORNING + timedelta(hours=8))


def test_a_drawer_that_agrees_closes_and_its_takings_stand_in_the_books():
    shift = opened()
    taken()

    done = closed(shift, {50_000: 1, 20_000: 1, 10_000: 1, 5_000: 1, 2_000: 1, 1_000: 1})

    assert (done.state, done.expected, done.counted) == ("closed", Money(88_000), Money(88_000))
    legs = {p.account.code: p.amount.amount for p in Posting.objects.select_related("account")}
    assert legs == {f"outlet:{TILL.outlet_id}:cash": 38_000, "01:fees-collected": -8_000, "01:citizen-share": -30_000}


def test_the_first_money_opens_a_shift_where_none_is_open():
    taken()
    shift = CashShift.objects.get()
    assert (shift.is_opened_by_money, shift.clerk_name, shift.opening_float) == (True, "Lê Thị Hoa", Money(0))


def test_money_told_again_is_taken_once():
    assert taken().id == taken().id
    assert CashMovement.objects.count() == 1


def test_money_given_back_leaves_the_drawer():
    shift = opened()
    taken()
    taken("dossier:1:3", fee=-8_000, postage=-30_000)
    assert cash.sums_of(shift).expected == Money(50_000)


def test_a_difference_is_a_question_without_a_cause_to_somebody_else():
    shift = opened()
    taken()
    done = closed(shift, {50_000: 1})

    assert (done.state, done.cause) == ("questioned", "unknown")
    item = WorkItem.objects.get(kind="cash-difference")
    assert (item.owner_role, item.detail) == (Role.OUTLET_MANAGER, {"difference_vnd": -38_000})
    with pytest.raises(AnotherPersonNeeded):
        cash.answer_difference(shift_id=done.id, cause="found", answer="Ở ngăn dưới", by=CLERK, at=MORNING)


def test_what_nobody_can_explain_is_borne_by_the_operator_and_never_by_the_clerk():
    shift = opened()
    taken()
    done = closed(shift, {50_000: 1})
    answered = cash.answer_difference(shift_id=done.id, cause="unexplained", answer="Đã xem lại cả ngày", by=MANAGER,
                                      at=MORNING + timedelta(days=1))

    assert (answered.state, answered.answered_by_name) == ("closed", "Trần Văn Nam")
    line = Charge.objects.get(kind="cash-difference")
    legs = {p.account.code: p.amount.amount for p in Posting.objects.filter(group__source_id=line.source_id,
            group__kind="cash-difference").select_related("account")}
    assert legs == {"VNPOST:cash-differences": 38_000, f"outlet:{TILL.outlet_id}:cash": -38_000}
    assert not WorkItem.objects.filter(kind="cash-difference", closed_at=None).exists()


def test_a_difference_that_was_found_moves_no_money():
    shift = opened()
    taken()
    done = closed(shift, {50_000: 1})
    cash.answer_difference(shift_id=done.id, cause="found", answer="Tiền nằm ở ngăn dưới", by=MANAGER, at=MORNING)
    assert not Charge.objects.filter(kind="cash-difference").exists()


def test_money_handed_in_leaves_the_drawer_under_its_slip_once():
    shift = opened()
    taken()
    cash.hand_in(shift_id=shift.id, amount=Money(30_000), slip="NT-01", by=CLERK, at=MORNING)
    with pytest.raises(CountRefused):
        cash.hand_in(shift_id=shift.id, amount=Money(1_000), slip="NT-01", by=CLERK, at=MORNING)
    with pytest.raises(CountRefused):
        cash.hand_in(shift_id=shift.id, amount=Money(60_000), slip="NT-02", by=CLERK, at=MORNING)
    closed(shift, {50_000: 1, 5_000: 1, 2_000: 1, 1_000: 1})
    legs = {p.account.code: p.amount.amount for p in Posting.objects.select_related("account")}
    assert legs["VNPOST:cash-handed-in"] == 30_000
    assert sum(legs.values()) == 0


def test_one_clerk_has_one_drawer_open_and_counts_it_once():
    shift = opened()
    with pytest.raises(ShiftOpenAlready):
        opened()
    closed(shift, {10_000: 5})
    with pytest.raises(ShiftNotOpen):
        closed(shift, {10_000: 5})


def test_another_outlets_drawer_is_not_there():
    shift = opened()
    stranger = Actor(ActorKind.PERSON, str(uuid4()), "X", Role.OUTLET_MANAGER, outlet_id=uuid4())
    with pytest.raises(ShiftNotFound):
        closed(shift, {}, by=stranger)


@pytest.mark.parametrize("notes", [{3_000: 1}, {10_000: -1}, {10_000: 10_000}])
def test_notes_that_nobody_can_count_are_refused(notes):
    with pytest.raises(CountRefused):
        opened(notes)


def test_the_database_itself_keeps_movements_and_lets_no_clerk_answer_for_herself():
    shift = opened()
    moved = taken()
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        CashMovement.objects.filter(id=moved.id).update(at=MORNING)
    done = closed(shift, {})
    with pytest.raises(IntegrityError), transaction.atomic():
        CashShift.objects.filter(id=done.id).update(answered_by=CLERK.id)
