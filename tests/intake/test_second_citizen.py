"""A second citizen's paper stops everything until the clerk has said what it is."""

from uuid import uuid4

import pytest

from intake.errors import NoOpenSession, StopNotFound, StopRefused, SubmissionRefused
from intake.models.mandates import SecondCitizenStop
from intake.operations import documents, second_citizen, sessions
from intake.operations.second_citizen import StopAnswer, number_of
from intake.records import DocumentRef
from shared.models.oversight import AuditEntry
from tests.factories import citizens, dossiers, network
from tests.intake.counter_cases import CARD, scan
from tests.intake.moments import MONDAY_MORNING as NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]


@pytest.fixture
def counter():
    return dossiers.counter()


def scan_card(counter, text=CARD):
    return second_citizen.note_card(session_id=dossiers.at_session(counter), text=text, by=counter.by, at=NOW)


def decide(counter, stop, decision, **answer):
    return second_citizen.decide_stop(stop_id=stop.id, answer=StopAnswer(decision, **answer), by=counter.by, at=NOW)


def faults_of(counter, **changes) -> set[tuple[str, str]]:
    with pytest.raises(SubmissionRefused) as refusal:
        counter.submit(**changes)
    return {(error.pointer, error.code) for error in refusal.value.errors}


def test_her_own_card_stops_nothing():
    number = citizens.national_id()
    counter = dossiers.counter(national_id=number)

    assert scan_card(counter, number) is None
    assert scan_card(counter, f"{number}||Nguyễn Thị Hạnh|14031992|Nữ|Phong Dinh|01072021") is None
    assert not SecondCitizenStop.objects.exists()


def test_the_own_card_of_somebody_registered_without_a_number_is_known_by_its_name():
    counter = dossiers.counter(national_id="", full_name="Hồ Thị Lài")

    assert scan_card(counter) is None


def test_what_is_no_card_stops_nothing(counter):
    assert scan_card(counter, "EH473124829VN") is None


def test_another_card_stops_the_filing_until_it_is_decided(counter):
    stop = scan_card(counter)

    assert (stop.other_name, stop.number_masked) == ("Hồ Thị Lài", "046•••••1234")
    assert faults_of(counter) == {("/mandate", "second-citizen")}

    decide(counter, stop, "relation", relation="parent", note="mẹ của người nộp 046192001234")

    assert counter.submit().submitted_at is not None
    kept = SecondCitizenStop.objects.get()
    assert (kept.decision, kept.relation, kept.note) == ("relation", "parent", "mẹ của người nộp 046•••••1234")
    assert AuditEntry.objects.filter(action="second_citizen.decide").count() == 1


def test_the_same_card_again_is_the_same_stop_and_is_not_asked_again(counter):
    first = scan_card(counter)
    assert scan_card(counter).id == first.id

    decide(counter, first, "mistake")

    assert scan_card(counter) is None


def test_the_number_can_go_on_but_stands_nowhere_in_clear(counter):
    stop = scan_card(counter)

    assert number_of(stop) == "046192001234"
    assert b"046192001234" not in bytes(stop.number_sealed)
    assert "046192001234" not in str(list(AuditEntry.objects.values_list("after", "before", "reason")))


@pytest.mark.parametrize(("answer", "wrong"), [
    ({"decision": "common_paper"}, "/decision"), ({"decision": ""}, "/decision"),
    ({"decision": "session_ended"}, "/decision"), ({"decision": "relation"}, "/relation"),
    ({"decision": "relation", "relation": "friend"}, "/relation"),
    ({"decision": "mistake", "note": "x" * 201}, "/note")])
def test_a_decision_that_does_not_fit_is_refused(counter, answer, wrong):
    stop = scan_card(counter)
    with pytest.raises(StopRefused) as refusal:
        decide(counter, stop, **answer)

    assert [error.pointer for error in refusal.value.errors] == [wrong]


def test_only_the_clerk_of_the_session_decides_and_only_once(counter):
    stop = scan_card(counter)
    colleague = network.acting(network.clerk(counter.outlet))
    with pytest.raises(StopNotFound):
        second_citizen.decide_stop(stop_id=stop.id, answer=StopAnswer("mistake"), by=colleague, at=NOW)

    decide(counter, stop, "mistake")

    with pytest.raises(StopNotFound):
        decide(counter, stop, "mistake")


def test_a_stop_ends_with_its_session(counter):
    stop = scan_card(counter)
    session_id = dossiers.at_session(counter)

    sessions.close_session(session_id=session_id, by=counter.by, at=NOW)

    stop.refresh_from_db()
    assert stop.decision == "session_ended"
    with pytest.raises(NoOpenSession):
        second_citizen.note_card(session_id=session_id, text=CARD, by=counter.by, at=NOW)


# --- the same file in two citizens' dossiers ------------------------------------------------------------------------


def uploaded(counter, content):
    return documents.store_document(chunks=[content], name="to-khai.pdf", component="to_khai", by=counter.by, at=NOW)


@pytest.fixture
def second(counter):
    """The first citizen's dossier holds a scan; now somebody else is acted for, and the same scan is there."""
    content = scan().read()
    paper = uploaded(counter, content)
    counter.submit(documents=(DocumentRef("to_khai", paper.id), *dossiers.SHOWN[1:]))
    dossiers.next_citizen(counter, full_name="Trần Văn Khác", phone="0905111222")
    counter.paper = uploaded(counter, content)
    return counter


def note(counter):
    return second_citizen.note_document(session_id=dossiers.at_session(counter), document_id=counter.paper.id,
                                        by=counter.by, at=NOW)


def test_a_file_of_another_citizens_dossier_is_not_filed_unexplained(second):
    papers = (DocumentRef("to_khai", second.paper.id), *dossiers.SHOWN[1:])

    assert ("/documents/0/document_id", "second-citizen-file") in faults_of(second, documents=papers)

    stop = note(second)
    decide(second, stop, "common_paper")

    assert note(second) is None
    assert second.submit(documents=papers).submitted_at is not None


def test_a_file_that_was_a_mistake_may_not_stay(second):
    papers = (DocumentRef("to_khai", second.paper.id), *dossiers.SHOWN[1:])
    decide(second, note(second), "mistake")

    assert faults_of(second, documents=papers) == {("/documents/0/document_id", "second-citizen-file")}


def test_the_same_citizens_second_dossier_may_hold_the_file_again(counter):
    content = scan().read()
    first = uploaded(counter, content)
    counter.submit(documents=(DocumentRef("to_khai", first.id), *dossiers.SHOWN[1:]))
    counter.paper = uploaded(counter, content)

    assert note(counter) is None


def test_a_file_nobody_knows_stops_nothing(counter):
    counter.paper = type("Paper", (), {"id": uuid4()})

    assert note(counter) is None
