"""Settlements that are killed, started again and run beside one another leave what one quiet run leaves: 0 đ apart."""

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from billing.models.ledger import Charge, Posting, PostingGroup
from billing.queries import rates
from billing.queries.checks import check_ledger, ledger_sum
from billing.rules.plans import postage_plan
from billing.settlement.bulk import post_many
from tests.billing.events import NOW
from tests.billing.rates import load_rates
from tests.billing.settling_process import parcels

pytestmark = pytest.mark.django_db(transaction=True)
PARCELS, CHUNK = 400, 60
STAGES = ("lines", "legs", "committed")
"""The books hold lines without groups; everything but the commit; two chunks, and the third is begun."""


@pytest.fixture(autouse=True)
def committed_rates(transactional_db):
    load_rates()
    yield
    rates.forget()


def started(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.billing.settling_process", connection.settings_dict["NAME"], str(PARCELS),
         str(CHUNK), *arguments], cwd=Path(__file__).parent.parent.parent, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True)


def ended(process):
    out, error = process.communicate(timeout=120)
    assert process.returncode in {0, -signal.SIGKILL}, error[-2000:]
    return process.returncode, out


def plain_sums():
    """What the parcels cost by the rules alone, added up in plain Python."""
    book = rates.rate_book()
    sums: Counter[str] = Counter()
    for parcel in parcels(PARCELS):
        plan = postage_plan(parcel.case, book)
        for name, amount in zip(("gross", "national_reduction", "city_subsidy", "citizen_share"), plan.amounts,
                                strict=False):
            sums[name] += amount.amount
    return dict(sums)


def kept_sums():
    rows = Charge.objects.values_list("gross", "national_reduction", "city_subsidy", "citizen_share")
    names = ("gross", "national_reduction", "city_subsidy", "citizen_share")
    return {name: sum(row[at].amount for row in rows) for at, name in enumerate(names)}


def test_settlements_killed_at_every_stage_and_run_beside_one_another_leave_no_dong_of_difference():
    killed = [ended(each)[0] for each in [started(stage) for stage in STAGES]]
    assert -signal.SIGKILL in killed, "no process was killed: the stages were passed by"

    beside = [started()]
    posted = post_many(parcels(PARCELS), at=NOW)
    for process in beside:
        code, out = ended(process)
        assert code == 0
        posted += int(out)

    assert Charge.objects.count() == PARCELS
    assert posted <= PARCELS
    assert Charge.objects.values("source_id", "kind").distinct().count() == PARCELS
    assert PostingGroup.objects.count() == Charge.objects.exclude(group=None).count()
    assert kept_sums() == plain_sums()
    assert ledger_sum() == 0
    assert sum(leg.amount.amount for leg in Posting.objects.all()) == 0
    assert check_ledger().in_order() == []


def test_a_settlement_that_is_finished_writes_nothing_when_it_is_run_again():
    assert post_many(parcels(PARCELS), at=NOW) == PARCELS
    before = list(Posting.objects.order_by("id").values_list("id", flat=True))

    assert post_many(parcels(PARCELS), at=NOW) == 0
    assert list(Posting.objects.order_by("id").values_list("id", flat=True)) == before
