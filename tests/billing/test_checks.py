"""The check finds whatever the guards could not keep out."""

from datetime import UTC, date, datetime

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from billing import public
from billing.models.ledger import Charge, Posting, PostingGroup
from billing.models.rates import TariffRate
from billing.models.seals import Verification
from billing.operations.corrections import charge_again, reverse_charge
from billing.operations.statements import prepare_statement
from billing.queries import rates
from billing.queries.checks import check_ledger
from billing.tasks import verify_books
from shared.actors import Actor, ActorKind
from shared.models.oversight import WorkItem
from tests.billing.events import NOW, act, delivered

pytestmark = pytest.mark.django_db
YEN = Actor(ActorKind.PERSON, "yen", province_code="01")


@pytest.fixture
def books(rate_tables):
    for changes in ({}, {"channel": "post"}, {"beneficiary_class": "war_invalid"}, {"province_code": "46"}):
        public.post_postage(delivered(**changes), at=NOW)
    public.record_act(act(), at=NOW)
    public.record_act(act(province_code="46"), at=NOW)


def kinds():
    return {finding.kind for finding in check_ledger().findings}


@pgtrigger.ignore()
def tamper(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_sound_books_are_sound(books):
    wrong = Charge.objects.filter(reason_code="reduced").get()
    reverse_charge(charge_id=wrong.id, reason="Sai", by=YEN, at=NOW)
    charge_again(charge_id=wrong.id, by=YEN, at=NOW)
    prepare_statement(province_code="01", operator_code="VNPOST", period=date(2026, 1, 1), by=YEN,
                      at=datetime(2026, 2, 2, tzinfo=UTC))

    check = check_ledger()
    assert check.is_sound
    assert (check.lines, check.groups, check.sum_vnd, check.unsealed) == (8, 7, 0, 8)


@pytest.mark.parametrize(("statement", "found"), [
    ("UPDATE billing_posting SET amount = amount + 1 WHERE amount < 0", {"group-off-balance", "legs-off-balance"}),
    ("UPDATE billing_charge SET gross = gross + 1, citizen_share = citizen_share + 1 WHERE reason_code = 'not-online'",
     {"legs-and-line-differ", "line-and-rules-differ", "explanation-differs"}),
    ("UPDATE billing_charge SET rule = 'X' WHERE reason_code = 'not-online'",
     {"line-and-rules-differ", "group-of-another-line"}),
    ("UPDATE billing_postinggroup SET period = '2026-05-01'", {"group-of-another-line"}),
    ("DELETE FROM billing_charge WHERE reason_code = 'not-online'", {"group-without-line"}),
    ("DELETE FROM billing_posting WHERE group_id = (SELECT id FROM billing_postinggroup WHERE kind <> 'postage')",
     {"legs-and-line-differ"}),
])
def test_each_kind_of_tampering_is_named(books, statement, found):
    tamper(statement)

    assert kinds() == found


def test_a_rule_changed_behind_the_books_is_named_line_by_line(books):
    TariffRate.objects.filter(zone="intra_province", up_to_grams=100, tariff__direction="result").update(price=30001)
    rates.forget()
    findings = check_ledger().findings

    assert {finding.kind for finding in findings} == {"line-and-rules-differ"}
    assert {finding.reference for finding in findings} == {
        str(line) for line in Charge.objects.filter(source_type="parcel").values_list("id", flat=True)}
    assert "kept [30000," in findings[0].detail


def test_a_closed_month_that_changed_is_named(books):
    statement = prepare_statement(province_code="01", operator_code="VNPOST", period=date(2026, 1, 1), by=YEN,
                                  at=datetime(2026, 2, 2, tzinfo=UTC))
    tamper("UPDATE billing_charge SET dossier_code = 'ANOTHER' WHERE reason_code = 'not-online'")

    assert [(each.kind, each.reference) for each in check_ledger().findings] == [
        ("closed-month-changed", str(statement.id))]


def test_the_nightly_check_asks_a_person_when_the_books_are_wrong(books):
    verify_books()
    assert not WorkItem.objects.filter(kind="ledger-unsound").exists()
    assert Verification.objects.get().state == "sound"

    tamper("UPDATE billing_posting SET amount = amount + 1 WHERE amount < 0")
    verify_books()
    verify_books()

    assert WorkItem.objects.get(kind="ledger-unsound").detail == {
        "group-off-balance": PostingGroup.objects.count(), "legs-off-balance": PostingGroup.objects.count()}


def test_the_command_says_so_and_fails(books, capsys):
    call_command("verify")
    assert "6 lines" in capsys.readouterr().out

    tamper("DELETE FROM billing_posting WHERE amount < 0")
    with pytest.raises(CommandError, match="not sound"):
        call_command("verify")
    assert "group-off-balance" in capsys.readouterr().out
    assert Posting.objects.exists()
