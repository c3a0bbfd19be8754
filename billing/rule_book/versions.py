"""The versions of a rule that stand in the tables, and whether a new one may take its place among them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext as _

from billing.errors import DraftRefused, PeriodClosed, RuleInForce
from billing.models.budget import BudgetGrant
from billing.models.rates import BookedRule, CompensationNorm, Reduction, SubsidyRuleSet, Tariff
from billing.models.statements import Statement, StatementState
from billing.rule_book.terms import BudgetTerms, ReductionTerms, TariffTerms, Terms, first_day, kind_of
from billing.rules.periods import month_after
from billing.rules.rule_book import BINDS_EVERY_CITY, Fit, RuleKind, Span, fit
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.formatting import full_day
from shared.money import total

MODELS: Final[Mapping[RuleKind, type[BookedRule]]] = {
    RuleKind.TARIFF: Tariff, RuleKind.REDUCTION: Reduction, RuleKind.SUBSIDY: SubsidyRuleSet,
    RuleKind.NORM: CompensationNorm,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a draft would stand: the version it ends, if any."""

    ends: Span | None = None


def key_of(terms: Terms, province_code: str) -> dict[str, str]:
    """What a rule has one version a day of: column → value."""
    if isinstance(terms, TariffTerms):
        return {"operator_code": terms.operator_code, "direction": terms.direction}
    if isinstance(terms, ReductionTerms):
        return {"beneficiary_class": terms.beneficiary_class}
    return {"province_id": province_code}


def versions_of(terms: Terms, province_code: str) -> models.QuerySet[Any]:
    """The rows of the same rule, oldest first."""
    model = MODELS[kind_of(terms)]
    return model._default_manager.filter(**key_of(terms, province_code)).order_by("valid_from")


def closed_until(province_code: str, operator_code: str = "") -> date | None:
    """The first day after the last closed month: of a city, of an operator, or of everybody. None: none is closed."""
    closed = Statement.objects.exclude(state=StatementState.OPEN)
    if province_code:
        closed = closed.filter(province_id=province_code)
    if operator_code:
        closed = closed.filter(operator_code=operator_code)
    last = closed.aggregate(last=models.Max("period"))["last"]
    return None if last is None else month_after(last)


def place_of(terms: Terms, province_code: str, *, at: datetime) -> Place:
    """Where the rule would stand if it were approved at `at`.

    Raises:
        PeriodClosed: it begins inside a closed month, or, binding every city, not after today.
        RuleInForce: it overlaps a version, or leaves days without any.
        DraftRefused: its code is another version's, or a budget would fall below zero.
    """
    if isinstance(terms, BudgetTerms):
        _must_leave_money(terms, province_code)
        return Place()
    _must_be_open(terms, province_code, at)
    found = fit(first_day(terms), terms.valid_to, [_span(row) for row in versions_of(terms, province_code)])
    if found.fault:
        raise RuleInForce(_misfit(found), code=found.other.code if found.other else "")
    _must_have_own_code(terms, province_code)
    return Place(found.ends)


def _span(row: Any) -> Span:
    return Span(row.id, row.code, row.valid_from, row.valid_to)


def _must_be_open(terms: Terms, province_code: str, at: datetime) -> None:
    begin = first_day(terms)
    earliest = closed_until(province_code, terms.operator_code if isinstance(terms, TariffTerms) else "")
    if earliest is not None and begin < earliest:
        raise PeriodClosed(_("Months up to %(day)s are closed. Let the rule begin on %(first)s or later.") % {
            "day": full_day(earliest - timedelta(days=1)), "first": full_day(earliest)}, first=earliest.isoformat())
    tomorrow = local(at).date() + timedelta(days=1)
    if kind_of(terms) in BINDS_EVERY_CITY and begin < tomorrow:
        raise PeriodClosed(_("This rule binds every city, so it begins on %(first)s at the earliest.") % {
            "first": full_day(tomorrow)}, first=tomorrow.isoformat())


def _misfit(found: Fit) -> str:
    other = found.other
    assert other is not None  # noqa: S101  # a misfit always has one
    facts = {"code": other.code, "from": full_day(other.begin), "to": full_day(other.end) if other.end else "…"}
    if found.fault == "gap":
        return _("Between this version and %(code)s (%(from)s – %(to)s) there would be days without a rule. "
                 "Let the two meet.") % facts
    return _("%(code)s holds from %(from)s to %(to)s. "
             "Begin after it, or let this version last at least as long.") % facts


def _must_have_own_code(terms: Terms, province_code: str) -> None:
    if versions_of(terms, province_code).filter(code=terms.code).exists():
        wrong = ErrorCollector()
        wrong.add("/terms/code", "code-used", _("Another version has this code; every amount names its version by it."))
        wrong.raise_if_any(DraftRefused)


def _must_leave_money(terms: BudgetTerms, province_code: str) -> None:
    grants = BudgetGrant.objects.filter(line__province_id=province_code, line__code=terms.code, line__year=terms.year)
    left = total(grant.amount for grant in grants).amount + terms.amount_vnd
    if left < 0:
        wrong = ErrorCollector()
        wrong.add("/terms/amount_vnd", "below-zero", _("The line would be left with less than nothing."))
        wrong.raise_if_any(DraftRefused)
