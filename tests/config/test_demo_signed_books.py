"""The demo's signed books: a checkpoint with an outlet's day, a look that was allowed and one that waits."""

from datetime import UTC, datetime

import pytest

from billing.models.seals import Checkpoint, OutletDay
from billing.support.models import SupportAccess, SupportLook
from config.demo import signed_books
from shared.roles import Role
from tests.billing import disputes as cases
from tests.billing.people import person
from tests.billing.rates import load_rates
from tests.billing.sealed import key_of_our_own

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 3, 3, tzinfo=UTC)


def test_the_books_are_signed_and_two_accesses_are_told_of_once(settings, tmp_path):
    key_of_our_own(settings, tmp_path)
    load_rates()
    line = cases.line_of(cases.outlet())
    for username, role in (("quantri.hanoi", Role.ADMINISTRATOR), ("duyet.hanoi", Role.FINANCE_APPROVER)):
        account = person(role)
        account.username = username
        account.save(update_fields=["username"])

    for _ in range(2):
        signed_books.tell(NOW)

    assert [each.state for each in SupportAccess.objects.order_by("asked_at")] == ["over", "asked"]
    assert SupportLook.objects.filter(line_id=line.id).count() == 1
    assert OutletDay.objects.get(checkpoint=Checkpoint.objects.get()).outlet_id == line.outlet_id
