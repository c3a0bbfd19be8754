"""What happened to a dossier: past tense, ids and plain values."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class _OfDossier:
    dossier_id: UUID

    @property
    def stream(self) -> str:
        return f"dossier:{self.dossier_id}"


@dataclass(frozen=True, slots=True)
class DossierSubmitted(_OfDossier):
    outlet_id: UUID | None
    procedure_code: str
    channel: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class AuthoritySettled(_OfDossier):
    """A person said which authority is competent where the rules could not."""

    centre_id: UUID
    settled_at: datetime


@dataclass(frozen=True, slots=True)
class DossierForwarded(_OfDossier):
    centre_id: UUID
    mode: str
    parcel_number: str
    forwarded_at: datetime


@dataclass(frozen=True, slots=True)
class DossierReceived(_OfDossier):
    """Accepted for handling; the code is issued and the clock runs."""

    code: str
    outlet_id: UUID | None
    operator_code: str
    province_code: str
    procedure_code: str
    channel: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class DossierRefused(_OfDossier):
    refused_at: datetime


@dataclass(frozen=True, slots=True)
class SupplementAsked(_OfDossier):
    request_id: UUID
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class SupplementAnswered(_OfDossier):
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class DossierWithdrawn(_OfDossier):
    withdrawn_at: datetime


@dataclass(frozen=True, slots=True)
class DossierResolved(_OfDossier):
    result_choice: str
    resolved_at: datetime


@dataclass(frozen=True, slots=True)
class DossierClosed(_OfDossier):
    """The result is in the citizen's hands (status 10)."""

    returned_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentAsked(_OfDossier):
    """The authority asks the citizen for a financial duty (status 6)."""

    asked_at: datetime


@dataclass(frozen=True, slots=True)
class InquiryAsked(_OfDossier):
    """Outlet or centre asked the other something about the dossier."""

    inquiry_id: UUID
    from_side: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class InquiryAnswered(_OfDossier):
    inquiry_id: UUID
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class AnswerKept(_OfDossier):
    """An officer kept, or corrected, an answer for the handbook."""

    inquiry_id: UUID
    kept_at: datetime


# --- citizens -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """A citizen took back a yes: whoever works under this purpose stops."""

    citizen_id: UUID
    purpose: str
    withdrawn_at: datetime

    @property
    def stream(self) -> str:
        return f"citizen:{self.citizen_id}"


@dataclass(frozen=True, slots=True)
class _OfOpinion:
    opinion_id: UUID
    dossier_id: UUID | None

    @property
    def stream(self) -> str:
        return f"opinion:{self.opinion_id}"


@dataclass(frozen=True, slots=True)
class OpinionAsked(_OfOpinion):
    """Centres or departments were asked; `dossier_id` is None when no dossier waits for it."""

    asked_at: datetime


@dataclass(frozen=True, slots=True)
class OpinionAnswered(_OfOpinion):
    """All who were asked have answered, the asker has concluded, or a precedent said it."""

    answered_at: datetime


@dataclass(frozen=True, slots=True)
class PrecedentMade:
    """An answer holds from now on for the next same question."""

    precedent_id: UUID
    made_at: datetime

    @property
    def stream(self) -> str:
        return f"precedent:{self.precedent_id}"


@dataclass(frozen=True, slots=True)
class DocumentStored:
    """A file came and lies in quarantine; it may or may not belong to a dossier yet."""

    document_id: UUID

    @property
    def stream(self) -> str:
        return f"document:{self.document_id}"


@dataclass(frozen=True, slots=True)
class _OfManifest:
    manifest_id: UUID

    @property
    def stream(self) -> str:
        return f"manifest:{self.manifest_id}"


@dataclass(frozen=True, slots=True)
class ManifestHandedOver(_OfManifest):
    """Clerk and carrier have signed: the bag is on its way."""

    outlet_id: UUID
    centre_id: UUID
    carrier: str
    parcel_number: str
    picked_up_at: datetime


@dataclass(frozen=True, slots=True)
class ManifestCounted(_OfManifest):
    """Carrier and centre have counted and signed; `differences` is how many things were not as the manifest said."""

    outlet_id: UUID
    centre_id: UUID
    differences: int
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class DossierExtended(_OfDossier):
    """The authority apologised and gave a new due moment (form 04)."""

    due_before: datetime
    due_after: datetime


@dataclass(frozen=True, slots=True)
class DossierStopped(_OfDossier):
    """Handling was stopped (form 05)."""

    stopped_at: datetime


@dataclass(frozen=True, slots=True)
class DossierCorrected(_OfDossier):
    """What was recorded was corrected with a second person's approval."""

    corrected_at: datetime


@dataclass(frozen=True, slots=True)
class CollectionReminded(_OfDossier):
    """The citizen is to be reminded that her result waits at the centre."""

    reminded_at: datetime


@dataclass(frozen=True, slots=True)
class DossierPaid(_OfDossier):
    """What was due was paid. `version` is the dossier's, so that money paid again after a void is another event."""

    version: int
    method: str
    """"cash", "transfer" or "card"."""
    fee_vnd: int
    postage_vnd: int
    outlet_id: UUID | None
    person_id: str
    person_name: str
    receipt: str
    """Its number; empty where no fee was due."""
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class DossierMoneyReturned(_OfDossier):
    """A receipt was voided: the money was given back, or never taken."""

    version: int
    was_taken: bool
    """Whether money goes back; else it was never taken and is due again."""
    fee_vnd: int
    postage_vnd: int
    outlet_id: UUID
    taken_by: str
    """Who had issued the receipt."""
    person_id: str
    person_name: str
    receipt: str
    returned_at: datetime


@dataclass(frozen=True, slots=True)
class LogBookAsked:
    """A centre wants its log book of a period as a file."""

    log_book_id: UUID

    @property
    def stream(self) -> str:
        return f"log-book:{self.log_book_id}"
