"""Stopping (form 05), giving papers back, and a result at the counter with the card compared."""

import pytest

from intake.errors import DecisionRefused, DecisionTaken, DossierNotFound, IllegalTransition, SecondPersonNeeded
from intake.models.decisions import ResultHandOver, StopNotice
from intake.models.dossiers import Dossier
from intake.operations import reception, resolution, supplements, withdrawal
from intake.operations.resolution import Receiver
from intake.operations.supplements import MissingThing
from intake.papers.notices import return_pdf, stop_pdf
from intake.rules.states import Handling
from shared.models.messages import OutboxMessage
from tests.factories import catalogue, network, places
from tests.intake.centre_cases import WEDNESDAY, at, forwarded, hue_centre

pytestmark = pytest.mark.django_db
THURSDAY = at("2025-07-03")


@pytest.fixture
def officer():
    return network.acting(network.officer(hue_centre()))


@pytest.fixture
def colleague():
    return network.acting(network.centre_manager(hue_centre()))


@pytest.fixture
def received(officer):
    dossier = forwarded(code=catalogue.BUSINESS, result_choice="collect", channel="post", handed_over_at=WEDNESDAY)
    reception.receive(dossier_id=dossier.id, by=officer, at=WEDNESDAY)
    return Dossier.objects.select_related("procedure").get(id=dossier.id)


def stop(dossier, by, **fields) -> StopNotice:
    return withdrawal.stop(**{"dossier_id": dossier.id, "reason": "Theo đơn ngày 03/07", "by": by, "at": THURSDAY,
                              "legal_basis": "Điều 7 Thông tư 03/2025/TT-VPCP", **fields})


def test_a_stop_has_its_notice_and_names_the_papers_that_go_back(received, officer):
    paper = received.procedure.documents[0]

    notice = stop(received, officer, papers_back=(paper["code"],))

    received.refresh_from_db()
    assert (received.handling, notice.papers_back) == (Handling.STOPPED, [paper["code"]])
    assert notice.paper["papers"][0]["name"] == paper["name_vi"]
    assert notice.paper["reason"] == "Theo đề nghị của người nộp hồ sơ"
    assert OutboxMessage.objects.filter(event="DossierStopped").count() == 1
    assert stop_pdf(notice.id, actor=officer) == stop_pdf(notice.id, actor=officer)
    with pytest.raises(DossierNotFound):
        stop_pdf(notice.id, actor=network.acting(network.officer(network.centre(places.PHU_XUAN))))


def test_nothing_is_stopped_once_it_is_decided(received, officer):
    resolution.resolve(dossier_id=received.id, decision_number="1", summary="x", by=officer, at=WEDNESDAY)

    with pytest.raises(DecisionTaken):
        stop(received, officer)


@pytest.mark.parametrize(("fields", "pointer"), [
    ({"cause": "rain"}, "/cause"), ({"reason": " "}, "/reason"), ({"legal_basis": ""}, "/legal_basis"),
    ({"papers_back": ("passport-of-the-cat",)}, "/papers_back")])
def test_a_stop_that_says_too_little_is_refused(fields, pointer, received, officer):
    with pytest.raises(DecisionRefused) as refused:
        stop(received, officer, **fields)

    assert [error.pointer for error in refused.value.errors] == [pointer]


def test_who_asked_for_papers_does_not_say_alone_that_they_never_came(received, officer, colleague):
    supplements.ask(dossier_id=received.id, reasons=(MissingThing("other", "other", "bản vẽ"),), by=officer,
                    at=WEDNESDAY)

    with pytest.raises(SecondPersonNeeded):
        stop(received, officer, cause="not-supplemented")
    stop(received, colleague, cause="not-supplemented")
    with pytest.raises(SecondPersonNeeded):
        withdrawal.end_stopped(dossier_id=received.id, receiver_name="Phan Văn Thử", by=officer, at=at("2025-07-08"))
    withdrawal.end_stopped(dossier_id=received.id, receiver_name="Phan Văn Thử", by=colleague, at=at("2025-07-08"))

    received.refresh_from_db()
    assert (received.handling, received.closed_at) == (Handling.RETURNED, at("2025-07-08"))


def test_papers_are_given_back_only_of_what_was_stopped(received, officer):
    with pytest.raises(IllegalTransition):
        withdrawal.end_stopped(dossier_id=received.id, receiver_name="x", by=officer, at=THURSDAY)


def test_a_citizen_who_takes_it_back_gets_form_05_too_once_it_was_received(received, officer):
    withdrawal.withdraw(dossier_id=received.id, reason="Không cần nữa", by=officer, at=THURSDAY)
    unreceived = forwarded()
    withdrawal.withdraw(dossier_id=unreceived.id, reason="Không cần nữa", by=officer, at=THURSDAY)

    notice = StopNotice.objects.get()
    assert (notice.dossier_id, notice.is_final) == (received.id, True)


# --- results at the counter -----------------------------------------------------------------------------------------


@pytest.fixture
def resolved(received, officer):
    resolution.resolve(dossier_id=received.id, decision_number="12/GCN", summary="Cấp giấy", by=officer, at=WEDNESDAY)
    return received


def hand(dossier, by, receiver) -> ResultHandOver:
    return resolution.hand_over_result(dossier_id=dossier.id, receiver=receiver, by=by, at=THURSDAY)


def test_a_result_is_given_to_whoever_shows_her_card_with_a_receipt(resolved, officer):
    given = hand(resolved, officer, Receiver("Phan Văn Thử", "card", "0914 000 268"))

    resolved.refresh_from_db()
    assert resolved.handling == Handling.RETURNED
    assert given.paper["identity"] == "đã đối chiếu thẻ căn cước"
    assert (given.receiver_phone, given.paper["decision_number"]) == ("+84914000268", "12/GCN")
    assert return_pdf(given.id, actor=officer).startswith(b"%PDF")


def test_somebody_else_needs_a_letter_and_everybody_a_card(resolved, officer):
    with pytest.raises(DecisionRefused) as refused:
        hand(resolved, officer, Receiver("Phan Thị Khác", "", "12"))

    assert {error.pointer for error in refused.value.errors} == {"/authorisation", "/identity", "/receiver_phone"}
    given = hand(resolved, officer, Receiver("Phan Thị Khác", "card", authorisation="Giấy ủy quyền số 046099001234"))
    assert "046•••••1234" in given.authorisation


def test_a_result_is_not_handed_over_twice(resolved, officer):
    hand(resolved, officer, Receiver("phan van thu", "vneid"))

    with pytest.raises(IllegalTransition):
        hand(resolved, officer, Receiver("Phan Văn Thử", "card"))


def test_what_was_asked_for_before_a_stop_is_settled_when_handling_goes_on(received, officer):
    def ask(again_because=""):
        return supplements.ask(dossier_id=received.id, reasons=(MissingThing("other", "other", "bản vẽ"),), by=officer,
                               at=THURSDAY, again_because=again_because)

    first = ask()
    stop(received, officer)
    withdrawal.resume(dossier_id=received.id, by=officer, at=at("2025-07-08"))
    first.refresh_from_db()
    assert first.answered_at == at("2025-07-08")

    second = ask("Sở Xây dựng yêu cầu thêm")
    supplements.answer(dossier_id=received.id, text="Đã nộp.", by=officer, at=at("2025-07-10"))

    second.refresh_from_db()
    assert second.answer == "Đã nộp."
