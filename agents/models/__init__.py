"""Django looks for models here; code imports the submodule it means."""

from agents.models.organisations import Centre, OpeningHours, Operator, Outlet
from agents.models.people import ApiToken, StaffAccount

__all__ = ["ApiToken", "Centre", "OpeningHours", "Operator", "Outlet", "StaffAccount"]
