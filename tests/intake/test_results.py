"""A result goes home by post: booked once, followed, closed by its delivery, never lost when it comes back."""

import pytest

from delivery import public as delivery
from delivery.events import ParcelAccepted, ParcelCancelled, ParcelDelivered, ParcelReturned
from delivery.models.parcels import Parcel
from intake.errors import DecisionRefused, IllegalTransition, NotYourCentre
from intake.models.dossiers import Dossier, DossierStep
from intake.operations import reception, resolution, results
from intake.operations.results import Repeat
from intake.rules.states import Handling, ResultState
from shared.actors import Actor
from shared.models.messages import OutboxMessage
from shared.models.oversight import WorkItem
from shared.outbox import relay
from tests.factories import dossiers, network, places
from tests.factories.parcels import number_pool
from tests.intake.moments import local

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]
RECEIVED, RESOLVED, LATER = local("2026-01-12 10:00"), local("2026-01-12 16:00"), local("2026-01-13 10:00")


def resolved(**changes) -> Dossier:
    """An online dossier on whose result the centre has decided; its events are delivered."""
    number_pool()
    counter = dossiers.counter(places.HOAN_KIEM)
    dossier = counter.submit(**changes)
    relay.drain()
    by = network.acting(network.officer(counter.centre))
    reception.receive(dossier_id=dossier.id, by=by, at=RECEIVED)
    resolution.resolve(dossier_id=dossier.id, decision_number="01/KS", summary="Đã đăng ký", by=by, at=RESOLVED)
    relay.drain()
    dossier.refresh_from_db()
    return dossier


def tell(*events: object) -> None:
    """Events of the carrier, as delivery publishes them."""
    from shared.outbox.publishing import publish

    publish(*events)  # type: ignore[arg-type]
    relay.drain()


def accepted(parcel: Parcel, dossier: Dossier) -> ParcelAccepted:
    return ParcelAccepted(parcel.id, "result", (dossier.id,), LATER)


def delivered(parcel: Parcel, dossier: Dossier) -> ParcelDelivered:
    return ParcelDelivered(parcel.id, parcel.number, "result", (dossier.id,), LATER, "self")


def returned(parcel: Parcel, dossier: Dossier) -> ParcelReturned:
    return ParcelReturned(parcel.id, parcel.number, "result", (dossier.id,), LATER)


def test_a_resolved_dossier_books_its_result_home():
    dossier = resolved()

    parcel = delivery.parcels_of_dossier(dossier.id)[0]
    assert dossier.result == ResultState.TO_SEND
    assert (parcel.direction, parcel.recipient_name, parcel.weight_grams) == ("result", "Nguyễn Thị Hạnh", 100)
    assert parcel.case.on == RECEIVED.date()
    assert (parcel.case.channel, parcel.case.province_code, parcel.case.managed_by_city) == ("online", "01", True)
    assert parcel.dossiers[0][1] == dossier.code


def test_booking_twice_is_one_parcel():
    dossier = resolved()

    results.send_result_home(dossier_id=dossier.id, at=LATER)

    assert Parcel.objects.count() == 1
    assert DossierStep.objects.filter(dossier=dossier, action="book").count() == 1


@pytest.mark.parametrize(("choice", "reason"), [("electronic", ""), ("collect", "Cần lấy ngay")])
def test_a_result_that_is_not_sent_home_books_nothing(choice, reason):
    dossier = resolved(result_choice=choice, collect_reason=reason)

    assert dossier.result == ResultState.NOT_BY_POST
    assert results.send_result_home(dossier_id=dossier.id, at=LATER) is None
    assert not Parcel.objects.exists()


def test_delivery_closes_the_dossier():
    dossier = resolved()
    parcel = Parcel.objects.get()

    tell(accepted(parcel, dossier))
    dossier.refresh_from_db()
    assert dossier.result == ResultState.ON_THE_WAY
    tell(delivered(parcel, dossier))

    dossier.refresh_from_db()
    assert (dossier.result, dossier.handling) == (ResultState.DELIVERED, Handling.RETURNED)
    assert dossier.closed_at == LATER
    assert OutboxMessage.objects.filter(event="DossierClosed").count() == 1


def test_what_is_told_twice_or_in_the_wrong_order_ends_the_same():
    dossier = resolved()
    parcel = Parcel.objects.get()

    tell(delivered(parcel, dossier), accepted(parcel, dossier), delivered(parcel, dossier), returned(parcel, dossier))

    dossier.refresh_from_db()
    assert (dossier.result, dossier.handling) == (ResultState.DELIVERED, Handling.RETURNED)
    assert OutboxMessage.objects.filter(event="DossierClosed").count() == 1
    assert DossierStep.objects.filter(dossier=dossier, action="deliver").count() == 1


def test_a_result_that_comes_back_is_work_for_the_centre_and_can_be_sent_again():
    dossier = resolved()
    tell(returned(Parcel.objects.get(), dossier))
    dossier.refresh_from_db()
    item = WorkItem.objects.get(kind="result-came-back")
    assert (dossier.result, item.owner_role) == (ResultState.CAME_BACK, "centre_officer")
    by = network.acting(network.officer(network.centre(places.HOAN_KIEM)))

    again = results.send_result_again(dossier_id=dossier.id, by=by, at=LATER)

    dossier.refresh_from_db()
    item.refresh_from_db()
    assert dossier.result == ResultState.TO_SEND
    assert Parcel.objects.count() == 2
    assert item.closed_at == LATER
    tell(delivered(Parcel.objects.get(id=again.id), dossier))
    dossier.refresh_from_db()
    assert dossier.handling == Handling.RETURNED


def test_a_result_whose_trip_was_called_off_lies_at_the_centre_to_be_sent_anew():
    dossier, parcel = resolved(), Parcel.objects.get()

    tell(ParcelCancelled(parcel.id, parcel.number, "result", (dossier.id,), LATER))

    dossier.refresh_from_db()
    assert dossier.result == ResultState.CAME_BACK
    assert WorkItem.objects.get(kind="result-came-back", closed_at=None).reference == str(dossier.id)


def test_only_what_came_back_is_sent_again_and_only_by_its_centre():
    dossier = resolved()

    with pytest.raises(IllegalTransition):
        results.send_result_again(dossier_id=dossier.id, at=LATER,
                                  by=network.acting(network.officer(network.centre(places.HOAN_KIEM))))
    with pytest.raises(NotYourCentre):
        results.send_result_again(dossier_id=dossier.id, by=network.acting(network.clerk()), at=LATER)


def came_back(*, attempts: int) -> tuple[Dossier, Actor]:
    dossier = resolved()
    Parcel.objects.update(attempts=attempts)
    tell(returned(Parcel.objects.get(), dossier))
    return dossier, network.acting(network.officer(network.centre(places.HOAN_KIEM)))


@pytest.mark.parametrize(("attempts", "repeat", "borne_by"), [
    (2, None, "recipient"),
    # Nobody ever stood at the door: the post's own fault.
    (0, None, "carrier"),
    (2, Repeat("sender", "Trung tâm ghi sai số nhà"), "sender"),
    (2, Repeat("nobody", "Ngập lụt cả tuần"), ""),
])
def test_whoever_was_at_fault_pays_when_it_is_sent_again(attempts, repeat, borne_by):
    dossier, by = came_back(attempts=attempts)

    again = results.send_result_again(dossier_id=dossier.id, by=by, at=LATER, repeat=repeat)

    assert again.case.borne_by == borne_by
    assert DossierStep.objects.filter(dossier=dossier, action="book").latest("at").data["bearer"] == (
        borne_by or "nobody")


@pytest.mark.parametrize("repeat", [Repeat("sender"), Repeat("sender", " x "), Repeat("the-devil", "Vì thế")])
def test_somebody_else_pays_only_for_a_reason(repeat):
    dossier, by = came_back(attempts=2)

    with pytest.raises(DecisionRefused):
        results.send_result_again(dossier_id=dossier.id, by=by, at=LATER, repeat=repeat)
    assert Parcel.objects.count() == 1


def test_the_desk_says_what_it_costs_whom_and_sends_it_again(client):
    dossier, _by = came_back(attempts=2)
    client.force_login(network.officer(network.centre(places.HOAN_KIEM)))
    dossier.refresh_from_db()

    page = client.get(f"/trung-tam/ho-so/{dossier.id}/?act=send-again").content.decode()
    assert "Theo chuyến bị chuyển hoàn: Người nhận trả" in page
    url, typed = f"/trung-tam/ho-so/{dossier.id}/quyet-dinh/send-again/", {"version": dossier.version}
    assert client.post(url, typed | {"bearer": "carrier"}).status_code == 422
    client.post(url, typed | {"bearer": "recipient"})

    dossier.refresh_from_db()
    assert dossier.result == ResultState.TO_SEND
    assert Parcel.objects.latest("booked_at").pricing["borne_by"] == "recipient"
