"""Money rules that filings are priced by."""

import pytest


@pytest.fixture
def rate_book(db):
    """The shipped tariffs, reductions and subsidies."""
    from tests.factories import rates

    rates.load()
