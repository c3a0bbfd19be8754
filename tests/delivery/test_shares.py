"""A slow carrier loses a part of its share: proposed, inside the contracts, and only when a person confirms."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.clock.models import PromiseCount
from delivery.errors import ProposalDecided, ProposalNotFound, ProposalReasonMissing
from delivery.shares import operations
from delivery.shares.models import CarrierContract, ShareProposal
from delivery.shares.rules import STEP, Contract, Record, chosen, shifted
from shared.models.oversight import WorkItem
from shared.roles import Role
from tests.factories import network, places
from tests.factories.parcels import BOOKED_AT

pytestmark = pytest.mark.django_db(transaction=True)
LATER = BOOKED_AT + timedelta(days=12)


def contract(code: str, floor: int, usual: int) -> Contract:
    return Contract(code, floor, usual, date(2025, 1, 1), None)


BOTH = [contract("VNPOST", 50, 70), contract("VTPOST", 20, 30)]
USUAL = {"VNPOST": 70, "VTPOST": 30}


@pytest.mark.parametrize(("records", "after"), [
    ({"VNPOST": Record(100, 80), "VTPOST": Record(100, 95)}, {"VNPOST": 60, "VTPOST": 40}),
    ({"VNPOST": Record(100, 95), "VTPOST": Record(100, 80)}, {"VNPOST": 80, "VTPOST": 20}),
    ({"VNPOST": Record(100, 92), "VTPOST": Record(100, 95)}, None),
    ({"VNPOST": Record(100, 50), "VTPOST": Record(29, 29)}, None),
    ({"VNPOST": Record(100, 50)}, None),
])
def test_points_move_from_a_clearly_worse_carrier(records, after):
    assert shifted(USUAL, BOTH, records) == after


def test_nobody_falls_below_what_its_contract_promises():
    records = {"VNPOST": Record(100, 10), "VTPOST": Record(100, 99)}

    assert shifted({"VNPOST": 54, "VTPOST": 46}, BOTH, records) == {"VNPOST": 50, "VTPOST": 50}
    assert shifted({"VNPOST": 50, "VTPOST": 50}, BOTH, records) is None


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_a_shift_keeps_the_whole_and_the_floors(first, floor, due, kept, other):
    current = {"A": first, "B": 100 - first}
    contracts = [contract("A", min(floor, first), first), contract("B", 0, 100 - first)]

    after = shifted(current, contracts, {"A": Record(due, min(kept, due)), "B": Record(200, other)})

    if after is not None:
        assert sum(after.values()) == 100
        assert after["A"] >= min(floor, first)
        assert abs(after["A"] - first) <= STEP
        assert min(after.values()) >= 0


def test_bookings_follow_the_shares_and_one_booking_always_the_same():
    turns = Counter(chosen(USUAL, f"result:{number}") for number in range(2000))

    assert 1300 < turns["VNPOST"] < 1500
    assert len({chosen(USUAL, "result:7") for _ in range(3)}) == 1
    with pytest.raises(ValueError, match="100"):
        chosen({"VNPOST": 99}, "result:7")


@pytest.fixture
def city():
    places.province(places.HUE)
    for code, floor, usual in (("VNPOST", 50, 70), ("VTPOST", 20, 30)):
        CarrierContract.objects.create(province_id=places.HUE, operator_code=code, floor=floor, usual=usual,
                                       valid_from=date(2025, 1, 1), legal_basis="Hợp đồng thử", confidence="assumed")
    for code, kept in (("VNPOST", 70), ("VTPOST", 96)):
        PromiseCount.objects.create(province_code=places.HUE, week=date(2026, 1, 12), operator_code=code,
                                    commune_code="19804", direction="result", kept=kept, late=100 - kept, waiting=0,
                                    lost=0, uncounted=0, counted_at=LATER)
    return network.acting(network.staff(Role.ADMINISTRATOR, "Trịnh Văn Điều", province=places.province(places.HUE)))


def turn(ref: str) -> str:
    return operations.operator_for(province_code=places.HUE, booking_ref=ref, usual="VNPOST", at=LATER)


def test_nothing_shifts_before_a_person_has_confirmed_it(city):
    assert operations.propose_shifts(at=LATER) == 1
    assert operations.propose_shifts(at=LATER) == 0
    proposal = ShareProposal.objects.get()
    assert WorkItem.objects.get().owner_role == "administrator"
    assert {turn(f"result:{number}") for number in range(50)} == {"VNPOST"}

    operations.decide(proposal_id=proposal.id, is_confirmed=True, words="Bốn tuần liền chậm", by=city, at=LATER)

    assert proposal.shares == {"VNPOST": 60, "VTPOST": 40}
    assert {turn(f"result:{number}") for number in range(50)} == {"VNPOST", "VTPOST"}
    assert not WorkItem.objects.filter(closed_at=None).exists()
    assert operations.propose_shifts(at=LATER) == 0, "what was decided needs time to show"


def test_a_declined_shift_changes_nothing_and_a_decision_is_made_once_and_with_a_reason(city):
    operations.propose_shifts(at=LATER)
    proposal = ShareProposal.objects.get()
    stranger = network.acting(network.staff(Role.ADMINISTRATOR, "Lý Văn Xa", province=places.province(places.HANOI)))
    with pytest.raises(ProposalNotFound):
        operations.decide(proposal_id=proposal.id, is_confirmed=True, words="Ừ", by=stranger, at=LATER)
    with pytest.raises(ProposalReasonMissing):
        operations.decide(proposal_id=proposal.id, is_confirmed=True, words=" ", by=city, at=LATER)

    operations.decide(proposal_id=proposal.id, is_confirmed=False, words="Do bão", by=city, at=LATER)

    assert operations.shares_in_force(places.HUE, LATER) is None
    with pytest.raises(ProposalDecided):
        operations.decide(proposal_id=proposal.id, is_confirmed=True, words="Đổi ý", by=city, at=LATER)


def test_a_contract_that_ends_ends_the_shift_too(city):
    operations.propose_shifts(at=LATER)
    operations.decide(proposal_id=ShareProposal.objects.get().id, is_confirmed=True, words="Ừ", by=city, at=LATER)
    CarrierContract.objects.filter(operator_code="VTPOST").update(valid_to=date(2026, 1, 20))

    assert turn("result:1") == "VNPOST"
    assert operations.shares_in_force(places.HUE, LATER) is None


def test_the_administrator_confirms_on_the_page(city, client):
    operations.propose_shifts(at=LATER)
    proposal = ShareProposal.objects.get()
    client.force_login(network.staff(Role.ADMINISTRATOR, "Trịnh Thị Quyết", province=places.province(places.HUE)))

    assert "Xác nhận chuyển" in client.get("/buu-gui/ty-le/").content.decode()
    client.post(f"/buu-gui/ty-le/{proposal.id}/", {"do": "confirm", "words": "Chậm"})

    assert client.get("/api/v1/share-proposals").json()[0]["state"] == "confirmed"
