"""The seal: every line and audit entry in its chain, the heads signed each day with a key outside the database."""

import json
import secrets
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection

from billing import public
from billing.chain import sealing
from billing.chain.checkpoints import close_day, rotate_key, witness_path
from billing.chain.keys import key_path, key_ring
from billing.chain.sealing import LINES, head, seal_all
from billing.models.ledger import Charge
from billing.models.seals import AuditSeal, Checkpoint, LineSeal, OutletDay, RecordSeal, SigningKey
from billing.operations.corrections import reverse_charge
from billing.settlement.bulk import post_many
from shared.actors import Actor, ActorKind, job
from shared.models.oversight import AuditEntry
from tests.billing.entries import entry
from tests.billing.events import NOW, OUTLET, act, delivered
from tests.billing.sealed import NIGHT, end_day, found, key_of_our_own, look

pytestmark = pytest.mark.django_db
REVIEWER = Actor(ActorKind.PERSON, "7", "Vũ Hoàng Yến", province_code="01")
ADMIN = Actor(ActorKind.PERSON, "9", "Quản trị")


@pytest.fixture(autouse=True)
def _key(settings, tmp_path):
    key_of_our_own(settings, tmp_path)


@pytest.fixture
def books(rate_tables):
    """Postage of several kinds, work, a general entry, a reversal, and names that JSON must escape."""
    for changes in ({}, {"channel": "post"}, {"beneficiary_class": "war_invalid,poor_household"},
                    {"weight_grams": 7900, "operator_code": "VTPOST"}, {"zone": "inter_near_region"}):
        public.post_postage(delivered(**changes), at=NOW)
    public.record_act(act(), at=NOW)
    odd = 'Đường "Lê Lợi" \\ số 5\t\n\u007f\u2028'
    public.post_entry(entry(why=odd, evidence={"note": odd, "bb": {"c": [1, 2.50], "a": None}}), by=job("t"), at=NOW)
    reverse_charge(charge_id=Charge.objects.get(reason_code="not-online").id, reason="Nhập sai", by=REVIEWER, at=NOW)


def test_every_line_and_entry_gets_its_place_once(books):
    sealed = seal_all(at=NOW)

    assert sealed == Charge.objects.count() + AuditEntry.objects.count() + RecordSeal.objects.count()
    assert list(LineSeal.objects.order_by("sequence").values_list("sequence", flat=True)) == [*range(1, 9)]
    assert seal_all(at=NOW) == 0
    assert AuditSeal.objects.count() == AuditEntry.objects.count()


def test_what_the_seal_says_is_what_the_verifier_writes_by_its_own_hand(books):
    end_day()

    report = look()
    assert report.in_order() == []
    assert (report.lines, report.unsealed, report.checkpoints) == (8, 0, 1)


def test_lines_of_a_settlement_are_sealed_like_single_ones(rate_tables):
    post_many((delivered(number=f"EH{n:09d}VN") for n in range(30)), at=NOW)
    end_day()

    assert found() == []
    assert head(LINES).sequence == 30


def test_a_commitment_tells_nothing_of_its_line(books):
    """Equal lines have different commitments, because the salt is random."""
    public.post_postage(delivered(), at=NOW)
    seal_all(at=NOW)

    assert LineSeal.objects.values("commitment").distinct().count() == LineSeal.objects.count()
    assert LineSeal.objects.values("salt").distinct().count() == LineSeal.objects.count()


def test_a_quick_look_finds_what_was_committed_late(rate_tables):
    public.post_postage(delivered(), at=NOW)
    seal_all(at=NOW, everything=False)
    public.post_postage(delivered(), at=NOW)

    assert seal_all(at=NOW, everything=False) == 1
    assert found() == []


def test_many_batches_make_one_chain(rate_tables, monkeypatch):
    post_many((delivered(number=f"EH{n:09d}VN") for n in range(25)), at=NOW)
    monkeypatch.setattr(sealing, "BATCH", 7)
    seal_all(at=NOW)

    assert head(LINES).sequence == 25
    assert found() == []


@pytest.mark.django_db(transaction=True)
def test_sealers_at_once_never_give_one_place_twice(rate_tables):
    post_many((delivered(number=f"EH{n:09d}VN") for n in range(40)), at=NOW)

    def run(_):
        try:
            return seal_all(at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(4))) >= 40
    assert head(LINES).sequence == 40
    assert found() == []


def test_the_day_is_signed_once_with_a_key_that_the_database_does_not_know(books):
    checkpoint = end_day()
    again = end_day(NIGHT + timedelta(hours=3))

    assert again.number == checkpoint.number == 1
    assert f"{checkpoint.day:%d/%m/%Y}" == "19/01/2026"
    public_key = Ed25519PublicKey.from_public_bytes(key_ring().public)
    public_key.verify(bytes(checkpoint.signature), checkpoint.said.encode())
    assert stat.S_IMODE(key_path().stat().st_mode) == 0o600
    seed = json.loads(key_path().read_text())["key"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(k::text, '') FROM billing_signingkey k")
        assert seed not in cursor.fetchone()[0]


def test_the_code_on_statements_is_short_and_easily_compared(books):
    code = end_day().code

    assert len(code) == 11
    assert code[5] == "-"
    assert not set(code) & set("ILOU")


def test_the_next_checkpoint_names_the_one_before(books):
    end_day()
    public.post_postage(delivered(), at=NOW)
    second = end_day(NIGHT + timedelta(days=3))

    assert second.number == 2
    assert json.loads(second.said)["before"]
    assert found() == []


def test_each_checkpoint_is_also_written_outside_the_database(books):
    checkpoint = end_day()
    told = [json.loads(line) for line in witness_path().read_text().splitlines()]

    assert [each["said"] for each in told] == [checkpoint.said]


def test_without_a_key_nothing_is_signed_and_nothing_is_claimed(books, settings):
    settings.WARDPOST_CHECKPOINT_KEY_FILE = ""

    assert end_day() is None
    assert not Checkpoint.objects.exists()


def test_a_server_never_makes_itself_a_key(books, settings):
    settings.IS_LOCAL = False

    assert end_day() is None


def test_a_new_key_is_vouched_for_by_the_old_one(books):
    end_day()
    former = key_ring().public
    rotate_key(by=ADMIN, at=NOW)
    public.post_postage(delivered(), at=NOW)
    end_day(NIGHT + timedelta(days=1))

    assert key_ring().public != former
    assert SigningKey.objects.count() == 2
    assert found() == []


def test_a_key_that_nobody_vouches_for_is_found(books):
    end_day()
    path = key_path()
    assert path is not None
    ours = path.read_text()
    path.unlink()
    public.post_postage(delivered(), at=NOW)
    end_day(NIGHT + timedelta(days=1))
    path.write_text(ours)

    assert set(found()) == {"checkpoint-not-signed-by-us", "key-not-vouched-for", "outlet-day-not-signed-by-us"}


def test_each_outlet_gets_a_signed_statement_of_its_day(books):
    checkpoint = end_day()
    day = OutletDay.objects.get(outlet_id=OUTLET)

    assert (day.number, day.lines, day.checkpoint_id) == (1, 8, checkpoint.number)
    assert json.loads(day.said)["checkpoint_code"] == checkpoint.code


def test_the_statements_of_an_outlet_are_numbered_and_name_one_another(rate_tables):
    for night in (NIGHT, NIGHT + timedelta(days=1), NIGHT + timedelta(days=4)):
        public.post_postage(delivered(number=f"EH{secrets.randbelow(10**9):09d}VN"), at=NOW)
        end_day(night)
    end_day(NIGHT + timedelta(days=5))

    days = OutletDay.objects.filter(outlet_id=OUTLET).order_by("number")
    assert [day.number for day in days] == [1, 2, 3]
    assert found() == []


def test_the_last_days_are_checked_from_the_checkpoint_before_them(rate_tables):
    public.post_postage(delivered(), at=NOW)
    close_day(at=NIGHT - timedelta(days=30))
    public.post_postage(delivered(number="EH000000001VN"), at=NOW)
    end_day()

    report = look(days=10)
    assert report.in_order() == []
    assert report.lines == 1
