"""What a decision comes to in the books: for each line the difference, as an entry of its own that says why."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from billing.disputes.models import Dispute, DisputeLine
from billing.disputes.rules import CAUSES, OUTCOMES, Cause
from billing.models.ledger import Charge
from billing.operations.entries import write_entry
from billing.operations.standing_hold import hold_standing
from billing.queries.rates import rate_book
from billing.queries.standing import owed_by_now
from billing.records import Step
from billing.redress.making import Wrong, Wronged, make_good
from billing.rules.entries import AccountSide, Entry, EntryAmounts
from billing.rules.plans import POSTAGE, AccountName, Leg, base_kind
from billing.rules.words import dong
from shared.actors import Actor
from shared.calendar import local
from shared.money import ZERO, Money

KINDS: Final = {1: "dispute-outcome", 2: "dispute-appeal"}


def enter_outcomes(dispute: Dispute, *, by: Actor, at: datetime) -> None:
    """Enter every difference, and make good what was owed. Inside the operation that confirms."""
    hold_standing(dispute.province_code)
    wronged = []
    proposal = dispute.entries.filter(kind="propose").order_by("-said_at", "-id").first()
    reason = proposal.text if proposal is not None else ""
    for line in dispute.lines.select_related("charge").order_by("id"):
        line.settled = _settled_by_now(line)
        difference = ZERO if line.decided is None else line.decided - line.settled
        if not difference:
            continue
        line.entry_id = _enter(dispute, line, difference, reason, by=by, at=at)
        wronged.append(_wronged(dispute, line, difference, at))
        line.settled = line.settled + difference
        line.save(update_fields=["entry_id", "settled"])
    make_good(Wrong(
        source="dispute", source_id=dispute.id, source_number=_letter_number(dispute),
        province_code=dispute.province_code, operator_code=dispute.operator_code, outlet_id=dispute.outlet_id,
        cause=CAUSES[Cause(dispute.cause)], reason=reason, lines=wronged), by=by, at=at)


def _settled_by_now(line: DisputeLine) -> Money:
    """What the line comes to before the decision: a known error or a new charge may have corrected it meanwhile."""
    charge = line.charge
    if charge is None or charge.reverses_id is not None or not charge.city_owes:
        return line.settled
    return owed_by_now(charge)


def _letter_number(dispute: Dispute) -> str:
    return dispute.number if dispute.round == 1 else f"{dispute.number}.{dispute.round}"


def _wronged(dispute: Dispute, line: DisputeLine, difference: Money, at: datetime) -> Wronged:
    """The money was missing from the day of the line; a deduction only until the hold kept it from being made."""
    since = local(line.charge.posted_at).date() if line.charge is not None else local(dispute.raised_at).date()
    until: date = local(dispute.raised_at if line.is_held else at).date()
    return Wronged(line.charge_id or line.id, line.dossier_code, difference, since, max(since, until))


def _enter(dispute: Dispute, line: DisputeLine, difference: Money, reason: str, *, by: Actor,
           at: datetime) -> UUID:
    is_postage = line.charge is not None and base_kind(line.charge.kind) == POSTAGE
    amounts = (EntryAmounts(gross=difference, city_subsidy=difference) if is_postage
               else EntryAmounts(compensation=difference))
    posted = write_entry(Entry(
        source_type="dispute", source_id=line.id, kind=KINDS[dispute.round], rule=dispute.number, occurred_at=at,
        province_code=dispute.province_code, operator_code=dispute.operator_code, outlet_id=dispute.outlet_id,
        legs=_legs(dispute, difference, is_postage=is_postage), steps=(_step(dispute, line, difference, reason),),
        amounts=amounts, dossier_code=line.dossier_code, parcel_number=_of(line.charge, "parcel_number"),
        direction=_of(line.charge, "direction"), why=reason[:300],
        evidence={"dispute": dispute.number, "line": str(line.charge_id or ""), "outcome": line.outcome,
                  "cause": dispute.cause, "decided_by": dispute.reviewer, "confirmed_by": dispute.confirmer}),
        by=by, at=at)
    return posted.line_id


def _of(charge: Charge | None, name: str) -> str:
    return "" if charge is None else str(getattr(charge, name))


def _legs(dispute: Dispute, difference: Money, *, is_postage: bool) -> tuple[Leg, ...]:
    city, operator = rate_book().province_name(dispute.province_code), dispute.operator_code
    owed = (AccountName(f"{operator}:carriage", f"Phải trả cước chuyển phát, {operator}",
                        f"Owed for carriage, {operator}", AccountSide.PAYABLE) if is_postage else
            AccountName(f"{operator}:work", f"Phải trả công việc đại lý, {operator}",
                        f"Owed for agents' work, {operator}", AccountSide.PAYABLE))
    decided = AccountName(f"{dispute.province_code}:disputes", f"{city}: kết luận tranh chấp",
                          f"{city}: decisions on disputes", AccountSide.EXPENSE)
    return Leg(decided, difference), Leg(owed, -difference)


def _step(dispute: Dispute, line: DisputeLine, difference: Money, reason: str) -> Step:
    was, now, words = dong(line.settled), dong(line.settled + difference), OUTCOMES[line.outcome]
    return Step(
        "decision", difference, "Điều chỉnh theo kết luận tranh chấp", "By decision of a dispute", dispute.number,
        f"Kết luận tranh chấp {dispute.number}, ngày {local(dispute.decided_at or dispute.state_at):%d/%m/%Y}",
        "verified", "dispute", f"{words.vi}: từ {was.vi} thành {now.vi}. {reason}",
        f"{words.en}: from {was.en} to {now.en}. {reason}")
