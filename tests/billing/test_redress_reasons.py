"""A letter never says "0 days" and leaves it at that: why a line bears no interest stands beside it."""

import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from billing.disputes.rules import Cause, Reason
from billing.redress.letters import letter_data, letter_pdf
from billing.redress.models import Redress
from billing.redress.rules import NoInterest, why_none
from config.reference_data import interest
from config.runtime.paths import PROJECT
from shared.money import ZERO, Money
from tests.billing import disputes as cases

DAY = date(2026, 1, 20)


@pytest.fixture
def letter(rate_tables):
    """A line decided on in the hours in which it was entered."""
    interest.read(PROJECT / "reference_data")()
    place = cases.outlet()
    line = cases.line_of(place, at=cases.RAISED)
    dispute = cases.disputed(place, line, reason=Reason.TOO_LITTLE, wanted={line.id: Money(15_000)})
    cases.decided(dispute, cases.reviewer(), cases.approver(), cause=Cause.RULE, at=cases.RAISED)
    return Redress.objects.get()


def words(pdf):
    return " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.django_db
def test_a_line_that_was_put_right_the_same_day_says_so_instead_of_nought_days(letter):
    assert letter.interest == ZERO
    assert letter_data(letter.paper, "vi")["lines"][0]["why"].startswith("Không thiếu ngày nào")
    assert "Không thiếu ngày nào" in words(letter_pdf(letter, "vi"))
    assert "Not missing for a day" in words(letter_pdf(letter, "en"))


@pytest.mark.django_db
def test_a_letter_from_before_the_reason_was_kept_says_it_too(letter):
    line = letter.paper["lines"][0]
    del line["why"], line["days"]

    assert letter_data(letter.paper, "vi")["lines"][0]["why"].startswith("Không thiếu ngày nào")


@pytest.mark.parametrize(("last", "spans", "share", "why"), [
    (DAY, (), ZERO, NoInterest.NO_DELAY), (DAY + timedelta(days=3), (), ZERO, NoInterest.NO_RULE),
    (DAY + timedelta(days=3), ("one",), ZERO, NoInterest.TOO_SMALL),
    (DAY + timedelta(days=3), ("one",), Money(5), "")])
def test_every_nought_has_one_reason(last, spans, share, why):
    assert why_none(DAY, last, spans, share) == why
