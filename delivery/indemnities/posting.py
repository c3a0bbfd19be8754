"""An indemnity that is owed enters the books through billing's front door, once."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from billing import public as billing
from billing.public import AccountName, AccountSide, Entry, EntryAmounts, Leg
from delivery.indemnities.models import Indemnity
from delivery.indemnities.rules import IndemnityKind, IndemnityState
from shared.actors import job
from shared.money import Money
from shared.places import province_name
from shared.transactions import operation

US: Final = job("post_indemnity")
KINDS: Final = {
    IndemnityKind.LATE: "postage-refund", IndemnityKind.LOSS: "loss-compensation",
    IndemnityKind.REISSUE: "reissue-costs"}  # fmt: skip


def post_indemnity(*, indemnity_id: UUID, at: datetime) -> None:
    """Post it, and keep where it stands. Told again, nothing happens."""
    indemnity = Indemnity.objects.select_related("parcel").get(id=indemnity_id)
    if indemnity.state not in {IndemnityState.OWED, IndemnityState.PAID} or indemnity.line_id is not None:
        return
    posted = billing.post_entry(entry_of(indemnity), by=US, at=at)
    _keep(indemnity_id, posted.line_id)


@operation
def _keep(indemnity_id: UUID, line_id: UUID) -> None:
    Indemnity.objects.filter(id=indemnity_id).update(line_id=line_id)


def entry_of(indemnity: Indemnity) -> Entry:
    """The balanced entry, counted in the month in which it was agreed or decided."""
    kind, parcel = IndemnityKind(indemnity.kind), indemnity.parcel
    inside = parcel.contents.order_by("id").first()
    return Entry(
        source_type="indemnity", source_id=indemnity.id, kind=KINDS[kind], rule=indemnity.terms_code,
        occurred_at=indemnity.owed_at or indemnity.happened_at, province_code=indemnity.province_code,
        operator_code=indemnity.operator_code, outlet_id=indemnity.outlet_id,
        dossier_code=inside.dossier_code if inside is not None else "", parcel_number=parcel.number,
        direction=parcel.direction[:8], steps=tuple(billing.step_from_data(step) for step in indemnity.steps),
        legs=tuple(_refund(indemnity) if kind is IndemnityKind.LATE else _damages(indemnity)),
        amounts=_amounts(indemnity, kind), why=indemnity.decision_words or indemnity.answer_words,
        evidence={"parcel_number": parcel.number, "happened_at": indemnity.happened_at.isoformat(),
                  **({"what": indemnity.what} if indemnity.what else {})})


def _amounts(indemnity: Indemnity, kind: IndemnityKind) -> EntryAmounts:
    if kind is not IndemnityKind.LATE:
        return EntryAmounts(other=indemnity.amount)
    parts = {name: -Money(indemnity.parts[name]) for name in ("national_reduction", "city_subsidy", "citizen_share")}
    return EntryAmounts(gross=-indemnity.amount, **parts)


def _refund(indemnity: Indemnity) -> Iterator[Leg]:
    """The mirror image of the trip's postage, on the same accounts."""
    operator, city = indemnity.operator_code, indemnity.province_code
    name, rule = province_name(city), indemnity.parts["subsidy_rule"]
    yield Leg(AccountName(f"{operator}:carriage", f"Phải trả cước chuyển phát, {operator}",
                          f"Owed for carriage, {operator}", AccountSide.PAYABLE), indemnity.amount)
    back = (
        (AccountName(f"{city}:subsidy:{rule}", f"{name} hỗ trợ cước theo {rule}", f"{name}: postage support by {rule}",
                     AccountSide.EXPENSE), indemnity.parts["city_subsidy"]),
        (AccountName("national-reduction", "Giảm cước theo quy định quốc gia", "Reductions by national rules",
                     AccountSide.EXPENSE), indemnity.parts["national_reduction"]),
        (AccountName(f"{city}:citizen-share", f"Người dân {name} trả cước", f"Postage paid by citizens of {name}",
                     AccountSide.RECEIVABLE), indemnity.parts["citizen_share"]),
    )
    yield from (Leg(account, -Money(amount)) for account, amount in back if amount)


def _damages(indemnity: Indemnity) -> Iterator[Leg]:
    operator, city = indemnity.operator_code, indemnity.province_code
    name = province_name(city)
    yield Leg(AccountName(f"{operator}:indemnities", f"{operator} phải bồi thường", f"Owed by {operator} as indemnity",
                          AccountSide.RECEIVABLE), indemnity.amount)
    yield Leg(AccountName(f"{city}:indemnified-citizens", f"Phải bồi thường người dân {name}",
                          f"Owed to citizens of {name} as indemnity", AccountSide.PAYABLE), -indemnity.amount)
