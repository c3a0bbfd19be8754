"""Many parcels at once: the same lines as one by one."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import public
from billing.models.ledger import Account, Charge, Posting, PostingGroup
from billing.models.rates import Tariff
from billing.models.statements import Statement
from billing.queries import rates
from billing.queries.checks import check_ledger
from billing.settlement import bulk
from billing.settlement.bulk import post_chunk, post_many
from shared.models.oversight import WorkItem
from tests.billing.events import NOW, delivered
from tests.billing.rates import load_rates
from tests.billing.test_pricing import cases

MADE_ANEW = {"id", "group_id"}
LINE = [field.attname for field in Charge._meta.concrete_fields if field.attname != "explanation_id"]
parcels = st.lists(st.builds(
    lambda case, at, number, evidence: replace(
        delivered(), parcel_id=uuid4(), case=case, delivered_at=at, parcel_number=number, evidence=evidence),
    cases.filter(lambda case: case.province_code != "99"),
    st.datetimes(datetime(2025, 12, 1), datetime(2026, 3, 1), timezones=st.just(UTC)),
    st.sampled_from(["EH602511079VN", "a\tb\\N", "ắ\u2028"]),
    st.dictionaries(st.sampled_from(["filed_at", "centre", "x"]), st.text("aắ\t\"\\'", max_size=4), max_size=2),
), min_size=1, max_size=12)


def kept(row):
    return {name: value for name, value in row.items() if name not in MADE_ANEW}


def books():
    """All that the books say, without the ids that are new each time."""
    lines = [kept(row) | {"has_group": bool(row["group_id"])}
             for row in Charge.objects.order_by("source_id").values(*LINE, steps=F("explanation__steps"))]
    groups = [kept(row) for row in PostingGroup.objects.order_by("source_id").values()]
    legs = Counter(Posting.objects.values_list("group__source_id", "account__code", "amount"))
    months = sorted(Statement.objects.values_list("province_id", "operator_code", "period", "state"))
    asked = sorted(WorkItem.objects.values_list("reference", flat=True))
    return lines, groups, legs, months, asked, sorted(Account.objects.values_list("code", "name_vi", "name_en", "kind"))


def one_by_one(parcels):
    for parcel in parcels:
        public.post_postage(parcel, at=NOW)


def undone(do):
    """What the books say after `do`, which is then undone."""
    before = transaction.savepoint_create()
    do()
    said = books()
    transaction.savepoint_rollback(before)
    return said


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(delivered=parcels, closed=st.booleans(), tariffless=st.booleans())
def test_many_at_once_are_the_same_lines_as_one_by_one(rate_tables, delivered, closed, tariffless):
    outer = transaction.savepoint_create()
    if closed:
        Statement.objects.create(province_id="01", operator_code="VNPOST", period=date(2026, 1, 1), state="prepared")
    if tariffless:
        Tariff.objects.filter(operator_code="VTPOST").delete()
    rates.forget()

    try:
        assert undone(lambda: post_many(delivered, at=NOW)) == undone(lambda: one_by_one(delivered))
    finally:
        transaction.savepoint_rollback(outer)


@pytest.mark.django_db
def test_what_is_posted_already_or_comes_twice_is_posted_once(rate_tables):
    told = [delivered() for _ in range(5)]
    public.post_postage(told[0], at=NOW)

    assert post_many([*told, *told[2:]], at=NOW) == 4
    assert post_many(told, at=NOW) == 0
    assert Charge.objects.count() == PostingGroup.objects.count() == 5
    assert check_ledger().is_sound


@pytest.mark.django_db
def test_nothing_to_post_is_nothing(rate_tables):
    assert post_many([], at=NOW) == 0


@pytest.mark.django_db
def test_chunks_follow_one_another(rate_tables, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK", 3)

    assert post_many((delivered() for _ in range(8)), at=NOW) == 8
    assert check_ledger().is_sound


@pytest.mark.django_db
def test_a_thousand_parcels_cost_as_few_statements_as_ten(rate_tables, django_assert_max_num_queries):
    post_many([delivered()], at=NOW)
    for many in (10, 1000):
        with django_assert_max_num_queries(30):
            assert post_many([delivered(weight_grams=1 + at % 900) for at in range(many)], at=NOW) == many


@pytest.mark.django_db
def test_parcels_may_come_straight_from_a_table(rate_tables):
    def fill(cursor):
        cursor.execute("""INSERT INTO billing_delivered
            SELECT uuidv7(), 'EH' || n, 'H26-' || n, NULL, 'VNPOST', 'result', 'intra_province', 100 + n, '2026-01-15',
                   'online', '01', true, '', '2026-01-19 10:00+07', 'self', '{}'
            FROM generate_series(1, 200) n""")

    assert post_chunk(fill=fill, at=NOW) == 200
    assert sum(line.gross.amount for line in Charge.objects.all()) == 150 * 31000 + 50 * 32500
    assert check_ledger().is_sound


@pytest.mark.django_db(transaction=True)
def test_several_settlements_and_single_posts_at_once_post_each_parcel_once():
    load_rates()
    told = [delivered(operator_code=code) for code in ("VNPOST", "VTPOST") for _ in range(60)]

    def run(job):
        try:
            return job()
        finally:
            connection.close()

    jobs = [lambda: post_many(told, at=NOW), lambda: post_many(told[::-1], at=NOW),
            *(lambda part=told[at::4]: one_by_one(part) for at in range(2))]
    with ThreadPoolExecutor(len(jobs)) as pool:
        list(pool.map(run, jobs))

    assert Charge.objects.count() == PostingGroup.objects.count() == len(told)
    assert set(Charge.objects.values_list("source_id", flat=True)) == {UUID(str(each.parcel_id)) for each in told}
    assert check_ledger().is_sound
    rates.forget()
