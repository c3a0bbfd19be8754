"""A line in plain words, in the reader's language: its reason, one sentence, its arithmetic and its evidence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models.ledger import Charge
from billing.queries.lines import LegShown, OpenLine
from billing.queries.rates import rate_book
from billing.rules.compensation import TASKS
from billing.rules.entries import is_entry
from billing.rules.plans import COMPENSATION, base_kind
from billing.rules.words import act
from billing.rules.zones import ZONE_WORDS
from shared.confidence import Confidence
from shared.formatting import NO_BREAK, full_day, full_stamp, money, number, speaks_vietnamese, stamp

REASONS: Final = {
    "capped": gettext_lazy("Cap reached"),
    "budget-empty": gettext_lazy("Budget used up"),
    "budget-queued": gettext_lazy("Waits for budget"),
    "reduced": gettext_lazy("National reduction"),
    "nothing-left": gettext_lazy("Reduced to nothing"),
    "not-online": gettext_lazy("Not filed online"),
    "not-city": gettext_lazy("Not the city's procedure"),
    "direction-not-covered": gettext_lazy("Direction not covered"),
    "no-known-rule": gettext_lazy("No known policy"),
    "no-tariff": gettext_lazy("No tariff"),
    "pilot-norm": gettext_lazy("Pilot, pays nothing"),
    "no-known-norm": gettext_lazy("No known norm"),
    "task-not-in-norm": gettext_lazy("Outside the norm"),
    "reversal": gettext_lazy("Taken back"),
    "repeat-recipient": gettext_lazy("Sent again, the addressee pays"),
    "repeat-sender": gettext_lazy("Sent again, the authority pays"),
    "repeat-carrier": gettext_lazy("Sent again, the carrier bears it"),
}
# General entries (billing/rules/entries.py) by kind; one that is not here is shown by its kind.
ENTRIES: Final = {
    "loss-compensation": gettext_lazy("Compensation for a loss"),
    "postage-refund": gettext_lazy("Postage refunded"),
    "reissue-costs": gettext_lazy("Lost papers issued again"),
    "dispute-outcome": gettext_lazy("Outcome of a dispute"),
    "dispute-appeal": gettext_lazy("Outcome of an appeal"),
    "error-correction": gettext_lazy("Correction of a known error"),
    "delay-interest": gettext_lazy("Interest for the delay"),
    "cash-shift": gettext_lazy("A counted cash shift"),
    "cash-difference": gettext_lazy("A difference of cash"),
    "transfer-payment": gettext_lazy("Paid by bank transfer"),
    "transfer-returned": gettext_lazy("A bank transfer returned"),
    "card-payment": gettext_lazy("Paid by a card"),
    "card-returned": gettext_lazy("A card payment returned"),
    "card-unasked": gettext_lazy("Card money that pays nothing"),
    "card-taken": gettext_lazy("Card money taken as payment"),
    "card-refund": gettext_lazy("Given back to a card"),
    "card-refund-failed": gettext_lazy("A card refund that came back"),
    "card-refund-outside": gettext_lazy("A card refund given in another way"),
    "card-fee": gettext_lazy("Fee of the card service"),
    "card-dispute-taken": gettext_lazy("Taken back by a cardholder's bank"),
    "card-dispute-back": gettext_lazy("Returned by a cardholder's bank"),
    "card-dispute-lost": gettext_lazy("Lost in a card dispute"),
    "card-dispute-regained": gettext_lazy("A lost card dispute overturned"),
    "payout": gettext_lazy("Paid out for agents' work"),
    "payout-reversed": gettext_lazy("A part of a payout taken back"),
    "payout-reversal-named": gettext_lazy("A part of a payout owed again"),
    "payout-return": gettext_lazy("A payout that came back"),
    "adjustment": gettext_lazy("Adjustment"),
}
RELATIONS: Final = {
    "self": gettext_lazy("received in person"), "spouse": gettext_lazy("received by the spouse"),
    "child": gettext_lazy("received by a child"), "parent": gettext_lazy("received by a parent"),
    "authorised": gettext_lazy("received by an authorised person"),
    "centre_officer": gettext_lazy("received by an officer of the centre"),
}
METHODS: Final = {
    "signature": gettext_lazy("signed"), "otp": gettext_lazy("confirmed by a one-time code"),
    "joint_minutes": gettext_lazy("hand-over minutes signed by both"),
}
CHANNELS: Final = {
    "online": gettext_lazy("Filed online"), "post": gettext_lazy("Filed on paper through the post"),
    "direct": gettext_lazy("Filed in person at the centre"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of components/arithmetic.html."""

    label: str
    amount: int | None
    basis: str = ""
    guess: bool = False
    guess_url: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    text: str
    icon: str = "check"
    code: str = ""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    side: str
    name: str
    code: str
    amount: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A step's rule in full."""

    label: str
    code: str
    legal_basis: str
    reason: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Why:
    """Everything a reader is told of one line."""

    title: str
    sentence: str
    rows: tuple[Row, ...]
    proofs: tuple[Proof, ...]
    ledger: tuple[LedgerRow, ...]
    late_for: date | None = None
    """The month it belongs to, which was closed when it came."""


def reason_title(charge: Charge) -> str:
    """A few words for a table's first column."""
    if is_entry(charge.kind) and charge.reverses_id is None:
        return str(ENTRIES.get(base_kind(charge.kind), charge.kind))
    if charge.reason_code:
        return str(REASONS.get(charge.reason_code, charge.reason_code))
    if base_kind(charge.kind).startswith(COMPENSATION):
        words = TASKS.get(base_kind(charge.kind).removeprefix(COMPENSATION))
        return charge.kind if words is None else (words.vi if speaks_vietnamese() else words.en)
    return _("The city pays all of it")


def why(line: OpenLine) -> Why:
    charge = line.charge
    return Why(reason_title(charge), sentence(charge), tuple(_rows(charge)), tuple(_proofs(line)),
               tuple(_ledger_row(leg) for leg in line.legs),
               date.fromisoformat(late) if (late := charge.evidence.get("late_for")) else None)


def sentence(charge: Charge) -> str:
    """What happened, who pays and why, without a code."""
    if charge.reverses_id is not None:
        return _("This line takes another one back. The reason given: %(reason)s.") % {
            "reason": str(charge.evidence.get("reversal_reason", "")).rstrip(".")}
    if is_entry(charge.kind):
        return " ".join(dict.fromkeys(filter(None, (said(step, "reason") for step in charge.steps))))
    if base_kind(charge.kind).startswith(COMPENSATION):
        return _work_sentence(charge)
    reason = said(charge.steps[min(2, len(charge.steps) - 1)], "reason")
    if not charge.gross:
        return reason
    return " ".join(part for part in (*_who_pays(charge), reason) if part)


def _work_sentence(charge: Charge) -> str:
    """What is owed for a piece of work, and everything that made it so."""
    reasons = dict.fromkeys(said(step, "reason") for step in charge.steps if step["kind"] != "compensation_total")
    owed = _("The city owes %(amount)s for this work.") % {"amount": _money(charge.compensation.amount)}
    return " ".join([owed, *reasons] if charge.compensation.amount > 0 else reasons)


def _who_pays(charge: Charge) -> Iterator[str]:
    carriage = _("Carriage of the result costs %(gross)s.") if charge.direction == "result" else _(
        "Carriage of the dossier costs %(gross)s.")
    yield carriage % {"gross": _money(charge.gross.amount)}
    if charge.national_reduction:
        yield _("A national rule removes %(amount)s.") % {"amount": _money(charge.national_reduction.amount)}
    yield _("The city pays %(city)s, the citizen %(citizen)s.") % {
        "city": _money(charge.city_subsidy.amount), "citizen": _money(charge.citizen_share.amount)}


def said(step: dict[str, Any], what: str) -> str:
    """The step's label or reason in the reader's language."""
    return str(step[f"{what}_{'vi' if speaks_vietnamese() else 'en'}"])


def _rows(charge: Charge) -> Iterator[Row]:
    total = "compensation_total" if len(charge.steps) > 1 else "compensation"
    for step in charge.steps:
        kind, amount = step["kind"], step["amount"]
        is_city = kind == "city_subsidy"
        yield Row(said(step, "label"), -amount if is_city else amount, _basis(step, charge), _is_guess(step),
                  kind="eq" if is_city or kind == total else "")


def _is_guess(step: dict[str, Any]) -> bool:
    # The citizen's share is as sure as what it is left over from; saying so once is enough.
    return bool(step["confidence"] == "assumed" and step["kind"] != "citizen_share")


def _basis(step: dict[str, Any], charge: Charge) -> str:
    """Rule and reason in one short line; the line's own page gives both in full."""
    if step["kind"] in {"citizen_share", "compensation_total"}:
        return ""
    if step["kind"] == "tariff" and step["amount"]:
        return f"{step['rule']}, {_zone(charge.evidence['case']['zone'])}"
    title = act(step["legal_basis"])
    named = (title.vi if speaks_vietnamese() else title.en) if step["amount"] else ""
    return ". ".join(part for part in (named, said(step, "reason").rstrip(".")) if part)


def rules(charge: Charge) -> list[Rule]:
    """Every rule of the line in full, in the order of its arithmetic."""
    return [Rule(said(step, "label"), step["rule"], step["legal_basis"], said(step, "reason"),
                 str(Confidence(step["confidence"]).label))
            for step in charge.steps if step["kind"] not in {"citizen_share", "compensation_total"}]


def _proofs(line: OpenLine) -> Iterator[Proof]:
    charge, evidence = line.charge, line.charge.evidence
    if "case" in evidence:
        yield from _postage_proofs(charge, evidence)
    elif is_entry(charge.kind):
        yield Proof(_("Happened %(moment)s") % {"moment": stamp(charge.occurred_at)}, code=charge.parcel_number)
    else:
        yield Proof(_("Work done %(moment)s") % {"moment": stamp(charge.occurred_at)}, code=_procedure(evidence))
    if given := evidence.get("why"):
        yield Proof(_("The reason given: %(reason)s") % {"reason": str(given)}, "message-square")
    if late := evidence.get("late_for"):
        yield Proof(_("Belongs to %(month)s, which was closed: counted in %(period)s") % {
            "month": f"{date.fromisoformat(late):%m/%Y}", "period": f"{charge.period:%m/%Y}"}, "calendar-clock")
    if line.taken_back_by:
        yield Proof(_("This line was taken back by another one"), "undo-2")
    yield Proof(_("Entered in the books %(moment)s") % {"moment": full_stamp(charge.posted_at)}, "lock-keyhole")


def _postage_proofs(charge: Charge, evidence: dict[str, Any]) -> Iterator[Proof]:
    case = evidence["case"]
    yield Proof(_("Parcel of %(grams)s g, %(zone)s") % {
        "grams": number(case["weight_grams"]), "zone": _zone(case["zone"])}, "package", charge.parcel_number)
    yield _filed(case, evidence)
    yield Proof(_accepted(case, evidence), "calendar")
    yield Proof(", ".join(_delivered(charge, evidence)), "package-check")
    if case["beneficiary_class"]:
        yield Proof(_beneficiary(case["beneficiary_class"]), "badge-check", str(evidence.get("class_evidence", "")))


def _procedure(evidence: dict[str, Any]) -> str:
    return str(evidence.get("procedure_code", ""))


def _filed(case: dict[str, Any], evidence: dict[str, Any]) -> Proof:
    parts = [str(CHANNELS.get(case["channel"], case["channel"]))]
    if at := evidence.get("filed_at"):
        parts.append(stamp(datetime.fromisoformat(at)))
    procedure = _procedure(evidence)
    return Proof(" ".join(parts) + (f", {_('procedure')}" if procedure else ""), code=procedure)


def _accepted(case: dict[str, Any], evidence: dict[str, Any]) -> str:
    day = _("rules of %(day)s") % {"day": full_day(date.fromisoformat(case["on"]))}
    if "accepted_at" not in evidence:
        return day[:1].upper() + day[1:]
    accepted = _("%(centre)s accepted it %(moment)s") % {
        "moment": stamp(datetime.fromisoformat(evidence["accepted_at"])), "centre": evidence.get("centre", "")}
    return f"{accepted.strip()}, {day}"


def _delivered(charge: Charge, evidence: dict[str, Any]) -> Iterator[str]:
    yield _("Delivered %(moment)s") % {"moment": stamp(charge.occurred_at)}
    for words, key in ((RELATIONS, "relation"), (METHODS, "proof_method")):
        if code := evidence.get(key):
            yield str(words.get(code, code))


def _zone(code: str) -> str:
    words = ZONE_WORDS.get(code)
    return code if words is None else (words.name_vi if speaks_vietnamese() else words.name_en)


def _beneficiary(classes: str) -> str:
    names = {card.beneficiary_class: card.name_vi if speaks_vietnamese() else card.name_en
             for card in rate_book().reductions}
    return ", ".join(names.get(code.strip(), code.strip()) for code in classes.split(","))


def _ledger_row(leg: LegShown) -> LedgerRow:
    side = _("Debit") if leg.amount.amount > 0 else _("Credit")
    return LedgerRow(side, leg.name_vi if speaks_vietnamese() else leg.name_en, leg.account_code,
                     abs(leg.amount.amount))


def _money(amount: int) -> str:
    return money(amount).replace(" ", NO_BREAK)
