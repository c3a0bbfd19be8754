"""A drawer on screen: its list with a closed shift, and a question in the reader's words."""

from datetime import UTC, datetime

import pytest

from billing.payments import cash
from billing.payments.records import Till
from shared.roles import Role
from tests.billing import disputes as cases
from tests.billing.people import operator, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_tables")]
MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def questioned():
    """A drawer that was counted 10,000 đ short, and the outlet it stands in."""
    place = cases.outlet()
    clerk = person(Role.OUTLET_CLERK, outlet=place).actor
    till = Till(place.id, place.operator_id, "VNPOST", "01")
    shift = cash.open_shift(till=till, notes={10_000: 5}, by=clerk, at=MORNING)
    return cash.close_shift(shift_id=shift.id, notes={10_000: 4}, note="", by=clerk, at=MORNING), place


def page(client, account, path):
    client.force_login(account, backend="agents.backends.StaffBackend")
    return client.get(path).content.decode()


@pytest.mark.parametrize("role", [Role.OUTLET_MANAGER, Role.FINANCE_REVIEWER])
def test_the_list_shows_what_a_count_lacked(client, questioned, role):
    account = cases.manager(questioned[1]) if role == Role.OUTLET_MANAGER else person(role)

    assert "−10.000" in page(client, account, "/quay/ca/")


def test_a_question_and_its_answers_are_words(client, questioned):
    shown = page(client, cases.manager(questioned[1]), f"/quay/ca/{questioned[0].id}/")

    assert "Chưa rõ nguyên nhân" in shown
    assert "Do hệ thống" in shown
    assert "Words(" not in shown


def test_headquarters_reads_whose_drawer_it_is(client, questioned):
    account = person(Role.OPERATOR_HQ, operator=operator("VNPOST"))

    assert questioned[1].name in page(client, account, "/quay/ca/")
