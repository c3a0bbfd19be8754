"""A month of one operator in one city: live while open, fixed when prepared."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from billing import public
from billing.errors import PeriodNotOver
from billing.models.ledger import Charge
from billing.models.statements import Statement
from billing.operations.corrections import reverse_charge
from billing.operations.explanations import explanation_ids
from billing.operations.periods import hold_alone, open_period
from billing.operations.statements import prepare_statement
from billing.queries import rates
from billing.queries.books import Books
from billing.queries.digests import LineDigest
from billing.queries.months import computed, month_by_reason, shown
from billing.rules.digests import FIELDS, line_digest, statement_digest
from shared.actors import Actor, ActorKind
from shared.models.messages import OutboxMessage
from shared.money import Money
from shared.roles import Role
from tests.billing.events import NOW, act, delivered
from tests.billing.rates import load_rates

YEN = Actor(ActorKind.PERSON, "yen", "Vũ Hoàng Yến", Role.FINANCE_REVIEWER, province_code="01")
JANUARY, FEBRUARY_3 = date(2026, 1, 1), datetime(2026, 2, 3, 2, 0, tzinfo=UTC)
MONTH: dict[str, Any] = {"province_code": "01", "operator_code": "VNPOST", "period": JANUARY}


@pytest.fixture
def january(rate_tables):
    """Six lines of Vietnam Post in Hà Nội, and some that belong elsewhere."""
    for changes in ({}, {"channel": "post"}, {"on": date(2025, 12, 30)}, {"beneficiary_class": "war_invalid"}):
        public.post_postage(delivered(**changes), at=NOW)
    public.record_act(act(), at=NOW)
    public.record_act(act(task="made_tea"), at=NOW)
    public.post_postage(delivered(operator_code="VTPOST"), at=NOW)
    public.post_postage(delivered(province_code="46"), at=NOW)
    public.post_postage(delivered(delivered_at=datetime(2026, 2, 1, tzinfo=UTC)), at=NOW)


def prepare():
    return prepare_statement(**MONTH, by=YEN, at=FEBRUARY_3)


@pytest.mark.django_db
def test_the_sums_of_an_open_month_are_those_of_now(january):
    info = shown(list(Statement.objects.filter(province_id="01", operator_code="VNPOST", period=JANUARY)))[0]

    assert info.is_open
    assert (info.sums.lines, info.sums.gross, info.sums.national_reduction) == (6, Money(120000), Money(15000))
    assert (info.sums.city_subsidy, info.sums.citizen_share) == (Money(71000), Money(34000))
    assert (info.sums.compensation, info.sums.city_owes) == (Money(12000), Money(83000))


@pytest.mark.django_db
def test_many_open_months_are_summed_in_one_query(january, django_assert_num_queries):
    rows = list(Statement.objects.all())
    with django_assert_num_queries(1):
        assert len(shown(rows)) == 4


@pytest.mark.django_db
def test_the_reasons_of_a_month_are_counted_in_one_query(january, django_assert_num_queries):
    with django_assert_num_queries(1):
        reasons = month_by_reason(**MONTH)

    assert {(each.reason_code, each.is_work): each.sums.lines for each in reasons} == {
        ("", False): 1, ("not-online", False): 1, ("capped", False): 1, ("reduced", False): 1, ("", True): 1,
        ("task-not-in-norm", True): 1}


@pytest.mark.django_db
def test_preparing_fixes_the_figures_and_tells(january):
    statement = prepare()

    assert (statement.state, statement.lines, statement.gross) == ("prepared", 6, Money(120000))
    assert (statement.prepared_by, statement.prepared_at) == ("Vũ Hoàng Yến", FEBRUARY_3)
    assert OutboxMessage.objects.get(event="StatementPrepared").payload["digest"] == statement.digest


@pytest.mark.django_db
def test_preparing_twice_answers_the_same(january):
    first = prepare()
    public.post_postage(delivered(), at=FEBRUARY_3)
    second = prepare_statement(**MONTH, by=YEN, at=datetime(2026, 3, 1, tzinfo=UTC))

    assert (second.id, second.digest, second.prepared_at) == (first.id, first.digest, first.prepared_at)
    assert computed(**MONTH) == (shown([first])[0].sums, first.digest)


@pytest.mark.django_db
def test_a_month_that_still_runs_is_not_prepared(january):
    with pytest.raises(PeriodNotOver):
        prepare_statement(**MONTH, by=YEN, at=datetime(2026, 1, 31, 16, 59, tzinfo=UTC))
    assert prepare_statement(**MONTH, by=YEN, at=datetime(2026, 1, 31, 17, 0, tzinfo=UTC)).lines == 6


@pytest.mark.django_db
def test_what_comes_late_lands_in_the_next_month(january):
    prepare()
    late = delivered()
    public.post_postage(late, at=FEBRUARY_3)

    assert Charge.objects.get(source_id=late.parcel_id).period == date(2026, 2, 1)


@pytest.mark.django_db
def test_a_month_without_a_line_can_be_prepared(rate_tables):
    statement = prepare_statement(province_code="46", operator_code="VTPOST", period=JANUARY, by=YEN, at=FEBRUARY_3)

    assert (statement.lines, statement.digest) == (0, statement_digest([]))


@pytest.mark.django_db
def test_the_digest_can_be_checked_from_the_lines_alone(january):
    public.post_postage(delivered(number='RR1"\\\tắ\u2028'), at=NOW)
    wrong = Charge.objects.filter(**MONTH)[0]
    reverse_charge(charge_id=wrong.id, reason="Sai", by=YEN, at=NOW)
    statement = prepare()

    lines = Charge.objects.filter(**MONTH).order_by("occurred_at", "id").annotate(digest=LineDigest())
    by_hand = [line_digest([getattr(line, name) for name in FIELDS]) for line in lines]
    assert [line.digest for line in lines] == by_hand
    assert statement_digest(by_hand) == statement.digest


@pytest.mark.django_db
def test_books_cover_one_city_or_one_operator():
    city, operator = Books(province_code="01"), Books(operator_code="VNPOST")

    assert city.covers("01", "VTPOST")
    assert not city.covers("46", "VNPOST")
    assert operator.covers("46", "VNPOST")
    assert not operator.covers("46", "VTPOST")


@pytest.mark.django_db(transaction=True)
def test_preparing_waits_for_who_is_posting_and_counts_the_line():
    load_rates()
    posting, prepared = Event(), Event()

    def post_slowly():
        try:
            with transaction.atomic():
                open_period(province_code="01", operator_code="VNPOST", wanted=JANUARY)
                posting.set()
                assert not prepared.wait(timeout=0.7)
                Charge.objects.create(
                    source_type="parcel", source_id=delivered().parcel_id, kind="postage", period=JANUARY,
                    province_code="01", operator_code="VNPOST", dossier_code="X", occurred_at=NOW, posted_at=NOW,
                    posted_by="job:test", rule="none", explanation_id=explanation_ids([[]])[0])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        poster = pool.submit(post_slowly)
        posting.wait(timeout=10)
        statement = prepare()
        prepared.set()
        poster.result()

    assert statement.lines == 1
    rates.forget()


@pytest.mark.django_db(transaction=True)
def test_two_may_post_into_one_month_at_the_same_time():
    load_rates()
    with transaction.atomic():
        open_period(province_code="01", operator_code="VNPOST", wanted=JANUARY)
        with ThreadPoolExecutor(1) as pool:
            def other():
                try:
                    with transaction.atomic():
                        return open_period(province_code="01", operator_code="VTPOST", wanted=JANUARY)
                finally:
                    connection.close()
            assert pool.submit(other).result(timeout=10) == JANUARY
        hold_alone(province_code="01", operator_code="VNPOST", period=JANUARY)
    rates.forget()
