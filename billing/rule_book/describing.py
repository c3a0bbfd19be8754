"""A rule in words, entry by entry: read on its page, and set beside the version before it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.queries.rates import rate_book
from billing.rule_book.cards import cards_of, terms_of
from billing.rule_book.terms import BudgetTerms, Terms, as_data, first_day, kept, kind_of
from billing.rules.compensation import MODIFIERS, TASKS
from billing.rules.rule_book import DraftState, RuleKind
from billing.rules.words import Words
from billing.rules.zones import ZONE_WORDS, Zone
from shared.confidence import Confidence
from shared.formatting import full_day, money, number, speaks_vietnamese
from shared.procedure_groups import PROCEDURE_GROUPS

KINDS: Final = {
    RuleKind.SUBSIDY: gettext_lazy("City support"), RuleKind.NORM: gettext_lazy("Compensation norm"),
    RuleKind.TARIFF: gettext_lazy("Tariff"), RuleKind.REDUCTION: gettext_lazy("National reduction"),
    RuleKind.BUDGET: gettext_lazy("Budget"),
}
STATES: Final = {
    DraftState.DRAFT: gettext_lazy("Draft"), DraftState.PROPOSED: gettext_lazy("Waits for approval"),
    DraftState.APPROVED: gettext_lazy("Approved"), DraftState.REJECTED: gettext_lazy("Turned down"),
    DraftState.WITHDRAWN: gettext_lazy("Given up"),
}
CHANNELS: Final = {"online": gettext_lazy("online"), "post": gettext_lazy("by post"),
                   "direct": gettext_lazy("in person")}
DIRECTIONS: Final = {"dossier": gettext_lazy("dossier out"), "result": gettext_lazy("result home")}
VAT: Final = {"included": gettext_lazy("VAT included"), "excluded": gettext_lazy("VAT not included"),
              "unknown": gettext_lazy("VAT unknown")}
GROUPS: Final = {"": gettext_lazy("any"), **PROCEDURE_GROUPS}
COMPLEXITIES: Final = {"": gettext_lazy("any"), "simple": gettext_lazy("simple"),
                       "standard": gettext_lazy("standard"), "complex": gettext_lazy("complex")}
WHEN_EMPTY: Final = {"queue": gettext_lazy("the city still owes, lines wait for more budget"),
                     "citizen_pays": gettext_lazy("the citizen pays until more is given")}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a rule, now and in the version it would follow; `before` empty: it is new."""

    label: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def said(words: Words) -> str:
    return words.vi if speaks_vietnamese() else words.en


def compared(terms: Terms, province_code: str) -> list[Entry]:
    """Every entry of the terms beside the version of the same rule in force the day before it begins."""
    former = version_before(terms, province_code)
    before = dict(entries(former)) if former is not None else {}
    after = dict(entries(terms))
    gone = [Entry(label, text, "") for label, text in before.items() if label not in after]
    return [Entry(label, before.get(label, ""), text) for label, text in after.items()] + gone


def version_before(terms: Terms, province_code: str) -> Terms | None:
    """The newest version of the same rule that begins earlier."""
    if isinstance(terms, BudgetTerms):
        return None
    data = as_data(terms)
    same = [card for card in cards_of(rate_book(), kind_of(terms), province_code)
            if card.valid_from < first_day(terms)
            and all(getattr(card, name) == data[name] for name in ("operator_code", "direction", "beneficiary_class")
                    if name in data)]
    return kept(terms_of(same[-1])) if same else None


def entries(terms: Terms) -> Iterator[tuple[str, str]]:
    """Label and text of each entry, in the order in which a person reads a rule."""
    data = as_data(terms)
    yield _("Code"), data["code"]
    yield _("Name"), data["name_vi"] if speaks_vietnamese() else data["name_en"]
    yield from _BODIES[kind_of(terms)](data)
    yield _("Legal basis"), data["legal_basis"]
    yield _("How sure"), str(Confidence(data["confidence"]).label)


def _days(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield _("Holds from"), full_day(date.fromisoformat(data["valid_from"]))
    yield _("Holds until"), full_day(date.fromisoformat(data["valid_to"])) if data["valid_to"] else _(
        "until further notice")


def _pays(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    cap = data["cap_per_trip_vnd"]
    yield _("Share of what is left"), share(data["numerator"], data["denominator"])
    yield _("Cap for a trip"), money(cap) if cap is not None else _("no cap")
    yield _("Channels"), _list(CHANNELS, data["channels"])
    yield _("Directions"), _list(DIRECTIONS, data["directions"])


def _subsidy(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _days(data)
    yield from _pays(data)
    yield _("Budget line"), data["budget_line"]
    for part in data["parts"]:
        name = part["name_vi"] if speaks_vietnamese() else part["name_en"]
        texts = "; ".join(text for _label, text in _pays(part))
        yield _("Instead for %(whom)s") % {"whom": name}, f"{texts}; {part['legal_basis']}"


def _norm(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _days(data)
    for item in data["items"]:
        narrow = [str(GROUPS[item["procedure_group"]]) if item["procedure_group"] else "",
                  str(CHANNELS[item["channel"]]) if item["channel"] else "",
                  str(COMPLEXITIES[item["complexity"]]) if item["complexity"] else ""]
        label = ", ".join(part for part in (said(TASKS[item["task"]]), *narrow) if part)
        yield label, money(item["amount_vnd"])
    for each in data["modifiers"]:
        value = money(each["amount_vnd"]) if each["amount_vnd"] is not None else share(each["numerator"],
                                                                                       each["denominator"])
        extra = [", ".join(each["communes"]), _("after %(days)s working days") % {"days": each["late_after_days"]}
                 if each["late_after_days"] is not None else ""]
        yield said(MODIFIERS[each["kind"]]), "; ".join(part for part in (value, *extra) if part)
    if data["budget_line"]:
        yield _("Budget line"), data["budget_line"]


def _tariff(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield _("Operator"), data["operator_code"]
    yield _("Direction"), str(DIRECTIONS[data["direction"]])
    yield from _days(data)
    yield _("VAT"), str(VAT[data["vat"]])
    for zone in Zone:
        if (rates := data["zones"].get(zone)) is None:
            continue
        words = ZONE_WORDS[zone]
        name = words.name_vi if speaks_vietnamese() else words.name_en
        for step in rates["steps"]:
            yield _("%(zone)s, up to %(grams)s g") % {"zone": name, "grams": number(step["up_to_grams"])}, money(
                step["amount_vnd"])
        further = rates["further"]
        yield _("%(zone)s, each further %(grams)s g") % {
            "zone": name, "grams": number(further["up_to_grams"])}, money(further["amount_vnd"])


def _reduction(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield _("Class"), data["beneficiary_class"]
    yield from _days(data)
    yield _("Share removed"), share(data["numerator"], data["denominator"])


def _budget(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield _("Year"), str(data["year"])
    yield _("Given or taken"), money(data["amount_vnd"])
    yield _("Given on"), full_day(date.fromisoformat(data["granted_on"]))
    yield _("When it is used up"), str(WHEN_EMPTY[data["when_empty"]])
    yield _("Warned before"), _("%(weeks)s weeks") % {"weeks": data["warn_weeks"]}


_BODIES: Final = {RuleKind.SUBSIDY: _subsidy, RuleKind.NORM: _norm, RuleKind.TARIFF: _tariff,
                  RuleKind.REDUCTION: _reduction, RuleKind.BUDGET: _budget}


def share(numerator: int, denominator: int) -> str:
    """`50 %`; a share that is no whole hundredth of a per cent stays a fraction."""
    rate = Fraction(numerator, denominator) * 100
    if rate.denominator == 1:
        return f"{rate.numerator}\u00a0%" if speaks_vietnamese() else f"{rate.numerator}%"
    return f"{numerator}/{denominator}"


def _list(words: Mapping[str, object], codes: list[str]) -> str:
    return ", ".join(str(words[code]) for code in codes)
