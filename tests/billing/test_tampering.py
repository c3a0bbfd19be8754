"""Whoever holds the database, and not the key, changes something: the verifier finds it and names the first bad row.

Everything here is done by the tables' owner with the triggers switched off, as a superuser would.
"""

import json
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from billing import public
from billing.chain.checkpoints import witness_path
from billing.models.seals import LineSeal
from billing.settlement.bulk import post_many
from shared.actors import job
from shared.models.oversight import AuditEntry
from tests.billing.entries import entry
from tests.billing.events import NOW, act, delivered
from tests.billing.sealed import NIGHT, end_day, found, key_of_our_own, look

pytestmark = pytest.mark.django_db
LINES = 12


@pytest.fixture
def books(rate_tables, settings, tmp_path):
    """Two signed days of six lines each: postage, work, an entry."""
    key_of_our_own(settings, tmp_path)
    for day in range(2):
        post_many((delivered(number=f"EH{day}{n:08d}VN", beneficiary_class="" if n else "war_invalid")
                   for n in range(4)), at=NOW)
        public.record_act(act(), at=NOW)
        public.post_entry(entry(), by=job("test"), at=NOW)
        end_day(NIGHT + timedelta(days=day))
    assert found() == []


@contextmanager
def unguarded():
    """As a superuser who lifts the guards, works and puts them back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND (tablename LIKE 'billing%' OR"
                       " tablename = 'shared_auditentry')")
        tables = [name for (name,) in cursor.fetchall()]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def tamper(statement, *params):
    with unguarded() as cursor:
        cursor.execute(statement, params)
        assert cursor.rowcount, "nothing was tampered with"


def line_at(sequence):
    return str(LineSeal.objects.get(sequence=sequence).line_id)


def first():
    finding = look().first
    return finding.kind, finding.sequence


CHANGES = {
    "gross": "gross = gross + 1, citizen_share = citizen_share + 1",
    "who pays": "city_subsidy = city_subsidy + 1, citizen_share = citizen_share - 1",
    "the month": "period = period + interval '1 month'",
    "the operator": "operator_code = 'VTPOST'",
    "the outlet": "outlet_id = uuidv7()",
    "the dossier": "dossier_code = 'H26.15.08-260115-9999'",
    "the moment": "occurred_at = occurred_at + interval '1 microsecond'",
    "who posted it": "posted_by = 'person:1'",
    "the rule": "rule = 'NQ99-2099'",
    "the reason": "reason_code = 'capped'",
    "the evidence": """evidence = evidence || '{"relation": "spouse"}'""",
    "its event": "source_id = uuidv7()",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_changed_line_is_named(books, change):
    tamper(f"UPDATE billing_charge SET {change} WHERE id = %s", line_at(3))

    assert first() == ("line-changed", 3)


GROUP_CHANGES = {"who": "actor_id = 'somebody'", "why": "reason = 'just so'", "when": "posted_at = now()",
                 "the rule": "rule = 'NQ99-2099'"}


@pytest.mark.parametrize("change", GROUP_CHANGES.values(), ids=GROUP_CHANGES.keys())
def test_a_changed_posting_group_is_named_by_its_line(books, change):
    tamper(f"UPDATE billing_postinggroup SET {change} WHERE id = (SELECT group_id FROM billing_charge WHERE id = %s)",
           line_at(2))

    assert first() == ("line-changed", 2)


def test_a_changed_leg_is_named_by_its_line(books):
    tamper("""UPDATE billing_posting SET amount = amount + sign(amount) * 7 WHERE group_id =
              (SELECT group_id FROM billing_charge WHERE id = %s)""", line_at(4))

    assert first() == ("line-changed", 4)
    assert "legs-and-line-differ" in found()


def test_a_leg_moved_to_another_account_is_named_by_its_line(books):
    tamper("""UPDATE billing_posting SET account_id = (SELECT max(id) FROM billing_account) WHERE amount < 0
              AND group_id = (SELECT group_id FROM billing_charge WHERE id = %s)""", line_at(1))

    assert first() == ("line-changed", 1)


def test_an_account_renamed_under_its_legs_is_found(books):
    tamper("UPDATE billing_account SET code = 'VNPOST:mine' WHERE code = 'VNPOST:carriage'")

    assert first() == ("line-changed", 1)


def test_other_words_of_the_arithmetic_are_found(books):
    tamper("""UPDATE billing_explanation SET steps = jsonb_set(steps, '{0,reason_vi}', '"khác"') WHERE id = (
              SELECT explanation_id FROM billing_charge WHERE id = %s)""", line_at(1))

    assert "explanation-changed" in found()


def test_a_deleted_line_is_named_with_its_group(books):
    with unguarded() as cursor:
        line = line_at(5)
        cursor.execute("SELECT group_id FROM billing_charge WHERE id = %s", [line])
        group = cursor.fetchone()[0]
        cursor.execute("DELETE FROM billing_posting WHERE group_id = %s", [group])
        cursor.execute("DELETE FROM billing_charge WHERE id = %s", [line])
        cursor.execute("DELETE FROM billing_postinggroup WHERE id = %s", [group])

    assert first() == ("line-missing", 5)


def test_a_line_deleted_with_its_seal_is_named(books):
    with unguarded() as cursor:
        line = line_at(5)
        cursor.execute("DELETE FROM billing_lineseal WHERE sequence = 5")
        cursor.execute("ALTER TABLE billing_posting DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM billing_posting WHERE group_id ="
                       " (SELECT group_id FROM billing_charge WHERE id = %s)", [line])
        cursor.execute("DELETE FROM billing_charge WHERE id = %s", [line])

    assert first() == ("line-seals-missing", 5)


def test_the_last_lines_cut_off_with_their_seals_are_missed(books):
    with unguarded() as cursor:
        cursor.execute("DELETE FROM billing_posting WHERE group_id IN (SELECT group_id FROM billing_charge c JOIN"
                       " billing_lineseal s ON s.line_id = c.id WHERE s.sequence > 10)")
        cursor.execute("DELETE FROM billing_charge WHERE id IN"
                       " (SELECT line_id FROM billing_lineseal WHERE sequence > 10)")
        cursor.execute("DELETE FROM billing_lineseal WHERE sequence > 10")

    assert first() == ("line-seals-missing", 11)


@pytest.mark.parametrize("table", ["billing_charge, billing_posting, billing_postinggroup", "billing_posting"])
def test_an_emptied_ledger_is_found_at_its_first_row(books, table):
    with unguarded() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")

    assert look().first.sequence == 1


def test_emptied_seals_are_found(books):
    with unguarded() as cursor:
        cursor.execute("TRUNCATE billing_lineseal")

    assert first() == ("line-seals-missing", 1)


def test_exchanged_places_are_found(books):
    with unguarded() as cursor:
        for was, now in ((2, 100), (3, 2), (100, 3)):
            cursor.execute("UPDATE billing_lineseal SET sequence = %s WHERE sequence = %s", [now, was])

    assert first() == ("line-chain-broken", 2)


def test_a_line_slipped_in_among_sealed_ones_is_found(books):
    """It takes the place of nobody, so everything behind it moves on by one."""
    with unguarded() as cursor:
        cursor.execute("UPDATE billing_lineseal SET sequence = sequence + 1000 WHERE sequence >= 4")
        cursor.execute("UPDATE billing_lineseal SET sequence = sequence - 999 WHERE sequence > 1000")
        cursor.execute("""INSERT INTO billing_charge SELECT (jsonb_populate_record(c, jsonb_build_object(
                          'id', uuidv7(), 'source_id', uuidv7(), 'group_id', NULL, 'gross', 0, 'city_subsidy', 0,
                          'citizen_share', 0, 'national_reduction', 0))).* FROM billing_charge c WHERE id = %s""",
                       [line_at(3)])
        cursor.execute("""INSERT INTO billing_lineseal (sequence, line_id, salt, commitment, chain, sealed_at)
                          SELECT 4, c.id, s.salt, s.commitment, s.chain, s.sealed_at
                          FROM billing_charge c, billing_lineseal s WHERE s.sequence = 3 ORDER BY c.id DESC LIMIT 1""")

    assert look().first.sequence == 4


def test_a_back_dated_line_that_waits_for_its_seal_is_found(books):
    tamper("""INSERT INTO billing_charge SELECT (jsonb_populate_record(c, jsonb_build_object(
              'id', uuidv7(), 'source_id', uuidv7(), 'group_id', NULL, 'gross', 0, 'city_subsidy', 0,
              'citizen_share', 0, 'national_reduction', 0))).* FROM billing_charge c WHERE id = %s""", line_at(3))

    assert {"line-never-sealed", "line-and-rules-differ"} <= set(found())


def rewrite_the_chain(table, column, text_of, start):
    """Make all commitments and links anew from `start` on, as one would who has the code and not the key."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sequence, {column}, salt, chain FROM {table} ORDER BY sequence")
        rows = cursor.fetchall()
        chain = b""
        for sequence, row_id, salt, kept in rows:
            if sequence < start:
                chain = bytes(kept)
                continue
            commitment = sha256(salt.bytes + text_of(row_id).encode()).digest()
            chain = sha256(chain + commitment).digest()
            cursor.execute(f"UPDATE {table} SET commitment = %s, chain = %s WHERE sequence = %s",
                           [commitment, chain, sequence])


def said_of_line(line_id):
    from billing.chain import said

    with connection.cursor() as cursor:
        cursor.execute(f"""SELECT {said.LINE_SAID} FROM billing_charge c {said.LINE_JOINS} LEFT JOIN LATERAL (
            {said.LEGS} WHERE p.group_id = c.group_id GROUP BY p.group_id) l ON true WHERE c.id = %s""", [line_id])
        return cursor.fetchone()[0]


def test_a_chain_rewritten_consistently_without_the_key_is_found(books):
    """Line, commitment and every later link agree again; only the signed checkpoint does not."""
    with unguarded() as cursor:
        cursor.execute("UPDATE billing_charge SET dossier_code = 'H26.15.08-260115-9999' WHERE id = %s", [line_at(9)])
        rewrite_the_chain("billing_lineseal", "line_id", said_of_line, 9)

    # Six lines are vouched for by the first day's checkpoint: the lie begins behind them.
    assert first() == ("line-chain-rewritten", 7)
    assert "somewhere up to no. 12" in look().first.detail


def test_a_checkpoint_made_up_with_another_key_is_found(books):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from billing.models.seals import Checkpoint

    key = Ed25519PrivateKey.generate()
    told = json.loads(Checkpoint.objects.get(number=2).said) | {"key": key.public_key().public_bytes_raw().hex()}
    said = json.dumps(told, sort_keys=True, separators=(",", ":"))
    tamper("UPDATE billing_checkpoint SET said = %s, signature = %s WHERE number = 2", said, key.sign(said.encode()))

    assert "checkpoint-not-signed-by-us" in found()


def test_a_changed_checkpoint_is_found(books):
    tamper("UPDATE billing_checkpoint SET lines = lines - 1 WHERE number = 2")
    assert "checkpoint-changed" in found()


SET_BACK = (
    "DELETE FROM billing_outletday WHERE checkpoint_id = 2",
    "DELETE FROM billing_checkpoint WHERE number = 2",
    """DELETE FROM billing_posting WHERE group_id IN (SELECT group_id FROM billing_charge c
       JOIN billing_lineseal s ON s.line_id = c.id WHERE s.sequence > 6)""",
    "DELETE FROM billing_charge WHERE id IN (SELECT line_id FROM billing_lineseal WHERE sequence > 6)",
    "DELETE FROM billing_postinggroup g WHERE NOT EXISTS (SELECT 1 FROM billing_charge c WHERE c.group_id = g.id)",
    "DELETE FROM billing_lineseal WHERE sequence > 6",
)


def test_a_database_set_back_to_yesterday_is_found(books):
    """Nothing in it contradicts anything: only the copy outside remembers."""
    with unguarded() as cursor:
        for statement in SET_BACK:
            cursor.execute(statement)
        signed = json.loads(json.loads(witness_path().read_text().splitlines()[0])["said"])["entries"]
        cursor.execute("DELETE FROM shared_auditentry WHERE id IN (SELECT entry_id FROM billing_auditseal"
                       " WHERE sequence > %s)", [signed])
        cursor.execute("DELETE FROM billing_auditseal WHERE sequence > %s", [signed])

    assert found() == ["checkpoint-gone"]


@pytest.mark.parametrize("change", ["actor_id = 'somebody'", "reason = 'x'", """after = '{"kind": "else"}'""",
                                    "at = at + interval '1 second'", "recorded_at = now() - interval '1 day'"])
def test_a_changed_audit_entry_is_named(books, change):
    sealed = "SELECT entry_id FROM billing_auditseal WHERE sequence = 1"
    tamper(f"UPDATE shared_auditentry SET {change} WHERE id = ({sealed})")

    assert first() == ("audit-changed", 1)


def test_a_deleted_audit_entry_is_named(books):
    tamper("DELETE FROM shared_auditentry WHERE id = (SELECT entry_id FROM billing_auditseal WHERE sequence = 2)")

    assert first() == ("audit-missing", 2)


def test_an_emptied_audit_is_found(books):
    with unguarded() as cursor:
        cursor.execute("TRUNCATE shared_auditentry CASCADE")
    assert not AuditEntry.objects.exists()

    assert first() == ("audit-missing", 1)


@pytest.mark.parametrize("table", ["billing_charge", "billing_posting", "billing_lineseal", "billing_checkpoint"])
def test_a_guard_left_open_is_found(books, table):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")

    assert set(found()) == {"guard-off"}


def test_a_guard_taken_away_is_found(books):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'billing_posting'::regclass"
                       " AND tgname LIKE 'pgtrigger_balanced%'")
        cursor.execute(f"DROP TRIGGER {cursor.fetchone()[0]} ON billing_posting")

    assert found() == ["guard-missing"]


def test_changed_figures_of_an_outlets_day_are_found(books):
    tamper("UPDATE billing_outletday SET said = replace(said, '\"lines\":6', '\"lines\":5') WHERE number = 1")

    assert "outlet-day-not-signed-by-us" in found()


def test_the_command_names_the_first_bad_row_and_fails(books, capsys):
    tamper("UPDATE billing_charge SET gross = gross + 1, citizen_share = citizen_share + 1 WHERE id = %s", line_at(3))

    with pytest.raises(CommandError, match=r"first: line-changed no\. 3"):
        call_command("verify")
    assert "line-and-rules-differ no. 3" in capsys.readouterr().out
