"""What a carrier owes: four times the postage for a loss, the postage for a delay; answered, booked once, paid."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from billing.models.ledger import Charge, Posting
from billing.queries.checks import check_ledger
from billing.records import Quote, Step
from config.reference_data import indemnities
from delivery.errors import IndemnityIncomplete, IndemnitySettled, MayNotAnswerIndemnity, NothingToReissue
from delivery.indemnities import operations
from delivery.indemnities.citizen import told_to_citizen
from delivery.indemnities.models import Indemnity
from delivery.indemnities.operations import Reply
from delivery.indemnities.posting import post_indemnity
from delivery.indemnities.rules import FINAL_INDEMNITY, WATCHED, IndemnityState, Terms, for_delay, for_loss
from delivery.models.parcels import Parcel
from shared.models.oversight import WorkItem
from shared.money import Money
from tests.factories import network, parcels, places, rates
from tests.factories.parcels import BOOKED_AT, PHONE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _rules():
    rates.load()
    with transaction.atomic():
        indemnities.read(rates.FOLDER)()


def days_later(days: float):
    return BOOKED_AT + timedelta(days=days)


def lost(**fields) -> Parcel:
    parcel = parcels.parcel(**fields)
    Parcel.objects.filter(id=parcel.id).update(state="lost", state_at=days_later(5))
    parcel.refresh_from_db()
    return parcel


def delivered(days: float, *, taken: float = 0) -> Parcel:
    """Promised for Friday 16 January, two days after it was booked."""
    parcel = parcels.parcel()
    Parcel.objects.filter(id=parcel.id).update(
        state="delivered", accepted_at=days_later(taken), delivered_at=days_later(days), state_at=days_later(days))
    parcel.refresh_from_db()
    return parcel


def hq():
    return network.acting(network.operator_hq())


def finance():
    return network.acting(network.reviewer(places.HUE))


def owed(parcel: Parcel):
    found = operations.consider_loss(parcel_id=parcel.id, at=days_later(6))
    operations.answer(indemnity_id=found.id, reply=Reply(True), by=hq(), at=days_later(7))
    post_indemnity(indemnity_id=found.id, at=days_later(7))
    found.refresh_from_db()
    return found


def test_a_loss_costs_four_times_the_postage_and_is_asked_of_the_operator_once():
    parcel = lost()

    found = operations.consider_loss(parcel_id=parcel.id, at=days_later(6))
    assert operations.consider_loss(parcel_id=parcel.id, at=days_later(6)).id == found.id

    item = WorkItem.objects.get()
    assert (found.kind, found.amount, found.state) == ("loss", Money(4 * 30_000), "proposed")
    assert (item.kind, item.owner_role, item.owner_place) == ("indemnity-answer", "operator_hq", "VNPOST")
    assert "47/2011" in found.steps[-1]["legal_basis"]


@pytest.mark.parametrize(("days", "taken", "is_late"), [
    (2, 0, False), (5, 0, True),
    # Taken on Friday, its term ends on Tuesday: J is the day on which the post took it.
    (6, 2, False), (7, 2, True),
])
def test_a_refund_is_owed_only_after_the_legal_term(days, taken, is_late):
    found = operations.consider_delay(parcel_id=delivered(days, taken=taken).id, at=days_later(9))

    assert (found is not None) is is_late
    if found is not None:
        assert found.amount == Money(30_000)


def test_a_visit_in_time_that_met_nobody_is_not_the_posts_delay():
    parcel = delivered(6)
    Parcel.objects.update(summary={"attempt_days": ["2026-01-16"]})

    assert operations.consider_delay(parcel_id=parcel.id, at=days_later(9)) is None


def test_what_is_accepted_is_in_the_books_once_and_paid_within_thirty_days():
    found = owed(lost())
    post_indemnity(indemnity_id=found.id, at=days_later(8))

    line = Charge.objects.get()
    assert (line.id, line.kind, line.other, line.gross) == (
        found.line_id, "loss-compensation", Money(120_000), Money(0))
    assert Posting.objects.aggregate(s=Sum("amount"))["s"] == Money(0)
    assert found.pay_by == date(2026, 2, 20)

    operations.record_payment(indemnity_id=found.id, paid_on=date(2026, 1, 30), reference="UNC 12", by=hq(),
                              at=days_later(20))
    assert not WorkItem.objects.filter(closed_at=None).exists()


def test_a_refund_is_the_mirror_image_of_the_postage():
    found = operations.consider_delay(parcel_id=delivered(6).id, at=days_later(9))
    operations.answer(indemnity_id=found.id, reply=Reply(True), by=hq(), at=days_later(9))
    post_indemnity(indemnity_id=found.id, at=days_later(9))

    line = Charge.objects.get()
    assert (line.kind, line.gross) == ("postage-refund", Money(-30_000))
    assert line.gross == line.national_reduction + line.city_subsidy + line.citizen_share
    assert Posting.objects.get(account__code="VNPOST:carriage").amount == Money(30_000)


def test_over_an_objection_or_a_silence_the_city_decides():
    first = operations.consider_loss(parcel_id=lost().id, at=days_later(6))
    second = operations.consider_loss(parcel_id=lost().id, at=days_later(6))
    with pytest.raises(IndemnityIncomplete):
        operations.answer(indemnity_id=first.id, reply=Reply(False, "force_majeure"), by=hq(), at=days_later(7))
    operations.answer(indemnity_id=first.id, reply=Reply(False, "force_majeure", "Bão số 3"), by=hq(),
                      at=days_later(7))
    operations.watch_indemnities(at=days_later(14))

    states = dict(Indemnity.objects.values_list("id", "state"))
    assert states == {first.id: "objected", second.id: "unanswered"}
    assert set(WorkItem.objects.filter(closed_at=None).values_list("kind", "owner_role", "owner_place")) == {
        ("indemnity-decision", "finance_reviewer", places.HUE)}
    with pytest.raises(MayNotAnswerIndemnity):
        operations.decide(indemnity_id=first.id, is_owed=False, words="Không", by=hq(), at=days_later(15))

    operations.decide(indemnity_id=first.id, is_owed=False, words="Có văn bản của tỉnh", by=finance(),
                      at=days_later(15))
    operations.decide(indemnity_id=second.id, is_owed=True, words="Không trả lời", by=finance(), at=days_later(15))
    with pytest.raises(IndemnitySettled):
        operations.decide(indemnity_id=first.id, is_owed=True, words="Đổi ý", by=finance(), at=days_later(16))
    assert dict(Indemnity.objects.values_list("id", "state")) == {first.id: "waived", second.id: "owed"}


def test_what_is_not_paid_in_time_is_told_to_the_city_once():
    owed(lost())

    assert operations.watch_indemnities(at=days_later(37)) == 0
    assert operations.watch_indemnities(at=days_later(38)) == 1
    assert operations.watch_indemnities(at=days_later(39)) == 0
    assert WorkItem.objects.get(kind="indemnity-unpaid").owner_role == "finance_reviewer"


def test_lost_papers_are_issued_again_at_the_posts_cost():
    parcel, officer = lost(), network.acting(network.officer())

    claimed = operations.claim_reissue(parcel_id=parcel.id, amount=Money(250_000), what="Sổ đỏ, biên lai 17",
                                       by=officer, at=days_later(9))
    assert (claimed.kind, claimed.amount, claimed.state) == ("reissue", Money(250_000), "proposed")
    with pytest.raises(IndemnityIncomplete):
        operations.claim_reissue(parcel_id=parcel.id, amount=Money(0), what="Sổ đỏ", by=officer, at=days_later(9))
    with pytest.raises(NothingToReissue):
        operations.claim_reissue(parcel_id=delivered(1).id, amount=Money(5), what="Sổ đỏ", by=officer,
                                 at=days_later(9))


def test_a_parcel_without_a_price_is_not_guessed_at():
    parcel = lost()
    Parcel.objects.filter(id=parcel.id).update(pricing={**parcel.pricing, "operator_code": "NOBODY"})

    assert operations.consider_loss(parcel_id=parcel.id, at=days_later(6)) is None


def test_every_state_of_an_indemnity_ends_or_is_owned():
    assert set(IndemnityState) == FINAL_INDEMNITY | set(WATCHED)


def test_the_books_prove_what_was_posted():
    owed(lost())

    assert check_ledger().findings == []


def quote_of(gross: int, national: int, city: int) -> Quote:
    step = Step("tariff", Money(gross), "", "", "R", "", "known")
    return Quote(None, Money(gross), Money(national), Money(city), Money(gross - national - city),  # type: ignore[arg-type]  # the case does not matter
                 (step, step, step, step))


@given(st.integers(1, 10**6), st.fractions(0, 1), st.fractions(0, 1), st.integers(4, 9), st.fractions(0, 1))
def test_a_refund_loses_no_dong_and_a_loss_is_never_under_the_law(gross, first, second, times, share):
    national = int(gross * first)
    city = int((gross - national) * second)
    terms = Terms("T", date(2020, 1, 1), None, times, share, 5, 30, "", "known")

    back = for_delay(quote_of(gross, national, city), terms)

    assert back.national_reduction + back.city_subsidy + back.citizen_share == back.amount
    assert min(back.national_reduction, back.city_subsidy) >= Money(0)
    assert for_loss(quote_of(gross, national, city), terms).amount >= Money(4 * gross)


@time_machine.travel(days_later(8))
def test_headquarters_object_and_finance_decide_on_their_pages(client):
    found = operations.consider_loss(parcel_id=lost().id, at=days_later(6))
    client.force_login(network.operator_hq())
    page = client.get(f"/buu-gui/boi-thuong/{found.id}/").content.decode()
    assert "120.000" in page
    assert "47/2011" in page
    refused = client.post(f"/buu-gui/boi-thuong/{found.id}/tra-loi/", {"reply": "object", "words": "Lũ quét"})
    assert refused.status_code == 422
    assert "Lũ quét" in refused.content.decode()
    client.post(f"/buu-gui/boi-thuong/{found.id}/tra-loi/",
                {"reply": "object", "ground": "force_majeure", "words": "Lũ quét"})

    client.force_login(network.reviewer(places.HUE))
    assert found.parcel.number in client.get("/buu-gui/boi-thuong/").content.decode()
    client.post(f"/buu-gui/boi-thuong/{found.id}/quyet-dinh/", {"decision": "owed", "words": "Xe để ngoài trời"})

    client.force_login(network.operator_hq())
    assert client.get("/api/v1/indemnities?state=owed").json()["items"][0]["amount"] == 120_000
    client.post(f"/buu-gui/boi-thuong/{found.id}/da-tra/", {"paid_on": "2026-01-22", "reference": "UNC 7"})
    assert Indemnity.objects.get().state == "paid"
    client.force_login(network.operator_hq(network.other_operator()))
    assert client.get(f"/buu-gui/boi-thuong/{found.id}/").status_code == 404


def test_the_citizen_reads_what_the_post_owes_her_and_until_when(client):
    parcel = lost()
    found = operations.consider_loss(parcel_id=parcel.id, at=days_later(6))
    with time_machine.travel(days_later(6)):
        client.post("/tra-cuu/", {"code": parcel.number, "tail": PHONE[-3:]})
        asked = client.get("/tra-cuu/ho-so/").content.decode()
        assert "Bưu điện phải trả bạn" in asked
        assert "120.000" in asked
        operations.answer(indemnity_id=found.id, reply=Reply(True), by=hq(), at=days_later(6))
        assert "Bưu điện trả cho bạn chậm nhất" in client.get("/tra-cuu/ho-so/").content.decode()


def test_of_a_refund_she_is_told_only_the_part_that_she_had_paid():
    found = operations.consider_delay(parcel_id=delivered(6).id, at=days_later(9))
    Indemnity.objects.update(state="owed", pay_by=days_later(30).date(), parts={**found.parts, "citizen_share": 0})

    (told,) = told_to_citizen([found.parcel_id])

    assert told.yours == Money(0)
    assert "thành phố" in told.words
