"""What several parts of intake's API take and give."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from billing import public as billing
from intake.records import Fee, Pricing, Route
from intake.rules.wording import Words
from shared.api import In, Out
from shared.places import FormerPlace, Place

CommuneCode = Annotated[str, Field(max_length=5, pattern=r"^([0-9]{5}|H[0-9]{3})?$", description="Five digits.")]
ProcedureCode = Annotated[str, Field(min_length=1, max_length=20, description="National code, e.g. 1.001193.")]
Purpose = Annotated[str, Field(min_length=3, max_length=200, description="Why; it is written down.")]


class WordsOut(Out):
    vi: str
    en: str


def words(text: Words) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en}


# --- places ---------------------------------------------------------------------------------------------------------


class PlaceOut(Out):
    """A commune, ward or special zone of today."""

    code: str
    name: str = Field(description="With its kind, in Vietnamese: “phường Phong Dinh”.")
    kind: str
    province_code: str
    province_name: str
    latitude: float
    longitude: float


class SuccessorOut(Out):
    place: PlaceOut
    is_default: bool = Field(description="Where most of a split unit went; never chosen silently.")


class FormerPlaceOut(Out):
    """A dissolved unit and what became of it; several successors: the address decides."""

    code: str
    name: str
    kind: str
    district_name: str
    province_name: str
    dissolved_on: date
    is_split: bool
    successors: list[SuccessorOut]


def place_out(place: Place) -> dict[str, Any]:
    return {"code": place.code, "name": place.full_name, "kind": place.kind, "province_code": place.province_code,
            "province_name": place.province_name, "latitude": place.latitude, "longitude": place.longitude}


def former_place_out(former: FormerPlace) -> dict[str, Any]:
    return {"code": former.code, "name": former.full_name, "kind": former.kind,
            "district_name": former.district_name, "province_name": former.province_name,
            "dissolved_on": former.dissolved_on, "is_split": former.is_split,
            "successors": [{"place": place_out(each.place), "is_default": each.is_default}
                           for each in former.successors]}


class DecidingPlaceIn(In):
    """The place that decides. With both codes, the citizen chose among the successors of a split unit."""

    commune_code: CommuneCode = ""
    former_commune_code: CommuneCode = ""


# --- routes ---------------------------------------------------------------------------------------------------------


class CentreOut(Out):
    id: UUID
    agency_code: str
    name: str
    authority_name: str
    level: str
    commune_code: str


class SupportPointOut(Out):
    id: UUID
    code: str
    name: str


class RoutingReasonOut(Out):
    kind: str
    words: WordsOut


class RouteOut(Out):
    """Who supports, receives and decides, by which rule, and why."""

    procedure_code: str
    on: date
    is_clear: bool
    cause: str = Field(description="Why it is unclear: split-unit, no-centre, several-centres, place-unknown, no-rule.")
    rule: str
    rule_version: str
    legal_basis: str
    confidence: str
    province_code: str
    place_code: str
    place_name: str
    former_place_code: str
    former_place_name: str
    support_point: SupportPointOut | None
    receiving: CentreOut | None
    authority: CentreOut | None
    candidates: list[CentreOut]
    steps: list[RoutingReasonOut]
    precedent: UUID | None = Field(description="The earlier answer that said who is competent.")
    advice: list[UUID] = Field(description="Earlier answers about this procedure here.")
    as_known_at: datetime | None


def route_out(route: Route) -> RouteOut:
    return RouteOut.model_validate(route)


# --- money ----------------------------------------------------------------------------------------------------------


class FeeOut(Out):
    amount_vnd: int | None = Field(description="Null: not known to us; never guessed.")
    words: WordsOut
    rule: str
    legal_basis: str
    confidence: str


class PriceStepOut(Out):
    kind: str
    amount_vnd: int
    label: WordsOut
    rule: str
    legal_basis: str
    confidence: str
    reason_code: str
    reason: WordsOut


class TripOut(Out):
    gross_vnd: int
    national_reduction_vnd: int
    city_subsidy_vnd: int
    citizen_share_vnd: int
    steps: list[PriceStepOut]


class PricingOut(Out):
    fee: FeeOut
    postage_out: TripOut | None
    postage_home: TripOut | None
    unknown: WordsOut = Field(description="Why a trip has no price yet; empty otherwise.")
    citizen_total_vnd: int = Field(description="Fee, where known, and the citizen's share of the postage.")
    is_complete: bool


def pricing_out(pricing: Pricing | None) -> dict[str, Any] | None:
    if pricing is None:
        return None
    return {"fee": fee_out(pricing.fee), "postage_out": _trip(pricing.postage_out),
            "postage_home": _trip(pricing.postage_home), "unknown": words(pricing.unknown),
            "citizen_total_vnd": pricing.citizen_total.amount, "is_complete": pricing.is_complete}


def fee_out(fee: Fee) -> dict[str, Any]:
    return {"amount_vnd": None if fee.amount is None else fee.amount.amount, "words": words(fee.words),
            "rule": fee.rule, "legal_basis": fee.legal_basis, "confidence": fee.confidence}


def _trip(quote: billing.Quote | None) -> dict[str, Any] | None:
    if quote is None:
        return None
    return {"gross_vnd": quote.gross.amount, "national_reduction_vnd": quote.national_reduction.amount,
            "city_subsidy_vnd": quote.city_subsidy.amount, "citizen_share_vnd": quote.citizen_share.amount,
            "steps": [_step(step) for step in quote.steps]}


def _step(step: billing.Step) -> dict[str, Any]:
    return {"kind": step.kind, "amount_vnd": step.amount.amount, "rule": step.rule, "legal_basis": step.legal_basis,
            "label": {"vi": step.label_vi, "en": step.label_en}, "confidence": step.confidence,
            "reason_code": step.reason_code, "reason": {"vi": step.reason_vi, "en": step.reason_en}}


class DossierStepOut(Out):
    """One step of one of a dossier's four machines."""

    machine: str
    action: str
    from_state: str
    to_state: str
    at: datetime
    actor_kind: str
    actor_name: str
    place: str
    note: str
