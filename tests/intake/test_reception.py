import threading
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from intake.boards.reading import board_as_of
from intake.errors import (
    ClientRefReused,
    DecisionRefused,
    DossierChanged,
    DossierNotFound,
    IllegalTransition,
    NotACounterProcedure,
    NotForwardedYet,
    NotYourCentre,
)
from intake.models.dossiers import Dossier, DossierStep
from intake.operations import reception
from intake.operations.counter_reception import CounterInput, receive_at_counter
from intake.rules.states import Handling, MoneyState
from shared.identifiers import is_dossier_code
from shared.models.messages import OutboxMessage
from shared.models.oversight import AuditEntry
from tests.factories import catalogue, network, places
from tests.intake.centre_cases import WEDNESDAY, at, calendar_day, citizen, filed, forwarded, hue_centre

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return network.acting(network.officer(hue_centre()))


def receive(dossier, officer, moment=WEDNESDAY, **fields) -> Dossier:
    return reception.receive(dossier_id=dossier.id, by=officer, at=moment, **fields)


def changes_told(refused: DossierChanged) -> list[str]:
    changes: Any = refused.facts["changes"]
    return [change["action"] for change in changes]


def test_reception_issues_the_next_code_of_the_day_and_starts_the_clock(officer):
    first = receive(forwarded(), officer)
    second = receive(forwarded(), officer, at("2025-07-02", "16:00"))
    tomorrow = receive(forwarded(), officer, at("2025-07-03"))

    assert [d.code for d in (first, second, tomorrow)] == [
        "H57.31-250702-0001", "H57.31-250702-0002", "H57.31-250703-0001"]
    assert is_dossier_code(str(first.code))
    assert first.handling == Handling.RECEIVED
    assert first.officer_id is not None
    assert first.clock_started_at == WEDNESDAY


def test_reception_is_traced_audited_counted_and_told(officer):
    dossier = receive(forwarded(), officer, checked=("to_khai",))

    step = DossierStep.objects.get(dossier=dossier, action="receive")
    assert (step.actor_name, step.data["checked"], step.place) == (
        officer.name, ["to_khai"], "Trung tâm Phục vụ hành chính công phường Phong Dinh")
    assert AuditEntry.objects.filter(object_id=str(dossier.id), action="dossier.receive").count() == 1
    assert board_as_of(dossier.province_code, WEDNESDAY).received == 1
    told = OutboxMessage.objects.get(event="DossierReceived")
    assert (told.payload["code"], told.payload["operator_code"]) == (dossier.code, "VNPOST")


@pytest.mark.parametrize(("code", "received", "due"), [
    (catalogue.EXTRACT, ("2025-07-02", "14:59"), ("2025-07-02", "17:00")),
    (catalogue.EXTRACT, ("2025-07-02", "15:01"), ("2025-07-03", "17:00")),
    (catalogue.EXTRACT, ("2026-11-23", "15:05"), ("2026-11-25", "17:00")),
])
def test_a_same_day_item_received_after_three_is_due_the_next_working_day(officer, code, received, due):
    calendar_day("2026-11-24", is_working=False)

    dossier = receive(forwarded(code=code, moment=at(*received)), officer, at(*received))

    assert dossier.due_at == at(*due)


@pytest.mark.parametrize(("received", "days", "due"), [
    ("2026-11-20", 3, "2026-11-26"),
    ("2026-08-17", 10, "2026-08-28"),
    ("2025-04-25", 3, "2025-04-29"),
    ("2025-12-31", 5, "2026-01-09"),
])
def test_terms_count_swapped_days_and_holidays(officer, received, days, due):
    for day in ("2026-11-24", "2026-01-01", "2026-01-02"):
        calendar_day(day, is_working=False)
    for day in ("2026-08-22", "2025-04-26", "2026-01-10"):
        calendar_day(day, is_working=True)
    catalogue.procedure("1.001612", terms={"online": {"amount": days, "unit": "working_day"}})
    dossier = forwarded(code="1.001612", moment=at(received))
    dossier.procedure.terms = {"online": {"amount": days, "unit": "working_day"}}
    dossier.procedure.save()

    assert receive(dossier, officer, at(received)).due_at == at(due, "17:00")


def test_a_paper_dossier_counts_from_the_signed_hand_over_not_from_the_reception(officer):
    handed_over = at("2025-07-02", "10:00")
    dossier = forwarded(channel="post", code=catalogue.BUSINESS, handed_over_at=handed_over)

    received = receive(dossier, officer, at("2025-07-03", "08:30"))

    assert received.clock_started_at == handed_over
    assert received.due_at == at("2025-07-07", "17:00")
    assert received.term_minutes == 3 * 480 + 360


def test_a_dossier_that_the_outlet_still_holds_is_not_received(officer):
    with pytest.raises(NotForwardedYet):
        receive(filed(), officer)


def test_another_centre_does_not_even_see_it():
    stranger = network.acting(network.officer(network.centre(places.PHU_XUAN)))

    with pytest.raises(DossierNotFound):
        receive(forwarded(), stranger)


def test_the_deciding_centre_does_not_receive_for_the_receiving_one():
    deciding = network.centre(places.PHU_XUAN)
    dossier = forwarded(authority=deciding)

    with pytest.raises(NotYourCentre):
        receive(dossier, network.acting(network.officer(deciding)))


def test_receiving_twice_is_refused_and_takes_no_number(officer):
    dossier = receive(forwarded(), officer)

    with pytest.raises(IllegalTransition):
        receive(dossier, officer)

    assert receive(forwarded(), officer).code == "H57.31-250702-0002"


def test_who_decides_on_an_old_page_is_told_what_changed(officer):
    dossier = forwarded()
    seen = dossier.version
    receive(dossier, officer, version=seen)

    with pytest.raises(DossierChanged) as refused:
        reception.refuse(dossier_id=dossier.id, reason="not-competent", explanation="Không thuộc thẩm quyền.",
                         legal_basis="Nghị định 118/2025/NĐ-CP", by=officer, at=WEDNESDAY, version=seen)

    assert changes_told(refused.value) == ["receive"]
    assert officer.name in str(refused.value.detail)


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_once_one_receives_and_the_other_learns_it(officer):
    dossier = forwarded()
    other = network.acting(network.officer(hue_centre()))
    outcomes: list[object] = []
    together = threading.Barrier(2)

    def act(who):
        together.wait()
        try:
            outcomes.append(receive(dossier, who, version=dossier.version).code)
        except DossierChanged as error:
            outcomes.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(who,)) for who in (officer, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    codes = [outcome for outcome in outcomes if isinstance(outcome, str)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, DossierChanged)]
    assert (len(codes), len(refused)) == (1, 1)
    assert changes_told(refused[0]) == ["receive"]
    assert DossierStep.objects.filter(dossier=dossier, action="receive").count() == 1


def test_a_refusal_names_reason_and_law_and_ends_the_dossier(officer):
    dossier = forwarded()

    refusal = reception.refuse(
        dossier_id=dossier.id, reason="not-competent", explanation="Thuộc thẩm quyền của phường Phú Xuân.",
        legal_basis="Nghị định 118/2025/NĐ-CP", by=officer, at=WEDNESDAY)

    dossier.refresh_from_db()
    assert (dossier.handling, dossier.code, dossier.closed_at) == (Handling.NOT_ACCEPTED, None, WEDNESDAY)
    assert refusal.refused_by_name == officer.name
    assert OutboxMessage.objects.filter(event="DossierRefused").count() == 1


def test_a_refusal_without_words_tells_everything_that_is_missing_at_once(officer):
    dossier = forwarded()

    with pytest.raises(DecisionRefused) as refused:
        reception.refuse(dossier_id=dossier.id, reason="because", explanation=" ", legal_basis="", by=officer,
                         at=WEDNESDAY)

    assert [error.pointer for error in refused.value.errors] == ["/reason", "/explanation", "/legal_basis"]
    dossier.refresh_from_db()
    assert dossier.handling == Handling.REGISTERED


# --- the centre's own counter ---------------------------------------------------------------------------------------


def counter(**fields: Any) -> CounterInput:
    return replace(CounterInput(uuid4(), citizen().id, catalogue.CERTIFIED_COPY), **fields)


def test_a_citizen_at_the_counter_is_filed_and_received_in_one_act(officer):
    catalogue.procedure(catalogue.CERTIFIED_COPY)

    dossier = receive_at_counter(counter(pages=3, copies=2), by=officer, at=WEDNESDAY)

    assert (dossier.handling, dossier.channel, dossier.outlet_id) == (Handling.RECEIVED, "direct", None)
    assert dossier.code == "H57.31-250702-0001"
    assert dossier.due_at == at("2025-07-02", "17:00")
    assert (dossier.fee.amount, dossier.money) == (10_000, MoneyState.PAID)
    actions = list(DossierStep.objects.filter(dossier=dossier).order_by("id").values_list("action", flat=True))
    assert actions == ["submit", "charge", "pay", "receive"]


def test_the_same_reference_is_the_same_dossier(officer):
    catalogue.procedure(catalogue.CERTIFIED_COPY)
    asked = counter()

    first = receive_at_counter(asked, by=officer, at=WEDNESDAY)
    again = receive_at_counter(asked, by=officer, at=WEDNESDAY)

    assert again.id == first.id
    assert Dossier.objects.count() == 1
    with pytest.raises(ClientRefReused):
        receive_at_counter(counter(client_ref=asked.client_ref, citizen_id=asked.citizen_id, copies=9), by=officer,
                           at=WEDNESDAY)


def test_what_is_not_filed_at_a_counter_is_not_received_there(officer):
    catalogue.procedure(catalogue.BUSINESS, channels=["online"])

    with pytest.raises(NotACounterProcedure):
        receive_at_counter(counter(procedure_code=catalogue.BUSINESS), by=officer, at=WEDNESDAY)


def test_an_outlet_has_no_centre_counter():
    catalogue.procedure(catalogue.CERTIFIED_COPY)

    with pytest.raises(NotYourCentre):
        receive_at_counter(counter(), by=network.acting(network.clerk()), at=WEDNESDAY)


def test_a_reception_at_the_counter_costs_a_constant_number_of_queries(officer, django_assert_max_num_queries):
    catalogue.procedure(catalogue.CERTIFIED_COPY)
    receive_at_counter(counter(), by=officer, at=WEDNESDAY)
    asked = counter()

    with django_assert_max_num_queries(26):
        receive_at_counter(asked, by=officer, at=WEDNESDAY)
