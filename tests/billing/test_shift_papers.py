"""The close of a shift: signed once by a key that no database holds, printed, and checked by whoever keeps it."""

import json
from io import BytesIO

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pypdf import PdfReader

from billing.chain.keys import trusted_keys
from billing.payments import cash, closing
from billing.payments.models import ShiftPaper
from billing.payments.records import Till
from shared.models.messages import OutboxMessage
from shared.money import Money
from shared.roles import Role
from tests.billing import disputes as cases
from tests.billing.people import person
from tests.billing.test_shift_pages import MORNING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_tables")]


@pytest.fixture
def drawer(settings, tmp_path):
    """Opened with 50,000 đ, 20,000 đ handed in, and the count lacks 10,000 đ."""
    settings.WARDPOST_CHECKPOINT_KEY_FILE, settings.IS_LOCAL = str(tmp_path / "key.json"), True
    place = cases.outlet()
    account = person(Role.OUTLET_CLERK, outlet=place)
    clerk = account.actor
    till = Till(place.id, place.operator_id, "VNPOST", "01")
    shift = cash.open_shift(till=till, notes={10_000: 5}, by=clerk, at=MORNING)
    cash.hand_in(shift_id=shift.id, amount=Money(20_000), slip="NT-1", by=clerk, at=MORNING)
    return cash.close_shift(shift_id=shift.id, notes={10_000: 2}, note="Đếm hai lần", by=clerk, at=MORNING), account


def test_a_counted_shift_is_signed_once_and_anybody_can_check_it(drawer):
    shift, _account = drawer
    assert OutboxMessage.objects.filter(event="ShiftCounted").count() == 1
    paper = closing.sign_shift(shift_id=shift.id, at=MORNING)
    assert paper is not None
    assert closing.sign_shift(shift_id=shift.id, at=MORNING) == paper
    kept = closing.shift_document(paper)
    key = Ed25519PublicKey.from_public_bytes(trusted_keys()[-1])
    key.verify(bytes.fromhex(kept["signature"]), kept["said"].encode())
    with pytest.raises(InvalidSignature):
        key.verify(bytes.fromhex(kept["signature"]), kept["said"].replace("20000", "30000").encode())
    assert (json.loads(kept["said"])["expected"], json.loads(kept["said"])["counted"]) == (30_000, 20_000)


def test_without_a_key_nothing_is_signed_and_the_sweep_signs_later(drawer, settings, tmp_path):
    settings.WARDPOST_CHECKPOINT_KEY_FILE = ""
    assert closing.sign_unsigned(at=MORNING) == 0
    settings.WARDPOST_CHECKPOINT_KEY_FILE = str(tmp_path / "key.json")
    assert [closing.sign_unsigned(at=MORNING) for _again in range(2)] == [1, 0]


def test_the_paper_tells_the_count_the_question_and_the_code(client, drawer):
    shift, account = drawer
    client.force_login(account, backend="agents.backends.StaffBackend")
    assert client.get(f"/quay/ca/{shift.id}/chot-ca.json").status_code == 404
    paper = closing.sign_shift(shift_id=shift.id, at=MORNING)
    answer = client.get(f"/quay/ca/{shift.id}/chot-ca.pdf")
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    for said in ("BIÊN BẢN CHỐT CA", "NT-1", "30.000", paper.code, "không phải khoản nợ"):
        assert said in words
    assert client.get(f"/quay/ca/{shift.id}/chot-ca.json").json()["said"] == ShiftPaper.objects.get().said


def test_an_open_shift_has_no_paper_and_strangers_get_none(client, drawer):
    shift, account = drawer
    client.force_login(account, backend="agents.backends.StaffBackend")
    till = Till(shift.outlet_id, shift.operator_id, "VNPOST", "01")
    still_open = cash.open_shift(till=till, notes={}, by=account.actor, at=MORNING)
    assert client.get(f"/quay/ca/{still_open.id}/chot-ca.pdf").status_code == 404
    client.force_login(person(Role.OUTLET_CLERK, outlet=cases.outlet()), backend="agents.backends.StaffBackend")
    assert client.get(f"/quay/ca/{shift.id}/chot-ca.pdf").status_code == 404
