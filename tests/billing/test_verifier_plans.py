"""However many lines there are, the verifier finds what belongs to one by its key."""

import pytest

from billing.verification import lines
from billing.verification.rows import by_keys, rows

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("question", "values"), [(lines._SEALED, [0]), (lines._UNSEALED, [])])
def test_the_legs_of_a_line_are_found_by_their_group_and_nothing_is_scanned_for_each_line(question, values):
    with by_keys():
        plan = "\n".join(step for (step,) in rows(f"EXPLAIN {question}", values))

    assert "billing_posting_group_id" in plan
    assert "billing_posting_pkey" not in plan
    assert "Seq Scan" not in plan
