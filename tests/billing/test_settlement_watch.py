"""What waits too long is asked for again, or is somebody's; and moves off her desk by itself."""

from datetime import timedelta

import pytest

from billing.claims.importing import confirm_claim
from billing.exports.making import ask_export, make_export
from billing.models.claims import CallBack, Claim
from billing.models.statements import StatementExport
from billing.operations.statements import prepare_statement
from billing.settling.sweeps import watch_settlements
from shared.models.messages import OutboxMessage
from shared.models.oversight import WorkItem
from tests.billing.claim_cases import FEBRUARY_3, MONTH, YEN, claimed, compared, headquarters, row, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_tables")]
SOON = FEBRUARY_3 + timedelta(minutes=20)


def told(event):
    return OutboxMessage.objects.filter(event=event).count()


def item(kind):
    return WorkItem.objects.get(kind=kind)


def test_a_claim_that_nobody_confirms_is_its_operators_and_leaves_the_desk_when_confirmed():
    claim = claimed(row(sent()))
    assert watch_settlements(at=FEBRUARY_3 + timedelta(days=2)) == 0
    for _ in range(2):
        watch_settlements(at=FEBRUARY_3 + timedelta(days=4))
    late = item("claim-late")
    assert (late.owner_role, late.owner_place, late.closed_at) == ("operator_hq", "VNPOST", None)

    confirm_claim(claim_id=claim.id, by=headquarters(), at=FEBRUARY_3 + timedelta(days=4))
    watch_settlements(at=FEBRUARY_3 + timedelta(days=4, hours=1))
    assert item("claim-late").outcome == "moved on"


def test_what_a_worker_missed_is_asked_for_again():
    claim = claimed(row(sent()))
    confirm_claim(claim_id=claim.id, by=headquarters(), at=FEBRUARY_3)
    statement = prepare_statement(**MONTH, by=YEN, at=FEBRUARY_3)
    ask_export(statement_id=statement.id, subject="lines", format="csv", by=YEN, at=FEBRUARY_3)
    Claim.objects.filter(id=claim.id).update(state="confirmed")
    before = told("ClaimConfirmed"), told("ExportAsked")
    watch_settlements(at=SOON)
    assert (told("ClaimConfirmed"), told("ExportAsked")) == (before[0] + 1, before[1] + 1)

    make_export(export_id=StatementExport.objects.get().id, at=SOON)
    watch_settlements(at=SOON + timedelta(minutes=20))
    assert told("ExportAsked") == before[1] + 1


def test_a_file_that_is_never_made_is_said_to_have_failed():
    sent()
    statement = prepare_statement(**MONTH, by=YEN, at=FEBRUARY_3)
    ask_export(statement_id=statement.id, subject="lines", format="csv", by=YEN, at=FEBRUARY_3)
    watch_settlements(at=FEBRUARY_3 + timedelta(days=2))

    assert StatementExport.objects.get().failure == "gave-up"
    assert item("export-not-made").owner_role == "administrator"


def test_a_month_that_stands_still_and_citizens_not_asked_are_the_reviewers():
    compared(row(sent()))
    assert CallBack.objects.filter(outcome="").exists()
    watch_settlements(at=FEBRUARY_3 + timedelta(days=12))

    assert item("statement-late").detail["state"] == "prepared"
    assert item("claim-call-backs-late").owner_role == "finance_reviewer"


def test_an_open_month_waits_from_its_end():
    sent()
    watch_settlements(at=FEBRUARY_3)
    assert not WorkItem.objects.filter(kind="statement-late").exists()
    watch_settlements(at=FEBRUARY_3 + timedelta(days=10))
    assert item("statement-late").detail == {"statement": item("statement-late").detail["statement"],
                                             "operator_code": "VNPOST", "period": "2026-01", "state": "open"}
