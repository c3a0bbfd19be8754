"""Five steps, five signatures, different people; and what each of them refuses."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from billing.claims.calling_back import answer_call
from billing.claims.deciding import decide_lines
from billing.claims.importing import confirm_claim
from billing.errors import (
    CallBackAnswered,
    CallBackNotFound,
    ClaimLineNotFound,
    ClaimStateWrong,
    DecisionRefused,
    FiguresChanged,
    NotYetSettled,
    PaymentRefused,
    SamePerson,
    StatementNotFound,
    StepNotPossible,
)
from billing.models.claims import CallBack, ClaimLine
from billing.models.statements import Statement, StatementPayment, StatementSignature
from billing.operations.statements import prepare_statement
from billing.queries import rates
from billing.rules.settling import Step
from billing.settling.figures import Figures, figures_of
from billing.settling.workflow import reconcile, send_back, sign
from shared.actors import Actor, ActorKind
from shared.errors import Forbidden
from shared.models.messages import OutboxMessage
from shared.models.oversight import WorkItem
from shared.roles import Role
from tests.billing.claim_cases import (
    FEBRUARY_3,
    HOA,
    LAN,
    MINH,
    MONTH,
    YEN,
    claimed,
    compared,
    headquarters,
    row,
    sent,
)
from tests.billing.rates import load_rates

LATER = FEBRUARY_3 + timedelta(days=1)


@pytest.fixture
def january(rate_tables):
    """A claim with one line admitted, one reduced and one to look at; its month is prepared by Yến."""
    return compared(row(sent()), row(sent(dossier="H26.15.08-260115-0413"), amount=46300,
                                     dossier="H26.15.08-260115-0413"),
                    row(sent(dossier="H26.15.08-260115-0414", proof=""), dossier="H26.15.08-260115-0414"))


def month():
    return Statement.objects.get(province_id="01", operator_code="VNPOST", period=MONTH["period"])


def seen():
    return figures_of(month()).digest


def take(step, by, note="", digest=None):
    return sign(statement_id=month().id, step=step, seen_digest=digest or seen(), note=note, by=by, at=LATER)


def settle_lines(claim):
    """Decide what is to be looked at and ask every citizen."""
    looked = list(claim.lines.filter(verdict="look").values_list("id", flat=True))
    if looked:
        decide_lines(claim_id=claim.id, line_ids=looked, verdict="rejected", words="Không có chứng cứ", by=LAN,
                     at=LATER)
    for call in CallBack.objects.filter(outcome=""):
        answer_call(call_id=call.id, outcome="received", by=officer_of(call), at=LATER)


def officer_of(call):
    return Actor(ActorKind.PERSON, "officer", "Cán bộ", Role.CENTRE_OFFICER, centre_id=call.centre_id,
                 province_code="01")


@pytest.mark.django_db
def test_a_month_goes_all_the_way_by_different_people(january):
    settle_lines(january)
    take(Step.REVIEW, LAN)
    take(Step.AGREE, headquarters())
    take(Step.APPROVE, MINH)
    take(Step.RELEASE, HOA)
    reconcile(statement_id=month().id, seen_digest=seen(), reference="UNC-0001", amount_vnd=60000,
              paid_on=LATER.date(), by=YEN, at=LATER)

    assert month().state == "reconciled"
    assert [each.step for each in StatementSignature.objects.order_by("id")] == [
        "prepare", "review", "agree", "approve", "release", "reconcile"]
    assert len(set(StatementSignature.objects.exclude(step="prepare").values_list("digest", flat=True))) == 1
    told = OutboxMessage.objects.filter(event="StatementStepTaken").order_by("id")
    assert [row.payload["step"] for row in told] == ["review", "agree", "approve", "release", "reconcile"]
    assert told[3].payload["payable_vnd"] == 60000


@pytest.mark.django_db
def test_a_signature_can_be_worked_out_again_from_what_it_keeps(january):
    settle_lines(january)
    take(Step.REVIEW, LAN)
    kept = StatementSignature.objects.get(step="review")

    assert Figures(**kept.figures).digest == kept.digest


@pytest.mark.django_db
def test_nobody_signs_two_steps_whatever_her_role_now(january):
    settle_lines(january)
    with pytest.raises(SamePerson):
        take(Step.REVIEW, YEN)
    take(Step.REVIEW, LAN)
    with pytest.raises(SamePerson):  # promoted meanwhile: still the same person
        take(Step.APPROVE, replace(LAN, role=Role.FINANCE_APPROVER), note="Không chờ")
    with pytest.raises(SamePerson):
        take(Step.APPROVE, replace(YEN, role=Role.FINANCE_APPROVER), note="Không chờ")
    take(Step.APPROVE, MINH, note="Bưu chính đồng ý qua điện thoại")
    with pytest.raises(SamePerson):
        take(Step.RELEASE, MINH)


@pytest.mark.django_db
def test_the_database_refuses_the_same_person_too(january):
    statement = month()
    with pytest.raises(IntegrityError), transaction.atomic():
        StatementSignature.objects.create(statement=statement, round=1, step="review", signer_id=YEN.id, role="x",
                                          digest="0" * 64, signed_at=LATER)


@pytest.mark.django_db
def test_other_roles_other_cities_and_operators_sign_nothing(january):
    settle_lines(january)
    with pytest.raises(Forbidden):
        take(Step.REVIEW, MINH)
    with pytest.raises(Forbidden):
        take(Step.REVIEW, headquarters())
    with pytest.raises(StatementNotFound):
        take(Step.REVIEW, replace(LAN, province_code="46"))
    with pytest.raises(StatementNotFound):
        take(Step.AGREE, headquarters("VTPOST"))


@pytest.mark.django_db
def test_steps_come_in_their_order(january):
    settle_lines(january)
    with pytest.raises(StepNotPossible):
        take(Step.APPROVE, MINH)
    with pytest.raises(StepNotPossible):
        take(Step.RELEASE, HOA)


@pytest.mark.django_db
def test_what_was_seen_is_what_is_signed(january):
    settle_lines(january)
    with pytest.raises(FiguresChanged):
        take(Step.REVIEW, LAN, digest="0" * 64)

    take(Step.REVIEW, LAN)
    again = take(Step.REVIEW, LAN)
    assert again.state == "reviewed"
    assert StatementSignature.objects.filter(step="review").count() == 1


@pytest.mark.django_db
def test_a_review_waits_for_lines_and_citizens(january):
    with pytest.raises(NotYetSettled, match="1"):
        take(Step.REVIEW, LAN)
    line = january.lines.get(verdict="look")
    decide_lines(claim_id=january.id, line_ids=[line.id], verdict="admitted", words="Đã xem chữ ký", by=LAN, at=LATER)
    with pytest.raises(NotYetSettled):
        take(Step.REVIEW, LAN)


@pytest.mark.django_db
def test_a_month_without_a_claim_needs_a_word_on_it(rate_tables):
    sent()
    prepare_statement(**MONTH, by=YEN, at=FEBRUARY_3)
    with pytest.raises(NotYetSettled):
        take(Step.REVIEW, LAN)
    take(Step.REVIEW, LAN, note="Bưu chính không gửi đề nghị")

    assert StatementSignature.objects.get(step="review").figures["payable"] == 30000


@pytest.mark.django_db
def test_a_claim_on_its_way_holds_the_review(rate_tables):
    claim = claimed(row(sent()))
    confirm_claim(claim_id=claim.id, by=headquarters(), at=FEBRUARY_3)
    prepare_statement(**MONTH, by=YEN, at=FEBRUARY_3)
    with pytest.raises(NotYetSettled):
        take(Step.REVIEW, LAN, note="Không chờ")


@pytest.mark.django_db
def test_approving_without_the_operators_signature_needs_a_reason(january):
    settle_lines(january)
    take(Step.REVIEW, LAN)
    with pytest.raises(NotYetSettled):
        take(Step.APPROVE, MINH)


@pytest.mark.django_db
def test_sent_back_it_is_signed_again_and_the_preparation_stands(january):
    settle_lines(january)
    take(Step.REVIEW, LAN)
    with pytest.raises(NotYetSettled):
        send_back(statement_id=month().id, reason=" ", by=MINH, at=LATER)
    send_back(statement_id=month().id, reason="Thiếu biên bản", by=MINH, at=LATER)

    assert (month().state, month().round) == ("prepared", 2)
    with pytest.raises(SamePerson):
        take(Step.REVIEW, YEN)
    assert take(Step.REVIEW, LAN).state == "reviewed"


@pytest.mark.django_db
def test_a_payment_of_another_amount_is_a_question_with_an_owner(january):
    settle_lines(january)
    take(Step.REVIEW, LAN)
    take(Step.APPROVE, MINH, note="Không chờ biên bản")
    take(Step.RELEASE, HOA)
    pay = {"statement_id": month().id, "seen_digest": seen(), "paid_on": LATER.date(), "by": YEN, "at": LATER}
    with pytest.raises(PaymentRefused) as refused:
        reconcile(**{**pay, "paid_on": date(2026, 1, 1)}, reference="", amount_vnd=-1)
    assert {error.pointer for error in refused.value.errors} == {"/reference", "/amount_vnd", "/paid_on"}

    reconcile(**pay, reference="UNC-0001", amount_vnd=59000)
    item = WorkItem.objects.get(kind="payment-differs")
    assert (month().state, item.detail["paid_vnd"], StatementPayment.objects.count()) == ("released", 59000, 0)

    reconcile(**pay, reference="UNC-0002", amount_vnd=60000)
    item.refresh_from_db()
    assert (month().state, item.closed_at) == ("reconciled", LATER)


# --- lines and citizens ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_decision_is_never_above_claim_and_books_and_says_why(january):
    reduced = january.lines.get(verdict="reduced")
    told = {"claim_id": january.id, "line_ids": [reduced.id], "by": LAN, "at": LATER}
    with pytest.raises(DecisionRefused):
        decide_lines(**told, verdict="admitted", words="Đủ chứng cứ", admitted_vnd=30001)
    with pytest.raises(DecisionRefused):
        decide_lines(**told, verdict="admitted", words="")
    with pytest.raises(ClaimLineNotFound):
        decide_lines(**{**told, "by": headquarters()}, verdict="rejected", words="Không đúng")
    decide_lines(**told, verdict="admitted", words="Chỉ trả một phần", admitted_vnd=15000)

    reduced.refresh_from_db()
    assert (reduced.verdict, reduced.admitted.amount, reduced.decisions.get().words) == (
        "reduced", 15000, "Chỉ trả một phần")


@pytest.mark.django_db
def test_nothing_is_decided_after_the_review(january):
    settle_lines(january)
    take(Step.REVIEW, LAN)
    with pytest.raises(ClaimStateWrong):
        decide_lines(claim_id=january.id, line_ids=[january.lines.all()[0].id], verdict="rejected", words="Nghĩ lại",
                     by=LAN, at=LATER)


@pytest.mark.django_db
def test_a_citizen_who_says_no_stops_her_line_and_accuses_nobody(january):
    call = CallBack.objects.get()
    with pytest.raises(CallBackNotFound):
        answer_call(call_id=call.id, outcome="received", by=replace(officer_of(call), centre_id=january.id), at=LATER)
    with pytest.raises(DecisionRefused):
        answer_call(call_id=call.id, outcome="denied", by=officer_of(call), at=LATER)
    answer_call(call_id=call.id, outcome="denied", note="Nói chưa thấy giấy tờ", by=officer_of(call), at=LATER)

    line = ClaimLine.objects.get(id=call.line_id)
    assert (line.verdict, line.reason_code, line.admitted.amount) == ("look", "citizen-denies", 0)
    assert WorkItem.objects.get(kind="claim-call-backs").closed_at == LATER
    with pytest.raises(CallBackAnswered):
        answer_call(call_id=call.id, outcome="received", by=officer_of(call), at=LATER)


@pytest.mark.django_db
def test_three_times_unreachable_ends_the_call(january):
    call = CallBack.objects.get()
    for tries in (1, 2, 3):
        call = answer_call(call_id=call.id, outcome="unreachable", by=officer_of(call), at=LATER)
        assert (call.tries, call.outcome) == (tries, "unreachable" if tries == 3 else "")


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_the_same_step_at_once_leave_one_signature():
    load_rates()
    settle_lines(compared(row(sent())))
    statement_id, digest = month().id, seen()

    def review(by):
        try:
            sign(statement_id=statement_id, step=Step.REVIEW, seen_digest=digest, by=by, at=LATER)
        except StepNotPossible:
            return "refused"
        finally:
            connection.close()
        return "signed"

    with ThreadPoolExecutor(4) as pool:
        people = [replace(LAN, id=f"lan-{at}") for at in range(4)]
        outcomes = sorted(pool.map(review, people))

    assert outcomes == ["refused"] * 3 + ["signed"]
    assert StatementSignature.objects.filter(step="review").count() == 1
    rates.forget()
