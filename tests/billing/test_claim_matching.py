"""A claim against our books and what carriers and centres say: every line a verdict, every verdict its reason."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from math import log

import pytest

from billing import public
from billing.claims.importing import confirm_claim, discard_claim
from billing.claims.matching import match_claim
from billing.errors import AnotherClaimThere, ClaimStateWrong
from billing.models.claims import CallBack, Claim, ClaimLine
from billing.models.ledger import Charge
from billing.models.statements import Statement
from billing.operations.corrections import reverse_charge
from billing.operations.statements import prepare_statement
from billing.rules.sampling import sample_size
from config import claim_evidence
from shared.models.messages import OutboxMessage
from shared.models.oversight import WorkItem
from shared.money import Money
from tests.billing.claim_cases import (
    DELIVERED,
    FEBRUARY_3,
    MONTH,
    YEN,
    claimed,
    compared,
    headquarters,
    row,
    sent,
    verdicts,
)
from tests.billing.events import act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_tables")]


def test_what_everybody_says_alike_is_admitted():
    claim = compared(row(sent()), row(sent(dossier="H26.15.08-260115-0413"), dossier="H26.15.08-260115-0413"))

    assert set(verdicts(claim).values()) == {("admitted", "", 30000)}
    assert (claim.state, claim.rows, claim.claimed, claim.unclaimed_lines) == ("matched", 2, Money(60000), 0)
    assert OutboxMessage.objects.filter(event="ClaimMatched").exists()


@pytest.mark.parametrize(("made", "asked", "verdict"), [
    ({}, {"amount": 46300}, ("reduced", "over-amount", 30000)),
    ({}, {"amount": 26000}, ("admitted", "under-amount", 26000)),
    ({"channel": "post"}, {}, ("rejected", "not-online", 0)),
    ({"managed_by_city": False}, {}, ("rejected", "nothing-owed", 0)),
    ({"is_delivered": False}, {}, ("rejected", "not-delivered", 0)),
    ({"is_posted": False}, {}, ("look", "not-posted", 0)),
    ({"proof": ""}, {}, ("look", "no-proof", 0)),
    ({}, {"dossier": "H26.15.08-260115-9999"}, ("look", "dossier-differs", 0)),
    ({}, {"direction": "đi"}, ("look", "facts-differ", 0)),
    ({}, {"day": "20/01/2026"}, ("look", "facts-differ", 0)),
    ({"operator_code": "VTPOST"}, {}, ("rejected", "other-operator", 0)),
    ({"province_code": "46"}, {}, ("rejected", "other-operator", 0)),
    ({"delivered_at": datetime(2026, 2, 1, 3, tzinfo=UTC)}, {"day": ""}, ("rejected", "later-period", 0)),
    ({"delivered_at": datetime(2025, 12, 30, 3, tzinfo=UTC)}, {"day": ""}, ("rejected", "closed-period", 0)),
])
def test_each_difference_has_its_reason(made, asked, verdict):
    assert verdicts(compared(row(sent(**made), **asked))) == {2: verdict}


def test_numbers_that_cannot_be_or_are_not_known_are_rejected():
    assert verdicts(compared(row("EH602511070VN"), row("EH602511079VN"))) == {
        2: ("rejected", "bad-number", 0), 3: ("rejected", "unknown", 0)}


def test_the_same_parcel_twice_is_paid_once():
    parcel = sent()

    assert verdicts(compared(row(parcel), row(parcel))) == {2: ("admitted", "", 30000), 3: ("rejected", "duplicate", 0)}


def test_one_dossier_in_two_parcels_the_same_way_is_looked_at():
    assert {each[:2] for each in verdicts(compared(row(sent()), row(sent()))).values()} == {("look", "second-trip")}


def test_a_line_taken_back_is_not_paid():
    parcel = sent()
    reverse_charge(charge_id=Charge.objects.get(source_id=parcel.id).id, reason="Sai", by=YEN, at=DELIVERED)

    assert verdicts(compared(row(parcel))) == {2: ("rejected", "taken-back", 0)}


def test_agents_work_is_claimed_by_its_dossier():
    public.record_act(act(), at=DELIVERED)
    claim = claimed(content=b"Dossier;Item;Amount\nH26.15.08-260115-0412;accepted_online;12000\n"
                            b"H26.15.08-260115-0412;digital_training;5000\n")
    confirm_claim(claim_id=claim.id, by=headquarters(), at=FEBRUARY_3)
    prepare_statement(**MONTH, by=YEN, at=FEBRUARY_3)
    match_claim(claim_id=claim.id, evidence=claim_evidence.tell, at=FEBRUARY_3)

    assert verdicts(claim) == {2: ("admitted", "", 12000), 3: ("rejected", "unknown", 0)}


def test_what_the_file_leaves_out_is_counted():
    sent()
    claim = compared(row(sent(dossier="H26.15.08-260115-0413"), dossier="H26.15.08-260115-0413"))

    assert (claim.unclaimed_lines, claim.unclaimed) == (1, Money(30000))


def test_nothing_is_compared_before_the_month_is_prepared():
    claim = claimed(row(sent()))
    confirm_claim(claim_id=claim.id, by=headquarters(), at=FEBRUARY_3)

    assert not match_claim(claim_id=claim.id, evidence=claim_evidence.tell, at=FEBRUARY_3)
    assert WorkItem.objects.get(kind="claim-waits").closed_at is None
    assert public.waiting_claims(**MONTH) == [claim.id]

    prepare_statement(**MONTH, by=YEN, at=FEBRUARY_3)
    assert match_claim(claim_id=claim.id, evidence=claim_evidence.tell, at=FEBRUARY_3)
    assert not match_claim(claim_id=claim.id, evidence=claim_evidence.tell, at=FEBRUARY_3)
    assert ClaimLine.objects.count() == 1
    assert WorkItem.objects.get(kind="claim-waits").closed_at == FEBRUARY_3


def test_the_same_file_again_changes_nothing_and_another_one_waits():
    parcel = sent()
    first = claimed(row(parcel))

    assert claimed(row(parcel)).id == first.id
    assert Claim.objects.count() == 1
    with pytest.raises(AnotherClaimThere):
        claimed(row(parcel, amount=29000))

    discard_claim(claim_id=first.id, reason="Nhầm tệp", by=headquarters(), at=FEBRUARY_3)
    assert claimed(row(parcel, amount=29000)).id != first.id


def test_a_claim_in_a_reviewed_month_is_not_discarded():
    claim = compared(row(sent()))
    Statement.objects.filter(period=MONTH["period"]).update(state="reviewed")

    with pytest.raises(ClaimStateWrong):
        discard_claim(claim_id=claim.id, reason="Nhầm", by=headquarters(), at=FEBRUARY_3)


def test_citizens_are_drawn_by_risk_and_the_draw_can_be_repeated():
    quiet = [sent(dossier=f"H26.15.08-260115-{at:04d}", address=f"{at} phố Thử") for at in range(12)]
    odd = sent(dossier="H26.15.08-260115-0099", relation="authorised", proof="signature", address="99 phố Thử")
    rows = [row(each, dossier=f"H26.15.08-260115-{at:04d}") for at, each in enumerate(quiet)]
    claim = compared(*rows, row(odd, dossier="H26.15.08-260115-0099"))

    drawn = set(claim.lines.filter(is_sampled=True).values_list("parcel_number", flat=True))
    assert len(drawn) == sample_size(13) == 5
    assert drawn == set(by_hand(claim))
    assert claim.lines.get(parcel_number=odd.number).risk == 3
    assert CallBack.objects.filter(outcome="").count() == 5
    assert WorkItem.objects.get(kind="claim-call-backs").owner_role == "centre_officer"


def by_hand(claim):
    """The published recipe without the database."""
    def key(line):
        digest = sha256(f"{claim.sha256}:{line.parcel_number}".encode()).hexdigest()
        return -log((int(digest[:13], 16) + 1) / 4503599627370497) / (1 + line.risk**2)

    lines = sorted(claim.lines.filter(verdict="admitted", reason_code=""), key=key)
    return [line.parcel_number for line in lines[:5]]


def test_a_comparison_costs_the_same_number_of_statements_however_long(django_assert_max_num_queries):
    claim = claimed(*(row(sent(dossier=f"H26.15.08-260115-{at:04d}"), dossier=f"H26.15.08-260115-{at:04d}")
                      for at in range(20)))
    confirm_claim(claim_id=claim.id, by=headquarters(), at=FEBRUARY_3)
    prepare_statement(**MONTH, by=YEN, at=FEBRUARY_3 + timedelta(days=1))

    with django_assert_max_num_queries(40):
        match_claim(claim_id=claim.id, evidence=claim_evidence.tell, at=FEBRUARY_3)
    assert claim.lines.count() == 20
