"""Django looks for models here; code imports the submodule it means."""

from agents.accreditation.models import Accreditation
from agents.briefs.models import Brief, BriefAction
from agents.models.organisations import Centre, OpeningHours, Operator, Outlet
from agents.models.people import ApiToken, StaffAccount
from agents.models.placement import CandidateSite, CommuneDemand, DemandSet, PlacementScenario, SiteSet
from agents.models.sites import CentreMove, SiteDay
from agents.room.models import Incident, IncidentEntry, IncidentPhoto, IncidentPlace, Outage, PlaceBeat, VendorDuty
from agents.training.models import Attempt, Certificate, Course, TrainingGate

__all__ = [
    "Accreditation",
    "ApiToken",
    "Attempt",
    "Brief",
    "BriefAction",
    "CandidateSite",
    "Centre",
    "CentreMove",
    "Certificate",
    "CommuneDemand",
    "Course",
    "DemandSet",
    "Incident",
    "IncidentEntry",
    "IncidentPhoto",
    "IncidentPlace",
    "OpeningHours",
    "Operator",
    "Outage",
    "Outlet",
    "PlaceBeat",
    "PlacementScenario",
    "SiteDay",
    "SiteSet",
    "StaffAccount",
    "TrainingGate",
    "VendorDuty",
]
