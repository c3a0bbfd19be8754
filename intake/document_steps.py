"""A step of a paper's machine: the state moves by the table and leaves a trace; the caller holds the row lock."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from intake.models.documents import Document
from intake.rules.document_states import DOCUMENT, DocumentAction, DocumentState
from intake.rules.states import next_state
from shared import audit
from shared.actors import Actor, job

PIPELINE: Final = job("paper pipeline")


def take_document_step(document: Document, action: DocumentAction, *, at: datetime, by: Actor = PIPELINE,
                       also: tuple[str, ...] = ()) -> None:
    """Take `action` and save the state with the fields named in `also`.

    Raises:
        IllegalStep: the table has no such step from the present state.
    """
    before = DocumentState(document.state)
    table: Mapping[Any, Any] = DOCUMENT
    after: DocumentState = next_state(table, before, action)
    document.state = after.value
    document.save(update_fields=["state", *also])
    audit.record(actor=by, action=f"document.{action}", object_type="document", object_id=document.id, at=at,
                 before={"state": before.value},
                 after={"state": after.value, "dossier": str(document.dossier_id or "")})
