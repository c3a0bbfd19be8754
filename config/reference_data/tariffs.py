"""What operators charge for carrying a dossier out or a result home: one file per operator."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from billing.models.rates import Tariff, TariffRate
from config.reference_data.decisions import decided_ends
from config.reference_data.places import REGIONS
from config.reference_data.reading import files_in, read_rows
from config.reference_data.rules import Code, Count, DatedRow, Dong, Name, Strict, refuse_broken_periods
from config.reference_data.storing import Outcome, store

FOLDER: Final = "tariffs"
ZONES: Final = frozenset({"intra_district", "intra_province", "inter_same_region", "inter_far_region"})

Grams = Annotated[Count, Field(ge=1, le=50_000)]
Price = Annotated[Dong, Field(ge=1)]


class WeightStep(Strict):
    up_to_grams: Grams
    amount_vnd: Price


class FurtherStep(Strict):
    each_grams: Grams
    amount_vnd: Price


class ZoneRates(Strict):
    """Fixed steps from light to heavy, then so much for each further step begun."""

    steps: Annotated[tuple[WeightStep, ...], Field(min_length=1)]
    further: FurtherStep

    @model_validator(mode="after")
    def _rise(self) -> Self:
        weights = [step.up_to_grams for step in self.steps]
        prices = [step.amount_vnd for step in self.steps]
        if weights != sorted(set(weights)) or prices != sorted(prices):
            raise ValueError("steps must go from light to heavy, and a heavier step may not cost less")
        return self


class TariffRow(DatedRow):
    code: Code
    operator_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,12}$")]
    direction: Literal["dossier", "result"]
    name_vi: Name
    name_en: Name
    vat: Literal["included", "excluded", "unknown"]
    rates: Mapping[str, ZoneRates]

    @model_validator(mode="after")
    def _names_every_zone(self) -> Self:
        if set(self.rates) != ZONES:
            raise ValueError(f"rates must name exactly these zones: {', '.join(sorted(ZONES))}")
        return self


def read(folder: Path, *, correct: bool = False) -> Callable[[], Outcome]:
    """Check the tariffs; the answer stores them, refusing other prices for a version that exists unless `correct`."""
    files = [file for file in files_in(folder, FOLDER) if file != REGIONS]
    rows = read_rows(TariffRow, folder, files)
    refuse_broken_periods(rows, key=lambda row: (row.operator_code, row.direction))
    return lambda: _store([sourced.row for sourced in rows], correct=correct)


def _store(rows: list[TariffRow], *, correct: bool) -> Outcome:
    key = ["operator_code", "direction", "valid_from"]
    columns = decided_ends(Tariff, [row.model_dump(exclude={"rates"}) for row in rows], key)
    tariffs = store(Tariff, columns, key=key, fixed=() if correct else ("code", "vat"))
    id_of = {found[:-1]: found[-1] for found in Tariff.objects.values_list(*key, "id")}
    rates = [
        rate for row in rows for rate in _rates(row, id_of[row.operator_code, row.direction, row.valid_from])
    ]
    step = ["tariff_id", "zone", "is_further_step", "up_to_grams"]
    return tariffs + store(TariffRate, rates, key=step, part_of="tariff_id", fixed=() if correct else ("price",))


def _rates(row: TariffRow, tariff_id: int) -> list[dict[str, Any]]:
    def rate(zone: str, grams: int, price: int, *, is_further_step: bool) -> dict[str, Any]:
        return {"tariff_id": tariff_id, "zone": zone, "up_to_grams": grams, "price": price,
                "is_further_step": is_further_step}

    fixed = [rate(zone, step.up_to_grams, step.amount_vnd, is_further_step=False)
             for zone, rates in row.rates.items() for step in rates.steps]
    further = [rate(zone, rates.further.each_grams, rates.further.amount_vnd, is_further_step=True)
               for zone, rates in row.rates.items()]
    return fixed + further
