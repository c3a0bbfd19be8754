"""What billing keeps beside a line: when, where and for which procedure. Never a name, a number or an address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from intake.models.citizens import PriorityClaim
from intake.models.dossiers import Dossier
from shared.calendar import local


@dataclass(frozen=True, slots=True)
class DossierEvidence:
    dossier_id: UUID
    reference: str
    """The authority's code, or our own before there is one."""
    outlet_id: UUID | None
    facts: Mapping[str, object]


def evidence_of(dossier_ids: Sequence[UUID]) -> list[DossierEvidence]:
    """In the order of the ids."""
    loaded = Dossier.objects.select_related("outlet", "receiving_centre").in_bulk(list(dossier_ids))
    return [_evidence(loaded[each]) for each in dossier_ids if each in loaded]


def _evidence(dossier: Dossier) -> DossierEvidence:
    moments = {"filed_at": dossier.submitted_at, "accepted_at": dossier.received_at}
    facts: dict[str, object] = {name: moment.isoformat() for name, moment in moments.items() if moment is not None}
    facts["procedure_code"] = dossier.procedure_code
    if dossier.outlet is not None:
        facts["outlet"] = dossier.outlet.code
    if dossier.receiving_centre is not None:
        facts["centre"] = dossier.receiving_centre.agency_code
    if proof := _class_evidence(dossier):
        facts["class_evidence"] = proof
    return DossierEvidence(dossier.id, dossier.code or dossier.agent_ref, dossier.outlet_id, facts)


def _class_evidence(dossier: Dossier) -> str:
    if not dossier.beneficiary_class:
        return ""
    day = local(dossier.submitted_at or dossier.created_at).date()
    claims = PriorityClaim.objects.filter(citizen_id=dossier.citizen_id, group=dossier.beneficiary_class)
    proof = claims.filter(valid_from__lte=day).exclude(valid_to__lte=day).order_by("-valid_from", "-id").first()
    return proof.evidence_reference if proof is not None else ""
