"""What somebody has to do about a parcel is seen by whoever answers for it, in words, and can be ended."""

from datetime import timedelta

import pytest
from django.urls import reverse

from delivery import wording
from delivery.errors import MayNotEndWork, OutcomeUnknown, ParcelNotFound, WorkNotFound
from delivery.models.parcels import Parcel
from delivery.operations import parcel_work, telling
from delivery.operations.parcel_work import end_work
from delivery.queries.parcel_work import work_of
from delivery.rules.parcel_work import KINDS
from shared.actors import Actor
from shared.models.oversight import AuditEntry, WorkItem
from tests.factories import network, parcels
from tests.factories.parcels import BOOKED_AT

pytestmark = pytest.mark.django_db


def headquarters(operator=None) -> Actor:
    return network.acting(network.operator_hq(operator))


@pytest.fixture
def misrouted():
    parcel = parcels.parcel()
    telling.open_item("parcel-misrouted", parcel.number, parcel.operator_code, BOOKED_AT, {})
    return parcel


def test_every_kind_has_words():
    assert set(wording.WORK) == KINDS


def test_whose_work_it_is_ends_it_and_says_how(misrouted):
    by = headquarters()
    end_work(parcel_id=misrouted.id, kind="parcel-misrouted", words=" bưu cục đã chuyển ", by=by, at=BOOKED_AT)

    assert WorkItem.objects.get().outcome == "bưu cục đã chuyển"
    assert AuditEntry.objects.filter(action="parcel.end-work").count() == 1
    with pytest.raises(WorkNotFound):
        end_work(parcel_id=misrouted.id, kind="parcel-misrouted", words="nữa", by=by, at=BOOKED_AT)


def test_nothing_is_ended_without_a_word_by_others_or_where_it_ends_by_itself(misrouted):
    telling.open_item("parcel-not-accepted", misrouted.number, "VNPOST", BOOKED_AT, {})
    ours = headquarters()
    other = headquarters(network.other_operator())
    finance = network.acting(network.reviewer(misrouted.province_code))
    for by, kind, words, refusal in (
            (ours, "parcel-misrouted", "  ", OutcomeUnknown), (other, "parcel-misrouted", "xong", ParcelNotFound),
            (finance, "parcel-misrouted", "xong", MayNotEndWork), (ours, "parcel-not-accepted", "xong", WorkNotFound),
            (ours, "nothing", "xong", WorkNotFound)):
        with pytest.raises(refusal):
            end_work(parcel_id=misrouted.id, kind=kind, words=words, by=by, at=BOOKED_AT)
    assert not WorkItem.objects.exclude(closed_at=None).exists()


def test_what_names_the_request_is_found_under_its_parcel(misrouted):
    telling.open_item("carrier-request-refused", f"{misrouted.number}:redirect", "VNPOST", BOOKED_AT, {})

    assert {item.kind for item in work_of(misrouted.number)} == {"parcel-misrouted", "carrier-request-refused"}


def test_a_trip_that_is_over_needs_no_booking_any_more():
    parcel, other = parcels.parcel(), parcels.parcel()
    for each in (parcel, other):
        telling.open_item("parcel-booking-refused", each.number, "VNPOST", BOOKED_AT, {})
    Parcel.objects.filter(id=parcel.id).update(state="delivered")

    assert parcel_work.end_what_is_past(at=BOOKED_AT + timedelta(hours=1)) == 1
    assert WorkItem.objects.get(closed_at=None).reference == other.number


def test_headquarters_finds_it_reads_it_and_ends_it_on_the_screen(client, misrouted):
    client.force_login(network.operator_hq())
    listed = client.get(reverse("delivery:parcels"), {"pick": "work"}).content.decode()
    page = client.get(reverse("delivery:parcel", args=[misrouted.id])).content.decode()
    assert misrouted.number in listed
    assert "Bưu tá báo bưu gửi thuộc xã khác" in page
    where = reverse("delivery:end-parcel-work", args=[misrouted.id, "parcel-misrouted"])

    empty = client.post(where, {"words": ""})
    assert (empty.status_code, WorkItem.objects.get().closed_at) == (422, None)
    assert client.post(where, {"words": "đã chuyển đi"}).status_code == 302
    assert WorkItem.objects.get().closed_at is not None
    assert client.post(where, {"words": "đã chuyển đi"}).status_code == 302, "again changes nothing"
    assert misrouted.number not in client.get(reverse("delivery:parcels"), {"pick": "work"}).content.decode()
