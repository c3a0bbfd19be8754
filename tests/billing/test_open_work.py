"""One list of what waits about money: whose it is, where it is done, what is late, in a few queries."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from billing.waiting.rules import KINDS, Family
from shared import work
from shared.models.oversight import WorkItem
from shared.roles import Role
from tests.billing.people import operator, signed_in
from tests.billing.rates import load_rates

pytestmark = pytest.mark.django_db
PAGE = "/tai-chinh/viec/"


def opened(kind, *, role=Role.OPERATOR_HQ, place="VNPOST", due=1, reference="", detail=None):
    now = timezone.now()
    work.open_item(kind=kind, reference=reference or str(uuid4()), owner_role=role, owner_place=place,
                   at=now - timedelta(days=3), due_at=now + timedelta(days=due), detail=detail)
    return WorkItem.objects.latest("id")


def test_headquarters_finds_its_own_work_oldest_duty_first_and_nobody_elses(client, django_assert_max_num_queries):
    payment = str(uuid4())
    late = opened("card-payment-exception", due=-1, reference=payment)
    soon = opened("bank-line-exception")
    opened("bank-line-exception", place="VTPOST")
    opened("claim-waits", role=Role.FINANCE_REVIEWER, place="01")
    opened("leave-asked")
    headquarters = signed_in(client, Role.OPERATOR_HQ, operator=operator())
    headquarters.get(PAGE)
    with django_assert_max_num_queries(14):
        page = headquarters.get(PAGE)
    told = page.context["page"]
    assert [(row.item.id, row.is_late, row.days) for row in told.rows] == [(late.id, True, 3), (soon.id, False, 3)]
    assert told.rows[0].address == f"/doi-soat/the/{payment}/"
    assert (told.total, told.late) == (2, 1)
    assert "Tiền thẻ không trả khoản nào" in page.content.decode()
    for _ in range(4):
        opened("collection-to-return")
    with django_assert_max_num_queries(14):
        assert len(headquarters.get(PAGE).context["page"].rows) == 6
    chosen = headquarters.get(f"{PAGE}?loai=the").context["page"]
    assert [row.item.id for row in chosen.rows] == [late.id]
    assert chosen.total == 6


def test_finance_finds_the_citys_and_an_unknown_filter_shows_all(client):
    load_rates()
    claim = str(uuid4())
    opened("claim-waits", role=Role.FINANCE_REVIEWER, place="01", reference=claim)
    opened("known-error-found", role=Role.FINANCE_APPROVER, place="01", reference="L-1")
    opened("claim-waits", role=Role.FINANCE_REVIEWER, place="46")
    reviewer = signed_in(client, Role.FINANCE_REVIEWER)
    rows = reviewer.get(f"{PAGE}?loai=gi-do").context["page"].rows
    assert {row.address for row in rows} == {f"/tai-chinh/doi-soat/{claim}/", "/loi-da-biet/"}


def test_nothing_waits_is_said(client):
    headquarters = signed_in(client, Role.OPERATOR_HQ, operator=operator())
    assert "Không có việc nào chờ" in headquarters.get(PAGE).content.decode()


@pytest.mark.parametrize("family", list(Family))
def test_each_family_has_work(family):
    assert any(kind.family is family for kind in KINDS.values())
