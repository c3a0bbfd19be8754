"""On the way to the centre: as data at once, or as a parcel whose hand-over is the legal filing time."""

import pytest

from billing.models.ledger import PostingGroup
from delivery.models.parcels import Parcel
from intake.errors import AuthorityUnclear, DossierNotFound, ForwardingRefused, NotAnOutlet
from intake.models.decisions import Forwarding
from intake.models.dossiers import Dossier, DossierStep
from intake.operations import forwarding
from intake.records import PlaceChoice
from intake.rules.states import Handling
from shared.outbox import relay
from tests.factories import dossiers, network, places
from tests.factories.parcels import number_pool
from tests.intake.moments import MONDAY_MORNING as NOW
from tests.intake.moments import local

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]


def on_paper(at, *filed: Dossier) -> list[Forwarding]:
    number_pool()
    return forwarding.forward_on_paper(dossier_ids=[each.id for each in filed], by=at.by, at=NOW)


def test_an_online_dossier_reaches_the_inbox_by_itself():
    counter = dossiers.counter()
    dossier = counter.submit()

    relay.drain()

    assert Dossier.objects.in_inbox().get().id == dossier.id
    assert Forwarding.objects.get().mode == "electronic"


def test_forwarding_twice_is_forwarding_once():
    dossier = dossiers.submitted()

    first = forwarding.forward_electronically(dossier_id=dossier.id, at=NOW)
    again = forwarding.forward_electronically(dossier_id=dossier.id, at=local("2026-01-13 08:00"))

    assert first is not None
    assert again is not None
    assert first.id == again.id
    assert DossierStep.objects.filter(dossier=dossier, action="forward").count() == 1


def test_a_paper_dossier_does_not_go_as_data():
    dossier = dossiers.submitted(channel="post")

    with pytest.raises(ForwardingRefused):
        forwarding.forward_electronically(dossier_id=dossier.id, at=NOW)


def test_several_paper_dossiers_for_one_centre_share_a_parcel():
    counter = dossiers.counter()
    filed = [counter.submit(channel="post") for _ in range(3)]

    sent = on_paper(counter, *filed)

    parcel = Parcel.objects.get()
    assert {each.parcel_number for each in sent} == {parcel.number}
    assert {content.dossier_id for content in parcel.contents.all()} == {each.id for each in filed}
    assert (parcel.centre_id, parcel.outlet_id, parcel.direction) == (counter.centre.id, counter.outlet.id, "dossier")


def test_the_same_dossiers_again_are_the_same_parcel():
    counter = dossiers.counter()
    filed = [counter.submit(channel="post") for _ in range(2)]

    first = on_paper(counter, *filed)
    again = on_paper(counter, *reversed(filed))

    assert [each.id for each in first] == [each.id for each in again]
    assert Parcel.objects.count() == 1


def test_one_that_travels_already_is_not_packed_again():
    counter = dossiers.counter()
    first, second = (counter.submit(channel="post") for _ in range(2))
    on_paper(counter, first)

    with pytest.raises(ForwardingRefused):
        on_paper(counter, first, second)
    assert Forwarding.objects.count() == 1


def test_dossiers_for_different_centres_do_not_share_a_parcel():
    counter = dossiers.counter()
    network.centre(places.PHU_XUAN)
    first, second = (counter.submit(channel="post", place=PlaceChoice(code))
                     for code in (places.PHONG_DINH, places.PHU_XUAN))

    with pytest.raises(ForwardingRefused):
        on_paper(counter, first, second)


def test_an_unclear_authority_is_not_sent_anywhere():
    counter = dossiers.counter()
    network.provincial_centre()
    places.commune(places.PHU_XUAN)
    paper = counter.submit(channel="post", place=PlaceChoice(places.PHU_XUAN))
    online = counter.submit(place=PlaceChoice(places.PHU_XUAN))

    with pytest.raises(AuthorityUnclear):
        on_paper(counter, paper)
    assert forwarding.forward_electronically(dossier_id=online.id, at=NOW) is None


def test_another_outlets_dossier_is_not_found():
    dossier = dossiers.submitted(channel="post")
    other = dossiers.counter(places.PHU_XUAN)

    with pytest.raises(DossierNotFound):
        on_paper(other, dossier)
    with pytest.raises(NotAnOutlet):
        forwarding.forward_on_paper(dossier_ids=[dossier.id], by=network.acting(network.officer()), at=NOW)


def test_the_signed_hand_over_is_the_filing_time_and_the_first_one_counts():
    dossier = dossiers.forwarded(channel="post")

    forwarding.record_hand_over(dossier_ids=[dossier.id], at=local("2026-01-13 10:00"))
    forwarding.record_hand_over(dossier_ids=[dossier.id], at=local("2026-01-14 10:00"))

    dossier.refresh_from_db()
    assert dossier.handed_over_at == local("2026-01-13 10:00")
    assert dossier.handling == Handling.REGISTERED
    assert DossierStep.objects.filter(dossier=dossier, action="hand_over").count() == 1
    assert not PostingGroup.objects.exists()
