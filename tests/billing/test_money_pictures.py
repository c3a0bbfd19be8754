"""The pictures of a month: claimed is what was claimed, and a dossier costs what stands in the books for it."""

from dataclasses import replace

import pytest

from billing import public
from billing.claims.deciding import decide_lines
from billing.models.claims import ClaimLine
from billing.models.ledger import Charge
from billing.operations.corrections import charge_again, reverse_charge
from billing.pictures.charts import operator_chart, procedure_chart
from billing.pictures.queries import operators_of, procedures_of
from billing.queries.books import Books
from shared.money import Money
from tests.billing.claim_cases import FEBRUARY_3, JANUARY, LAN, YEN, claimed, compared, row, sent
from tests.billing.events import NOW, act
from tests.factories import catalogue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_tables")]
HANOI = Books(province_code="01")


def shares():
    return operators_of(HANOI, "01", JANUARY)


def test_what_is_claimed_and_admitted_is_the_claims_own():
    parcel, other = sent(), sent(dossier="H26.15.08-260115-0413", proof="")
    compared(row(parcel, amount=35000), row(other, dossier="H26.15.08-260115-0413"))
    line = ClaimLine.objects.get(parcel_number=other.number)
    decide_lines(claim_id=line.claim_id, line_ids=[line.id], verdict="rejected", words="Không có chứng cứ", by=LAN,
                 at=FEBRUARY_3)

    share = shares()[0]

    assert (share.claimed, share.admitted, share.charged) == (
        Money(65000), sum((each.admitted for each in ClaimLine.objects.all()), Money(0)), Money(60000))
    assert share.admitted < share.charged < share.claimed


def test_without_a_claim_nothing_is_claimed_and_an_unconfirmed_file_claims_nothing(django_assert_num_queries):
    parcel = sent()
    claimed(row(parcel))

    with django_assert_num_queries(2):
        share = shares()[0]

    assert (share.claimed, share.admitted, share.charged) == (None, None, Money(30000))
    chart = operator_chart([share])
    assert [figure for _name, figure, _raw in chart.rows[0][1]][:2] == ["–", "–"]


def test_what_was_taken_back_and_charged_anew_costs_once():
    public.record_act(replace(act(), evidence={"procedure_code": "1.000894"}), at=NOW)
    line = Charge.objects.get()
    reverse_charge(charge_id=line.id, reason="Thử", by=YEN, at=NOW)
    charge_again(charge_id=line.id, by=YEN, at=NOW)

    assert [(cost.dossiers, cost.city, cost.unit) for cost in procedures_of(HANOI, "01", JANUARY)] == [
        (1, Money(12000), 12000)]


def test_a_procedure_is_called_by_its_name():
    catalogue.procedure(catalogue.EXTRACT)
    public.record_act(replace(act(), evidence={"procedure_code": catalogue.EXTRACT}), at=NOW)

    label = procedure_chart(procedures_of(HANOI, "01", JANUARY)).labels[0]

    assert str(label).startswith(f"{catalogue.EXTRACT} ")
    assert len(str(label)) > len(catalogue.EXTRACT) + 5
