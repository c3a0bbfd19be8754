"""The system suspects itself first: what it finds, how far it looks back, who is told, and how it is put right."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing import public
from billing.disputes.rules import Cause, Reason
from billing.errors import ErrorStateForbids, KnownErrorRefused, NeedsSecondPerson
from billing.known_errors import detecting, registering
from billing.known_errors.models import AffectedLine, ErrorNotice, KnownError, LookBack
from billing.known_errors.putting_right import put_right
from billing.known_errors.rules import FINAL, KNOWN_ERROR, OWNERS, STATES, ErrorState, Question
from billing.models.ledger import Charge
from billing.models.rates import NormItem
from billing.operations.corrections import charge_again, reverse_charge
from billing.queries.checks import check_ledger
from billing.queries.holds import Hold, holds_of
from billing.queries.rates import forget
from billing.queries.standing import owed_by_now
from billing.redress.models import Redress
from config.reference_data import interest
from config.runtime.paths import PROJECT
from shared.money import Money
from tests.billing import disputes as cases
from tests.billing.events import NOW, act

pytestmark = pytest.mark.django_db
NIGHT = NOW + timedelta(hours=14)


@pytest.fixture
def network(rate_tables):
    return [cases.outlet() for _ in range(5)]


def underpaid(*places):
    """Lines posted while the norm stood wrongly at 10,000; it is corrected to 12,000 afterwards."""
    _norm(10_000)
    lines = [cases.line_of(place) for place in places]
    _norm(12_000)
    return lines


def _norm(amount):
    NormItem.objects.filter(task="accepted_online", norm__code="DEMO-2026").update(amount=Money(amount))
    forget()


def test_the_same_difference_in_two_outlets_opens_an_error_freezes_its_lines_and_tells_them(network):
    wrong = underpaid(*network[:3])
    right = cases.line_of(network[3])

    assert detecting.watch_errors(at=NIGHT) == 1

    error = KnownError.objects.get()
    assert (error.number, error.state, error.cause) == ("LH-01-26-001", "suspected", Cause.UNKNOWN)
    assert error.found_by == "job:watch_errors"
    assert holds_of([*(line.id for line in wrong), right.id]) == {
        line.id: (Hold("known-error", error.number),) for line in wrong}
    assert set(ErrorNotice.objects.values_list("outlet_id", "lines", "told_at")) == {
        (place.id, 1, NIGHT) for place in network[:3]}


def test_a_difference_in_one_outlet_alone_is_looked_at_by_the_ledger_check_and_freezes_nothing(network):
    underpaid(network[0], network[0])

    assert detecting.watch_errors(at=NIGHT) == 0
    assert not KnownError.objects.exists()


def test_the_look_back_goes_over_all_outlets_and_as_far_as_the_books_do(network):
    _norm(10_000)
    cases.line_of(network[4], at=NOW - timedelta(days=17))  # long before the nights that compare
    underpaid(*network[:2])

    detecting.watch_errors(at=NIGHT)
    detecting.watch_errors(at=NIGHT + timedelta(days=1))

    assert KnownError.objects.count() == 1
    assert AffectedLine.objects.count() == 3
    assert list(LookBack.objects.order_by("looked_at").values_list("lines", "new_lines", "outlets")) == [
        (3, 3, 3), (3, 0, 3)]


def test_a_fault_in_49_of_many_outlets_is_found_in_one_night(network):
    """Horizon's release of February 2007: entries of 49 branches spoilt within days."""
    _norm(10_000)
    for at in range(49):
        public.record_act(replace(act(), outlet_id=_uuid(at), dossier_code=f"H26-{at}"), at=NOW)
    _norm(12_000)
    for at in range(60):
        public.record_act(replace(act(), outlet_id=_uuid(100 + at), dossier_code=f"H27-{at}"), at=NOW)

    detecting.watch_errors(at=NIGHT)

    assert LookBack.objects.get().outlets == 49
    assert {line.outlet_id for line in AffectedLine.objects.all()} == {_uuid(at) for at in range(49)}


def _uuid(number):
    from uuid import UUID

    return UUID(int=number + (7 << 76))


def test_one_dossier_counted_twice_is_found_although_everything_balances(network):
    """Dalmellington: each receipt genuine, double entry satisfied, and the sum four times what was sent."""
    for at, place in enumerate(network[:2]):
        for _ in range(2):
            public.record_act(replace(act(), outlet_id=place.id, dossier_code=f"H26.15.08-260115-000{at}"), at=NOW)
    assert check_ledger().is_sound

    detecting.watch_errors(at=NIGHT)

    error = KnownError.objects.get()
    assert error.signature == "doubled|compensation:accepted_online"
    assert [(line.amount, line.right) for line in error.affected.all()] == [(Money(12_000), Money(0))] * 2


def test_two_outlets_that_dispute_the_same_make_the_system_suspect_itself(network):
    lines = [cases.line_of(place) for place in network[:2]]
    untouched = cases.line_of(network[2])
    cases.disputed(network[0], lines[0], reason=Reason.WRONG_RULE)
    assert detecting.watch_disputed_alike(at=cases.RAISED) == 0

    cases.disputed(network[1], lines[1], reason=Reason.WRONG_RULE)
    detecting.watch_disputed_alike(at=cases.RAISED)

    assert {line.charge_id for line in KnownError.objects.get().affected.all()} == {line.id for line in lines}
    assert untouched.id not in holds_of([untouched.id])


def test_what_was_ruled_out_frees_its_lines_and_is_not_suspected_again(network):
    lines = underpaid(*network[:2])
    detecting.watch_errors(at=NIGHT)
    error = KnownError.objects.get()

    registering.rule_out(error_id=error.id, text="Định mức đổi giữa tháng.", by=cases.reviewer().actor, at=NIGHT)

    assert detecting.watch_errors(at=NIGHT + timedelta(days=1)) == 0
    assert holds_of([line.id for line in lines]) == {}


def test_an_error_is_put_right_line_by_line_with_interest_and_a_letter_to_each_outlet(network):
    interest.read(PROJECT / "reference_data")()
    underpaid(*network[:2])
    detecting.watch_errors(at=NIGHT)
    error, one, two = KnownError.objects.get(), cases.reviewer().actor, cases.approver().actor
    registering.confirm(error_id=error.id, cause=Cause.RULE, text="Định mức nhập sai.", by=one, at=NIGHT)
    with pytest.raises(ErrorStateForbids):
        put_right(error_id=error.id, by=two, at=NIGHT)
    registering.fix(error_id=error.id, release="2026.2", text="Đã nhập lại định mức.", by=one, at=NIGHT)
    with pytest.raises(NeedsSecondPerson):
        put_right(error_id=error.id, by=one, at=NIGHT)

    later = NOW + timedelta(days=365)
    letters = put_right(error_id=error.id, by=two, at=later)
    put_right(error_id=error.id, by=two, at=later)

    assert [(letter.principal, letter.interest) for letter in letters] == [(Money(2_000), Money(200))] * 2
    assert Charge.objects.filter(kind="error-correction").count() == 2
    assert Redress.objects.count() == 2
    assert not AffectedLine.objects.filter(is_open=True).exists()
    registering.close(error_id=error.id, text="Đã trả đủ.", by=two, at=later)
    assert not [each for each in check_ledger().findings if each.kind != "line-and-rules-differ"]


def fixed(error, one):
    registering.confirm(error_id=error.id, cause=Cause.RULE, text="Định mức nhập sai.", by=one, at=NIGHT)
    registering.fix(error_id=error.id, release="2026.2", text="Đã nhập lại định mức.", by=one, at=NIGHT)


def test_a_line_that_a_dispute_put_right_is_not_put_right_once_more(network):
    lines = underpaid(*network[:2])
    detecting.watch_errors(at=NIGHT)
    dispute = cases.disputed(network[0], lines[0], reason=Reason.WRONG_RULE)
    cases.decided(dispute, cases.reviewer(), cases.approver(), amount=Money(12_000))
    error, one, two = KnownError.objects.get(), cases.reviewer().actor, cases.approver().actor
    fixed(error, one)
    put_right(error_id=error.id, by=two, at=cases.DECIDED)
    assert [owed_by_now(line) for line in lines] == [Money(12_000)] * 2
    assert not AffectedLine.objects.filter(is_open=True).exists()


def test_a_dispute_decided_after_an_error_was_put_right_enters_what_is_left(network):
    lines = underpaid(*network[:2])
    detecting.watch_errors(at=NIGHT)
    dispute = cases.disputed(network[0], lines[0], reason=Reason.WRONG_RULE)
    error, one, two = KnownError.objects.get(), cases.reviewer().actor, cases.approver().actor
    fixed(error, one)
    put_right(error_id=error.id, by=two, at=cases.RAISED)
    cases.decided(dispute, cases.reviewer(), cases.approver(), amount=Money(13_000))
    assert [owed_by_now(line) for line in lines] == [Money(13_000), Money(12_000)]


def test_two_errors_about_one_line_put_it_right_once(network):
    lines = underpaid(*network[:2])
    detecting.watch_errors(at=NIGHT)
    one, two = cases.reviewer().actor, cases.approver().actor
    other = registering.register(title_vi="Định mức sai", title_en="", description="", by=one, at=NIGHT,
                                 question=Question(kind="compensation:accepted_online", differs=True))
    for error in (KnownError.objects.get(signature__gt=""), other):
        fixed(error, one)
        put_right(error_id=error.id, by=two, at=NIGHT)
    assert [owed_by_now(line) for line in lines] == [Money(12_000)] * 2


def test_a_line_that_was_taken_back_or_charged_anew_meanwhile_is_not_paid_by_its_error(network):
    lines = underpaid(*network[:2])
    detecting.watch_errors(at=NIGHT)
    one, two = cases.reviewer().actor, cases.approver().actor
    for line in lines:
        reverse_charge(charge_id=line.id, reason="Định mức nhập sai", by=one, at=NIGHT)
    charge_again(charge_id=lines[1].id, by=one, at=NIGHT)
    error = KnownError.objects.get()
    fixed(error, one)
    put_right(error_id=error.id, by=two, at=NIGHT)
    assert [owed_by_now(line) for line in lines] == [Money(0), Money(12_000)]
    assert not Charge.objects.filter(kind="error-correction").exists()


def test_what_was_paid_too_much_by_our_fault_is_no_debt(network):
    for place in network[:2]:
        for _ in range(2):
            public.record_act(replace(act(), outlet_id=place.id, dossier_code=f"H26-{place.code}"), at=NOW)
    detecting.watch_errors(at=NIGHT)
    error, one, two = KnownError.objects.get(), cases.reviewer().actor, cases.approver().actor
    registering.confirm(error_id=error.id, cause=Cause.SYSTEM, text="", by=one, at=NIGHT)
    registering.fix(error_id=error.id, release="2026.2", text="Đã sửa.", by=one, at=NIGHT)
    before = Charge.objects.count()

    assert put_right(error_id=error.id, by=two, at=NIGHT) == []

    assert Charge.objects.count() == before
    assert error.affected.filter(is_open=True).count() == 2


@pytest.mark.parametrize(("changes", "pointer"), [
    ({"title_vi": " "}, "/title_vi"), ({"question": Question()}, "/question/kind"),
    ({"question": Question(kind="DROP TABLE")}, "/question/kind"),
    ({"question": Question(posted_from=NOW.date(), posted_to=NOW.date())}, "/question/posted_to")])
def test_an_error_says_what_it_is_and_which_lines_it_touches(network, changes, pointer):
    asked = {"title_vi": "Sai vùng", "title_en": "", "description": "", "question": Question(kind="postage")}

    with pytest.raises(KnownErrorRefused) as refused:
        registering.register(**asked | changes, by=cases.reviewer().actor, at=NIGHT)

    assert [error.pointer for error in refused.value.errors] == [pointer]


def test_reading_it_is_noted_once(network):
    underpaid(*network[:2])
    detecting.watch_errors(at=NIGHT)
    error, boss = KnownError.objects.get(), cases.manager(network[0]).actor

    assert registering.note_read(error_id=error.id, by=boss, at=NIGHT)
    assert not registering.note_read(error_id=error.id, by=boss, at=NIGHT)
    assert not registering.note_read(error_id=error.id, by=cases.reviewer().actor, at=NIGHT)


def test_every_open_state_of_an_error_has_an_owner_and_a_way_on():
    assert set(ErrorState) - FINAL == set(OWNERS) == {before for before, _action in KNOWN_ERROR}
    assert set(STATES) == set(ErrorState)


def test_a_question_is_the_same_after_it_was_kept():
    question = Question(kind="postage", rule="NQ77-2025", posted_from=NOW.date(), differs=True)

    assert Question.of(question.as_data) == question


def test_lines_are_judged_by_the_facts_of_their_own_work(network):
    """A norm that pays a group more: two outlets with both kinds of work have no error."""
    from billing.models.rates import CompensationNorm

    NormItem.objects.create(norm=CompensationNorm.objects.get(code="DEMO-2026"), task="accepted_online",
                            procedure_group="land", amount=Money(20_000))
    forget()
    for place in network[:3]:
        for group in ("land", "civil_status"):
            public.record_act(replace(act(), outlet_id=place.id, dossier_code=f"{place.code}-{group}",
                                      evidence={"procedure_group": group}), at=NOW)

    assert detecting.watch_errors(at=NIGHT) == 0
