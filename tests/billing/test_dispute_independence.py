"""Who had a part in a month, in a claim or in a line does not decide on it; who only read it may."""

from datetime import UTC, datetime

import pytest

from billing.claims.deciding import decide_lines
from billing.disputes import reviewing
from billing.disputes.raising import Objection, raise_dispute
from billing.disputes.rules import Reason
from billing.exports.making import ask_export
from billing.models.claims import CallBack, ClaimLine
from billing.models.ledger import Charge
from billing.models.statements import Statement
from billing.operations.statements import prepare_statement
from billing.rules.settling import Step
from billing.settling.figures import figures_of
from billing.settling.workflow import send_back, sign
from tests.billing.claim_cases import FEBRUARY_3, HOA, LAN, MINH, MONTH, YEN, compared, headquarters, row, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_tables")]
LATER = datetime(2026, 2, 5, 2, 0, tzinfo=UTC)


@pytest.fixture
def disputed():
    """A claim of one line that finance has cut, and the operator's dispute of the line in the books."""
    claim = compared(row(sent(proof="")))
    decide_lines(claim_id=claim.id, line_ids=[ClaimLine.objects.get().id], verdict="rejected",
                 words="Không có chứng cứ", by=LAN, at=FEBRUARY_3)
    return raise_dispute(Objection(lines=[Charge.objects.get().id], reason=Reason.WRONG_FACTS), by=headquarters(),
                         at=LATER)[0]


def test_who_gave_a_verdict_on_the_claims_line_does_not_decide(disputed):
    assert reviewing.part_in(disputed, LAN) == "judged-the-claim"
    assert reviewing.part_in(disputed, MINH) == ""


def test_every_signature_under_the_month_counts_and_a_file_of_it_does_not(disputed):
    month = Statement.objects.get()
    CallBack.objects.update(outcome="received")
    ask_export(statement_id=month.id, subject="lines", format="xlsx", by=HOA, at=LATER)
    sign(statement_id=month.id, step=Step.REVIEW, seen_digest=figures_of(month).digest, by=LAN, at=LATER)
    send_back(statement_id=month.id, reason="Xem lại", by=MINH, at=LATER)

    assert [reviewing.part_in(disputed, each) for each in (YEN, LAN, MINH)] == ["signed-the-month"] * 3
    assert reviewing.part_in(disputed, HOA) == ""


def test_preparing_alone_is_a_part_in_the_month():
    sent()
    prepare_statement(**MONTH, by=YEN, at=FEBRUARY_3)
    line = Charge.objects.get()
    dispute = raise_dispute(Objection(lines=[line.id], reason=Reason.UNCLEAR), by=headquarters(), at=LATER)[0]

    assert reviewing.part_in(dispute, YEN) == "signed-the-month"
