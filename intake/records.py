"""Frozen questions and answers of intake, shared by its screens, its API and its operations."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from pydantic import TypeAdapter

from billing.records import Quote
from intake.rules.wording import Words
from shared.money import ZERO, Money, total

# --- routes ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """The place that decides the competent authority, as the citizen names it.

    `commune_code` is a commune of today; `former_commune_code` one that the card or the land paper still names. With
    both, the citizen chose among the successors of a split unit. Neither: the procedure's own default, if it has one.
    """

    commune_code: str = ""
    former_commune_code: str = ""

    def __bool__(self) -> bool:
        return bool(self.commune_code or self.former_commune_code)


@dataclass(frozen=True, slots=True)
class CentreRef:
    """A public administration service centre as a route remembers it."""

    id: UUID
    agency_code: str
    name: str
    authority_name: str
    level: str
    commune_code: str = ""


@dataclass(frozen=True, slots=True)
class SupportPoint:
    """The outlet at whose counter the citizen stands."""

    id: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class RouteStep:
    """One reason of a route.

    `kind`: "place", "former-place", "precedent", "advice", "authority", "receiving", "unclear" or "answer".
    """

    kind: str
    words: Words


@dataclass(frozen=True, slots=True)
class Route:
    """Where a dossier is supported, received and decided, by which rule, and why.

    The same procedure, place and day always give the same route. When the authority is unclear, `cause` says why
    ("split-unit", "no-centre", "several-centres", "place-unknown", "no-rule") and a person answers; nothing is guessed.
    """

    procedure_code: str
    on: date
    rule: str
    rule_version: str
    legal_basis: str
    confidence: str
    province_code: str
    place_code: str = ""
    place_name: str = ""
    former_place_code: str = ""
    former_place_name: str = ""
    support_point: SupportPoint | None = None
    receiving: CentreRef | None = None
    authority: CentreRef | None = None
    cause: str = ""
    candidates: tuple[CentreRef, ...] = ()
    steps: tuple[RouteStep, ...] = ()
    precedent: UUID | None = None
    """The earlier answer that said who is competent."""
    advice: tuple[UUID, ...] = ()
    """Earlier answers that a clerk should know of, such as whether a permit is needed here."""
    as_known_at: datetime | None = None
    """Precedents and rules as they were known at this moment; None: kept before routes remembered it."""

    @property
    def is_clear(self) -> bool:
        return self.authority is not None

    @property
    def reason(self) -> Words:
        """All steps as one sentence after the other."""
        return Words(" ".join(step.words.vi for step in self.steps), " ".join(step.words.en for step in self.steps))


@cache
def _routes() -> TypeAdapter[Route]:
    return TypeAdapter(Route)


def route_as_data(route: Route) -> dict[str, Any]:
    """What Dossier.route keeps."""
    data: dict[str, Any] = _routes().dump_python(route, mode="json")
    return data


def route_from_data(data: dict[str, Any]) -> Route | None:
    """The route of a dossier; None for a draft that has none yet."""
    return _routes().validate_python(data) if data else None


# --- citizens -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClaimInput:
    """A priority group with a reference to its evidence (decision or card number), never a copy of it."""

    group: str
    evidence_reference: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class CitizenInput:
    """A person as typed at the counter. Every field is checked by intake.rules.people; all errors come at once.

    `birth` is an ISO day or a year alone ("1958"). `commune_code` may still name a dissolved commune that became part
    of exactly one; one that was split is asked about.
    """

    full_name: str
    commune_code: str
    national_id: str = ""
    birth: str = ""
    sex: str = ""
    phone: str = ""
    email: str = ""
    former_commune_code: str = ""
    street: str = ""
    claims: tuple[ClaimInput, ...] = ()
    is_confirmed: bool = False
    """The clerk has read the warnings (sex, year, unknown province in the number) and confirms what was typed."""
    distinct_from: tuple[UUID, ...] = ()
    """Known people who look alike; the clerk has compared them and says that this is somebody else."""


# --- procedures -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """A paper of the published list, for one channel. `is_required`: without it the dossier cannot be sent."""

    code: str
    name: Words
    kind: str
    is_required: bool
    condition: Words = field(default_factory=Words)
    is_there: bool = False
    """Uploaded or shown."""


@dataclass(frozen=True, slots=True)
class Fee:
    """What the procedure itself costs. `amount` is None when the rule is not known to us: said, never guessed."""

    amount: Money | None
    words: Words
    rule: str
    legal_basis: str
    confidence: str

    @property
    def is_known(self) -> bool:
        return self.amount is not None


# --- submission -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """One paper of the dossier: an uploaded document, or one that was shown and checked at the counter."""

    component: str
    document_id: UUID | None = None
    dated_on: date | None = None
    """The day on the paper, where its validity ends some months later."""

    @property
    def is_presented(self) -> bool:
        return self.document_id is None


@dataclass(frozen=True, slots=True)
class DeliveryAddress:
    """Where the result goes; empty name and phone are the citizen's own."""

    street: str
    commune_code: str
    name: str = ""
    phone: str = ""
    former_commune_code: str = ""
    """The name that people still write; its district is what tariffs count by."""


@dataclass(frozen=True, slots=True)
class AddressCheck:
    """What was found out about the address at the counter; all of it may be missing."""

    landmark: str = ""
    pin: str = ""
    """As it was pasted from a map."""
    is_verified: bool = False
    """It was read back, and the citizen said that it is right."""


@dataclass(frozen=True, slots=True)
class SubmissionInput:
    """A dossier as the counter or a machine hands it in. The same `client_ref` is the same dossier, for ever."""

    client_ref: UUID
    citizen_id: UUID
    procedure_code: str
    channel: str
    result_choice: str
    place: PlaceChoice = field(default_factory=PlaceChoice)
    documents: tuple[DocumentRef, ...] = ()
    delivery: DeliveryAddress | None = None
    """None: the citizen's own address."""
    address_check: AddressCheck = AddressCheck()
    """About that address, whichever it is; a filing never waits for it."""
    collect_reason: str = ""
    copies: int = 1
    pages: int = 1
    """Pages of one copy, where the fee counts them."""
    priority_group: str = ""
    """The proven group to use; empty: none."""
    receiving_centre_id: UUID | None = None
    """Any centre of the province may receive; None: the competent authority's own."""
    session_id: UUID | None = None
    """Machines name the open session; people act in the one they have open."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class BundleInput:
    """Several filings of one citizen for one event of life. Each filing's client_ref is derived from the bundle's."""

    client_ref: UUID
    event_code: str
    filings: tuple[SubmissionInput, ...]

    def ref_of(self, procedure_code: str) -> UUID:
        """The client_ref of one of its dossiers: always the same."""
        return uuid5(self.client_ref, procedure_code)


@dataclass(frozen=True, slots=True)
class Pricing:
    """What a filing costs: its fee and its trips. What Dossier.quote keeps.

    A trip that is needed but has no known price is None, and `unknown` says why.
    """

    fee: Fee
    postage_out: Quote | None = None
    """The papers' way to the centre."""
    postage_home: Quote | None = None
    unknown: Words = field(default_factory=Words)

    @property
    def quotes(self) -> tuple[Quote, ...]:
        return tuple(quote for quote in (self.postage_out, self.postage_home) if quote is not None)

    @property
    def postage(self) -> Money:
        return total(quote.gross for quote in self.quotes)

    @property
    def subsidy(self) -> Money:
        return total(quote.city_subsidy for quote in self.quotes)

    @property
    def reduction(self) -> Money:
        return total(quote.national_reduction for quote in self.quotes)

    @property
    def citizen_share(self) -> Money:
        """Of the postage."""
        return total(quote.citizen_share for quote in self.quotes)

    @property
    def citizen_total(self) -> Money:
        """Fee, where known, and the citizen's share of the postage."""
        return (self.fee.amount or ZERO) + self.citizen_share

    @property
    def is_complete(self) -> bool:
        return self.fee.is_known and not self.unknown


@dataclass(frozen=True, slots=True)
class ChannelOption:
    """One way to file, with everything the citizen should know before choosing it. `channel`: online, post or refer."""

    channel: str
    is_allowed: bool
    why_not: Words
    """Empty when allowed."""
    clock_start: Words
    clock_starts_at: datetime | None
    """The earliest moment the statutory clock can start, were it sent now."""
    due_at: datetime | None
    due_reason: Words
    result_home_date: date | None
    pricing: Pricing | None
    """None for "refer": the centre tells."""
    missing: tuple[ChecklistItem, ...]
    legal_basis: str
    confidence: str
