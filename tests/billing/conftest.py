"""Imports stand inside: this file is read before Django is set up."""

import pytest


@pytest.fixture(scope="session")
def book():
    """The shipped rates without the database."""
    from tests.billing.rates import shipped_book

    return shipped_book()


@pytest.fixture
def rate_tables(db):
    """The shipped rates as rows."""
    from billing.queries import rates
    from tests.billing.rates import load_rates

    load_rates()
    yield
    rates.forget()
