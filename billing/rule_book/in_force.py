"""An approved draft becomes rows of the dated tables; the version before it is ended, never rewritten."""

from datetime import datetime, timedelta
from typing import Any

from billing.models.budget import BudgetGrant, BudgetLine, BudgetStop
from billing.models.rates import (
    CompensationNorm,
    NormItem,
    NormModifier,
    Reduction,
    SubsidyPart,
    SubsidyRuleSet,
    Tariff,
    TariffRate,
)
from billing.models.rule_book import RuleDraft
from billing.rule_book.terms import (
    BudgetTerms,
    ModifierTerms,
    NormTerms,
    PartTerms,
    ReductionTerms,
    SubsidyTerms,
    TariffTerms,
    Terms,
)
from billing.rule_book.versions import MODELS, Place
from billing.rules.rule_book import RuleKind
from shared.calendar import local

type Dated = SubsidyTerms | ReductionTerms | TariffTerms | NormTerms


def put_in_force(draft: RuleDraft, terms: Terms, place: Place, *, at: datetime) -> None:
    """End the version before it and write the rule's rows. The caller has locked and checked."""
    if isinstance(terms, BudgetTerms):
        _grant(draft, terms, at=at)
        return
    if place.ends is not None:
        MODELS[RuleKind(draft.kind)]._default_manager.filter(pk=place.ends.id).update(
            valid_to=terms.valid_from, ended_by=draft)
    match terms:
        case SubsidyTerms():
            _subsidy(draft, terms)
        case ReductionTerms():
            Reduction.objects.create(**_head(draft, terms), beneficiary_class=terms.beneficiary_class,
                                     numerator=terms.numerator, denominator=terms.denominator)
        case TariffTerms():
            _tariff(draft, terms)
        case NormTerms():
            _norm(draft, terms)


def _head(draft: RuleDraft, terms: Dated) -> dict[str, object]:
    return {"code": terms.code, "name_vi": terms.name_vi, "name_en": terms.name_en, "valid_from": terms.valid_from,
            "valid_to": terms.valid_to, "legal_basis": terms.legal_basis, "confidence": terms.confidence,
            "draft": draft}


def _subsidy(draft: RuleDraft, terms: SubsidyTerms) -> None:
    rule_set = SubsidyRuleSet.objects.create(
        **_head(draft, terms), province_id=draft.province_code, budget_line=terms.budget_line, **_pays(terms))
    SubsidyPart.objects.bulk_create(
        SubsidyPart(rule_set=rule_set, position=at, name_vi=part.name_vi, name_en=part.name_en,
                    beneficiary_classes=part.beneficiary_classes, legal_basis=part.legal_basis,
                    confidence=part.confidence, **_pays(part))
        for at, part in enumerate(terms.parts))


def _pays(terms: SubsidyTerms | PartTerms) -> dict[str, Any]:
    return {"numerator": terms.numerator, "denominator": terms.denominator, "cap_per_trip": terms.cap_per_trip_vnd,
            "channels": terms.channels, "directions": terms.directions}


def _tariff(draft: RuleDraft, terms: TariffTerms) -> None:
    tariff = Tariff.objects.create(**_head(draft, terms), operator_code=terms.operator_code,
                                   direction=terms.direction, vat=terms.vat)
    TariffRate.objects.bulk_create(
        TariffRate(tariff=tariff, zone=zone, up_to_grams=step.up_to_grams, price=step.amount_vnd,
                   is_further_step=step is rates.further)
        for zone, rates in terms.zones.items() for step in (*rates.steps, rates.further))


def _norm(draft: RuleDraft, terms: NormTerms) -> None:
    norm = CompensationNorm.objects.create(**_head(draft, terms), province_id=draft.province_code,
                                           budget_line=terms.budget_line)
    NormItem.objects.bulk_create(
        NormItem(norm=norm, task=item.task, procedure_group=item.procedure_group, channel=item.channel,
                 complexity=item.complexity, unit=item.unit, amount=item.amount_vnd) for item in terms.items)
    NormModifier.objects.bulk_create(
        NormModifier(norm=norm, position=at, **_modifier(each)) for at, each in enumerate(terms.modifiers))


def _modifier(each: ModifierTerms) -> dict[str, Any]:
    return each.model_dump(exclude={"amount_vnd"}) | {"amount": each.amount_vnd}


def _grant(draft: RuleDraft, terms: BudgetTerms, *, at: datetime) -> None:
    """The line has more, or less; where it was used up, its rule ends with the day after."""
    line, _made = BudgetLine.objects.update_or_create(
        province_id=draft.province_code, code=terms.code, year=terms.year,
        defaults={"name_vi": terms.name_vi, "name_en": terms.name_en, "when_empty": terms.when_empty,
                  "warn_weeks": terms.warn_weeks, "refreshed_at": None})
    BudgetGrant.objects.create(line=line, draft=draft, amount=terms.amount_vnd, granted_on=terms.granted_on,
                               legal_basis=terms.legal_basis, confidence=terms.confidence)
    if terms.amount_vnd > 0:
        tomorrow = local(at).date() + timedelta(days=1)
        for stop in BudgetStop.objects.filter(province_id=draft.province_code, budget_line=terms.code, valid_to=None):
            stop.valid_to, stop.lifted_by = max(tomorrow, stop.valid_from), draft
            stop.save(update_fields=["valid_to", "lifted_by"])
