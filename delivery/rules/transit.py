"""When a parcel is promised: J + n working days, J being the day the post accepts it.

Decision 45/2016/QĐ-TTg and Circular 17/2017/TT-BTTTT: within a district J+1, between districts of a province J+2,
between special or class-I cities J+3, between other provinces J+4; when the appointment slip is to be brought back as
well, twice as long. Districts ended on 1 July 2025; the tariff's zones still speak of them.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from shared.calendar import WorkCalendar

WORKING_DAYS: Final[Mapping[str, int]] = MappingProxyType({
    "intra_district": 1,
    "intra_province": 2,
    "inter_same_region": 4,
    "inter_near_region": 4,
    "inter_far_region": 4,
})
WORKING_DAYS_BETWEEN_CITIES: Final = 3
SLIP_FACTOR: Final = 2

# Cities governed centrally are special (Hà Nội, Hồ Chí Minh) or class I. Assumed: that the rule still means these six
# since the provincial class-I cities ended on 1 July 2025.
CITIES: Final = frozenset({"01", "31", "46", "48", "79", "92"})


def transit_working_days(zone: str, *, with_slip: bool = False, between_cities: bool = False) -> int:
    """How many working days the trip may take.

    Raises:
        ValueError: no such zone.
    """
    if zone not in WORKING_DAYS:
        raise ValueError(f"No transit time is known for zone {zone!r}.")
    days = WORKING_DAYS[zone]
    if between_cities and zone.startswith("inter_"):
        days = min(days, WORKING_DAYS_BETWEEN_CITIES)
    return days * (SLIP_FACTOR if with_slip else 1)


def promised_date(
    calendar: WorkCalendar, zone: str, accepted_on: date, *, with_slip: bool = False, between_cities: bool = False
) -> date:
    """The last day on which a parcel accepted on `accepted_on` may arrive."""
    days = transit_working_days(zone, with_slip=with_slip, between_cities=between_cities)
    return calendar.due_date(accepted_on, days)
