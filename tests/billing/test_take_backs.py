"""A single line is taken back by two people, and its event charged anew by the rules that hold."""

import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing import public
from billing.disputes import answering, raising
from billing.disputes.reviewing import part_in
from billing.disputes.rules import Cause, Outcome, Reason
from billing.errors import AlreadyReversed, LineNotFound, ReversalNotReversible
from billing.known_errors import registering
from billing.known_errors.models import AffectedLine
from billing.known_errors.rules import Question
from billing.models.ledger import Charge
from billing.models.rates import TariffRate
from billing.models.statements import Statement
from billing.operations.corrections import reverse_charge
from billing.queries import rates
from billing.queries.checks import check_ledger
from billing.take_backs import asking, queries
from billing.take_backs.asking import TakeBackAsked
from billing.take_backs.errors import (
    ChargingChangesNothing,
    FiguresChanged,
    LineCorrected,
    LineNotTakenBackHere,
    LineOnHold,
    TakeBackIncomplete,
    TakeBackNotAsked,
    TakeBackNotFound,
    TakeBackNotYours,
    TakeBackSecondPerson,
    TakeBackStateForbids,
    TakeBackTooLate,
    TakeBackWaiting,
)
from billing.take_backs.models import TakeBack
from billing.tasks import lapse_take_backs
from shared.actors import Actor, ActorKind, job
from shared.models.oversight import AuditEntry, WorkItem
from shared.money import Money
from shared.roles import Role
from tests.billing import disputes as cases
from tests.billing.events import NOW, delivered
from tests.billing.people import operator, person, signed_in

pytestmark = pytest.mark.django_db
AT = cases.RAISED
WHY = "Bưu tá ghi nhầm khối lượng; cân lại ngày 19/01."


@pytest.fixture
def outlet(rate_tables):
    return cases.outlet()


@pytest.fixture
def line(outlet):
    return cases.line_of(outlet)


@pytest.fixture
def yen():
    return person(Role.FINANCE_REVIEWER)


@pytest.fixture
def thu():
    return person(Role.FINANCE_APPROVER)


def asked(line, by, *, charge_anew=False, reason=WHY, at=AT):
    return asking.ask(TakeBackAsked(line_id=line.id, reason=reason, charge_anew=charge_anew), by=by.actor, at=at)


def approved(row, by, at=AT):
    return asking.decide(row.id, approve=True, by=by.actor, at=at)


def postage():
    public.post_postage(delivered(), at=NOW)
    return Charge.objects.get(kind="postage")


def dearer(price=32_000):
    """The tariff that holds for the day turns out to be another one."""
    TariffRate.objects.filter(tariff__direction="result", zone="intra_province", up_to_grams=100).update(price=price)
    rates.forget()


def test_a_line_is_taken_back_once_another_person_approves_it(line, yen, thu):
    row = asked(line, yen)
    assert not Charge.objects.filter(reverses=line).exists()
    assert WorkItem.objects.get(kind="take-back-asked").owner_role == Role.FINANCE_APPROVER

    row = approved(row, thu)

    mirror = Charge.objects.get(reverses=line)
    assert (row.state, row.mirror_id, row.again_id) == ("approved", mirror.id, None)
    assert mirror.city_owes == -line.city_owes
    assert mirror.evidence["reversal_reason"] == WHY
    assert not WorkItem.objects.filter(kind="take-back-asked", closed_at=None).exists()
    assert list(AuditEntry.objects.filter(object_id=str(row.id)).values_list("action", flat=True)) == [
        "decide_take_back"]


def test_a_line_is_charged_anew_by_the_rules_that_hold_and_the_books_stay_sound(rate_tables, yen, thu):
    wrong = postage()
    dearer()
    row = asked(wrong, yen, charge_anew=True)
    assert row.foreseen["gross"] == 32_000

    row = approved(row, thu)

    assert row.again.kind == "postage#2"
    assert row.again.gross == Money(32_000)
    assert sum(each.gross.amount for each in Charge.objects.all()) == 32_000
    report = check_ledger(with_events=False)
    assert [each for each in report.findings if each.kind.startswith(("line-", "group-", "posting-"))] == []


def test_a_closed_month_keeps_its_lines_and_the_next_open_one_takes_the_correction(rate_tables, yen, thu):
    wrong = postage()
    dearer()
    Statement.objects.update(state="prepared")

    row = approved(asked(wrong, yen, charge_anew=True), thu)

    assert row.mirror.period == row.again.period == date(2026, 2, 1)
    assert row.again.evidence["late_for"] == "2026-01-01"


def test_nobody_approves_her_own_request_nor_does_a_reviewer(line, yen, thu):
    row = asked(line, yen)

    with pytest.raises(TakeBackSecondPerson):
        approved(row, person(Role.FINANCE_REVIEWER))
    own = asked(cases.line_of(cases.outlet()), yen)
    TakeBack.objects.filter(id=own.id).update(asked_by=thu.actor.id)  # a reviewer then, an approver now
    with pytest.raises(TakeBackSecondPerson):
        approved(own, thu)
    with pytest.raises(IntegrityError, match="take_back_two_people"), transaction.atomic():
        TakeBack.objects.filter(id=row.id).update(decided_by=row.asked_by)


def test_a_refusal_says_why_and_the_line_stands(line, yen, thu):
    row = asked(line, yen)
    with pytest.raises(TakeBackIncomplete):
        asking.decide(row.id, approve=False, answer="  ", by=thu.actor, at=AT)

    row = asking.decide(row.id, approve=False, answer="Biên bản giao vẫn đúng khối lượng cũ.", by=thu.actor, at=AT)

    assert (row.state, row.mirror_id) == ("refused", None)
    with pytest.raises(TakeBackStateForbids):
        approved(row, thu)
    assert asked(line, yen).state == "asked"


def test_who_asked_withdraws_it_and_nobody_else(line, yen, thu):
    row = asked(line, yen)
    with pytest.raises(TakeBackNotYours):
        asking.withdraw(row.id, by=person(Role.FINANCE_REVIEWER).actor, at=AT)

    assert asking.withdraw(row.id, by=yen.actor, at=AT).state == "withdrawn"
    with pytest.raises(TakeBackStateForbids):
        approved(row, thu)


def test_what_nobody_answers_lapses_after_three_working_days(line, yen, thu, monkeypatch):
    row = asked(line, yen)
    assert row.due_at - AT < timedelta(days=4)

    assert asking.lapse_overdue(at=row.due_at - timedelta(minutes=1)) == 0
    monkeypatch.setattr("billing.tasks.timezone.now", lambda: row.due_at)
    lapse_take_backs()

    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("lapsed", "")
    assert not WorkItem.objects.filter(kind="take-back-asked", closed_at=None).exists()
    with pytest.raises(TakeBackStateForbids):
        approved(row, thu)


def test_what_was_not_answered_in_time_is_over_before_the_sweep_has_come(line, yen, thu):
    row = asked(line, yen)

    for approve in (True, False):
        with pytest.raises(TakeBackTooLate):
            asking.decide(row.id, approve=approve, answer=WHY, by=thu.actor, at=row.due_at)
    row.refresh_from_db()
    assert row.state == "asked"
    assert not Charge.objects.filter(reverses=line).exists()


def test_only_a_reviewer_of_the_city_asks_whatever_asks_for_her(line, thu):
    machine = Actor(ActorKind.MACHINE, "token", "Hệ thống", Role.FINANCE_REVIEWER, province_code="01")
    for by in (thu.actor, person(Role.AUDITOR).actor, machine, job("tests")):
        with pytest.raises(TakeBackNotAsked):
            asking.ask(TakeBackAsked(line_id=line.id, reason=WHY, charge_anew=False), by=by, at=AT)
    assert not TakeBack.objects.exists()


def test_what_is_answered_is_never_changed_or_deleted(line, yen, thu):
    row = approved(asked(line, yen), thu)

    with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
        TakeBack.objects.filter(id=row.id).update(reason="Khác")
    with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
        TakeBack.objects.filter(id=row.id).delete()


def test_one_line_is_asked_for_once_at_a_time(line, yen):
    asked(line, yen)

    with pytest.raises(TakeBackWaiting):
        asked(line, person(Role.FINANCE_REVIEWER))


def test_a_line_taken_back_and_a_reversal_are_not_taken_back_again(line, yen, thu):
    row = approved(asked(line, yen), thu)

    with pytest.raises(AlreadyReversed):
        asked(line, yen)
    with pytest.raises(ReversalNotReversible):
        asked(row.mirror, yen)


def test_a_disputed_line_waits_for_its_dispute(outlet, line, yen, thu):
    row = asked(line, yen)
    dispute = cases.disputed(outlet, line)

    with pytest.raises(LineOnHold) as refusal:
        approved(row, thu)
    assert refusal.value.facts["number"] == dispute.number
    with pytest.raises(LineOnHold):
        asked(line, person(Role.FINANCE_REVIEWER))
    row.refresh_from_db()
    assert row.state == "asked"
    assert not Charge.objects.filter(reverses=line).exists()


def test_a_corrected_line_is_not_taken_back_from_under_its_correction(outlet, line, yen, thu):
    row = asked(line, yen)
    dispute = cases.disputed(outlet, line)
    cases.decided(dispute, cases.reviewer(), cases.approver(), outcome=Outcome.PARTLY, amount=Money(7_000))
    answering.accept(dispute_id=dispute.id, by=cases.manager(outlet).actor, at=cases.DECIDED)

    with pytest.raises(LineCorrected, match=dispute.number):
        approved(row, thu)
    with pytest.raises(LineCorrected):
        asked(line, person(Role.FINANCE_REVIEWER))


def test_an_entry_is_put_right_where_it_comes_from(outlet, line, yen):
    dispute = cases.disputed(outlet, line)
    cases.decided(dispute, cases.reviewer(), cases.approver(), outcome=Outcome.PARTLY, amount=Money(7_000))

    with pytest.raises(LineNotTakenBackHere):
        asked(Charge.objects.get(kind="dispute-outcome"), yen)


def test_a_line_of_a_suspected_error_waits_and_of_a_fixed_one_is_taken_back_and_released(line, yen, thu):
    error = registering.register(title_vi="Ghi hai lần", title_en="", description="", by=yen.actor, at=AT,
                                 question=Question(rule="không có"))
    AffectedLine.objects.create(error=error, charge=line, province_code="01", operator_code="VNPOST",
                                amount=line.city_owes, right=0, found_at=AT)
    with pytest.raises(LineOnHold, match=error.number):
        asked(line, yen)
    registering.confirm(error_id=error.id, cause=Cause.SYSTEM, text="Bản ghi", by=yen.actor, at=AT)
    registering.fix(error_id=error.id, release="2026.1", text="Đã sửa", by=yen.actor, at=AT)

    approved(asked(line, yen), thu)

    assert not AffectedLine.objects.get(charge=line).is_open


def test_charging_anew_what_stands_already_is_refused(line, yen):
    with pytest.raises(ChargingChangesNothing):
        asked(line, yen, charge_anew=True)


def test_figures_other_than_both_people_saw_are_not_approved(rate_tables, yen, thu):
    wrong = postage()
    dearer()
    row = asked(wrong, yen, charge_anew=True)
    dearer(40_000)

    with pytest.raises(FiguresChanged):
        approved(row, thu)
    dearer(30_000)
    with pytest.raises(FiguresChanged):
        approved(row, thu)


def test_a_rule_that_took_the_line_back_meanwhile_leaves_nothing_to_approve(line, yen, thu):
    row = asked(line, yen)
    reverse_charge(charge_id=line.id, reason="Quy định mới", by=thu.actor, at=AT)

    with pytest.raises(AlreadyReversed):
        approved(row, thu)


def test_who_asked_for_it_reviews_no_dispute_of_the_line(outlet, line, yen, thu):
    asking.withdraw(asked(line, yen).id, by=yen.actor, at=AT)
    dispute = cases.disputed(outlet, line)

    assert part_in(dispute, yen.actor) == "changed-the-line"
    assert part_in(dispute, cases.reviewer().actor) == ""


def test_the_line_that_took_it_back_is_disputed_by_the_outlet(outlet, line, yen, thu):
    row = approved(asked(line, yen), thu)

    made = raising.raise_dispute(raising.Objection(lines=[row.mirror_id], reason=Reason.TAKEN_BACK),
                                 by=cases.manager(outlet).actor, at=AT)
    assert made[0].number


def test_another_citys_people_find_neither_line_nor_request(line, yen):
    stranger = person(Role.FINANCE_APPROVER, province="46")
    row = asked(line, yen)

    with pytest.raises(LineNotFound):
        asked(line, person(Role.FINANCE_REVIEWER, province="46"))
    with pytest.raises(TakeBackNotFound):
        approved(row, stranger)
    assert not TakeBack.objects.seen_by(stranger.actor).exists()


# --- screens --------------------------------------------------------------------------------------------------------


def test_the_line_page_asks_answers_and_keeps_what_was_typed(client, line):
    page = signed_in(client).get(reverse("billing:line", args=[line.id])).content.decode()
    assert reverse("billing:take-back-ask", args=[line.id]) in page
    short = client.post(reverse("billing:take-back-ask", args=[line.id]), {"reason": "Sai", "how": "only"})
    assert short.status_code == 422
    assert ">Sai</textarea>" in short.content.decode()

    client.post(reverse("billing:take-back-ask", args=[line.id]), {"reason": WHY, "how": "only"})
    row = TakeBack.objects.get()
    assert WHY in client.get(reverse("billing:line", args=[line.id])).content.decode()

    signed_in(client, Role.FINANCE_APPROVER)
    step = reverse("billing:take-back-step", args=[row.id, "duyet"])
    assert step in client.get(reverse("billing:line", args=[line.id])).content.decode()
    assert client.post(step).status_code == 302
    row.refresh_from_db()
    assert row.state == "approved"
    assert client.post(step).status_code == 409


def test_a_reader_of_the_books_sees_the_request_and_no_form(client, line, yen):
    row = asked(line, yen)
    page = signed_in(client, Role.AUDITOR).get(reverse("billing:line", args=[line.id])).content.decode()

    assert WHY in page
    assert reverse("billing:take-back-ask", args=[line.id]) not in page
    assert reverse("billing:take-back-step", args=[row.id, "duyet"]) not in page
    assert client.post(reverse("billing:take-back-step", args=[row.id, "duyet"])).status_code == 403


def test_the_outlet_reads_the_request_beside_its_line_and_in_its_list(client, outlet, line, yen):
    asked(line, yen)
    client.force_login(cases.manager(outlet), backend="agents.backends.StaffBackend")

    assert WHY in client.get(reverse("billing:evidence", args=[line.id])).content.decode()
    assert WHY in client.get(reverse("billing:take-backs")).content.decode()


def test_the_list_costs_the_same_whatever_its_length(client, outlet, yen, django_assert_num_queries):
    signed_in(client, Role.FINANCE_APPROVER)
    asked(cases.line_of(outlet), yen)
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("billing:take-backs"))
    for _each in range(4):
        asked(cases.line_of(outlet), yen)
    with django_assert_num_queries(len(one)):
        client.get(reverse("billing:take-backs"))


def test_the_approvers_rail_counts_what_waits_for_her(client, outlet, line, yen, thu, django_assert_num_queries):
    cases.disputed(outlet, cases.line_of(outlet))
    asked(line, yen)

    with django_assert_num_queries(1):
        assert queries.open_cases(thu.actor) == 2
    assert queries.open_cases(yen.actor) == 1


# --- API ------------------------------------------------------------------------------------------------------------


def send(client, path, body, key):
    return client.post(f"/api/v1{path}", json.dumps(body), content_type="application/json",
                       headers={"Idempotency-Key": key})


def test_the_api_asks_decides_and_lists(client, line):
    signed_in(client)
    made = send(client, f"/lines/{line.id}/take-backs", {"reason": WHY, "charge_anew": False}, "a" * 20)
    assert made.status_code == 201, made.content
    assert made.json()["amount_vnd"] == line.city_owes.amount
    path = f"/take-backs/{made.json()['id']}"
    assert send(client, f"{path}/decisions", {"approve": True}, "b" * 20).status_code == 403

    signed_in(client, Role.FINANCE_APPROVER)
    done = send(client, f"{path}/decisions", {"approve": True}, "c" * 20)

    assert done.json()["reversal_line_id"] == str(Charge.objects.get(reverses=line).id)
    assert [each["state"] for each in client.get("/api/v1/take-backs?state=approved").json()["items"]] == ["approved"]
    assert client.get("/api/v1/take-backs?state=asked").json()["items"] == []
    assert client.get(f"/api/v1{path}").json()["new_line_id"] is None


def test_the_api_tells_what_stands_in_the_way(client, outlet, line):
    dispute = cases.disputed(outlet, line)
    signed_in(client)

    told = send(client, f"/lines/{line.id}/take-backs", {"reason": WHY, "charge_anew": False}, "d" * 20)

    assert told.status_code == 409
    assert told.json()["type"].endswith("line-on-hold")
    assert dispute.number in told.json()["detail"]


def test_an_operator_reads_those_of_its_lines_only(client, line, yen):
    asked(line, yen)
    signed_in(client, Role.OPERATOR_HQ, operator=operator("VNPOST"))
    assert len(client.get("/api/v1/take-backs").json()["items"]) == 1

    signed_in(client, Role.OPERATOR_HQ, operator=operator("VTPOST"))
    assert client.get("/api/v1/take-backs").json()["items"] == []
