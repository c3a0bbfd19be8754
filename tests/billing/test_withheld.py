"""What a month does not pay is paid by the next one as soon as nothing keeps it; and no đồng falls between two."""

from datetime import UTC, date, datetime

import pytest
from django.db import ProgrammingError, transaction

from billing.disputes import answering
from billing.disputes.rules import Cause, Outcome, Reason
from billing.errors import FiguresChanged, StepNotPossible
from billing.models.budget import BudgetStop
from billing.models.ledger import Charge
from billing.models.statements import Withheld
from billing.operations.corrections import charge_again, reverse_charge
from billing.queries import rates
from billing.settling.released import mark_reconciled, released, waiting_for_payment
from shared.actors import job
from shared.errors import Forbidden
from shared.models.oversight import WorkItem
from shared.money import Money
from tests.billing import disputes
from tests.billing.claim_cases import DELIVERED, YEN, row, sent
from tests.billing.settled_months import (
    DONE,
    FEBRUARY,
    JANUARY,
    MARCH,
    claimed_of,
    figures,
    prepared,
    released_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_tables")]
IN_FEBRUARY = datetime(2026, 2, 10, 3, tzinfo=UTC)
IN_MARCH = datetime(2026, 3, 10, 3, tzinfo=UTC)
RUN = job("payout")


@pytest.fixture
def stopped():
    """Hà Nội's budget for postage is used up from 15 January on; what is accepted then waits."""
    stop = BudgetStop.objects.create(
        province_id="01", budget_line="NQ77-2025", when_empty="queue", valid_from=date(2026, 1, 15),
        stopped_at=DELIVERED, spent=Money(0), granted=Money(0))
    rates.forget()
    yield stop
    rates.forget()


def filled(stop):
    stop.valid_to = date(2026, 2, 5)
    stop.save()
    rates.forget()


def charge_of(parcel):
    return Charge.objects.get(source_id=parcel.id, reverses=None, kind="postage")


def test_what_waits_for_budget_is_not_released_and_the_next_month_pays_it_once_the_line_is_filled(stopped):
    sent(on=date(2026, 1, 14))
    waits = sent()
    released_of(JANUARY)

    left = Withheld.objects.get()
    assert (figures(JANUARY).payable, figures(JANUARY).waiting) == (30_000, 30_000)
    assert (left.charge_id, left.why, left.amount.amount) == (charge_of(waits).id, "budget", 30_000)

    sent(on=date(2026, 1, 14), delivered_at=IN_FEBRUARY)
    prepared(FEBRUARY)
    assert (figures(FEBRUARY).carried, figures(FEBRUARY).payable) == (0, 30_000)

    filled(stopped)
    assert (figures(FEBRUARY).carried, figures(FEBRUARY).payable) == (30_000, 60_000)
    paying = released_of(FEBRUARY)
    left.refresh_from_db()
    assert left.settled_with_id == paying.id
    assert (figures(FEBRUARY).carried, figures(FEBRUARY).payable) == (30_000, 60_000)

    sent(on=date(2026, 3, 2), delivered_at=IN_MARCH)
    prepared(MARCH)
    assert figures(MARCH).carried == 0


def test_only_the_earliest_month_on_its_way_takes_what_is_left(stopped):
    sent()
    released_of(JANUARY)
    filled(stopped)
    sent(on=date(2026, 2, 9), delivered_at=IN_FEBRUARY)
    sent(on=date(2026, 3, 2), delivered_at=IN_MARCH)

    assert (figures(FEBRUARY).carried, figures(MARCH).carried) == (30_000, 0)


def test_with_a_claim_a_waiting_line_waits_as_far_as_it_was_admitted(stopped):
    claimed_of(JANUARY, row(sent(on=date(2026, 1, 14))), row(
        sent(dossier="H26.15.08-260115-0413"), amount=26_000, dossier="H26.15.08-260115-0413"))

    assert (figures(JANUARY).admitted, figures(JANUARY).waiting, figures(JANUARY).payable) == (56_000, 26_000, 30_000)
    released_of(JANUARY)
    assert Withheld.objects.get().amount == Money(26_000)


def test_a_disputed_line_is_paid_in_the_month_after_its_dispute():
    place = disputes.outlet()
    line = disputes.line_of(place)
    dispute = disputes.disputed(place, line, reason=Reason.NOT_OURS)
    released_of(JANUARY)
    left = Withheld.objects.get()
    assert (left.why, left.amount, figures(JANUARY).payable) == ("held", line.compensation, 0)

    disputes.decided(dispute, disputes.reviewer(), disputes.approver(), outcome=Outcome.REFUSED,
                     cause=Cause.NOTHING_WRONG)
    answering.accept(dispute_id=dispute.id, by=disputes.manager(place).actor, at=IN_FEBRUARY)
    sent(on=date(2026, 2, 9), delivered_at=IN_FEBRUARY)
    prepared(FEBRUARY)
    assert (figures(FEBRUARY).carried, figures(FEBRUARY).payable) == (12_000, 42_000)


def test_what_was_noted_is_kept(stopped):
    sent()
    released_of(JANUARY)
    left = Withheld.objects.get()

    for change in (lambda: Withheld.objects.update(amount=Money(1)), left.delete):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()


# --- corrections of months that were claimed ------------------------------------------------------------------------


def test_a_line_of_a_claimed_month_that_is_taken_back_is_deducted_as_far_as_it_was_paid():
    wrong, never = sent(), sent(dossier="H26.15.08-260115-0413")
    claimed_of(JANUARY, row(wrong, amount=26_000))
    released_of(JANUARY)
    for parcel in (wrong, never):
        reverse_charge(charge_id=charge_of(parcel).id, reason="Sai", by=YEN, at=IN_FEBRUARY)
    fresh = sent(on=date(2026, 2, 9), delivered_at=IN_FEBRUARY, dossier="H26.15.08-260209-0001")
    claimed_of(FEBRUARY, row(fresh, dossier="H26.15.08-260209-0001", day="10/02/2026"))

    assert (figures(FEBRUARY).adjusted, figures(FEBRUARY).payable) == (-26_000, 4_000)

    for parcel in (wrong, never):  # charged again, by us: nobody has to claim what was claimed and paid before
        charge_again(charge_id=charge_of(parcel).id, by=YEN, at=datetime(2026, 3, 9, tzinfo=UTC))
    later = sent(on=date(2026, 3, 2), delivered_at=IN_MARCH, dossier="H26.15.08-260302-0001")
    released_of(FEBRUARY)
    claimed_of(MARCH, row(later, dossier="H26.15.08-260302-0001", day="10/03/2026"))
    assert figures(MARCH).payable == 30_000


def test_what_comes_out_below_zero_is_taken_from_the_next_month():
    parcels = [sent(dossier=f"H26.15.08-260115-041{number}") for number in range(2)]
    released_of(JANUARY)
    for parcel in parcels:
        reverse_charge(charge_id=charge_of(parcel).id, reason="Sai", by=YEN, at=IN_FEBRUARY)
    sent(on=date(2026, 2, 9), delivered_at=IN_FEBRUARY)
    released_of(FEBRUARY)

    left = Withheld.objects.get()
    assert (figures(FEBRUARY).payable, left.why, left.amount.amount, left.charge_id) == (0, "below-zero", -30_000, None)

    for _ in range(2):
        sent(on=date(2026, 3, 2), delivered_at=IN_MARCH)
    prepared(MARCH)
    assert (figures(MARCH).carried, figures(MARCH).payable) == (-30_000, 30_000)


# --- whoever pays ---------------------------------------------------------------------------------------------------


def test_who_pays_a_release_knows_whom_how_much_and_for_what_and_reconciles_it_once():
    sent()
    assert waiting_for_payment() == []
    statement = released_of(JANUARY)
    (found,) = waiting_for_payment("01", "VNPOST")

    assert found == released(statement.id)
    assert (found.operator_code, found.payable, found.is_reconciled) == ("VNPOST", Money(30_000), False)
    told = {"statement_id": statement.id, "digest": found.digest, "reference": "CHI-0001", "by": RUN,
            "paid_on": DONE[JANUARY].date(), "at": DONE[JANUARY]}
    with pytest.raises(Forbidden):
        mark_reconciled(**{**told, "by": YEN}, amount_vnd=30_000)
    with pytest.raises(FiguresChanged):
        mark_reconciled(**{**told, "digest": "0" * 64}, amount_vnd=30_000)
    assert not mark_reconciled(**told, amount_vnd=29_000)
    assert WorkItem.objects.get(kind="payment-differs").closed_at is None

    assert mark_reconciled(**told, amount_vnd=30_000)
    assert mark_reconciled(**told, amount_vnd=30_000)
    assert (released(statement.id).is_reconciled, waiting_for_payment()) == (True, [])
    with pytest.raises(StepNotPossible):
        mark_reconciled(**{**told, "reference": "CHI-0002"}, amount_vnd=30_000)
