"""A wrong line is taken back by its mirror image, and its event may be charged again."""

from datetime import UTC, date, datetime

import pytest

from billing import public
from billing.errors import AlreadyReversed, LineNotFound, ReasonMissing, ReversalNotReversible, StillCharged
from billing.models.ledger import Charge, Posting, PostingGroup
from billing.models.rates import Tariff, TariffRate
from billing.models.statements import Statement
from billing.operations.corrections import charge_again, reverse_charge
from billing.queries import rates
from shared.actors import Actor, ActorKind
from shared.models.oversight import AuditEntry
from shared.money import ZERO, Money, total
from shared.roles import Role
from tests.billing.events import NOW, act, delivered
from tests.billing.test_pricing import amounts

pytestmark = pytest.mark.django_db
YEN = Actor(ActorKind.PERSON, "yen", "Vũ Hoàng Yến", Role.FINANCE_REVIEWER, province_code="01")
FEBRUARY = datetime(2026, 2, 3, 2, 0, tzinfo=UTC)


@pytest.fixture
def wrong(rate_tables):
    public.post_postage(delivered(beneficiary_class="war_invalid"), at=NOW)
    return Charge.objects.get()


def reverse(line, reason="Sai diện ưu đãi"):
    return reverse_charge(charge_id=line.id, reason=reason, by=YEN, at=FEBRUARY)


def test_a_reversal_is_the_mirror_image(wrong):
    mirror = reverse(wrong)

    assert amounts(mirror) == tuple(-amount for amount in amounts(wrong))
    assert mirror.reverses == wrong
    assert mirror.group.reverses == wrong.group
    assert mirror.group.reason == "Sai diện ưu đãi"
    assert (mirror.group.actor_kind, mirror.group.actor_id) == ("person", "yen")
    for account in {leg.account_id for leg in Posting.objects.all()}:
        assert total(leg.amount for leg in Posting.objects.filter(account_id=account)) == ZERO
    assert AuditEntry.objects.get().action == "reverse_charge"


def test_a_line_of_nothing_is_reversed_without_a_group(rate_tables):
    public.record_act(act(province_code="46"), at=NOW)
    by = Actor(ActorKind.PERSON, "h", province_code="46")

    assert reverse_charge(charge_id=Charge.objects.get().id, reason="Ghi nhầm", by=by, at=FEBRUARY).group is None


def test_an_open_month_nets_in_itself_and_a_closed_one_in_the_next(wrong):
    Statement.objects.update(state="prepared")

    assert reverse(wrong).period == date(2026, 2, 1)


def test_a_reversal_needs_a_reason(wrong):
    with pytest.raises(ReasonMissing):
        reverse(wrong, "   ")
    assert Charge.objects.count() == 1


def test_a_line_is_taken_back_once(wrong):
    reverse(wrong)
    with pytest.raises(AlreadyReversed):
        reverse(wrong)
    assert PostingGroup.objects.count() == 2


def test_a_reversal_is_not_reversed(wrong):
    mirror = reverse(wrong)
    with pytest.raises(ReversalNotReversible):
        reverse(mirror)


def test_another_city_s_line_is_not_found(wrong):
    stranger = Actor(ActorKind.PERSON, "x", province_code="46")
    with pytest.raises(LineNotFound):
        reverse_charge(charge_id=wrong.id, reason="Thử", by=stranger, at=FEBRUARY)


def test_a_parcel_taken_back_is_charged_again_by_the_rules_of_its_day(wrong):
    TariffRate.objects.filter(tariff__direction="result", zone="intra_province", up_to_grams=100).update(price=32000)
    rates.forget()
    reverse(wrong)
    again = charge_again(charge_id=wrong.id, by=YEN, at=FEBRUARY)

    assert again.kind == "postage#2"
    assert amounts(again) == (32000, 16000, 16000, 0)
    assert sum(amounts(line)[0] for line in Charge.objects.all()) == 32000
    assert again.evidence["case"] == wrong.evidence["case"]


def test_a_parcel_that_stands_is_not_charged_twice(wrong):
    with pytest.raises(StillCharged):
        charge_again(charge_id=wrong.id, by=YEN, at=FEBRUARY)

    reverse(wrong)
    charge_again(charge_id=wrong.id, by=YEN, at=FEBRUARY)
    with pytest.raises(StillCharged):
        charge_again(charge_id=wrong.id, by=YEN, at=FEBRUARY)


def test_a_parcel_whose_tariff_came_late_is_charged_after_all(rate_tables):
    Tariff.objects.filter(operator_code="VNPOST", direction="result").update(valid_from=date(2026, 1, 16))
    rates.forget()
    public.post_postage(delivered(), at=NOW)
    empty = Charge.objects.get()
    Tariff.objects.filter(operator_code="VNPOST", direction="result").update(valid_from=date(2021, 4, 20))
    rates.forget()
    reverse(empty, "Biểu cước nạp muộn")

    assert charge_again(charge_id=empty.id, by=YEN, at=FEBRUARY).gross == Money(30000)
