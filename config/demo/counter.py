"""The counter's own work in the played day: a draft with something missing and its slip, and what a counter fetches."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from intake.operations import come_backs, drafts, reference_bundles
from intake.records import SubmissionInput
from shared.actors import Actor


def keep_for_later(filing: SubmissionInput, *, by: Actor, at: datetime) -> None:
    """The citizen forgot a paper: the draft waits, and a slip says which one."""
    draft = drafts.save_draft(replace(filing, documents=filing.documents[1:]), by=by, at=at)
    come_backs.issue_slip(dossier_id=draft.id, by=by, at=at)


def hand_out_the_bundle(outlet_id: UUID, at: datetime) -> None:
    """What the outlet's counter fetches when it opens."""
    reference_bundles.refresh_bundle(outlet_id=outlet_id, at=at)
