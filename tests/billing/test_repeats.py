"""A result that came back and is sent again: whoever was at fault pays, by rule and in the books."""

import pytest

from billing import public
from billing.models.ledger import Charge
from billing.queries.checks import check_ledger
from billing.rules.repeats import BASIS, RULE
from tests.billing.events import NOW, case, delivered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_tables")]


@pytest.mark.parametrize(("borne_by", "changes", "shares"), [
    ("", {}, (0, 30_000, 0)),
    ("recipient", {}, (0, 0, 30_000)),
    ("sender", {}, (0, 30_000, 0)),
    ("carrier", {}, (0, 0, 0)),
    # The national reduction is of the price, whoever bears the rest.
    ("recipient", {"beneficiary_class": "war_invalid"}, (15_000, 0, 15_000)),
    ("sender", {"beneficiary_class": "war_invalid"}, (15_000, 15_000, 0)),
    # What no support covers is the authority's all the same when it was at fault.
    ("sender", {"channel": "post", "managed_by_city": False}, (0, 30_000, 0)),
    ("carrier", {"channel": "post"}, (0, 0, 0)),
])
def test_whoever_was_at_fault_pays_for_the_repeated_trip(borne_by, changes, shares):
    answer = public.quote(case(borne_by=borne_by, **changes))

    assert (answer.national_reduction.amount, answer.city_subsidy.amount, answer.citizen_share.amount) == shares
    if borne_by:
        assert (answer.steps[2].reason_code, answer.steps[2].legal_basis) == (f"repeat-{borne_by}", BASIS)


def test_the_books_say_who_was_at_fault_and_the_check_works_it_out_again():
    for borne_by in ("", "recipient", "sender", "carrier"):
        public.post_postage(delivered(borne_by=borne_by), at=NOW)

    told = {line.evidence["case"].get("borne_by", ""): line for line in Charge.objects.select_related("group")}
    assert {key: line.reason_code for key, line in told.items()} == {
        "": "", "recipient": "repeat-recipient", "sender": "repeat-sender", "carrier": "repeat-carrier"}
    assert told["carrier"].rule == RULE
    assert told["carrier"].group is None
    assert told["sender"].rule.endswith(RULE)
    assert check_ledger().is_sound
