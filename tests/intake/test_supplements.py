import pytest

from intake.errors import DecisionRefused, DecisionTaken, IllegalTransition, SupplementAskedBefore
from intake.models.decisions import SupplementRequest
from intake.models.dossiers import Dossier, DossierStep
from intake.operations import assignment, handling, reception, resolution, supplements, withdrawal
from intake.operations.supplements import MissingThing
from intake.rules.states import Handling, ResultState
from shared.models.messages import OutboxMessage
from tests.factories import catalogue, network
from tests.intake.centre_cases import WEDNESDAY, at, forwarded, hue_centre

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return network.acting(network.officer(hue_centre()))


@pytest.fixture
def received(officer) -> Dossier:
    """Received on Wednesday 9:00, three working days: due Monday 17:00."""
    dossier = forwarded(code=catalogue.BUSINESS, result_choice="collect")
    return reception.receive(dossier_id=dossier.id, by=officer, at=WEDNESDAY)


def paper(dossier) -> str:
    return str(dossier.procedure.documents[0]["code"])


def ask(dossier, officer, moment=WEDNESDAY, **fields):
    return supplements.ask(dossier_id=dossier.id, by=officer, at=moment, **{
        "reasons": (MissingThing(paper(dossier), "not-signed"),)} | fields)


def test_asking_stops_the_clock_and_answering_lets_it_run_with_what_was_left(received, officer):
    ask(received, officer, at("2025-07-03", "15:00"))
    received.refresh_from_db()
    assert (received.handling, received.remaining_minutes) == (Handling.SUPPLEMENT_ASKED, 120 + 2 * 480)

    supplements.answer(dossier_id=received.id, text="Đã ký bổ sung.", by=officer, at=at("2025-07-14", "10:00"))

    received.refresh_from_db()
    assert (received.handling, received.paused_at, received.remaining_minutes) == (Handling.IN_PROGRESS, None, None)
    assert received.due_at == at("2025-07-16", "12:00")


def test_the_outlet_may_bring_the_papers(received, officer):
    ask(received, officer)
    clerk = network.clerk(type(received).objects.select_related("outlet__operator").get(id=received.id).outlet)

    supplements.answer(dossier_id=received.id, text="", by=network.acting(clerk), at=at("2025-07-03"))

    assert SupplementRequest.objects.get().answered_by == str(clerk.id)


def test_a_request_says_what_is_missing_in_words_that_are_known(received, officer):
    with pytest.raises(DecisionRefused) as refused:
        ask(received, officer, reasons=(MissingThing("giay_la", "not-signed"), MissingThing(paper(received), "why"),
                                        MissingThing("other", "other", " ")))

    assert [error.pointer for error in refused.value.errors] == [
        "/reasons/0/component", "/reasons/1/reason", "/reasons/2/text"]
    assert not SupplementRequest.objects.exists()


def test_a_request_needs_at_least_one_reason(received, officer):
    with pytest.raises(DecisionRefused):
        ask(received, officer, reasons=())


def test_a_second_request_needs_a_cause(received, officer):
    ask(received, officer)
    supplements.answer(dossier_id=received.id, text="", by=officer, at=at("2025-07-03"))

    with pytest.raises(SupplementAskedBefore):
        ask(received, officer, at("2025-07-03", "14:00"))
    again = ask(received, officer, at("2025-07-03", "14:00"), again_because="Giấy bổ sung phát sinh mâu thuẫn mới.")

    assert again.again_because.startswith("Giấy")
    assert SupplementRequest.objects.count() == 2


def test_nothing_is_answered_that_was_not_asked(received, officer):
    with pytest.raises(IllegalTransition):
        supplements.answer(dossier_id=received.id, text="", by=officer, at=WEDNESDAY)


def test_payment_and_stop_pause_the_clock_too(received, officer):
    handling.ask_payment(dossier_id=received.id, note="Lệ phí", by=officer, at=at("2025-07-03"))
    handling.record_payment(dossier_id=received.id, note="", by=officer, at=at("2025-07-04"))
    withdrawal.stop(dossier_id=received.id, reason="Theo đề nghị của công dân", legal_basis="TT 03/2025/TT-VPCP",
                    by=officer, at=at("2025-07-07"))
    withdrawal.resume(dossier_id=received.id, by=officer, at=at("2025-07-08"))

    received.refresh_from_db()
    assert (received.handling, received.due_at) == (Handling.IN_PROGRESS, at("2025-07-09", "17:00"))


def test_a_stop_from_a_paused_state_keeps_what_was_left_first(received, officer):
    ask(received, officer, at("2025-07-03", "15:00"))
    withdrawal.stop(dossier_id=received.id, reason="x", legal_basis="y", by=officer, at=at("2025-07-08"))

    received.refresh_from_db()
    assert received.remaining_minutes == 120 + 2 * 480


def test_a_citizen_may_withdraw_until_it_is_decided(received, officer):
    resolution.resolve(dossier_id=received.id, decision_number="12/QĐ", summary="Đồng ý", by=officer, at=WEDNESDAY)

    with pytest.raises(DecisionTaken):
        withdrawal.withdraw(dossier_id=received.id, reason="Không cần nữa", by=officer, at=WEDNESDAY)


# --- decisions ------------------------------------------------------------------------------------------------------


def test_a_decision_is_recorded_with_its_number_and_whether_it_was_on_time(received, officer):
    handling.start(dossier_id=received.id, by=officer, at=WEDNESDAY)

    decided = resolution.resolve(dossier_id=received.id, decision_number="12/QĐ", summary="Đồng ý", by=officer,
                                 at=at("2025-07-07", "17:00"))

    received.refresh_from_db()
    assert (received.handling, received.result) == (Handling.RESOLVED, ResultState.NOT_BY_POST)
    assert decided.was_on_time
    assert OutboxMessage.objects.get(event="DossierResolved").payload["result_choice"] == "collect"


def test_a_minute_past_the_due_moment_is_late(received, officer):
    decided = resolution.resolve(dossier_id=received.id, decision_number="12/QĐ", summary="Đồng ý", by=officer,
                                 at=at("2025-07-07", "17:01"))

    assert not decided.was_on_time


def test_what_was_only_received_is_begun_and_decided_at_once(received, officer):
    resolution.resolve(dossier_id=received.id, decision_number="12/QĐ", summary="Đồng ý", by=officer, at=WEDNESDAY)

    actions = list(DossierStep.objects.filter(dossier=received).order_by("id").values_list("action", flat=True))
    assert actions == ["submit", "forward", "receive", "start", "resolve", "keep"]


def test_a_result_that_goes_home_waits_for_its_parcel(officer):
    dossier = forwarded(code=catalogue.BUSINESS, result_choice="home")
    reception.receive(dossier_id=dossier.id, by=officer, at=WEDNESDAY)

    resolution.resolve(dossier_id=dossier.id, decision_number="12/QĐ", summary="Đồng ý", by=officer, at=WEDNESDAY)

    dossier.refresh_from_db()
    assert dossier.result == ResultState.NOT_READY
    with pytest.raises(DecisionRefused):
        resolution.hand_over_result(dossier_id=dossier.id, receiver=resolution.Receiver("Phan Văn Thử", "card"),
                                    by=officer, at=WEDNESDAY)


def test_a_result_handed_over_closes_the_dossier(received, officer):
    resolution.resolve(dossier_id=received.id, decision_number="12/QĐ", summary="Đồng ý", by=officer, at=WEDNESDAY)

    closed = resolution.hand_over_result(dossier_id=received.id, receiver=resolution.Receiver("Phan Văn Thử", "card"),
                                         by=officer, at=at("2025-07-03")).dossier

    assert (closed.handling, closed.closed_at) == (Handling.RETURNED, at("2025-07-03"))
    assert OutboxMessage.objects.filter(event="DossierClosed").count() == 1


def test_an_empty_decision_tells_both_things_that_are_missing(received, officer):
    with pytest.raises(DecisionRefused) as refused:
        resolution.resolve(dossier_id=received.id, decision_number=" ", summary="", by=officer, at=WEDNESDAY)

    assert [error.pointer for error in refused.value.errors] == ["/decision_number", "/summary"]


def test_claiming_names_the_officer_once(received, officer):
    other = network.acting(network.officer(hue_centre()))

    assignment.claim(dossier_id=received.id, by=other, at=WEDNESDAY)
    assignment.claim(dossier_id=received.id, by=other, at=WEDNESDAY)

    received.refresh_from_db()
    assert str(received.officer_id) == other.id
    assert DossierStep.objects.filter(dossier=received, action="assign").count() == 1
