"""Proposing a shift of shares, deciding on it, and choosing the operator of a booking by what is in force."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from delivery.clock.queries import Asked, By, lines, recent
from delivery.errors import ProposalDecided, ProposalNotFound, ProposalReasonMissing
from delivery.shares.models import CarrierContract, ShareProposal
from delivery.shares.rules import WHOLE, Contract, ProposalState, Record, chosen, shifted, usual_shares
from shared import audit, work
from shared.actors import Actor, job
from shared.calendar import CLOSING, at_local, local
from shared.errors import FieldError
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation
from shared.working_days import work_calendar

US: Final = job("delivery.shares")
TO_CONFIRM: Final = "carrier-share"
WEEKS_LOOKED_AT: Final = 4
DECIDE_DAYS: Final = 5


def contracts_of(province_code: str, at: datetime) -> list[Contract]:
    rows = [row.as_contract() for row in CarrierContract.objects.filter(province_id=province_code)]
    return sorted((row for row in rows if row.is_in_force(local(at).date())), key=lambda row: row.operator_code)


def shares_in_force(province_code: str, at: datetime) -> dict[str, int] | None:
    """The shares that a person has confirmed last and that the contracts of the day still cover; None: no shift."""
    contracts = contracts_of(province_code, at)
    last = ShareProposal.objects.filter(province_code=province_code, state=ProposalState.CONFIRMED)
    found = last.order_by("-decided_at").values_list("shares", flat=True).first()
    floors = {contract.operator_code: contract.floor for contract in contracts}
    if found is None or set(found) != set(floors) or any(found[code] < floor for code, floor in floors.items()):
        return None
    return {code: int(share) for code, share in found.items()}


def operator_for(*, province_code: str, booking_ref: str, usual: str, at: datetime) -> str:
    """The operator that takes this result home: `usual` while no shift is in force."""
    shares = shares_in_force(province_code, at)
    return usual if shares is None or usual not in shares else chosen(shares, booking_ref)


def propose_shifts(*, at: datetime) -> int:
    """Propose shifts for every city whose operators keep their word differently; returns how many are new."""
    provinces = CarrierContract.objects.order_by("province_id").values_list("province_id", flat=True).distinct()
    return sum(propose_shift(province_code=code, at=at) is not None for code in list(provinces))


@operation
def propose_shift(*, province_code: str, at: datetime) -> ShareProposal | None:
    """Propose a shift by how the last weeks' promises were kept; None when there is no ground, or one is waiting."""
    waiting = ShareProposal.objects.filter(province_code=province_code, state=ProposalState.PROPOSED)
    contracts = contracts_of(province_code, at)
    before = shares_in_force(province_code, at) or usual_shares(contracts)
    if waiting.exists() or sum(before.values()) != WHOLE or _is_decided_lately(province_code, at):
        return None
    first, last = recent(local(at).date(), WEEKS_LOOKED_AT)
    told = lines(Asked(first, last, province_code, direction="result"), By.OPERATOR)
    records = {line.key: Record(line.tally.due, line.tally.kept) for line in told}
    after = shifted(before, contracts, records)
    if after is None:
        return None
    proposal = ShareProposal.objects.create(
        province_code=province_code, before=before, shares=after, proposed_at=at,
        records={code: {"due": record.due, "kept": record.kept} for code, record in records.items() if code in before})
    work.open_item(kind=TO_CONFIRM, reference=str(proposal.id), owner_role=Role.ADMINISTRATOR,
                   owner_place=province_code, at=at, detail={"shares": after},
                   due_at=at_local(work_calendar().due_date(local(at).date(), DECIDE_DAYS), CLOSING))
    audit.record(actor=US, action="share.propose", object_type="share_proposal", object_id=proposal.id, at=at,
                 before=before, after=after)
    return proposal


def _is_decided_lately(province_code: str, at: datetime) -> bool:
    """What was decided needs weeks to show in the clock before anything is proposed again."""
    last = ShareProposal.objects.filter(province_code=province_code, decided_at__isnull=False)
    moment = last.order_by("-decided_at").values_list("decided_at", flat=True).first()
    return moment is not None and (local(at).date() - local(moment).date()).days < WEEKS_LOOKED_AT * 7


@operation
def decide(*, proposal_id: UUID, is_confirmed: bool, words: str, by: Actor, at: datetime) -> ShareProposal:
    """Confirm a shift, which booking then obeys, or decline it.

    Raises:
        ProposalNotFound: none of the city of `by`.
        ProposalDecided: it was decided before.
        ProposalReasonMissing: no reason is given.
    """
    proposal = proposals_seen_by(by).select_for_update().filter(id=proposal_id).first()
    if proposal is None:
        raise ProposalNotFound
    if proposal.state != ProposalState.PROPOSED:
        raise ProposalDecided
    if not clean(words):
        raise ProposalReasonMissing(errors=(FieldError("/words", "required", _("Say why, for the operators.")),))
    proposal.state = ProposalState.CONFIRMED if is_confirmed else ProposalState.DECLINED
    proposal.decided_at, proposal.decided_by, proposal.words = at, by.name[:80], clean(words)[:300]
    proposal.save()
    work.close_item(kind=TO_CONFIRM, reference=str(proposal.id), by=by.id, at=at, outcome=proposal.state)
    audit.record(actor=by, action="share.decide", object_type="share_proposal", object_id=proposal.id, at=at,
                 before={"state": "proposed"}, after={"state": proposal.state}, reason=proposal.words)
    return proposal


def proposals_seen_by(actor: Actor) -> QuerySet[ShareProposal]:
    """Those of the reader's city; an administrator without one sees all."""
    rows = ShareProposal.objects.all()
    if actor.role == Role.ADMINISTRATOR and not actor.province_code:
        return rows
    return rows.filter(province_code=actor.province_code) if actor.province_code else rows.none()
