"""The rate book is what the tables say, read seldom."""

import time
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from billing import public
from billing.models.rates import SubsidyRuleSet, TariffRate
from billing.queries import rates
from billing.records import PostageCase
from shared.money import Money

CASE = PostageCase("VNPOST", "result", "intra_province", 100, date(2026, 1, 15), "online", "01", True)


def test_the_tables_hold_the_shipped_book(rate_tables, book):
    read = rates.rate_book()

    assert sorted(read.tariffs, key=str) == sorted(book.tariffs, key=str)
    assert sorted(read.reductions, key=str) == sorted(book.reductions, key=str)
    assert sorted(read.subsidies, key=str) == sorted(book.subsidies, key=str)
    assert sorted(read.norms, key=str) == sorted(book.norms, key=str)


def test_a_quote_reads_the_rates_once_and_then_nothing(rate_tables, django_assert_num_queries):
    with django_assert_num_queries(11):
        first = public.quote(CASE)
    with django_assert_num_queries(0):
        assert public.quote(CASE) == first


def test_after_a_minute_only_a_change_is_read_again(rate_tables, django_assert_num_queries, monkeypatch):
    public.quote(CASE)
    minute = time.monotonic() + 61
    monkeypatch.setattr(time, "monotonic", lambda: minute)
    with django_assert_num_queries(1):
        public.quote(CASE)

    TariffRate.objects.filter(zone="intra_province", up_to_grams=100).update(price=31000)
    monkeypatch.setattr(time, "monotonic", lambda: minute + 61)

    assert public.quote(CASE).gross == Money(31000)


def test_two_subsidies_of_one_day_are_refused_by_the_database(rate_tables):
    rule = SubsidyRuleSet.objects.get(code="NQ77-2025")
    rule.pk = None
    rule.valid_from = date(2027, 1, 1)

    with pytest.raises(IntegrityError, match="subsidy_one_a_day"), transaction.atomic():
        rule.save()


def test_the_known_classes_are_the_eleven_of_circular_22(rate_tables):
    classes = public.known_beneficiary_classes()

    assert len(classes) == 11
    assert ("poor_household", "Người thuộc hộ nghèo", "People of poor households") in classes
