"""One bag, one centre, one parcel: filled by scanning, sealed once, given to the carrier with two signatures."""

import pytest
from django.db import IntegrityError, transaction

from delivery.models.parcels import Parcel
from intake.errors import (
    DossierNotFound,
    ForwardingRefused,
    ManifestNotFound,
    ManifestNotThere,
    ManifestRefused,
    NotAnOutlet,
)
from intake.models.dossiers import Dossier
from intake.models.manifests import Manifest, ManifestItem
from intake.operations import forwarding, manifests, withdrawal
from intake.papers.minutes import minutes_pdf
from intake.signing import JointSignature
from shared.models.messages import OutboxMessage
from tests.factories import dossiers, network, places
from tests.factories.parcels import number_pool
from tests.intake.manifest_cases import CLERK, PICKED_UP, POSTMAN, SEALED, bag
from tests.intake.moments import MONDAY_MORNING as NOW
from tests.intake.moments import local

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]


def test_scanning_fills_one_bag_for_each_centre():
    at = bag()
    at.fill(3)

    assert Manifest.objects.count() == 1
    assert list(at.manifest.items.order_by("position").values_list("reference", flat=True)) == [
        each.agent_ref for each in at.filed]


@pytest.mark.parametrize("as_scanned", ["{}", "  {}\n", "https://example.test/theo-doi/{}/", "{}?x=1"])
def test_a_scanner_may_type_the_code_or_the_address_of_its_page(as_scanned):
    at = bag()
    dossier = at.counter.submit(channel="post")

    item = manifests.scan_out(code=as_scanned.format(dossier.agent_ref.lower()), by=at.by, at=NOW)

    assert item.dossier_id == dossier.id


def test_scanned_twice_it_is_one_line():
    at = bag()
    at.fill(1)

    again = manifests.scan_out(code=at.filed[0].agent_ref, by=at.by, at=NOW)

    assert ManifestItem.objects.get().id == again.id


def test_what_does_not_travel_on_paper_or_is_not_here_is_not_packed():
    at = bag()
    online = at.counter.submit()

    with pytest.raises(ForwardingRefused):
        manifests.scan_out(code=online.agent_ref, by=at.by, at=NOW)
    with pytest.raises(DossierNotFound):
        manifests.scan_out(code="KHONGCOMA", by=at.by, at=NOW)
    with pytest.raises(DossierNotFound):
        manifests.scan_out(code=at.counter.submit(channel="post").agent_ref,
                           by=network.acting(network.clerk()), at=NOW)
    with pytest.raises(NotAnOutlet):
        manifests.scan_out(code=online.agent_ref, by=at.officer, at=NOW)


def test_what_lies_in_a_bag_is_not_sent_by_another_way():
    at = bag()
    at.fill(1)
    number_pool()

    with pytest.raises(ForwardingRefused):
        forwarding.forward_on_paper(dossier_ids=[at.filed[0].id], by=at.by, at=NOW)


def test_the_database_keeps_a_dossier_in_one_live_bag():
    at = bag()
    at.fill(1)
    other = dossiers.counter(places.PHU_XUAN)
    second = Manifest.objects.create(
        code="KHAC", outlet=other.outlet, operator=other.outlet.operator, centre=other.centre, province_code="46",
        carrier="vnpost", opened_at=NOW, opened_by="x")

    with pytest.raises(IntegrityError), transaction.atomic():
        ManifestItem.objects.create(manifest=second, dossier=at.filed[0], reference="X", position=1, scanned_at=NOW)


def test_what_was_packed_by_mistake_is_taken_out_again():
    at = bag()
    at.fill(2)
    item = at.manifest.items.get(dossier=at.filed[0])

    manifests.take_out(manifest_id=at.manifest.id, item_id=item.id, by=at.by, at=NOW)

    assert at.manifest.items.count() == 1
    with pytest.raises(ManifestNotFound):
        manifests.take_out(manifest_id=at.manifest.id, item_id=item.id, by=at.by, at=NOW)


def test_sealing_books_one_parcel_and_sends_every_dossier():
    at = bag()
    at.fill(3)

    sealed = at.seal()

    parcel = Parcel.objects.get()
    assert (sealed.state, sealed.parcel_number, sealed.sealed_at) == ("sealed", parcel.number, SEALED)
    assert parcel.contents.count() == 3
    assert set(Dossier.objects.values_list("forwarded_at", flat=True)) == {SEALED}
    with pytest.raises(ManifestNotThere):
        at.seal()


@pytest.mark.parametrize(("seal", "weight"), [("", 100), ("A!", 100), ("HUE-1", 0), ("HUE-1", 30_001)])
def test_a_seal_has_a_number_and_a_bag_a_weight(seal, weight):
    at = bag()
    at.fill(1)

    with pytest.raises(ManifestRefused):
        manifests.seal(manifest_id=at.manifest.id, seal_number=seal, weight_grams=weight, by=at.by, at=SEALED)
    assert at.manifest.state == "open"


def test_a_seal_closes_one_bag_once():
    at = bag()
    at.fill(1)
    first = at.seal()
    at.fill(1)

    with pytest.raises(ManifestRefused) as refused:
        manifests.seal(manifest_id=at.manifest.id, seal_number=f" {first.seal_number.lower()} ", weight_grams=90,
                       by=at.by, at=SEALED)
    assert refused.value.errors[0].code == "used"


def test_an_empty_bag_is_not_sealed():
    at = bag()
    at.fill(1)
    manifests.take_out(manifest_id=at.manifest.id, item_id=at.manifest.items.get().id, by=at.by, at=NOW)

    with pytest.raises(ManifestRefused):
        at.seal()


def test_a_dossier_that_was_withdrawn_meanwhile_must_be_taken_out():
    at = bag()
    at.fill(2)
    withdrawal.withdraw(dossier_id=at.filed[0].id, reason="Đổi ý", by=at.by, at=NOW)

    with pytest.raises(ForwardingRefused) as refused:
        at.seal()
    assert at.filed[0].agent_ref in str(refused.value.detail)
    assert not Parcel.objects.exists()


def test_clerk_and_carrier_sign_when_the_bag_leaves():
    at = bag()
    gone = at.on_the_way()

    assert (gone.state, gone.picked_up_at) == ("with_carrier", PICKED_UP)
    assert dict(gone.signatures.values_list("side", "name")) == {"gives": CLERK.name, "takes": POSTMAN.name}
    assert OutboxMessage.objects.filter(event="ManifestHandedOver").count() == 1
    with pytest.raises(ManifestNotThere):
        at.pick_up()


@pytest.mark.parametrize("postman", [
    JointSignature(""), JointSignature("Lê Văn Phát", "046192100001"), JointSignature("Lê Văn Phát", "", "<script>"),
    CLERK,
])
def test_a_signature_has_a_name_no_id_number_and_another_person(postman):
    at = bag()
    at.fill(1)
    at.seal()

    with pytest.raises(ManifestRefused):
        manifests.hand_to_carrier(manifest_id=at.manifest.id, gives=CLERK, takes=postman, by=at.by, at=PICKED_UP)
    assert at.manifest.state == "sealed"


def test_nothing_is_sealed_before_it_was_taken_nor_leaves_before_it_was_sealed():
    at = bag()
    at.fill(1)

    with pytest.raises(IntegrityError):
        at.seal(at=local("2026-01-12 08:00"))
    at.seal()
    with pytest.raises(IntegrityError):
        at.pick_up(at=local("2026-01-12 09:59"))


def test_the_minutes_print_the_same_bytes_and_take_the_signatures_on():
    at = bag()
    at.fill(2)
    at.seal()

    name, unsigned = minutes_pdf(at.manifest.id, actor=at.by)
    assert minutes_pdf(at.manifest.id, actor=at.by)[1] == unsigned
    at.pick_up()
    signed = minutes_pdf(at.manifest.id, actor=at.officer)[1]

    assert name == f"bien-ban-{at.manifest.code}.pdf"
    assert signed != unsigned
    assert minutes_pdf(at.manifest.id, actor=at.by)[1] == signed
    with pytest.raises(ManifestNotFound):
        minutes_pdf(at.manifest.id, actor=network.acting(network.clerk()))


def test_a_centre_sees_a_bag_from_its_sealing_on():
    at = bag()
    at.fill(1)
    assert not Manifest.objects.seen_by(at.officer).exists()

    at.seal()

    assert Manifest.objects.seen_by(at.officer).get().id == at.manifest.id
    assert not Manifest.objects.seen_by(network.acting(network.officer(network.centre(places.PHU_XUAN)))).exists()
