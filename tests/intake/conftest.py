"""Money rules that filings are priced by, and the working calendar."""

import pytest


@pytest.fixture
def rate_book(db):
    """The shipped tariffs, reductions and subsidies."""
    from tests.factories import rates

    rates.load()
    yield
    rates.forget()


@pytest.fixture(autouse=True)
def _fresh_calendar():
    """The calendar is kept for a minute in a process; a test begins with its own."""
    from shared import working_days

    working_days.forget()
    yield
    working_days.forget()
