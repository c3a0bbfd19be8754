"""Django looks for models here; code imports the submodule it means."""

from agents.accreditation.models import Accreditation
from agents.models.organisations import Centre, OpeningHours, Operator, Outlet
from agents.models.people import ApiToken, StaffAccount
from agents.models.sites import CentreMove, SiteDay

__all__ = ["Accreditation", "ApiToken", "Centre", "CentreMove", "OpeningHours", "Operator", "Outlet", "SiteDay",
           "StaffAccount"]
