"""How Hà Nội's two carriers kept their word over the winter, and the shift of shares that followed from it."""

from datetime import date, datetime, time, timedelta
from typing import Final

from agents.models.people import StaffAccount
from config.demo.network import HANOI
from config.demo.timeline import Timeline
from delivery.clock.counting import count_promises
from delivery.shares import operations as shares
from delivery.shares.models import ShareProposal
from delivery.shares.rules import ProposalState
from shared.calendar import at_local, local

COUNTED_AT: Final = at_local(date(2026, 1, 10), time(1, 20))
DECIDED_AT: Final = at_local(date(2026, 1, 13), time(9, 30))
_FIRST_PROMISE: Final = date(2025, 12, 1)
_WORDS: Final = "Đã trao đổi với hai doanh nghiệp ngày 12/01; xem lại sau bốn tuần."


def plan(timeline: Timeline) -> None:
    """As the nightly count did then: it proposes, and a person confirms."""
    timeline.plan(COUNTED_AT, _propose)
    timeline.plan(DECIDED_AT, _decide)


def count_all(at: datetime) -> None:
    """Count every promise of the story, however long ago it was."""
    count_promises(at=at, weeks=(local(at).date() - _FIRST_PROMISE) // timedelta(weeks=1) + 2)


def _propose(at: datetime) -> None:
    count_promises(at=at, weeks=8)
    shares.propose_shift(province_code=HANOI, at=at)


def _decide(at: datetime) -> None:
    proposal = ShareProposal.objects.filter(province_code=HANOI, state=ProposalState.PROPOSED).first()
    if proposal is not None:
        shares.decide(proposal_id=proposal.id, is_confirmed=True, words=_WORDS,
                      by=StaffAccount.objects.select_related("province").get(username="quantri.hanoi").actor, at=at)
