"""The count at the centre: what is there is filed from now on, what is not is written down on both sides."""

import pytest

from config.subscriptions import record_hand_over
from delivery.events import ParcelDelivered
from delivery.models.parcels import Parcel
from intake.errors import ManifestNotFound, ManifestNotThere, ManifestRefused, NotYourCentre
from intake.models.dossiers import Dossier
from intake.models.manifests import Manifest, ManifestDifference
from intake.operations import differences, forwarding, manifest_counts, manifests, reception
from intake.operations.manifest_counts import Surplus
from intake.rules.states import Handling
from shared.models.oversight import WorkItem
from tests.factories import network
from tests.intake.manifest_cases import COUNTED, OFFICER, POSTMAN, bag
from tests.intake.moments import MONDAY_MORNING as NOW
from tests.intake.moments import local

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]
LATER = local("2026-01-13 09:00")


def filed_at(dossier: Dossier):
    dossier.refresh_from_db()
    return dossier.handed_over_at


def test_the_joint_count_is_the_filing_time_of_everything_in_the_bag():
    at = bag()
    at.on_the_way(2)

    counted = at.count()

    assert (counted.state, counted.counted_at) == ("reconciled", COUNTED)
    assert [filed_at(each) for each in at.filed] == [COUNTED, COUNTED]
    assert not ManifestDifference.objects.exists()


def test_what_is_missing_was_not_filed_and_has_an_owner():
    at = bag()
    at.on_the_way(2)
    gone = at.filed[0]

    counted = at.count({gone.agent_ref: ("missing", "")})

    assert counted.state == "with_differences"
    assert filed_at(gone) is None
    assert filed_at(at.filed[1]) == COUNTED
    difference = ManifestDifference.objects.get()
    assert (difference.kind, difference.carrier) == ("missing", "vnpost")
    item = WorkItem.objects.get(kind="manifest-difference")
    assert (item.owner_role, item.owner_place, item.detail["carrier"]) == (
        "outlet_manager", at.counter.outlet.code, "vnpost")


def test_the_carriers_word_does_not_file_what_the_count_found_missing():
    at = bag()
    at.on_the_way(2)
    parcel = Parcel.objects.get()
    told = ParcelDelivered(parcel.id, parcel.number, "dossier", tuple(each.id for each in at.filed),
                           local("2026-01-12 14:00"), "")
    record_hand_over(told)
    assert filed_at(at.filed[0]) == local("2026-01-12 14:00")

    at.count({at.filed[0].agent_ref: ("missing", "")})
    record_hand_over(told)

    assert filed_at(at.filed[0]) is None
    assert filed_at(at.filed[1]) == local("2026-01-12 14:00")


def test_surplus_that_belongs_here_is_filed_with_the_others():
    at = bag()
    at.on_the_way(1)
    forgotten = at.counter.submit(channel="post")

    at.count(surplus=(Surplus(forgotten.agent_ref), Surplus("LẠ-1", "phong bì trắng")))

    assert filed_at(forgotten) == COUNTED
    assert forgotten.forwarded_at == COUNTED
    assert {(each.kind, each.item.reference) for each in ManifestDifference.objects.all()} == {
        ("surplus", forgotten.agent_ref), ("surplus", "LẠ-1")}


def test_a_broken_seal_another_number_and_damage_are_differences():
    at = bag()
    at.on_the_way(1)

    at.count({at.filed[0].agent_ref: ("damaged", "ướt góc")}, seal_number="KHAC-99", is_seal_whole=False,
             seal_note="rách mép")

    assert sorted(ManifestDifference.objects.values_list("kind", flat=True)) == [
        "damaged", "seal_broken", "seal_differs"]
    assert filed_at(at.filed[0]) == COUNTED


def test_a_count_is_whole_or_nothing():
    at = bag()
    at.on_the_way(2)
    counted = at.counted()
    half = dict(list(counted.lines.items())[:1])

    with pytest.raises(ManifestRefused) as refused:
        manifest_counts.count(manifest_counts.CountInput(half, counted.seal_number, POSTMAN, OFFICER),
                              manifest_id=at.manifest.id, by=at.officer, at=COUNTED)
    assert at.filed[1].agent_ref in str(refused.value.errors[0].message)
    with pytest.raises(ManifestRefused):
        at.count({at.filed[0].agent_ref: ("damaged", "")})
    assert at.manifest.state == "with_carrier"
    assert filed_at(at.filed[0]) is None


def test_only_the_centre_it_is_for_counts_a_bag_and_only_once():
    at = bag()
    at.on_the_way(1)
    counted = at.counted()

    with pytest.raises(ManifestNotFound):
        manifest_counts.count(counted, manifest_id=at.manifest.id,
                              by=network.acting(network.officer(network.centre("19753"))), at=COUNTED)
    with pytest.raises(NotYourCentre):
        manifest_counts.count(counted, manifest_id=at.manifest.id, by=at.by, at=COUNTED)
    at.count()
    with pytest.raises(ManifestNotThere):
        at.count()


def test_a_bag_that_nobody_scanned_out_to_the_carrier_is_counted_all_the_same():
    at = bag()
    at.fill(1)
    at.seal()

    assert at.count().state == "reconciled"


def test_the_carriers_event_says_that_the_bag_is_there():
    at = bag()
    at.on_the_way(1)

    for _ in range(2):
        manifest_counts.note_bag_arrived(parcel_number=at.manifest.parcel_number, at=local("2026-01-12 14:00"))
    manifest_counts.note_bag_arrived(parcel_number="RR000000000VN", at=NOW)

    assert (at.manifest.state, at.manifest.arrived_at) == ("arrived", local("2026-01-12 14:00"))
    assert at.count().state == "reconciled"


def test_what_was_counted_is_received_at_once_each_with_its_code_and_clock():
    at = bag()
    at.on_the_way(3)
    at.count({at.filed[0].agent_ref: ("missing", "")})
    reception.receive(dossier_id=at.filed[1].id, by=at.officer, at=COUNTED)

    received = manifest_counts.receive_counted(manifest_id=at.manifest.id, by=at.officer, at=COUNTED)
    again = manifest_counts.receive_counted(manifest_id=at.manifest.id, by=at.officer, at=COUNTED)

    assert ([each.id for each in received], again) == ([at.filed[2].id], [])
    last = Dossier.objects.get(id=at.filed[2].id)
    assert (last.handling, last.clock_started_at, bool(last.code)) == (Handling.RECEIVED, COUNTED, True)


def test_nothing_is_received_before_it_was_counted():
    at = bag()
    at.on_the_way(1)

    with pytest.raises(ManifestNotThere):
        manifest_counts.receive_counted(manifest_id=at.manifest.id, by=at.officer, at=COUNTED)


# --- how differences end --------------------------------------------------------------------------------------------


def settle(at, outcome, by, explanation="Đã kiểm tra lại tại quầy"):
    difference = ManifestDifference.objects.filter(settled_at=None).first()
    return differences.settle(difference_id=difference.id, outcome=outcome, explanation=explanation, by=by, at=LATER)


def test_what_never_left_waits_at_the_outlet_for_the_next_bag():
    at = bag()
    at.on_the_way(2)
    at.count({at.filed[0].agent_ref: ("missing", "")})

    settle(at, "at_the_outlet", at.by)

    assert at.manifest.state == "reconciled"
    assert WorkItem.objects.get(kind="manifest-difference").outcome == "at_the_outlet"
    manifests.scan_out(code=at.filed[0].agent_ref, by=at.by, at=LATER)
    again = at.seal(at=LATER)
    assert again.parcel_number != Manifest.objects.earliest("opened_at").parcel_number
    assert Parcel.objects.count() == 2


def test_what_arrives_later_is_filed_then():
    at = bag()
    at.on_the_way(1)
    at.count({at.filed[0].agent_ref: ("missing", "")})

    settle(at, "arrived_later", at.officer)

    assert filed_at(at.filed[0]) == LATER
    assert at.manifest.state == "reconciled"


def test_what_is_lost_is_searched_for_by_the_operator():
    at = bag()
    at.on_the_way(1)
    at.count({at.filed[0].agent_ref: ("missing", "")})

    settle(at, "lost", network.acting(network.outlet_manager(at.counter.outlet)))

    item = WorkItem.objects.get(kind="papers-lost")
    assert (item.owner_role, item.owner_place) == ("operator_hq", "VNPOST")


@pytest.mark.parametrize(("outcome", "explanation"), [
    ("accepted", "Không hợp với thiếu"), ("arrived_later", "Chỉ trung tâm nói được"), ("at_the_outlet", ""),
    ("x", "sai kết cục")])
def test_a_difference_ends_as_it_can_and_is_explained(outcome, explanation):
    at = bag()
    at.on_the_way(1)
    at.count({at.filed[0].agent_ref: ("missing", "")})

    with pytest.raises(ManifestRefused):
        settle(at, outcome, at.by, explanation)
    assert at.manifest.state == "with_differences"


def test_the_last_difference_settled_reconciles_the_manifest():
    at = bag()
    at.on_the_way(1)
    at.count({at.filed[0].agent_ref: ("damaged", "rách")}, is_seal_whole=False)

    settle(at, "accepted", at.officer)
    assert at.manifest.state == "with_differences"
    settle(at, "accepted", at.officer)
    assert at.manifest.state == "reconciled"


def test_a_hand_over_that_was_undone_can_be_recorded_again():
    at = bag()
    at.on_the_way(1)
    forwarding.record_hand_over(dossier_ids=[at.filed[0].id], at=NOW)
    at.count({at.filed[0].agent_ref: ("missing", "")})

    actions = list(at.filed[0].steps.order_by("id").values_list("action", flat=True))
    assert actions[-2:] == ["hand_over", "hand_over_undone"]
