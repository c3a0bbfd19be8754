"""What is known of a paper, said beside it: its state, what was noticed, who signed it, where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from intake import antivirus
from intake.models.documents import Document, DocumentOrigin
from intake.rules.document_states import DOCUMENT_WORDS, DocumentState
from intake.rules.papers import NOTICED, STANDINGS, TAKEN_OUT, Opening, opening
from intake.rules.wording import Words


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One digital signature; `kind` is how a badge looks: "ok", "soon" or "late"."""

    kind: str
    words: Words
    by: str
    organisation: str
    issuer: str
    at: datetime | None
    is_stamped: bool


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """`opening` says whether the view may be opened; `reused_from` is the reference of the earlier dossier."""

    id: UUID
    state: DocumentState
    opening: Opening
    words: Words
    taken_out: tuple[Words, ...]
    noticed: tuple[Words, ...]
    signatures: tuple[SignatureLine, ...]
    is_from_phone: bool
    reused_from: str
    reused_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.opening == Opening.VIEW

    @property
    def is_waiting(self) -> bool:
        return self.opening == Opening.WAIT

    @property
    def is_unchecked(self) -> bool:
        return self.state == DocumentState.SAFE

    @property
    def is_lost(self) -> bool:
        """Nothing of it can be shown, now or later: the paper has to come again."""
        return self.opening in {Opening.INFECTED, Opening.UNREADABLE, Opening.DAMAGED}


def paper_facts(document: Document) -> PaperFacts:
    """For a document loaded with `reused_from__dossier` where it is a copy."""
    state = DocumentState(document.state)
    earlier = document.reused_from if document.origin == DocumentOrigin.REUSED else None
    return PaperFacts(
        id=document.id, state=state, opening=opening(state, has_engine=antivirus.is_configured()),
        words=DOCUMENT_WORDS[state], taken_out=tuple(TAKEN_OUT[code] for code in document.notes if code in TAKEN_OUT),
        noticed=tuple(NOTICED[code] for code in document.notes if code in NOTICED),
        signatures=tuple(signature_line(each) for each in document.signatures),
        is_from_phone=document.origin == DocumentOrigin.PHONE,
        reused_from=earlier.dossier.agent_ref if earlier is not None and earlier.dossier is not None else "",
        reused_at=earlier.uploaded_at if earlier is not None else None)


def signature_line(found: Mapping[str, Any]) -> SignatureLine:
    standing = str(found.get("standing", "unreadable"))
    kind = {"valid": "ok", "untrusted": "soon", "unreadable": "soon"}.get(standing, "late")
    at = str(found.get("at") or "")
    return SignatureLine(
        kind=kind, words=STANDINGS.get(standing, STANDINGS["unreadable"]), by=str(found.get("by", "")),
        organisation=str(found.get("organisation", "")), issuer=str(found.get("issuer", "")),
        at=datetime.fromisoformat(at) if at else None, is_stamped=bool(found.get("is_stamped")))
