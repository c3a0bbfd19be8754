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


@pytest.fixture(scope="module")
def running():
    """A stand-in of the card service."""
    from tests.factories.card_service import stand_in

    with stand_in() as service:
        yield service


@pytest.fixture
def service(running, rate_tables, settings):
    """The stand-in without faults, and the house told of its address and keys."""
    from tests.factories.card_service import KEY, SECRET

    settings.WARDPOST_STRIPE_KEY, settings.WARDPOST_STRIPE_URL = KEY, running.address
    settings.WARDPOST_STRIPE_WEBHOOK_SECRETS = [SECRET]
    yield running
    running.service.faults = type(running.service.faults)()
