"""Django looks for models here; code imports the submodule it means."""

from agents.accreditation.models import Accreditation
from agents.announcements.models import Announcement, AnnouncementReading
from agents.briefs.models import Brief, BriefAction
from agents.duties.models import DutyDelegation
from agents.handbook.models import HandbookEntry, HandbookMiss, HandbookQuestion, HandbookVersion, HandbookVote
from agents.models.organisations import Centre, OpeningHours, Operator, Outlet
from agents.models.people import ApiToken, StaffAccount
from agents.models.placement import CandidateSite, CommuneDemand, DemandSet, PlacementScenario, SiteSet
from agents.models.sites import CentreMove, SiteDay
from agents.moves.models import OutletMove
from agents.people.models import ExternalIdentity, Invitation, SecondFactorReset
from agents.practice.models import HouseMark, PracticeEntry, PracticeResult, PracticeRun, PracticeTicket, Trainee
from agents.programme.models import (
    ConformanceCheck,
    DelegatedTask,
    OperatorAgreement,
    PhaseDecision,
    PhaseGate,
    Programme,
    ProgrammeOperator,
    ProgrammePhase,
    ProgrammeStep,
)
from agents.quality.models import (
    Commendation,
    LaunchNote,
    LaunchWatch,
    ScoreAppeal,
    ScoreFormula,
    ScoreMeasure,
    ScoreMonth,
)
from agents.room.models import Incident, IncidentEntry, IncidentPhoto, IncidentPlace, Outage, PlaceBeat, VendorDuty
from agents.roster.models import RosterAbsence, RosterShift, RosterSwap
from agents.surges.models import PlaceLoad
from agents.switching.models import CounterPin
from agents.training.models import Attempt, Certificate, Course, TrainingGate
from agents.visits.models import SubPoint, Visit, VisitSeries

__all__ = [
    "Accreditation",
    "Announcement",
    "AnnouncementReading",
    "ApiToken",
    "Attempt",
    "Brief",
    "BriefAction",
    "CandidateSite",
    "Centre",
    "CentreMove",
    "Certificate",
    "Commendation",
    "CommuneDemand",
    "ConformanceCheck",
    "CounterPin",
    "Course",
    "DelegatedTask",
    "DemandSet",
    "DutyDelegation",
    "ExternalIdentity",
    "HandbookEntry",
    "HandbookMiss",
    "HandbookQuestion",
    "HandbookVersion",
    "HandbookVote",
    "HouseMark",
    "Incident",
    "IncidentEntry",
    "IncidentPhoto",
    "IncidentPlace",
    "Invitation",
    "LaunchNote",
    "LaunchWatch",
    "OpeningHours",
    "Operator",
    "OperatorAgreement",
    "Outage",
    "Outlet",
    "OutletMove",
    "PhaseDecision",
    "PhaseGate",
    "PlaceBeat",
    "PlaceLoad",
    "PlacementScenario",
    "PracticeEntry",
    "PracticeResult",
    "PracticeRun",
    "PracticeTicket",
    "Programme",
    "ProgrammeOperator",
    "ProgrammePhase",
    "ProgrammeStep",
    "RosterAbsence",
    "RosterShift",
    "RosterSwap",
    "ScoreAppeal",
    "ScoreFormula",
    "ScoreMeasure",
    "ScoreMonth",
    "SecondFactorReset",
    "SiteDay",
    "SiteSet",
    "StaffAccount",
    "SubPoint",
    "Trainee",
    "TrainingGate",
    "VendorDuty",
    "Visit",
    "VisitSeries",
]
