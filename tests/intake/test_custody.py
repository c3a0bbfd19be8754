"""Every original is in exactly one hand at any time, and its whole way is known."""

from itertools import pairwise

import pytest
from django.db import ProgrammingError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from config.subscriptions import originals_came_back, originals_delivered, originals_picked_up
from delivery.events import ParcelAccepted, ParcelDelivered, ParcelReturned
from delivery.models.parcels import Parcel
from intake import custody
from intake.custody import Hand
from intake.errors import DossierNotFound, NotInThisHand, OriginalNotFound, OriginalRefused
from intake.models.custody import CustodyMove, Original
from intake.operations import differences, originals
from intake.operations.originals import OriginalInput
from intake.queries.originals import chain_of, held_here
from intake.rules.custody import CUSTODY, CustodyAction, Holder, next_holder
from intake.signing import JointSignature
from shared.actors import job
from tests.factories import dossiers, network
from tests.factories.parcels import number_pool
from tests.intake.manifest_cases import COUNTED, PICKED_UP, bag
from tests.intake.moments import MONDAY_MORNING as NOW
from tests.intake.moments import local

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]
LATER = local("2026-01-13 09:00")
CITIZEN_SIGNS = JointSignature("Nguyễn Thị Hạnh")


def hands(original: Original) -> list[str]:
    return list(CustodyMove.objects.filter(original=original).order_by("number").values_list("to_holder", flat=True))


def taken(counter: dossiers.Counter | None = None, **changes) -> Original:
    counter = counter or dossiers.counter()
    dossier = counter.submit()
    given_in = OriginalInput(**{"component": "giay_chung_sinh", "identifier": "GCS 12/2026"} | changes)
    return originals.take_original(given_in, dossier_id=dossier.id, by=counter.by, at=NOW)


def test_a_paper_dossier_brings_its_originals_and_no_forms():
    dossier = dossiers.submitted(channel="post")

    original = Original.objects.get()
    assert (original.dossier_id, original.component, original.holder) == (dossier.id, "giay_chung_sinh", "outlet")
    assert original.holder_ref == str(dossier.outlet_id)


def test_an_online_dossier_brings_none_by_itself():
    dossiers.submitted()

    assert not Original.objects.exists()


def test_originals_travel_with_their_bag_from_hand_to_hand():
    at = bag()
    at.on_the_way(1)
    at.count()

    original = Original.objects.get()
    assert hands(original) == ["outlet", "parcel", "carrier", "centre"]
    assert (original.holder_ref, original.held_since) == (str(at.counter.centre.id), COUNTED)
    assert [step.at for step in chain_of(original.dossier_id, actor=at.officer, now=COUNTED)[0].steps][2] == PICKED_UP


def test_originals_of_what_is_missing_stay_with_the_carrier_until_it_is_explained():
    at = bag()
    at.on_the_way(2)
    gone = at.filed[0]
    at.count({gone.agent_ref: ("missing", "")})
    original = Original.objects.get(dossier=gone)
    assert original.holder == Holder.CARRIER

    (difference,) = at.manifest.differences.all()
    differences.settle(difference_id=difference.id, outcome="at_the_outlet", explanation="Rơi sau tủ quầy", by=at.by,
                       at=LATER)
    original.refresh_from_db()
    assert (original.holder, original.holder_ref) == ("outlet", str(at.counter.outlet.id))


def test_without_a_bag_originals_follow_the_carriers_events_in_any_order_and_number():
    counter = dossiers.counter()
    dossier = dossiers.forwarded(counter, channel="post")
    parcel = Parcel.objects.get()
    picked_up = ParcelAccepted(parcel.id, "dossier", (dossier.id,), PICKED_UP)
    delivered = ParcelDelivered(parcel.id, parcel.number, "dossier", (dossier.id,), COUNTED, "")

    for told in (delivered, delivered):
        originals_delivered(told)
    originals_picked_up(picked_up)

    assert hands(Original.objects.get()) == ["outlet", "parcel", "carrier", "centre"]


def test_originals_go_home_with_the_result_and_come_back_with_it():
    at = bag()
    at.on_the_way(1)
    at.count()
    dossier = at.filed[0]
    kept = originals.take_original(OriginalInput("giay_chung_sinh", goes_back=False), dossier_id=dossier.id,
                                   by=at.officer, at=COUNTED)
    parcel = _result_parcel(dossier, at)

    originals_picked_up(ParcelAccepted(parcel.id, "result", (dossier.id,), LATER))
    originals_came_back(ParcelReturned(parcel.id, parcel.number, "result", (dossier.id,), LATER))
    home = Original.objects.exclude(id=kept.id).get()
    assert hands(home)[-2:] == ["carrier", "centre"]

    again = _result_parcel(dossier, at, "2")
    originals_delivered(ParcelDelivered(again.id, again.number, "result", (dossier.id,), LATER, "self"))
    home.refresh_from_db()
    kept.refresh_from_db()
    assert (home.holder, home.holder_ref, kept.holder) == ("citizen", "", "centre")


def _result_parcel(dossier, at, number: str = "1") -> Parcel:
    from tests.factories import parcels

    number_pool()
    return parcels.parcel(outlet=at.counter.outlet, centre=at.counter.centre, dossier_ids=[dossier.id],
                          booking_ref=f"result:{dossier.id}:{number}")


# --- at the counter -------------------------------------------------------------------------------------------------


def test_a_citizen_takes_her_original_back_early_and_signs():
    counter = dossiers.counter()
    original = taken(counter)

    originals.give_back(original_ids=[original.id], signed=JointSignature("Nguyễn Thị Hạnh", "", "M1 1 L9 9"),
                        by=counter.by, at=LATER)

    original.refresh_from_db()
    last = CustodyMove.objects.latest("id")
    assert (original.holder, last.signed_name, last.signature) == ("citizen", "Nguyễn Thị Hạnh", "M1 1 L9 9")
    with pytest.raises(NotInThisHand):
        originals.give_back(original_ids=[original.id], signed=CITIZEN_SIGNS, by=counter.by, at=LATER)


def test_nobody_gives_away_what_another_hand_holds():
    at = bag()
    at.on_the_way(1)
    original = Original.objects.get()

    with pytest.raises(NotInThisHand):
        originals.give_back(original_ids=[original.id], signed=CITIZEN_SIGNS, by=at.by, at=LATER)
    with pytest.raises(NotInThisHand):
        originals.archive(original_ids=[original.id], by=at.officer, at=LATER)
    with pytest.raises(OriginalNotFound):
        originals.give_back(original_ids=[original.id], signed=CITIZEN_SIGNS,
                            by=network.acting(network.clerk()), at=LATER)


def test_a_centre_keeps_what_the_procedure_says_it_keeps():
    at = bag()
    at.on_the_way(1)
    at.count()

    originals.archive(original_ids=[Original.objects.get().id], by=at.officer, at=LATER)

    assert Original.objects.get().holder == Holder.ARCHIVE


@pytest.mark.parametrize("changes", [
    {"component": "khong-co"}, {"component": "other", "name": ""}, {"sheets": 0}, {"identifier": "046192100001"}])
def test_an_original_is_a_named_paper_without_a_persons_number(changes):
    with pytest.raises(OriginalRefused):
        taken(**changes)
    assert not Original.objects.exists()


def test_nobody_takes_originals_of_another_outlets_dossier():
    dossier = dossiers.submitted()

    with pytest.raises(DossierNotFound):
        originals.take_original(OriginalInput("giay_chung_sinh"), dossier_id=dossier.id,
                                by=network.acting(network.clerk()), at=NOW)


def test_what_is_where_is_one_list_with_ages(django_assert_max_num_queries):
    counter = dossiers.counter()
    for _ in range(4):
        taken(counter)

    with django_assert_max_num_queries(2):
        shown = held_here(counter.by, LATER)
    assert [row.where for row in shown] == ["outlet"] * 4
    assert all(row.is_late for row in held_here(counter.by, local("2026-01-20 09:00")))
    assert held_here(network.acting(network.clerk()), LATER) == ()


# --- exactly one hand -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [
    {"holder": "citizen", "holder_ref": ""}, {"moves": 7}, {"held_since": LATER}])
def test_the_database_lets_no_original_change_hands_without_a_move(change):
    original = taken()

    with pytest.raises(ProgrammingError, match="by a move only"), transaction.atomic():
        Original.objects.filter(id=original.id).update(**change)


def test_the_database_refuses_a_move_from_a_hand_that_does_not_hold_it():
    original = taken()

    with pytest.raises(ProgrammingError, match="not in the hand"), transaction.atomic():
        CustodyMove.objects.create(original=original, number=2, action="arrive", from_holder="carrier", from_ref="X",
                                   to_holder="centre", to_ref="Y", at=LATER, actor_kind="job", actor_id="x")


def test_an_original_begins_in_the_citizens_hand():
    original = taken()
    original.pk, original.holder = None, "centre"

    with pytest.raises(ProgrammingError, match="begins in the citizen"), transaction.atomic():
        original.save(force_insert=True)


def test_after_any_moves_an_original_is_in_exactly_one_hand():
    dossier = dossiers.submitted()

    @settings(max_examples=60, deadline=None)
    @given(data=st.data())
    def check(data):
        (original,) = custody.begin(dossier, [Original(component="other", name="Sổ đỏ")], CustodyAction.TAKE,
                                    to=Hand(str(dossier.outlet_id), "Bưu cục"), by=job("test"), at=NOW)
        for number in range(data.draw(st.integers(0, 10))):
            allowed = sorted(action for holder, action in CUSTODY if holder == original.holder)
            if not allowed:
                break
            action = CustodyAction(data.draw(st.sampled_from(allowed)))
            is_named = next_holder(Holder(original.holder), action) not in {Holder.CITIZEN, Holder.ARCHIVE}
            custody.pass_on([original], action, to=Hand(f"ref-{number}", "ai đó") if is_named else Hand(),
                            by=job("test"), at=NOW)
        _is_in_one_hand(Original.objects.get(id=original.id))

    check()


def _is_in_one_hand(original: Original) -> None:
    chain = list(original.chain.order_by("number"))
    assert (original.holder, original.holder_ref, original.moves) == (
        chain[-1].to_holder, chain[-1].to_ref, len(chain))
    assert chain[0].from_holder == Holder.CITIZEN
    assert [move.number for move in chain] == list(range(1, len(chain) + 1))
    assert all((one.to_holder, one.to_ref) == (two.from_holder, two.from_ref) for one, two in pairwise(chain))


def test_an_original_given_up_at_the_door_is_in_the_carriers_hand_until_the_centre_has_it():
    counter = dossiers.counter()
    dossier = counter.submit()
    given_up = originals.TakenBack(dossier.id, "giay_chung_nhan", "Giấy chứng nhận cũ", 2)
    for _told_twice in range(2):
        originals.collect_at_door(number="RR100000000VN", carrier="vnpost", taken=[given_up], at=LATER,
                                  signed=custody.Signed("Nguyễn Thị Hạnh", "M1 1 L2 2"))

    original = Original.objects.get(component="giay_chung_nhan")
    assert (original.holder, original.goes_back, original.sheets) == (Holder.CARRIER, False, 2)
    assert CustodyMove.objects.get(original=original).signed_name == "Nguyễn Thị Hạnh"
    # The delivery of the very parcel it was given up for does not bring it back to her.
    originals.follow_parcel(number="RR100000000VN", carrier="vnpost", what="result-delivered",
                            dossier_ids=[dossier.id], centre_id=counter.centre.id, at=LATER)
    assert hands(original) == ["carrier"]
    with pytest.raises(NotInThisHand):
        originals.receive_collected(original_ids=[original.id], by=counter.by, at=LATER)

    officer = network.acting(network.officer(counter.centre))
    Original.objects.filter(id=original.id).update(centre_id=counter.centre.id)
    originals.receive_collected(original_ids=[original.id], by=officer, at=LATER)

    assert hands(original) == ["carrier", "centre"]
