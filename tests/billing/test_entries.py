"""General entries: any balanced and explained movement of money, once for its source fact."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from billing import public
from billing.errors import EntryDiffers
from billing.models.ledger import Charge, Posting, PostingGroup
from billing.models.statements import Statement
from billing.operations.corrections import charge_again, reverse_charge
from billing.operations.entries import write_entry
from billing.public import EntryAmounts, Leg
from billing.queries.checks import check_ledger
from shared.actors import Actor, ActorKind, job
from shared.money import Money
from shared.transactions import operation
from tests.billing.entries import LOST_ON, OWED_BY_CARRIER, OWED_TO_CITIZENS, entry, legs, step
from tests.billing.events import NOW
from tests.billing.people import operator, signed_in

pytestmark = pytest.mark.django_db
BY = job("search_cases")
REVIEWER = Actor(ActorKind.PERSON, "7", "Vũ Hoàng Yến", province_code="01")


def test_an_entry_is_a_line_of_its_month_with_its_legs_and_its_why(rate_tables):
    posted = public.post_entry(entry(why="Mất tại bưu cục giao"), by=BY, at=NOW)

    line = Charge.objects.select_related("explanation", "group").get(id=posted.line_id)
    assert (line.other, line.gross, line.city_owes) == (Money(120_000), Money(0), Money(0))
    assert (line.rule, line.posted_by, f"{line.period:%Y-%m}") == ("LOSS-4X", "job:search_cases", "2026-01")
    assert line.steps[0]["reason_en"] == "The parcel was lost."
    assert sorted(leg.amount.amount for leg in Posting.objects.all()) == [-120_000, 120_000]
    assert posted.is_new
    assert check_ledger().is_sound


def test_the_same_fact_told_again_changes_nothing(rate_tables):
    source = uuid4()
    first = public.post_entry(entry(source_id=source), by=BY, at=NOW)
    again = public.post_entry(entry(source_id=source), by=BY, at=NOW)

    assert (again.line_id, again.is_new) == (first.line_id, False)
    assert PostingGroup.objects.count() == 1


def test_the_same_fact_with_other_figures_is_refused(rate_tables):
    source = uuid4()
    public.post_entry(entry(source_id=source), by=BY, at=NOW)

    with pytest.raises(EntryDiffers):
        public.post_entry(entry(source_id=source, amount=130_000), by=BY, at=NOW)
    assert Charge.objects.count() == 1


@pytest.mark.parametrize(("changes", "said"), [
    ({"legs": (*legs(100_000)[:1], Leg(OWED_TO_CITIZENS, Money(-99_000)))}, "off balance"),
    ({"amounts": EntryAmounts(other=Money(5))}, "something else than it says"),
    ({"amounts": EntryAmounts(gross=Money(120_000))}, "does not add up"),
    ({"steps": ()}, "no arithmetic"),
    ({"legs": ()}, "fewer than two legs"),
    ({"legs": (*legs(120_000), Leg(OWED_BY_CARRIER, Money(0)))}, "moves nothing"),
    ({"kind": "postage"}, "priced from an event"),
    ({"kind": "compensation:accepted_online"}, "priced from an event"),
    ({"kind": "refund#2"}, "second charging"),
    ({"rule": ""}, "no rule"),
])
def test_an_unsound_entry_never_reaches_the_books(rate_tables, changes, said):
    with pytest.raises(ValueError, match=said):
        public.post_entry(entry(**changes), by=BY, at=NOW)
    assert not Charge.objects.exists()


def test_an_entry_may_change_what_the_city_owes(rate_tables):
    """The outcome of a dispute adds to a month like any line."""
    amounts = EntryAmounts(gross=Money(26_000), city_subsidy=Money(26_000))
    public.post_entry(entry(kind="dispute-outcome", amount=26_000, amounts=amounts), by=BY, at=NOW)

    assert Charge.objects.get().city_owes == Money(26_000)
    assert check_ledger().is_sound


def test_an_entry_of_a_closed_month_counts_in_the_next(rate_tables):
    Statement.objects.create(province_id="01", operator_code="VNPOST", period=LOST_ON.date().replace(day=1),
                             state="prepared", digest="0" * 64)
    posted = public.post_entry(entry(), by=BY, at=NOW)

    assert f"{posted.period:%Y-%m}" == "2026-02"
    assert Charge.objects.get().evidence["late_for"] == "2026-01-01"


def test_an_entry_is_taken_back_and_entered_anew_like_any_line(rate_tables):
    posted = public.post_entry(entry(), by=BY, at=NOW)
    mirror = reverse_charge(charge_id=posted.line_id, reason="Đã tìm thấy bưu gửi", by=REVIEWER, at=NOW)
    again = charge_again(charge_id=posted.line_id, by=REVIEWER, at=NOW)

    assert (mirror.other, again.other, again.kind) == (Money(-120_000), Money(120_000), "loss-compensation#2")
    assert check_ledger().is_sound


def test_another_operation_writes_an_entry_together_with_its_own_change(rate_tables):
    @operation
    def settle_and_fail():
        write_entry(entry(), by=BY, at=NOW)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        settle_and_fail()
    assert not Charge.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_ten_tellers_at_once_enter_one_line(rate_tables):
    asked = entry()

    def tell(_):
        try:
            return public.post_entry(asked, by=BY, at=NOW).is_new
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(tell, range(10))) == [False] * 9 + [True]
    assert Posting.objects.count() == 2


def test_finance_reads_an_entry_in_the_month(client, rate_tables):
    operator()
    posted = public.post_entry(entry(steps=(step(120_000),)), by=BY, at=NOW)
    page = signed_in(client).get("/tai-chinh/?thang=2026-01&operator=VNPOST&ly-do=other").content.decode()
    opened = signed_in(client).get(reverse("billing:line", args=[posted.line_id])).content.decode()

    assert "Bồi thường mất bưu gửi" in page
    assert "Khoản khác <b class=\"num\">1</b>" in page
    assert "Bưu gửi bị mất." in opened
    assert "VNPOST phải bồi thường" in opened
