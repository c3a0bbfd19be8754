"""The shipped tariffs, reductions and subsidies."""

from django.db import transaction

from billing.queries import rates
from config.reference_data import reductions, subsidies, tariffs
from config.runtime.paths import PROJECT
from tests.factories import places

FOLDER = PROJECT / "reference_data"


def load() -> None:
    """Load them all, and let the process forget what it kept of an earlier test."""
    places.province(places.HANOI)
    with transaction.atomic():
        for kind in (tariffs, reductions, subsidies):
            kind.read(FOLDER)()
    forget()


def forget() -> None:
    """Drop what the process kept of a test's rates."""
    rates.forget()
