"""Complaints for a scorecard: dossiers taken in the month, and whether the office found one about them right."""

from typing import Final

from agents.quality.ports import Source
from intake.complaints.rules import ComplaintState
from intake.measures.sources import PAGE
from intake.rules.states import Handling

_CASES: Final = """
    SELECT d.outlet_id, d.id::text AS key, d.id AS subject, coalesce(d.code, d.agent_ref) AS reference,
           NOT EXISTS (SELECT 1 FROM intake_complaint c WHERE c.dossier_id = d.id AND c.state = %(founded)s) AS ok,
           1 AS amount, d.submitted_at AS since, d.submitted_at AS until
    FROM intake_dossier d
    WHERE d.province_code = %(province)s AND d.submitted_at >= %(since)s AND d.submitted_at < %(until)s
      AND d.outlet_id IS NOT NULL AND d.handling <> %(draft)s
"""

SOURCE: Final = Source(_CASES, {"founded": ComplaintState.FOUNDED.value, "draft": Handling.DRAFT.value}, PAGE)
