"""A claim moves by the table of billing.rules.claims, and what waits for a city's reviewer is a work item of hers."""

from datetime import datetime, timedelta
from typing import Final

from billing.errors import ClaimStateWrong
from billing.models.claims import Claim
from billing.rules.claims import CLAIM, CLAIM_WORDS, ClaimAction, ClaimState
from shared import audit, work
from shared.actors import Actor
from shared.formatting import speaks_vietnamese
from shared.roles import Role

WAITS: Final = "claim-waits"
"""Work item of finance: a confirmed claim whose month is not prepared yet."""


def move(claim: Claim, action: ClaimAction, *, by: Actor, at: datetime) -> None:
    """Take the state that `action` leads to; the caller saves.

    Raises:
        ClaimStateWrong: there is no such way from its state.
    """
    before = ClaimState(claim.state)
    after = CLAIM.get((before, action))
    if after is None:
        words = CLAIM_WORDS[before]
        raise ClaimStateWrong(words.vi if speaks_vietnamese() else words.en, state=str(before))
    claim.state, claim.state_at = after, at
    audit.record(actor=by, action=f"claim.{action}", object_type="claim", object_id=claim.id, at=at,
                 before={"state": str(before)}, after={"state": str(after)})


def move_item(claim: Claim, *, at: datetime, due: timedelta | None) -> None:
    """Open the reviewer's work item, or close it when `due` is None."""
    if due is None:
        work.close_item(kind=WAITS, reference=str(claim.id), by="job:claims", at=at, outcome=claim.state)
        return
    work.open_item(kind=WAITS, reference=str(claim.id), owner_role=Role.FINANCE_REVIEWER,
                   owner_place=claim.province_id, at=at, due_at=at + due,
                   detail={"operator_code": claim.operator_code, "period": f"{claim.period:%Y-%m}"})
