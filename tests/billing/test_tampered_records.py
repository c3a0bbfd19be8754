"""What figures rest upon besides lines: rules, claims, disputes, signatures. Changed behind our back, it is named.

As in test_tampering.py, everything is done by the tables' owner with the triggers switched off.
"""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from billing.models.claims import Claim, ClaimDecision, ClaimFile, ClaimLine
from billing.models.seals import Checkpoint, RecordSeal
from billing.models.statements import Statement, StatementSignature
from billing.operations.statements import prepare_statement
from shared.actors import Actor, ActorKind
from shared.money import Money
from tests.billing import disputes as cases
from tests.billing.events import NOW
from tests.billing.sealed import NIGHT, end_day, found, key_of_our_own, look
from tests.billing.test_tampering import tamper, unguarded

pytestmark = pytest.mark.django_db
REVIEWER = Actor(ActorKind.PERSON, "7", "Vũ Hoàng Yến", province_code="01", role="finance_reviewer")


@pytest.fixture
def books(rate_tables, settings, tmp_path):
    """A disputed line, a claim's file with a decision, a signed statement; sealed and signed."""
    key_of_our_own(settings, tmp_path)
    place = cases.outlet()
    dispute = cases.disputed(place, cases.line_of(place, at=NOW), text="Đã bàn giao ngày 19/01")
    cases.taken(dispute, cases.reviewer())
    _claim()
    prepare_statement(province_code="01", operator_code="VNPOST", period=date(2026, 1, 1), by=REVIEWER,
                      at=datetime(2026, 2, 2, tzinfo=UTC))
    end_day()
    assert found() == []
    assert Checkpoint.objects.get().records == RecordSeal.objects.count() > 10


def _claim():
    claim = Claim.objects.create(
        province_id="01", operator_code="VNPOST", period=date(2026, 1, 1), state="matched", file_name="x.csv",
        format="csv", size_bytes=3, sha256="0" * 64, rows=1, claimed=Money(30000), sent_by="1", sent_at=NOW,
        state_at=NOW)
    ClaimFile.objects.create(claim=claim, content=b"a;b")
    line = ClaimLine.objects.create(claim=claim, row=2, item="postage", parcel_number="EH602511079VN",
                                    claimed=Money(30000), owed=Money(30000), verdict="admitted")
    ClaimDecision.objects.create(line=line, verdict_before="look", verdict="admitted", admitted=Money(30000),
                                 words="Đúng", decided_by="7", decided_by_name="Yến", decided_at=NOW)


CHANGES = {
    "a dispute's words": "UPDATE billing_disputeentry SET text = text || '!'",
    "who spoke in a dispute": "UPDATE billing_disputeentry SET author_name = 'Người khác'",
    "a claim's file": "UPDATE billing_claimfile SET content = 'a;c'",
    "a claim's decision": "UPDATE billing_claimdecision SET admitted = admitted + 1",
    "a signed figure": "UPDATE billing_statementsignature SET figures = figures || '{\"books\": 1}'",
    "who signed": "UPDATE billing_statementsignature SET signer_id = '8'",
    "a tariff's price": "UPDATE billing_tariffrate SET price = price + 1 WHERE id = (SELECT min(id) FROM"
                        " billing_tariffrate)",
    "a rate slipped in": "INSERT INTO billing_tariffrate (tariff_id, zone, up_to_grams, price, is_further_step)"
                         " SELECT tariff_id, zone, 77777, 1, false FROM billing_tariffrate LIMIT 1",
    "a subsidy's cap": "UPDATE billing_subsidyruleset SET cap_per_trip = 1 WHERE id = (SELECT min(id) FROM"
                       " billing_subsidyruleset)",
    "a norm's amount": "UPDATE billing_normitem SET amount = amount + 1 WHERE id = (SELECT min(id) FROM"
                       " billing_normitem)",
    "a reduction's share": "UPDATE billing_reduction SET numerator = 0 WHERE id = (SELECT min(id) FROM"
                           " billing_reduction)",
    "the first day of a rule": "UPDATE billing_tariff SET valid_from = valid_from - 1 WHERE id = (SELECT min(id) FROM"
                               " billing_tariff)",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_changed_record_is_named(books, change):
    table = change.split()[2 if change.startswith("INSERT") else 1].replace("tariffrate", "tariff").replace(
        "normitem", "compensationnorm")
    tamper(change)

    named = [finding for finding in look().findings if finding.kind == "record-changed"]
    assert named
    assert all(finding.reference.startswith(f"{table} ") and finding.sequence for finding in named)


@pytest.mark.parametrize("table", ["billing_disputeentry", "billing_claimdecision", "billing_statementsignature"])
def test_deleted_and_emptied_records_are_missed(books, table):
    with unguarded() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")

    missing = [finding for finding in look().findings if finding.kind == "record-missing"]
    assert any(finding.reference.startswith(table) for finding in missing)


def test_a_record_taken_out_with_its_seal_leaves_a_gap(books):
    with unguarded() as cursor:
        cursor.execute("DELETE FROM billing_recordseal WHERE sequence = 3")

    assert "record-seals-missing" in found()


def test_two_seals_exchanged_break_the_chain(books):
    tamper("""UPDATE billing_recordseal a SET record = '~' || b.record FROM billing_recordseal b
              WHERE (a.sequence, b.sequence) IN ((2, 3), (3, 2))""")
    tamper("UPDATE billing_recordseal SET record = substr(record, 2) WHERE record LIKE '~%%'")

    assert found().count("record-changed") == 2


def test_a_chain_of_records_rewritten_without_the_key_is_found(books):
    with unguarded() as cursor:
        cursor.execute("DELETE FROM billing_recordseal WHERE sequence > 5")
    Statement.objects.count()
    from billing.chain.sealing import seal_all

    with unguarded():
        seal_all(at=NIGHT)
    assert "record-chain-rewritten" in found()


@pytest.mark.parametrize("table", ["billing_disputeentry", "billing_statementsignature", "billing_cashmovement",
                                   "billing_budgetgrant", "billing_recordseal", "billing_supportlook"])
def test_a_guard_left_open_is_found_there_too(books, table):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")

    assert set(found()) == {"guard-off"}


def test_a_rule_that_ends_is_no_tampering(books):
    """What comes behind a rule ends it; that is how rules change."""
    tamper("UPDATE billing_subsidyruleset SET valid_to = '2030-01-01' WHERE valid_to IS NULL")

    assert "record-changed" not in found()


def test_signatures_of_old_checkpoints_without_records_still_hold(books):
    assert StatementSignature.objects.exists()
    assert look().checkpoints == 1
