"""What an error took from outlets is given back: an entry for each line, interest, and a letter to each outlet.

Only what was too little is put right here. What was too much by our own fault is no debt: it stays on hold until a
person takes the line back with a reason, which can be disputed, or lets it stand.
"""

from collections import defaultdict
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F

from billing.disputes.rules import CAUSES, Cause
from billing.errors import NeedsSecondPerson
from billing.known_errors.models import AffectedLine, KnownError
from billing.known_errors.registering import locked
from billing.known_errors.rules import ErrorAction, ErrorState
from billing.operations.entries import write_entry
from billing.operations.standing_hold import hold_standing
from billing.queries.rates import rate_book
from billing.queries.standing import owed_by_now, stands
from billing.records import Step
from billing.redress.making import Wrong, Wronged, make_good
from billing.redress.models import Redress
from billing.rules.entries import AccountSide, Entry, EntryAmounts
from billing.rules.plans import POSTAGE, AccountName, Leg, base_kind
from billing.rules.words import dong
from shared import audit
from shared.actors import Actor
from shared.calendar import local
from shared.money import ZERO, Money
from shared.transactions import operation

CORRECTION: Final = "error-correction"


@operation
def put_right(*, error_id: UUID, by: Actor, at: datetime) -> list[Redress]:
    """Correct every line that came out too low, and release those that were right. Doing it again changes nothing.

    Raises:
        KnownErrorNotFound.
        ErrorStateForbids: the fault is not fixed yet.
        NeedsSecondPerson: `by` is who confirmed the error.
    """
    error = locked(error_id, by)
    if error.state != ErrorState.FIXED:
        error.move(ErrorAction.CLOSE)
    if by.id == error.confirmed_by:
        raise NeedsSecondPerson
    hold_standing(error.province_code)
    wronged: dict[tuple[str, UUID | None], list[Wronged]] = defaultdict(list)
    for line in error.affected.filter(is_open=True, right__gte=F("amount")).select_related("charge").order_by("id"):
        if difference := _left_to_correct(line):
            line.entry_id = _enter(error, line, difference, by=by, at=at)
            wronged[line.operator_code, line.outlet_id].append(Wronged(
                line.charge_id, line.charge.dossier_code, difference, local(line.charge.posted_at).date(),
                local(at).date()))
        line.is_open = False
        line.save(update_fields=["entry_id", "is_open"])
    audit.record(actor=by, action="error_put_right", object_type="known_error", object_id=error.id, at=at,
                 after={"outlets": len(wronged), "lines": sum(len(each) for each in wronged.values())})
    letters = [make_good(_wrong(error, key, lines), by=by, at=at) for key, lines in wronged.items()]
    return [letter for letter in letters if letter is not None]


def _left_to_correct(line: AffectedLine) -> Money:
    """A dispute, another error or a new charge may have put it right meanwhile; what was taken back owes nothing."""
    if not stands(line.charge):
        return ZERO
    return max(ZERO, line.right - owed_by_now(line.charge))


def _wrong(error: KnownError, key: tuple[str, UUID | None], lines: list[Wronged]) -> Wrong:
    operator_code, outlet_id = key
    return Wrong(source="known-error", source_id=error.id, source_number=error.number,
                 province_code=error.province_code, operator_code=operator_code, outlet_id=outlet_id,
                 cause=CAUSES[Cause(error.cause)], reason=error.conclusion, lines=lines)


def _enter(error: KnownError, line: AffectedLine, difference: Money, *, by: Actor, at: datetime) -> UUID:
    charge, is_postage = line.charge, base_kind(line.charge.kind) == POSTAGE
    was, right = dong(line.right - difference), dong(line.right)
    step = Step("compensation", difference, "Sửa sai theo sổ lỗi đã biết", "Correction of a known error", error.number,
                f"Sổ lỗi đã biết {error.number}: {error.title_vi}"[:300], "verified", "known-error",
                f"Dòng đã tính {was.vi}, đúng ra là {right.vi}.", f"The line said {was.en}; right is {right.en}.")
    amounts = (EntryAmounts(gross=difference, city_subsidy=difference) if is_postage
               else EntryAmounts(compensation=difference))
    posted = write_entry(Entry(
        source_type="known_error", source_id=line.id, kind=CORRECTION, rule=error.number, occurred_at=at,
        province_code=charge.province_code, operator_code=charge.operator_code, outlet_id=charge.outlet_id,
        legs=_legs(charge.province_code, charge.operator_code, difference, is_postage=is_postage), steps=(step,),
        amounts=amounts, dossier_code=charge.dossier_code, parcel_number=charge.parcel_number,
        direction=charge.direction, why=error.number, evidence={"error": error.number, "line": str(charge.id)}),
        by=by, at=at)
    return posted.line_id


def _legs(province_code: str, operator_code: str, difference: Money, *, is_postage: bool) -> tuple[Leg, ...]:
    city = rate_book().province_name(province_code)
    owed = (AccountName(f"{operator_code}:carriage", f"Phải trả cước chuyển phát, {operator_code}",
                        f"Owed for carriage, {operator_code}", AccountSide.PAYABLE) if is_postage else
            AccountName(f"{operator_code}:work", f"Phải trả công việc đại lý, {operator_code}",
                        f"Owed for agents' work, {operator_code}", AccountSide.PAYABLE))
    ours = AccountName(f"{province_code}:known-errors", f"{city}: sửa lỗi đã biết",
                       f"{city}: corrections of known errors", AccountSide.EXPENSE)
    return Leg(ours, difference), Leg(owed, -difference)
