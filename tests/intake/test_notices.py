"""A citizen is told of each change once, by what works, and not at night."""

from datetime import timedelta

import pytest
from django.core import mail

from config.telling import notice_still_waiting
from intake.errors import NoticeTextRefused
from intake.events import CollectionReminded
from intake.models.citizens import Citizen, Consent
from intake.models.dossiers import Dossier
from intake.notices import operations, texts
from intake.notices.models import Notice, NoticeTemplate
from intake.notices.rules import USUAL, NoticeChannel, NoticeEvent, fill, length_of, quiet_from, without_accents
from intake.operations import supplements
from shared.models.oversight import WorkItem
from shared.outbox import relay
from tests.factories import catalogue, network
from tests.intake import centre_cases
from tests.intake.moments import local
from tests.intake.simulated import simulators

pytestmark = pytest.mark.django_db
MONDAY = local("2026-01-12 09:30")
E = NoticeEvent


@pytest.fixture
def gateway(settings):
    with simulators() as (made, address):
        settings.WARDPOST_NOTICE_URLS = {"zalo": f"{address}/zalo", "sms": f"{address}/sms"}
        settings.WARDPOST_NOTICE_SECRETS = dict.fromkeys(("zalo", "sms"), made.gateway.secret)
        settings.WARDPOST_EMAIL_FROM = "bao-tin@wardpost.example"
        yield made.gateway


def agreed(dossier, *, given=True, at=MONDAY):
    Consent.objects.create(citizen_id=dossier.citizen_id, purpose="notify", text_version="1", is_given=given,
                           witness_id=dossier.id, at=at)


@pytest.fixture
def dossier():
    made = centre_cases.forwarded(moment=MONDAY)
    agreed(made)
    return made


def plan(dossier, event=E.FILED, at=MONDAY, **more):
    return operations.plan(dossier_id=dossier.id, event=event, happened_at=at, now=at, **more)


def send(at=MONDAY):
    return operations.send_due(at=at)


def states():
    return list(Notice.objects.order_by("planned_at", "id").values_list("channel", "state", "cause"))


def test_she_is_told_once_by_the_first_channel_that_works(gateway, dossier):
    plan(dossier)
    assert plan(dossier) is None
    assert send() == 1
    assert send() == 0

    (got,) = gateway.got.values()
    assert (got.channel, got.to) == ("zalo", "+84914000268")
    assert got.text.startswith(f"Hồ sơ {dossier.agent_ref} đã nộp tại Bưu cục")
    assert f"/tra-cuu/{dossier.agent_ref}/" in got.text
    assert operations.ask_receipts(at=MONDAY + timedelta(minutes=5)) == 1
    assert states() == [("zalo", "delivered", "")]


def test_a_result_that_still_waits_is_told_of_once_for_each_reminder(gateway, dossier, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    plan(dossier, E.READY)
    first, second = (CollectionReminded(dossier.id, MONDAY + timedelta(minutes=n)) for n in (1, 2))
    for reminded in (first, first, second):
        notice_still_waiting(reminded)

    assert Notice.objects.filter(event=E.READY).count() == 3


def test_no_notice_names_the_citizen_her_numbers_or_the_procedure(gateway, dossier):
    for event in NoticeEvent:
        plan(dossier, event, instance="x")
    send()

    told = " ".join(got.text + got.title for got in gateway.got.values())
    for secret in ("Phan Văn Thử", "046", "khai sinh", "Đường Thử", "4127"):
        assert secret.lower() not in told.lower()
    kept = Notice.objects.first()
    assert "+84" not in kept.to_masked
    assert kept.to_masked.endswith("268")


def test_without_a_channel_notices_are_off(dossier, settings):
    assert plan(dossier) is None
    assert not Notice.objects.exists()


def test_silence_is_no_consent_and_a_yes_can_be_taken_back(gateway):
    dossier = centre_cases.forwarded(moment=MONDAY)
    plan(dossier)
    assert states() == [("none", "skipped", "no-consent")]

    agreed(dossier)
    agreed(dossier, given=False, at=MONDAY + timedelta(minutes=1))
    plan(dossier, E.RECEIVED)
    assert states()[-1] == ("none", "skipped", "no-consent")
    assert (send(), gateway.got) == (0, {})


def test_a_channel_she_does_not_want_is_left_out_and_what_waits_is_taken_back(gateway, dossier):
    waiting = plan(dossier)
    actor = network.acting(network.clerk())
    operations.choose_channels(citizen_id=dossier.citizen_id, refused=frozenset({NoticeChannel.ZALO}), language="en",
                               by="citizen", actor=actor, at=MONDAY)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.cause) == ("skipped", "opted-out")

    plan(dossier, E.RECEIVED)
    send()
    (got,) = gateway.got.values()
    assert (got.channel, got.text.startswith("Dossier")) == ("sms", True)


def test_who_wants_nothing_gets_nothing_and_the_trail_says_so(gateway, dossier):
    operations.choose_channels(citizen_id=dossier.citizen_id, refused=frozenset(NoticeChannel), language="vi",
                               by="citizen", actor=network.acting(network.clerk()), at=MONDAY)
    plan(dossier)

    assert states() == [("none", "skipped", "opted-out")]


def test_an_sms_goes_without_accents_in_one_part(gateway, dossier):
    gateway.faults = gateway.faults.changed({})
    operations.choose_channels(citizen_id=dossier.citizen_id, refused=frozenset({NoticeChannel.ZALO}), language="vi",
                               by="citizen", actor=network.acting(network.clerk()), at=MONDAY)
    notice = plan(dossier)

    assert notice.body.isascii()
    assert (notice.segments, notice.body.startswith("Ho so ")) == (1, True)


def test_nobody_is_woken_and_nothing_is_lost(gateway, dossier):
    night = local("2026-01-12 22:30")
    notice = plan(dossier, at=night)

    assert (notice.next_at, notice.is_postponed) == (local("2026-01-13 07:00"), True)
    assert send(local("2026-01-13 06:59")) == 0
    assert send(local("2026-01-13 07:00")) == 1


@pytest.mark.parametrize(("at", "until"), [
    ("2026-01-12 20:59", "2026-01-12 20:59"), ("2026-01-12 21:00", "2026-01-13 07:00"),
    ("2026-01-13 03:00", "2026-01-13 07:00"), ("2026-01-13 07:00", "2026-01-13 07:00")])
def test_quiet_hours_end_in_the_morning(at, until):
    assert quiet_from("21:00-07:00").after(local(at)) == local(until)


def test_quiet_hours_within_a_day_end_the_same_day():
    assert quiet_from("12:00-13:00").after(local("2026-01-12 12:30")) == local("2026-01-12 13:00")


def test_a_dead_number_goes_to_the_next_channel_and_in_the_end_to_a_person(gateway, dossier):
    Citizen.objects.filter(id=dossier.citizen_id).update(email="thu@example.vn")
    gateway.faults = gateway.faults.changed({"dead_numbers": ["268"]})
    plan(dossier)
    for minutes in range(3):
        send(MONDAY + timedelta(minutes=minutes))

    assert [row[:2] for row in states()] == [("zalo", "failed"), ("sms", "failed"), ("email", "sent")]
    assert [message.to for message in mail.outbox] == [["thu@example.vn"]]
    assert not WorkItem.objects.exists()

    Citizen.objects.update(email="")
    plan(dossier, E.RECEIVED)
    for minutes in range(3):
        send(MONDAY + timedelta(minutes=minutes))
    item = WorkItem.objects.get(kind="citizen-not-told")
    assert (item.owner_role, item.detail["cause"]) == ("outlet_clerk", "number-unknown")


def test_what_never_arrived_goes_to_the_next_channel(gateway, dossier):
    gateway.faults = gateway.faults.changed({"lost_numbers": ["268"]})
    plan(dossier)
    send()
    operations.ask_receipts(at=MONDAY + timedelta(minutes=3))

    assert [row[:2] for row in states()] == [("zalo", "failed"), ("sms", "waiting")]


@pytest.mark.parametrize("fault", ["lose_answers", "break_after"])
def test_a_lost_answer_doubles_nothing(gateway, dossier, fault):
    gateway.faults = gateway.faults.changed({fault: True})
    plan(dossier)
    assert send() == 0

    assert send(MONDAY + timedelta(minutes=2)) == 1, "the gateway says that it has it"
    assert len(gateway.got) == 1


def test_a_gateway_that_is_down_is_tried_again_and_then_passed_over(gateway, dossier):
    gateway.faults = gateway.faults.changed({"down": True})
    plan(dossier)
    at = MONDAY
    for _ in range(operations.MOST_ATTEMPTS):
        send(at)
        at += operations.LONGEST_PAUSE

    assert [row[:2] for row in states()] == [("zalo", "failed"), ("sms", "waiting")]


def test_old_news_is_no_news(gateway, dossier):
    old = operations.plan(dossier_id=dossier.id, event=E.FILED, happened_at=MONDAY, now=MONDAY + timedelta(days=6))

    assert old is None


def test_a_supplement_says_what_to_bring_and_where_unless_the_paper_would_tell_too_much(gateway, dossier):
    by = network.acting(network.officer(centre_cases.hue_centre()))
    from intake.operations import reception

    reception.receive(dossier_id=dossier.id, by=by, at=MONDAY)
    request = supplements.ask(dossier_id=dossier.id, by=by, at=MONDAY, reasons=(
        supplements.MissingThing(component="giay_chung_sinh", reason="illegible"),))
    told = plan(dossier, E.SUPPLEMENT, instance=str(request.id))
    assert "Giấy chứng sinh" in told.body
    assert "Bưu cục" in told.body

    catalogue.procedure().__class__.objects.update(field="social")
    assert "chứng sinh" not in plan(dossier, E.SUPPLEMENT, instance="another").body


def test_events_plan_the_notices(gateway, dossier):
    """What the outbox carries ends as one notice for each event."""
    from django.utils import timezone

    from intake.events import DossierReceived, PaymentAsked
    from intake.models.dossiers import Dossier as Row
    from shared.outbox.publishing import publish

    now = timezone.now()
    Row.objects.filter(id=dossier.id).update(due_at=now)
    publish(DossierReceived(dossier.id, "H57.31-260114-0231", dossier.outlet_id, "VNPOST", "46", "1.001193", "online",
                            now), PaymentAsked(dossier.id, now))
    relay.drain()

    assert sorted(Notice.objects.values_list("event", flat=True)) == ["fee_due", "received"]


def test_she_is_asked_to_rate_the_morning_after(gateway, dossier):
    from intake.notices.rules import asked_to_rate_at

    notice = plan(dossier, E.RATE, not_before=asked_to_rate_at(MONDAY))

    assert notice.next_at == local("2026-01-13 09:00")


# --- texts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("event", list(NoticeEvent))
def test_each_shipped_text_fits_one_plain_sms(event, language, settings):
    settings.WARDPOST_PUBLIC_URL = "https://dvc.hue.example"
    template = texts.Template(event, NoticeChannel.SMS, language, 0, USUAL[language][event], keeps_accents=False)
    rendered = texts.render(template, texts.sample_facts())

    assert rendered.length.is_plain, rendered.body
    assert rendered.length.segments == 1, (rendered.length, rendered.body)


@pytest.mark.parametrize(("text", "segments", "is_plain"), [
    ("a" * 160, 1, True), ("a" * 161, 2, True), ("a" * 306, 2, True), ("a" * 307, 3, True),
    ("ồ" * 70, 1, False), ("ồ" * 71, 2, False), ("[" * 80, 1, True), ("[" * 81, 2, True)])
def test_the_length_of_a_message_is_counted_as_networks_count(text, segments, is_plain):
    assert (length_of(text).segments, length_of(text).is_plain) == (segments, is_plain)


def test_accents_are_taken_off_letter_by_letter():
    text = "Đường Nguyễn Huệ – phường Phú Xuân, giữa “chợ”"
    assert without_accents(text) == 'Duong Nguyen Hue - phuong Phu Xuan, giua "cho"'
    assert len(without_accents(text)) == len(text)


def test_a_new_version_is_used_from_then_on_and_the_old_one_kept(gateway, dossier):
    by = network.acting(network.staff("administrator", "Quản trị", province=dossier.receiving_centre.province))
    for words in ("Một", "Hai"):
        operations.change_text(event=E.FILED, channel=NoticeChannel.ZALO, language="vi", subject="",
                               body=f"{words}: hồ sơ {{code}}", keeps_accents=True, by=by, at=MONDAY)

    assert plan(dossier).body == f"Hai: hồ sơ {dossier.agent_ref}"
    assert list(NoticeTemplate.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


@pytest.mark.parametrize(("body", "code"), [
    ("Xin chào {name}, hồ sơ {code}", "unknown-field"), ("Xin chào", "no-code"), ("{code} " + "a" * 480, "too-long")])
def test_a_text_that_tells_too_much_or_nothing_is_refused(body, code):
    by = network.acting(network.auditor("46"))
    with pytest.raises(NoticeTextRefused) as refusal:
        operations.change_text(event=E.FILED, channel=NoticeChannel.SMS, language="vi", subject="", body=body,
                               keeps_accents=False, by=by, at=MONDAY)
    assert refusal.value.errors[0].code == code
    assert not NoticeTemplate.objects.exists()


def test_what_is_not_known_is_left_out():
    assert fill("Hồ sơ {code}, hẹn {due}.", {"code": "X"}) == "Hồ sơ X, hẹn ."


def test_a_failed_notice_is_sent_again_after_the_number_was_corrected(gateway, dossier):
    clerk = network.acting(network.clerk(Dossier.objects.select_related("outlet").get(id=dossier.id).outlet))
    gateway.faults = gateway.faults.changed({"dead_numbers": ["268"]})
    failed = plan(dossier)
    send()
    Citizen.objects.filter(id=dossier.citizen_id).update(phone="+84914000999")

    operations.try_again(notice_id=failed.id, by=clerk, at=MONDAY + timedelta(minutes=5))
    send(MONDAY + timedelta(minutes=5))

    assert [got.to for got in gateway.got.values()] == ["+84914000999"]
