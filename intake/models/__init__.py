"""Django looks for models here; code imports the submodule it means."""

from intake.messages.models import AnswerClock, Inquiry, InquiryMessage, PromotedAnswer
from intake.models.board import BoardDelta, BoardHour, BoardSnapshot, BoardTotal
from intake.models.citizens import ActingSession, Citizen, Consent, PriorityClaim
from intake.models.counter import (
    ComeBackSlip,
    EventBundle,
    LifeEvent,
    ReferenceBundle,
    ReferencePart,
    Taking,
)
from intake.models.decisions import Forwarding, Refusal, Resolution, SupplementRequest
from intake.models.documents import Document
from intake.models.dossiers import Dossier, DossierNumber, DossierStep
from intake.models.papers import IssuedPaper
from intake.models.phone_links import PhoneLink
from intake.models.procedures import Procedure
from intake.models.routing import AuthorityQuestion

__all__ = [
    "ActingSession",
    "AnswerClock",
    "AuthorityQuestion",
    "BoardDelta",
    "BoardHour",
    "BoardSnapshot",
    "BoardTotal",
    "Citizen",
    "ComeBackSlip",
    "Consent",
    "Document",
    "Dossier",
    "DossierNumber",
    "DossierStep",
    "EventBundle",
    "Forwarding",
    "Inquiry",
    "InquiryMessage",
    "IssuedPaper",
    "LifeEvent",
    "PhoneLink",
    "PriorityClaim",
    "Procedure",
    "PromotedAnswer",
    "ReferenceBundle",
    "ReferencePart",
    "Refusal",
    "Resolution",
    "SupplementRequest",
    "Taking",
]
