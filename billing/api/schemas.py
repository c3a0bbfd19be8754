"""What the API takes and gives of money. Amounts are whole đồng as JSON integers."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from billing.rule_book.terms import TariffChannel, TariffDirection
from billing.rules.repeats import Bearer
from shared.api import In, Out, PageAsked
from shared.money import Money

type ZoneName = Literal[
    "intra_district", "intra_province", "inter_same_region", "inter_near_region", "inter_far_region"]


def _amount(value: object) -> object:
    return value.amount if isinstance(value, Money) else value


Vnd = Annotated[int, BeforeValidator(_amount), Field(description="Whole đồng.")]
MonthText = Annotated[str, Field(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$", description="A month, 2026-01.")]


class QuoteIn(In):
    """One trip of one parcel. Give its zone, or both communes and we find the zone."""

    operator_code: Annotated[str, Field(min_length=1, max_length=12)]
    direction: TariffDirection
    zone: ZoneName | None = None
    origin_commune_code: Annotated[str, Field(pattern=r"^\d{5}$")] | None = None
    destination_commune_code: Annotated[str, Field(pattern=r"^\d{5}$")] | None = None
    weight_grams: Annotated[int, Field(ge=1, le=30000)]
    on: Annotated[date | None, Field(description="The day the dossier was accepted; today when left out.")] = None
    channel: TariffChannel
    province_code: Annotated[str, Field(pattern=r"^\d{2}$", description="Whose support policy may apply.")]
    managed_by_city: bool
    beneficiary_class: Annotated[
        str, Field(max_length=200, description="Proven class, or several parted by commas.")] = ""
    borne_by: Annotated[Bearer | None, Field(
        description="Of a result that came back and is sent again: whose fault it was; whoever it was pays.")] = None


class ArithmeticStepOut(Out):
    """`amount_vnd` as it enters the sum: reduction and subsidy are negative, the citizen's share is what is left."""

    kind: str
    amount_vnd: Annotated[Vnd, Field(validation_alias="amount")]
    label_vi: str
    label_en: str
    rule: str
    legal_basis: str
    confidence: str
    reason_code: str
    reason_vi: str
    reason_en: str


class SumsOut(Out):
    gross_vnd: Annotated[Vnd, Field(validation_alias="gross")]
    national_reduction_vnd: Annotated[Vnd, Field(validation_alias="national_reduction")]
    city_subsidy_vnd: Annotated[Vnd, Field(validation_alias="city_subsidy")]
    citizen_share_vnd: Annotated[Vnd, Field(validation_alias="citizen_share")]


class QuoteOut(SumsOut):
    zone: str
    zone_reason_vi: str
    zone_reason_en: str
    on: date
    steps: list[ArithmeticStepOut]


class StatementsAsked(PageAsked):
    period: MonthText | None = None
    operator_code: Annotated[str, Field(max_length=12)] = ""


class StatementOut(SumsOut):
    """The sums of an open month are those of this moment; `digest` is empty until the statement is prepared."""

    id: UUID
    province_code: str
    operator_code: str
    period: Annotated[str, BeforeValidator(lambda day: f"{day:%Y-%m}" if isinstance(day, date) else day)]
    state: str
    lines: int
    compensation_vnd: Annotated[Vnd, Field(validation_alias="compensation")]
    digest: str
    prepared_at: datetime | None
    prepared_by: str


class StatementLinesAsked(PageAsked):
    reason_code: Annotated[
        str | None, Field(max_length=40, description="Lines of one reason; empty: the ordinary ones.")] = None


class LineOut(SumsOut):
    id: UUID
    kind: str
    source_type: str
    source_id: UUID
    dossier_code: str
    parcel_number: str
    direction: str
    occurred_at: datetime
    posted_at: datetime
    rule: str
    compensation_vnd: Annotated[Vnd, Field(validation_alias="compensation")]
    reason_code: str
    reverses: Annotated[UUID | None, Field(validation_alias="reverses_id")]
    digest: Annotated[str, Field(description="SHA-256 of the line; the statement's digest is made of these.")]


class LegOut(Out):
    """Debit positive, credit negative."""

    account_code: str
    name_vi: str
    name_en: str
    amount_vnd: Annotated[Vnd, Field(validation_alias="amount")]


class SealOut(Out):
    """A line's place in the chain; `code` is empty until a checkpoint covers it."""

    sequence: int
    commitment: Annotated[str, Field(description="SHA-256 over the salt and what the line says.")]
    salt: UUID
    checkpoint: int | None
    code: str
    day: date | None


class LineDetailOut(LineOut):
    steps: list[dict[str, Any]]
    evidence: dict[str, Any]
    legs: list[LegOut]
    taken_back_by: UUID | None
    seal: Annotated[SealOut | None, Field(description="Null until the line is sealed, a minute after it was entered.")]
    explanation: Annotated[dict[str, Any], Field(
        description="\"vi\" and \"en\": the words of the line's page and of its PDF.")]
