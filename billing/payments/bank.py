"""Lines of the collecting account: told by file or machine, judged once, settled by a person where they pay nothing.

A line told twice is one line; the order of telling does not matter to what was asked for by then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from billing.payments.accounts import accounts_seen_by
from billing.payments.collecting import pay
from billing.payments.errors import (
    AccountNotFound,
    BankLineNotFound,
    BankLineSettled,
    CollectionEnded,
    CollectionNotFound,
    SettlementRefused,
)
from billing.payments.models import BankLine, CollectingAccount, Collection
from billing.payments.records import BankEntry
from billing.payments.rules.matching import EXCEPTIONS, Asked, CollectionState, LineVerdict, judge
from billing.payments.rules.references import references_in
from billing.payments.telling import LONGEST_PURPOSE, fresh_lines
from shared import audit, work
from shared.actors import Actor
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation

EXCEPTION: Final = "bank-line-exception"
"""Work item of the operator's headquarters: money on the account that pays nothing we asked for."""
SETTLE_WITHIN: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Told:
    """What a telling brought."""

    lines: int
    new: int
    matched: int
    exceptions: int


@operation
def take_lines(*, account_id: UUID, entries: Sequence[BankEntry], by: Actor, at: datetime) -> Told:
    """Keep what is new of `entries`, and pay what they pay.

    Raises:
        AccountNotFound: unknown, or another operator's.
    """
    account = accounts_seen_by(by).select_for_update().filter(id=account_id).first()
    if account is None:
        raise AccountNotFound
    return keep_lines(account, entries, by=by, at=at)


def keep_lines(account: CollectingAccount, entries: Sequence[BankEntry], *, by: Actor, at: datetime) -> Told:
    """As `take_lines`, for an operation that holds the account's lock."""
    fresh = fresh_lines(entries, lambda refs: {
        ref: (amount, purpose) for ref, amount, purpose in BankLine.objects.filter(
            account=account, bank_ref__in=refs).values_list("bank_ref", "amount", "purpose")})
    asked = _asked(account, fresh.values())
    lines = [_judged(account, ref, entry, asked, by=by, at=at) for ref, entry in
             sorted(fresh.items(), key=lambda pair: (pair[1].booked_at, pair[0]))]
    BankLine.objects.bulk_create(lines, batch_size=1000)
    strange = [line for line in lines if line.verdict in EXCEPTIONS]
    for line in strange:
        _ask_somebody(account, line, at)
    matched = sum(line.verdict == LineVerdict.MATCHED for line in lines)
    audit.record(actor=by, action="bank_lines.take", object_type="collecting_account", object_id=account.id, at=at,
                 after={"lines": len(entries), "new": len(lines), "matched": matched})
    return Told(len(entries), len(lines), matched, len(strange))


@operation
def settle_line(*, line_id: UUID, reference: str, why: str, by: Actor, at: datetime) -> BankLine:
    """Say what an exception is: with `reference` it pays that request, without one it is settled outside of it.

    Raises:
        BankLineNotFound: unknown, or another operator's.
        BankLineSettled: it pays something already, or was settled.
        CollectionNotFound, CollectionEnded: no request has this reference, or it was paid by another line.
        SettlementRefused: no reason, or the line's amount is not the one that was asked for.
    """
    line = BankLine.objects.select_for_update(of=("self",)).select_related("account").filter(
        id=line_id, account__in=accounts_seen_by(by)).first()
    if line is None:
        raise BankLineNotFound
    if line.settled_at is not None or line.verdict not in EXCEPTIONS:
        raise BankLineSettled
    if len(clean(why)) < 5:
        raise SettlementRefused(_("Say in a sentence what this money is, or how it was given back."))
    if reference.strip():
        _pay_by_hand(line, reference.strip().upper(), by, at)
    line.settled_at, line.settled_by_name, line.settlement = at, by.name, clean(why)[:300]
    line.save(update_fields=["settled_at", "settled_by_name", "settlement", "collection", "verdict"])
    audit.record(actor=by, action="bank_line.settle", object_type="bank_line", object_id=line.id, at=at,
                 after={"verdict": line.verdict, "reference": reference.strip().upper()[:16]}, reason=line.settlement)
    work.close_item(kind=EXCEPTION, reference=str(line.id), by=by.name, at=at, outcome=line.settlement)
    return line


# --- the parts ------------------------------------------------------------------------------------------------------


def _asked(account: CollectingAccount, entries: Iterable[BankEntry]) -> dict[str, Collection]:
    """The requests that the lines name, locked in one order so that two tellings do not wait for each other."""
    named = {reference for entry in entries for reference in references_in(entry.purpose)}
    found = Collection.objects.select_for_update(of=("self",)).filter(
        reference__in=named, operator_id=account.operator_id).order_by("reference")
    return {each.reference: each for each in found}


def _judged(account: CollectingAccount, ref: str, entry: BankEntry, asked: Mapping[str, Collection], *,
            by: Actor, at: datetime) -> BankLine:
    references = references_in(entry.purpose)
    verdict = judge(references, entry.amount, entry.booked_at,
                    {name: _facts(asked[name]) for name in references if name in asked})
    collection = asked.get(references[0]) if len(references) == 1 else None
    if verdict is LineVerdict.MATCHED and collection is not None:
        pay(collection, paid_at=entry.booked_at, by=by, at=at)
    return BankLine(
        account=account, operator_id=account.operator_id, province_code=account.province_code, bank_ref=ref,
        booked_at=entry.booked_at, amount=entry.amount, purpose=clean(entry.purpose)[:LONGEST_PURPOSE], told_at=at,
        verdict=verdict, collection=collection)


def _facts(collection: Collection) -> Asked:
    return Asked(collection.reference, collection.amount, CollectionState(collection.state), collection.expires_at)


def _ask_somebody(account: CollectingAccount, line: BankLine, at: datetime) -> None:
    work.open_item(kind=EXCEPTION, reference=str(line.id), owner_role=Role.OPERATOR_HQ,
                   owner_place=account.operator_code, at=at, due_at=at + SETTLE_WITHIN,
                   detail={"verdict": line.verdict, "amount_vnd": line.amount.amount})


def _pay_by_hand(line: BankLine, reference: str, by: Actor, at: datetime) -> None:
    collection = Collection.objects.select_for_update(of=("self",)).filter(
        reference=reference, operator_id=line.operator_id).first()
    if collection is None:
        raise CollectionNotFound
    if collection.state in {CollectionState.PAID, CollectionState.RETURNED}:
        raise CollectionEnded(_("This request was paid before; give the money back and say so here."))
    if collection.amount != line.amount:
        raise SettlementRefused(_("The amounts differ; give the money back and say so here."))
    pay(collection, paid_at=line.booked_at, by=by, at=at)
    line.collection, line.verdict = collection, LineVerdict.MATCHED
