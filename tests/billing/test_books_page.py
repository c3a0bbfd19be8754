"""The proof of the books on screens: state, looks, sealed months, public codes, an outlet's signed days."""

import json

import pytest
from django.urls import reverse

from billing import public
from billing.models.seals import OutletDay, Verification
from billing.models.statements import Statement
from billing.tasks import seal_books
from billing.verification import offline
from shared.roles import Role
from tests.billing import disputes as cases
from tests.billing.events import NOW, act, delivered
from tests.billing.people import operator, signed_in
from tests.billing.sealed import end_day, key_of_our_own

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(rate_tables, settings, tmp_path):
    key_of_our_own(settings, tmp_path)
    operator("VNPOST")
    public.post_postage(delivered(), at=NOW)
    public.record_act(act(), at=NOW)
    return end_day()


def test_the_auditor_sees_how_far_the_books_are_signed_and_has_them_looked_through(client, signed):
    auditor = signed_in(client, Role.AUDITOR)
    assert signed.code in auditor.get(reverse("billing:books")).content.decode()

    auditor.post(reverse("billing:books-look"), {"all": "1"})
    assert Verification.objects.get().state == "asked"
    seal_books()
    assert "sổ đúng" in auditor.get(reverse("billing:books")).content.decode()


def test_a_downloaded_month_holds_under_the_downloaded_verifier(client, signed, tmp_path, capsys):
    row = Statement.objects.get(operator_code="VNPOST")
    answer = signed_in(client, Role.AUDITOR).get(reverse("billing:sealed-export", args=[row.id]))
    path = tmp_path / "month.jsonl"
    path.write_bytes(b"".join(answer.streaming_content))

    assert offline.main(["export", str(path)]) == 0
    assert signed_in(client, Role.AUDITOR, "46").get(answer.request["PATH_INFO"]).status_code == 404


def test_anybody_reads_the_codes_and_takes_the_verifier(client, signed):
    assert signed.code in client.get(reverse("billing:public-checkpoints")).content.decode()
    said = b"".join(client.get(reverse("billing:public-checkpoints-file")).streaming_content)
    assert json.loads(said)["said"] == signed.said
    assert b"def main" in client.get(reverse("billing:offline-verifier")).content


def test_an_outlet_takes_its_own_signed_days_and_no_others(client, signed, tmp_path):
    mine, other = cases.outlet(), OutletDay.objects.first()
    cases.line_of(mine, at=NOW)
    signed_in(client, Role.OUTLET_MANAGER, outlet=mine)
    assert "Chưa ký ngày nào" in client.get(reverse("billing:money-days")).content.decode()
    assert client.get(reverse("billing:money-day", args=[other.id])).status_code == 404
