"""When an outlet moves: citizens with open dossiers are told once, centres read of it, parcels follow."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.announcements.models import Announcement
from agents.models.organisations import Outlet
from agents.moves import carrying_out, operations, places
from agents.moves.events import OutletMoveApproved, OutletMoveCalledOff, OutletMoved
from agents.moves.models import OutletMove
from agents.moves.operations import NewPlace
from agents.moves.rules import MoveStep
from agents.operations.outlets import Site
from config.subscriptions import announce_outlet_move, send_parcels_to_the_new_place, withdraw_outlet_move
from config.telling import notice_outlet_moves, notice_outlet_stays
from delivery.door.models import DeliveryChange
from delivery.models.carrier_requests import CarrierRequest
from delivery.models.parcels import Parcel
from intake.models.citizens import Consent
from intake.models.dossiers import Dossier
from intake.notices.models import Notice
from intake.queries.outlet_moves import centres_of_open, open_at_outlet
from intake.rules.states import Handling
from shared.roles import Role
from tests.delivery import doors
from tests.factories import network, parcels
from tests.factories import places as communes
from tests.intake import centre_cases
from tests.intake.moments import local

pytestmark = pytest.mark.django_db
NOW = local("2026-01-15 10:00")
DAY = date(2026, 1, 26)
ON_THE_DAY = local("2026-01-26 00:03")


@pytest.fixture(autouse=True)
def _now(time_machine, settings):
    settings.WARDPOST_EMAIL_FROM = "bao-tin@wardpost.example"
    settings.WARDPOST_NOTICE_URLS = {"sms": "http://127.0.0.1:9/sms"}
    settings.WARDPOST_NOTICE_SECRETS = {"sms": "x"}
    time_machine.move_to(NOW, tick=False)


def decided(outlet: Outlet) -> OutletMove:
    there = communes.commune(communes.PHU_XUAN)
    place = NewPlace(Site(there.code, "9 Nguyễn Huệ", there.latitude, there.longitude), DAY)
    move = operations.ask_move(outlet_id=outlet.id, place=place, reason="Nhà xuống cấp", at=NOW,
                               by=network.outlet_manager(outlet).actor)
    officer = network.staff(Role.PROGRAMME_OFFICER, "Phan Thu Hà", province=outlet.commune.province).actor
    return operations.decide_move(move_id=move.id, step=MoveStep.APPROVE, decision="CV 12", by=officer, at=NOW)


def filed(outlet: Outlet, **facts) -> Dossier:
    made = centre_cases.forwarded(outlet=outlet, moment=local("2026-01-14 09:30"))
    Consent.objects.create(citizen_id=made.citizen_id, purpose="notify", text_version="1", is_given=True,
                           witness_id=made.id, at=NOW)
    Dossier.objects.filter(id=made.id).update(**facts)
    return made


def test_citizens_with_open_dossiers_are_told_once_and_again_when_it_is_called_off():
    outlet = network.outlet()
    waiting, over = filed(outlet), filed(outlet, handling=Handling.WITHDRAWN)
    elsewhere = filed(network.outlet(communes.PHU_XUAN))
    move = decided(outlet)
    told = OutletMoveApproved(move.id, outlet.id, DAY, NOW)
    for _again in range(2):
        notice_outlet_moves(told)

    assert [each.dossier_id for each in Notice.objects.all()] == [waiting.id]
    assert not {over.id, elsewhere.id} & set(Notice.objects.values_list("dossier_id", flat=True))
    body = Notice.objects.get().body
    assert "26/01/2026" in body
    assert "9 Nguyen Hue" in body

    later = filed(outlet)
    operations.cancel_move(move_id=move.id, because="Đã sửa xong nhà", by=network.outlet_manager(outlet).actor, at=NOW)
    for _again in range(2):
        notice_outlet_stays(OutletMoveCalledOff(move.id, outlet.id, NOW))
    stays = Notice.objects.filter(event="stays")
    assert [each.dossier_id for each in stays] == [waiting.id]
    assert later.id not in set(stays.values_list("dossier_id", flat=True))


def test_many_citizens_are_told_in_as_many_statements_as_two(django_assert_num_queries):
    outlet = network.outlet()
    silent, *_others = [filed(outlet) for _ in range(5)]
    Consent.objects.create(citizen_id=silent.citizen_id, purpose="notify", text_version="1", is_given=False,
                           witness_id=silent.id, at=NOW + timedelta(minutes=1))
    move = decided(outlet)
    told = OutletMoveApproved(move.id, outlet.id, DAY, NOW)
    with CaptureQueriesContext(connection) as of_five:
        notice_outlet_moves(told)
    notices = list(Notice.objects.all())
    assert len(notices) == 5
    assert {each.body for each in notices if each.dossier_id == silent.id} == {""}
    assert len({each.body for each in notices}) == 5  # each with its own code

    for _more in range(7):
        filed(outlet)
    with django_assert_num_queries(len(of_five)):
        notice_outlet_moves(told)
    assert Notice.objects.count() == 12


def test_nobody_is_told_of_a_move_that_was_called_off_before_the_news_went_out():
    outlet = network.outlet()
    filed(outlet)
    move = decided(outlet)
    operations.cancel_move(move_id=move.id, because="Đã sửa xong nhà", by=network.outlet_manager(outlet).actor, at=NOW)
    notice_outlet_moves(OutletMoveApproved(move.id, outlet.id, DAY, NOW))
    notice_outlet_stays(OutletMoveCalledOff(move.id, outlet.id, NOW))

    assert not Notice.objects.exists()


def test_the_centres_that_have_its_dossiers_read_of_it():
    outlet = network.outlet()
    dossier = filed(outlet)
    move = decided(outlet)

    for _again in range(2):
        announce_outlet_move(OutletMoveApproved(move.id, outlet.id, DAY, NOW))

    told = Announcement.objects.get()
    assert told.centre_ids == centres_of_open(outlet.id) == [dossier.receiving_centre_id]
    assert open_at_outlet(outlet.id) == [dossier.id]
    operations.cancel_move(move_id=move.id, because="Đã sửa xong nhà", by=network.outlet_manager(outlet).actor, at=NOW)
    withdraw_outlet_move(OutletMoveCalledOff(move.id, outlet.id, NOW))
    told.refresh_from_db()
    assert told.withdrawn_at == NOW


def test_parcels_follow_on_the_day_once():
    outlet = network.outlet()
    to_send = parcels.parcel(direction="dossier", outlet=outlet, sender_address=outlet.address)
    gone = parcels.parcel(direction="dossier", outlet=outlet, sender_address=outlet.address)
    Parcel.objects.filter(id=gone.id).update(handed_over_at=NOW)
    to_come = parcels.parcel(direction="to_outlet", outlet=outlet, case=parcels.postage_case("result"))
    home = doors.at_office(outlet=outlet)
    move = decided(outlet)
    carrying_out.carry_out_due(at=ON_THE_DAY)
    places.forget()

    for _again in range(2):
        send_parcels_to_the_new_place(OutletMoved(move.id, outlet.id, DAY, ON_THE_DAY))

    for parcel in (to_send, gone, to_come, home):
        parcel.refresh_from_db()
    assert (to_send.sender_address, to_send.origin_commune_id) == ("9 Nguyễn Huệ", communes.PHU_XUAN)
    assert gone.sender_address != "9 Nguyễn Huệ"
    asked = CarrierRequest.objects.get()
    assert (asked.parcel_id, asked.kind) == (to_come.id, "redirect")
    assert (asked.details["address"], asked.details["commune_code"]) == ("9 Nguyễn Huệ", communes.PHU_XUAN)
    assert DeliveryChange.objects.get().commune_id == communes.PHU_XUAN
    assert not home.changes.exists()
