"""The rates of the shipped reference data, read from its files, as a rate book and as rows."""

import json
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from billing.models.rates import CompensationNorm, NormItem, Reduction, SubsidyPart, SubsidyRuleSet, Tariff, TariffRate
from billing.queries import rates
from billing.rules.rates import (
    NormCard,
    ProvinceCard,
    RateBook,
    ReductionCard,
    SubsidyCard,
    SubsidyPartCard,
    TariffCard,
    WeightStep,
    ZoneRates,
)
from shared.models.places import Province
from shared.money import Money

DATA = Path(__file__).resolve().parent.parent.parent / "reference_data"
PROVINCES = {"01": ProvinceCard("Hà Nội", "north"), "46": ProvinceCard("Huế", "centre"),
             "79": ProvinceCard("Hồ Chí Minh", "south")}
HEAD = ("code", "name_vi", "name_en", "legal_basis", "confidence")


@cache
def rows(name):
    return json.loads((DATA / name).read_text())["rows"]


def tariff_rows():
    return [*rows("tariffs/vnpost.json"), *rows("tariffs/vtpost_demo.json")]


def head(row):
    return {**{name: row[name] for name in HEAD}, "valid_from": date.fromisoformat(row["valid_from"]),
            "valid_to": row["valid_to"] and date.fromisoformat(row["valid_to"])}


def column(rate):
    steps = tuple(WeightStep(step["up_to_grams"], Money(step["amount_vnd"])) for step in rate["steps"])
    return ZoneRates(steps, WeightStep(rate["further"]["each_grams"], Money(rate["further"]["amount_vnd"])))


def part(row):
    return SubsidyPartCard(
        name_vi=row["name_vi"], name_en=row["name_en"], beneficiary_classes=tuple(row["beneficiary_classes"]),
        share=Fraction(row["numerator"], row["denominator"]),
        cap=row["cap_per_trip_vnd"] and Money(row["cap_per_trip_vnd"]),
        channels=tuple(row["channels"]), directions=tuple(row["directions"]), legal_basis=row["legal_basis"],
        confidence=row["confidence"])


def shipped_book():
    """The book without the database."""
    return RateBook(
        tariffs=tuple(TariffCard(**head(row), operator_code=row["operator_code"], direction=row["direction"],
                                 vat=row["vat"], zones={z: column(rate) for z, rate in row["rates"].items()})
                      for row in tariff_rows()),
        reductions=tuple(ReductionCard(**head(row), beneficiary_class=row["beneficiary_class"],
                                       share=Fraction(row["numerator"], row["denominator"]))
                         for row in rows("reductions.json")),
        subsidies=tuple(SubsidyCard(**head(row), province_code=row["province_code"],
                                    share=Fraction(row["numerator"], row["denominator"]),
                                    cap=row["cap_per_trip_vnd"] and Money(row["cap_per_trip_vnd"]),
                                    channels=tuple(row["channels"]), directions=tuple(row["directions"]),
                                    budget_line=row["budget_line"], parts=tuple(map(part, row.get("parts", ()))))
                        for row in rows("subsidies.json")),
        norms=tuple(NormCard(**head(row), province_code=row["province_code"],
                             amounts={task: Money(amount) for task, amount in row["items_vnd"].items()})
                    for row in rows("norms.json")),
        provinces=PROVINCES,
    )


def pays(row):
    return {"numerator": row["numerator"], "denominator": row["denominator"], "cap_per_trip": row["cap_per_trip_vnd"],
            "channels": row["channels"], "directions": row["directions"]}


def steps(tariff, zones):
    for zone, rate in zones.items():
        for step in rate["steps"]:
            yield TariffRate(tariff=tariff, zone=zone, up_to_grams=step["up_to_grams"], price=step["amount_vnd"])
        yield TariffRate(tariff=tariff, zone=zone, up_to_grams=rate["further"]["each_grams"],
                         price=rate["further"]["amount_vnd"], is_further_step=True)


def load_rates():
    """The same book as rows, and nothing kept from an earlier test."""
    for code, card in PROVINCES.items():
        Province.objects.update_or_create(
            code=code, defaults={"name": card.name, "kind": "thanh_pho", "region": card.region})
    tariffs = [Tariff(**head(row), operator_code=row["operator_code"], direction=row["direction"], vat=row["vat"])
               for row in tariff_rows()]
    Tariff.objects.bulk_create(tariffs)
    TariffRate.objects.bulk_create(
        step for tariff, row in zip(tariffs, tariff_rows(), strict=True) for step in steps(tariff, row["rates"]))
    Reduction.objects.bulk_create([
        Reduction(**head(row), beneficiary_class=row["beneficiary_class"], numerator=row["numerator"],
                  denominator=row["denominator"]) for row in rows("reductions.json")])
    rule_sets = [SubsidyRuleSet(**head(row), province_id=row["province_code"], **pays(row),
                                budget_line=row["budget_line"]) for row in rows("subsidies.json")]
    SubsidyRuleSet.objects.bulk_create(rule_sets)
    SubsidyPart.objects.bulk_create(
        SubsidyPart(rule_set=rule_set, position=at, **pays(each), **{name: each[name] for name in (
            "name_vi", "name_en", "beneficiary_classes", "legal_basis", "confidence")})
        for rule_set, row in zip(rule_sets, rows("subsidies.json"), strict=True)
        for at, each in enumerate(row.get("parts", ())))
    norms = [CompensationNorm(**head(row), province_id=row["province_code"]) for row in rows("norms.json")]
    CompensationNorm.objects.bulk_create(norms)
    NormItem.objects.bulk_create(
        NormItem(norm=norm, task=task, amount=amount)
        for norm, row in zip(norms, rows("norms.json"), strict=True) for task, amount in row["items_vnd"].items())
    rates.forget()
