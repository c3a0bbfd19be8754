"""What billing keeps beside a line: when, where and for which procedure. Never a name, a number or an address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from intake.models.citizens import PriorityClaim
from intake.models.decisions import SupplementRequest
from intake.models.dossiers import Dossier
from intake.rules.complexity import complexity
from shared.calendar import local
from shared.working_days import work_calendar


@dataclass(frozen=True, slots=True)
class DossierEvidence:
    dossier_id: UUID
    reference: str
    """The authority's code, or our own before there is one."""
    outlet_id: UUID | None
    facts: Mapping[str, object]


def evidence_of(dossier_ids: Sequence[UUID]) -> list[DossierEvidence]:
    """In the order of the ids."""
    loaded = Dossier.objects.select_related("outlet", "receiving_centre", "procedure").annotate(
        was_sent_back=Exists(SupplementRequest.objects.filter(dossier=OuterRef("id"))),
    ).in_bulk(list(dossier_ids))
    return [_evidence(loaded[each]) for each in dossier_ids if each in loaded]


def _evidence(dossier: Dossier) -> DossierEvidence:
    moments = {"filed_at": dossier.submitted_at, "accepted_at": dossier.received_at}
    facts: dict[str, object] = {name: moment.isoformat() for name, moment in moments.items() if moment is not None}
    facts["procedure_code"] = dossier.procedure_code
    facts |= _of_the_work(dossier)
    if dossier.outlet is not None:
        facts["outlet"] = dossier.outlet.code
    if dossier.receiving_centre is not None:
        facts["centre"] = dossier.receiving_centre.agency_code
    if proof := _class_evidence(dossier):
        facts["class_evidence"] = proof
    return DossierEvidence(dossier.id, dossier.code or dossier.agent_ref, dossier.outlet_id, facts)


def _of_the_work(dossier: Any) -> dict[str, object]:
    """What a compensation norm may pay by. Whether it was right the first time is known when it is resolved."""
    facts = {"procedure_group": dossier.procedure.field, "channel": str(dossier.channel),
             "complexity": complexity(dossier.procedure.terms, dossier.channel)}
    told: dict[str, object] = {name: value for name, value in facts.items() if value}
    if dossier.outlet is not None:
        told["outlet_commune"] = dossier.outlet.commune_id
    if dossier.resolved_at is not None:
        told["first_time_right"] = not dossier.was_sent_back
    if dossier.handed_over_at is not None and dossier.submitted_at is not None:
        told["hand_over_days"] = work_calendar().working_days_between(
            local(dossier.submitted_at).date(), local(dossier.handed_over_at).date())
    return told


def _class_evidence(dossier: Dossier) -> str:
    if not dossier.beneficiary_class:
        return ""
    day = local(dossier.submitted_at or dossier.created_at).date()
    claims = PriorityClaim.objects.filter(citizen_id=dossier.citizen_id, group=dossier.beneficiary_class)
    proof = claims.filter(valid_from__lte=day).exclude(valid_to__lte=day).order_by("-valid_from", "-id").first()
    return proof.evidence_reference if proof is not None else ""
