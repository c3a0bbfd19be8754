"""Django looks for models here; code imports the submodule it means."""

from intake.boards.models import (
    BoardCell,
    BoardMark,
    BoardSnapshot,
    BoardStay,
    BoardTotal,
    Boundary,
    IndexDay,
    PublishedBoard,
)
from intake.brokers.models import (
    BrokerCall,
    BrokerCase,
    BrokerDraw,
    BrokerReport,
    BrokerRule,
    BrokerSignal,
    BrokerStep,
    BrokerTry,
    Hotline,
)
from intake.coaching.models import CoachingAnswer, CoachingSession
from intake.complaints.models import Complaint
from intake.messages.models import AnswerClock, Inquiry, InquiryMessage, PromotedAnswer
from intake.models.account_help import AccountHelp, AccountHelpStep, Referral
from intake.models.citizens import ActingSession, Citizen, CitizenRevision, Consent, PriorityClaim, SearchTally
from intake.models.corrections import Correction
from intake.models.counter import ComeBackSlip, EventBundle, LifeEvent, ReferenceBundle, ReferencePart, Taking
from intake.models.custody import CustodyMove, Original
from intake.models.decisions import (
    Extension,
    Forwarding,
    Refusal,
    Resolution,
    ResultHandOver,
    StopNotice,
    SupplementRequest,
)
from intake.models.delegations import SigningDelegation, SigningPermit
from intake.models.desk import Absence, DeskPresence, ProcessTemplate
from intake.models.documents import Document
from intake.models.dossiers import Dossier, DossierNumber, DossierStep
from intake.models.mandates import Mandate, SecondCitizenStop
from intake.models.manifests import Manifest, ManifestDifference, ManifestItem, ManifestSignature
from intake.models.opinions import Opinion, OpinionAddressee, OpinionPaper, Precedent, PrecedentScope, PrecedentUse
from intake.models.papers import IssuedPaper, LogBook, ResultList, ResultListEntry
from intake.models.phone_links import PhoneLink
from intake.models.procedures import Procedure
from intake.models.receipts import OutletRange, Receipt, ReceiptDelegation, ReceiptSeries
from intake.models.routing import AuthorityQuestion
from intake.notices.models import Notice, NoticeChoice, NoticeTemplate
from intake.portal.models import PortalCall, PortalComparison, PortalDifference, PortalLane, PortalUpdate
from intake.satisfaction.models import MoneyReport, Satisfaction

__all__ = [
    "Absence",
    "AccountHelp",
    "AccountHelpStep",
    "ActingSession",
    "AnswerClock",
    "AuthorityQuestion",
    "BoardCell",
    "BoardMark",
    "BoardSnapshot",
    "BoardStay",
    "BoardTotal",
    "Boundary",
    "BrokerCall",
    "BrokerCase",
    "BrokerDraw",
    "BrokerReport",
    "BrokerRule",
    "BrokerSignal",
    "BrokerStep",
    "BrokerTry",
    "Citizen",
    "CitizenRevision",
    "CoachingAnswer",
    "CoachingSession",
    "ComeBackSlip",
    "Complaint",
    "Consent",
    "Correction",
    "CustodyMove",
    "DeskPresence",
    "Document",
    "Dossier",
    "DossierNumber",
    "DossierStep",
    "EventBundle",
    "Extension",
    "Forwarding",
    "Hotline",
    "IndexDay",
    "Inquiry",
    "InquiryMessage",
    "IssuedPaper",
    "LifeEvent",
    "LogBook",
    "Mandate",
    "Manifest",
    "ManifestDifference",
    "ManifestItem",
    "ManifestSignature",
    "MoneyReport",
    "Notice",
    "NoticeChoice",
    "NoticeTemplate",
    "Opinion",
    "OpinionAddressee",
    "OpinionPaper",
    "Original",
    "OutletRange",
    "PhoneLink",
    "PortalCall",
    "PortalComparison",
    "PortalDifference",
    "PortalLane",
    "PortalUpdate",
    "Precedent",
    "PrecedentScope",
    "PrecedentUse",
    "PriorityClaim",
    "Procedure",
    "ProcessTemplate",
    "PromotedAnswer",
    "PublishedBoard",
    "Receipt",
    "ReceiptDelegation",
    "ReceiptSeries",
    "ReferenceBundle",
    "ReferencePart",
    "Referral",
    "Refusal",
    "Resolution",
    "ResultHandOver",
    "ResultList",
    "ResultListEntry",
    "Satisfaction",
    "SearchTally",
    "SecondCitizenStop",
    "SigningDelegation",
    "SigningPermit",
    "StopNotice",
    "SupplementRequest",
    "Taking",
]
