"""What other apps may ask about the network, answered in frozen dataclasses."""

from uuid import UUID

from agents import queries
from agents.briefs.sections import Asked as BriefAsked
from agents.briefs.sections import Both as BriefBoth
from agents.briefs.sections import Figure as BriefFigure
from agents.briefs.sections import Row as BriefRow
from agents.briefs.sections import Section as BriefSection
from agents.briefs.sections import both as brief_both
from agents.briefs.sections import register as register_brief_section
from agents.errors import CentreNotFound, OutletNotFound
from agents.models.organisations import Task
from agents.moves.places import Removal, coming_move, last_move, place_on
from agents.nearest import nearest_outlets
from agents.placement.computing import compute_placement
from agents.placement.demand import count_history as count_demand_history
from agents.programme.admission import may_do
from agents.records import CentreInfo, ColleagueInfo, NearbyOutlet, OperatorInfo, OutletInfo, PersonInfo
from agents.room.impact import Span as TroubleSpan
from agents.room.impact import register as register_impact
from agents.room.queries import climbed as incidents_climbed
from agents.site_days import SiteDayInfo, calendars_around, site_calendar, site_day
from agents.surges.counting import Arrived
from agents.surges.counting import register as register_load
from agents.training.gate import Admission, may_take
from agents.visits.queries import NearbyVisit, visits_near

__all__ = [
    "Admission",
    "Arrived",
    "BriefAsked",
    "BriefBoth",
    "BriefFigure",
    "BriefRow",
    "BriefSection",
    "CentreInfo",
    "CentreNotFound",
    "ColleagueInfo",
    "NearbyOutlet",
    "NearbyVisit",
    "OperatorInfo",
    "OutletInfo",
    "OutletNotFound",
    "PersonInfo",
    "Removal",
    "SiteDayInfo",
    "Task",
    "TroubleSpan",
    "brief_both",
    "calendars_around",
    "centre_managers",
    "centre_of_commune",
    "centres_by_id",
    "centres_of_communes",
    "centres_of_province",
    "coming_move",
    "compute_placement",
    "count_demand_history",
    "get_centre",
    "get_outlet",
    "incidents_climbed",
    "last_move",
    "may_do",
    "may_take",
    "nearest_outlets",
    "operators",
    "outlets_by_id",
    "outlets_of_operator",
    "outlets_of_province",
    "outlets_past_closing",
    "people_by_id",
    "place_on",
    "provincial_centre",
    "register_brief_section",
    "register_impact",
    "register_load",
    "site_calendar",
    "site_day",
    "staff_of_centre",
    "visits_near",
]

operators = queries.operators
outlets_of_province = queries.outlets_of_province
outlets_by_id = queries.outlets_by_id
centres_by_id = queries.centres_by_id
outlets_of_operator = queries.outlets_of_operator
outlets_past_closing = queries.outlets_past_closing
centres_of_province = queries.centres_of_province
centres_of_communes = queries.centres_of_communes
centre_of_commune = queries.find_centre_of_commune
provincial_centre = queries.find_provincial_centre
centre_managers = queries.centre_managers
who_answers = queries.who_answers
people_by_id = queries.people_by_id
staff_of_centre = queries.staff_of_centre


def get_outlet(outlet_id: UUID) -> OutletInfo:
    """Raises OutletNotFound."""
    outlet = queries.find_outlet(outlet_id)
    if outlet is None:
        raise OutletNotFound
    return outlet


def get_centre(centre_id: UUID) -> CentreInfo:
    """Raises CentreNotFound."""
    centre = queries.find_centre(centre_id)
    if centre is None:
        raise CentreNotFound
    return centre
