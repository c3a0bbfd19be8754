"""The carriers that we speak with, each held to the contract."""

import pytest

from delivery.carriers.adapter import adapter_of
from tests.delivery.carriers.contract import CarrierContract

pytestmark = pytest.mark.django_db(transaction=True)


class TestVietnamPost(CarrierContract):
    code = "vnpost"


class TestViettelPost(CarrierContract):
    code, operator_code = "vtpost", "VTPOST"


class TestASignedCarrierWithoutAModuleOfItsOwn(CarrierContract):
    code = "newpost"


@pytest.mark.parametrize(("said", "meant"), [
    ("200", "EMA"), ("201", "X-CANC"), ("300", "EDE"), ("303", "EDE"), ("400", "EDD"), ("500", "EDG"), ("501", "EMI"),
    ("502", "X-RTN"), ("504", "X-RTA"), ("506", "EMH"), ("507", "EDH"), ("509", "EDE"), ("550", "EDF")])
def test_viettel_posts_numbers_mean_what_it_says_they_mean(said, meant):
    assert adapter_of("vtpost").codes[said] == meant
