"""Frozen questions and answers of billing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from shared.money import Money


@dataclass(frozen=True, slots=True)
class PostageCase:
    """One trip of one parcel, as far as its price depends on it. `on` chooses the tariff and the rule sets: the day the
    dossier was accepted for handling, or today for a quote before that.
    """

    operator_code: str
    direction: str
    """"dossier" (out to the centre) or "result" (home)."""
    zone: str
    weight_grams: int
    on: date
    channel: str
    """"online", "post" or "direct"."""
    province_code: str
    managed_by_city: bool
    beneficiary_class: str = ""
    """Proven class: "war_invalid", "poor_household", … or empty. Several are parted by commas; the best one counts."""
    borne_by: str = ""
    """Of a result that came back and is sent again: who was at fault (`billing.rules.repeats.Bearer`); else empty."""

    @property
    def beneficiary_classes(self) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.beneficiary_class.split(",") if part.strip())


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the arithmetic: what, how much, by which rule.

    `amount` is signed as it enters the sum: the tariff is positive, reduction and subsidy are negative, and the
    citizen's share is what the three add up to.
    """

    kind: str
    """"tariff", "national_reduction", "city_subsidy" or "citizen_share"; "compensation" for norms."""
    amount: Money
    label_vi: str
    label_en: str
    rule: str
    """Rule code and version, e.g. "VNPOST-2021-APPLIED"."""
    legal_basis: str
    confidence: str
    reason_code: str = ""
    """Why an amount is what it is, above all why it is 0: "not-online", "no-known-rule", "capped", "not-city", …"""
    reason_vi: str = ""
    reason_en: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """gross = national_reduction + city_subsidy + citizen_share, all ≥ 0."""

    case: PostageCase
    gross: Money
    national_reduction: Money
    city_subsidy: Money
    citizen_share: Money
    steps: tuple[Step, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class DeliveredPostage:
    """A delivered parcel to be posted. Its source is the parcel: one posting for one trip, for ever.

    `evidence` is kept beside the line and shown with it. Known keys, all optional: `filed_at`, `accepted_at` (ISO
    moments), `procedure_code`, `centre`, `outlet`, `proof_method` ("signature", "otp", "joint_minutes"),
    `class_evidence` (the reference of the paper that proves the beneficiary class). Never a name, a number of a person
    or an address.
    """

    parcel_id: UUID
    parcel_number: str
    dossier_code: str
    case: PostageCase
    delivered_at: datetime
    relation: str
    """Who received it, as the proof of delivery says: "self", "spouse", "authorised", …"""
    outlet_id: UUID | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompensableAct:
    """Something an outlet did for which a norm may pay. Unique by (task, source_id)."""

    task: str
    """"accepted_online", "accepted_paper", "delivered_result"."""
    source_type: str
    source_id: UUID
    outlet_id: UUID
    operator_code: str
    province_code: str
    dossier_code: str
    happened_at: datetime
    evidence: Mapping[str, object] = field(default_factory=dict)
    """Known keys, all optional: `procedure_code`, `outlet`, `centre`, `parcel_number`, and those of WorkFacts."""


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """What an amount for work may depend on beside its task and day; empty or None where nobody told.

    Kept in a line's evidence under the names of `billing.rules.plain_data.work_facts`.
    """

    procedure_group: str = ""
    """"land", "civil_status", …"""
    channel: str = ""
    complexity: str = ""
    """"simple", "standard" or "complex", as intake ranks the procedure's term."""
    outlet_commune: str = ""
    is_first_time_right: bool | None = None
    """Accepted without a request for more and without a refusal."""
    hand_over_days: int | None = None
    """Working days from the counter to the centre's hand-over minutes, for papers."""
