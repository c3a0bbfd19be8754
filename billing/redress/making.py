"""Make good what was wrong, inside the operation that found it: interest into the books, and the letter's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from agents import public as agents
from billing.operations.entries import write_entry
from billing.queries.rates import rate_book
from billing.records import Step
from billing.redress.models import InterestRule, Redress
from billing.redress.rules import DAYS_A_YEAR, InterestCard, Span, interest, spans_of, why_none
from billing.rules.entries import AccountSide, Entry, EntryAmounts
from billing.rules.plans import AccountName, Leg
from billing.rules.words import Words
from shared import audit
from shared.actors import Actor
from shared.calendar import local
from shared.money import Money, total

INTEREST: Final = "delay-interest"


@dataclass(frozen=True, slots=True)
class Wronged:
    """One line that was corrected by `amount` in favour of who had it, and the days on which the money was missing."""

    line_id: UUID
    dossier_code: str
    amount: Money
    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One finding that is made good for one outlet or operator."""

    source: str
    source_id: UUID
    source_number: str
    province_code: str
    operator_code: str
    outlet_id: UUID | None
    cause: Words
    reason: str
    """As the decision or the register says it."""
    lines: Sequence[Wronged]


def make_good(wrong: Wrong, *, by: Actor, at: datetime) -> Redress | None:
    """The interest's entry and the letter; None when nothing was owed. Told again, it answers what stands."""
    lines = [line for line in wrong.lines if line.amount.amount > 0]
    if not lines:
        return None
    number = f"{wrong.source_number}/TL" + (f"-{_outlet_code(wrong)}" if wrong.source != "dispute" else "")
    known = Redress.objects.filter(number=number[:30]).first()
    if known is not None:
        return known
    cards = interest_cards()
    shares = [(line, spans, interest(line.amount, spans)) for line in lines
              for spans in [spans_of(line.since, line.until, cards)]]
    owed = total(share for _line, _spans, share in shares)
    rule = " + ".join(dict.fromkeys(span.rule for _line, spans, _share in shares for span in spans))
    redress = Redress(number=number[:30], province_code=wrong.province_code, operator_code=wrong.operator_code,
                      outlet_id=wrong.outlet_id, source=wrong.source, source_id=wrong.source_id,
                      source_number=wrong.source_number, principal=total(line.amount for line in lines),
                      interest=owed, rule=rule, made_by=by.id, made_by_name=by.name or by.id, made_at=at)
    redress.paper = _paper(redress, wrong, shares, cards)
    if owed:
        redress.entry_id = _enter(redress, shares, cards, by=by, at=at)
    redress.save(force_insert=True)
    audit.record(actor=by, action="make_good", object_type="redress", object_id=redress.id, at=at,
                 after={"number": redress.number, "principal": redress.principal.amount, "interest": owed.amount})
    return redress


def interest_cards() -> list[InterestCard]:
    return [InterestCard(row.code, row.name_vi, row.name_en, row.valid_from, row.valid_to,
                         Fraction(row.numerator, row.denominator), row.legal_basis, row.confidence)
            for row in InterestRule.objects.order_by("valid_from")]


type _Share = tuple[Wronged, tuple[Span, ...], Money]


def _enter(redress: Redress, shares: Sequence[_Share], cards: Sequence[InterestCard], *, by: Actor,
           at: datetime) -> UUID:
    city = rate_book().province_name(redress.province_code)
    amount, card = redress.interest, next(each for each in cards if each.code == redress.rule.split(" + ")[0])
    lines = len(shares)
    step = Step(
        "compensation", amount, "Lãi chậm trả", "Interest for the delay", redress.rule, card.legal_basis,
        card.confidence, INTEREST,
        f"Tiền lãi do trả chậm {redress.principal.amount:,} đ của {lines} dòng theo {redress.source_number}: mỗi dòng"
        f" tính số ngày chậm × lãi suất năm / {DAYS_A_YEAR}.".replace(",", "."),
        f"Interest because {redress.principal.amount:,} VND of {lines} lines came late, by {redress.source_number}:"
        f" for each line days of delay × yearly rate / {DAYS_A_YEAR}.")
    posted = write_entry(Entry(
        source_type="redress", source_id=redress.id, kind=INTEREST, rule=redress.rule, occurred_at=at,
        province_code=redress.province_code, operator_code=redress.operator_code, outlet_id=redress.outlet_id,
        legs=(Leg(AccountName(f"{redress.province_code}:delay-interest", f"{city} trả lãi do chậm trả",
                              f"{city}: interest for late payment", AccountSide.EXPENSE), amount),
              Leg(AccountName(f"{redress.operator_code}:work", f"Phải trả công việc đại lý, {redress.operator_code}",
                              f"Owed for agents' work, {redress.operator_code}", AccountSide.PAYABLE), -amount)),
        steps=(step,), amounts=EntryAmounts(compensation=amount), why=redress.source_number,
        dossier_code=redress.source_number,
        evidence={"redress": redress.number, "lines": [_line_data(*share) for share in shares]}), by=by, at=at)
    return posted.line_id


def _line_data(line: Wronged, spans: Sequence[Span], share: Money) -> dict[str, Any]:
    return {"line": str(line.line_id), "dossier": line.dossier_code, "amount": line.amount.amount,
            "since": line.since.isoformat(), "until": line.until.isoformat(), "interest": share.amount,
            "days": (line.until - line.since).days, "why": why_none(line.since, line.until, spans, share),
            "spans": [{"rule": span.rule, "days": span.days, "rate": str(span.rate)} for span in spans]}


def _paper(redress: Redress, wrong: Wrong, shares: Sequence[_Share], cards: Sequence[InterestCard]) -> dict[str, Any]:
    used = set(redress.rule.split(" + "))
    return {
        "number": redress.number, "source": redress.source_number, "city": rate_book().province_name(
            redress.province_code), "operator": _operator_name(redress.operator_code), "outlet": _outlet_name(wrong),
        "day": local(redress.made_at).date().isoformat(), "signer": redress.made_by_name,
        "cause_vi": wrong.cause.vi, "cause_en": wrong.cause.en, "reason": wrong.reason,
        "principal": redress.principal.amount, "interest": redress.interest.amount,
        "total": (redress.principal + redress.interest).amount,
        "rules": [{"code": card.code, "name_vi": card.name_vi, "name_en": card.name_en, "basis": card.legal_basis}
                  for card in cards if card.code in used],
        "lines": [_line_data(*share) for share in shares],
    }


def _outlet_code(wrong: Wrong) -> str:
    return wrong.operator_code if wrong.outlet_id is None else agents.get_outlet(wrong.outlet_id).code


def _outlet_name(wrong: Wrong) -> str:
    if wrong.outlet_id is None:
        return ""
    try:
        return agents.get_outlet(wrong.outlet_id).name
    except agents.OutletNotFound:
        return ""


def _operator_name(code: str) -> str:
    return next((each.name for each in agents.operators() if each.code == code), code)
