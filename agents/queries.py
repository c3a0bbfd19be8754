"""What is read of the network."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from agents.models.organisations import Centre, CentreLevel, OpeningHours, Operator, Outlet
from agents.models.people import StaffAccount
from agents.models.sites import CentreMove
from agents.opening import Span, is_past_closing
from agents.records import CentreInfo, ColleagueInfo, OperatorInfo, OutletInfo, PersonInfo
from shared.roles import CENTRE_ROLES, Role
from shared.working_days import work_calendar

CLOSING_GRACE = timedelta(minutes=30)
"""Who is at the counter when it closes is still served."""


def outlets() -> QuerySet[Outlet]:
    """Outlets, each with its operator and commune."""
    return Outlet.objects.select_related("operator", "commune")


def operator_info(operator: Operator) -> OperatorInfo:
    return OperatorInfo(operator.id, operator.code, operator.name, operator.operator_class, operator.carrier_code)


def outlet_info(outlet: Outlet) -> OutletInfo:
    """The record of an outlet loaded by `outlets()`."""
    return OutletInfo(
        outlet.id,
        outlet.code,
        outlet.name,
        operator_info(outlet.operator),
        outlet.commune_id,
        outlet.commune.full_name,
        outlet.commune.province_id,
        outlet.address,
        outlet.phone,
        outlet.latitude,
        outlet.longitude,
        outlet.status,
        frozenset(outlet.tasks),
        outlet.agreement_from,
        outlet.agreement_until,
    )


def centre_info(centre: Centre) -> CentreInfo:
    """The record of a centre; loaded by `standing_on`, with the address it has on that day."""
    moved = getattr(centre, "moved", None) or {}
    return CentreInfo(
        centre.id,
        centre.agency_code,
        centre.name,
        centre.authority_name,
        centre.level,
        centre.province_id,
        centre.commune_id or "",
        moved.get("latitude", centre.latitude),
        moved.get("longitude", centre.longitude),
        moved.get("address") or centre.address,
        moved.get("phone") or centre.phone,
    )


def standing_on(centres: QuerySet[Centre], on: date) -> QuerySet[Centre]:
    """`centres` as they stand on a day: the last move that has happened by then."""
    moves = CentreMove.objects.filter(centre=OuterRef("pk"), effective_from__lte=on).order_by("-effective_from")
    place = JSONObject(address="address", phone="phone", latitude="latitude", longitude="longitude")
    return centres.annotate(moved=Subquery(moves.values(at=place)[:1]))


def people_by_id(account_ids: Iterable[UUID]) -> dict[UUID, PersonInfo]:
    """Names and places of accounts, also of those that are closed by now."""
    accounts = StaffAccount.objects.select_related("outlet", "centre", "operator", "province")
    found = accounts.filter(id__in=list(account_ids))
    return {account.id: PersonInfo(account.display_name, account.place_name) for account in found}


def centre_managers(province_code: str) -> list[tuple[UUID, str, str]]:
    """Active managers of the province's centres: account id, name, and where they work."""
    managers = StaffAccount.objects.filter(role=Role.CENTRE_MANAGER, is_active=True, centre__province_id=province_code)
    return [(each.id, each.display_name, each.centre.name) for each in
            managers.select_related("centre").order_by("display_name") if each.centre is not None]


def staff_of_centre(centre_id: UUID) -> list[ColleagueInfo]:
    """Who works at a centre now, by name; accounts that were shut are not among them."""
    staff = StaffAccount.objects.filter(centre_id=centre_id, is_active=True, role__in=CENTRE_ROLES)
    return [ColleagueInfo(account.id, account.display_name, account.role)
            for account in staff.order_by("display_name", "id")]


def who_answers(role: str, place_codes: Iterable[str]) -> dict[str, tuple[str, UUID | None]]:
    """Name and id of the one who holds `role` at each place: code of outlet, centre or operator, or of the province.

    Where several do, the one who is first by user name; places without anybody are left out.
    """
    column = {"outlet_manager": "outlet__code", "centre_officer": "centre__agency_code",
              "centre_manager": "centre__agency_code", "operator_hq": "operator__code",
              "administrator": "province_id"}.get(role, "")
    if not column:
        return {}
    people = StaffAccount.objects.filter(**{f"{column}__in": set(place_codes)}, role=role, is_active=True)
    found = people.order_by("-username").values_list(column, "display_name", "id")
    return {place: (name, account_id) for place, name, account_id in found}


def find_outlet(outlet_id: UUID) -> OutletInfo | None:
    outlet = outlets().filter(id=outlet_id).first()
    return None if outlet is None else outlet_info(outlet)


def find_centre(centre_id: UUID, on: date | None = None) -> CentreInfo | None:
    centre = standing_on(Centre.objects.filter(id=centre_id), on or timezone.localdate()).first()
    return None if centre is None else centre_info(centre)


def open_centres(on: date) -> QuerySet[Centre]:
    return standing_on(Centre.objects.filter(Q(open_until=None) | Q(open_until__gt=on), open_from__lte=on), on)


def find_centre_of_commune(commune_code: str, on: date) -> CentreInfo | None:
    centre = open_centres(on).filter(commune_id=commune_code, level=CentreLevel.COMMUNE).first()
    return None if centre is None else centre_info(centre)


def centres_of_communes(commune_codes: Collection[str], on: date) -> list[CentreInfo]:
    """Every open communal centre of these communes; more than one for a commune while it changes over."""
    centres = open_centres(on).filter(commune_id__in=commune_codes, level=CentreLevel.COMMUNE)
    return [centre_info(centre) for centre in centres.order_by("commune_id", "agency_code")]


def find_provincial_centre(province_code: str, on: date) -> CentreInfo | None:
    centre = (
        open_centres(on).filter(province_id=province_code, level=CentreLevel.PROVINCE).order_by("agency_code").first()
    )
    return None if centre is None else centre_info(centre)


def centres_of_province(province_code: str, on: date) -> list[CentreInfo]:
    centres = open_centres(on).filter(province_id=province_code, level=CentreLevel.COMMUNE)
    return [centre_info(centre) for centre in centres.order_by("commune_id")]


def outlets_of_province(province_code: str) -> list[OutletInfo]:
    return [outlet_info(o) for o in outlets().filter(commune__province_id=province_code).order_by("code")]


def outlets_of_operator(operator_id: UUID) -> list[OutletInfo]:
    return [outlet_info(o) for o in outlets().filter(operator_id=operator_id).order_by("code")]


def outlets_by_id(outlet_ids: Collection[UUID]) -> list[OutletInfo]:
    return [outlet_info(o) for o in outlets().filter(id__in=outlet_ids).order_by("code")]


def centres_by_id(centre_ids: Collection[UUID]) -> list[CentreInfo]:
    """The centres as they stand today."""
    found = standing_on(Centre.objects.filter(id__in=centre_ids), timezone.localdate())
    return [centre_info(centre) for centre in found.order_by("agency_code")]


def operators() -> list[OperatorInfo]:
    return [operator_info(operator) for operator in Operator.objects.order_by("code")]


def outlets_past_closing(outlet_ids: Collection[UUID], at: datetime) -> frozenset[UUID]:
    """Those of the outlets that closed for the local day more than half an hour ago."""
    spans: dict[UUID, list[Span]] = {}
    for row in OpeningHours.objects.filter(outlet__in=outlet_ids):
        spans.setdefault(row.outlet_id, []).append(Span(row.weekday, row.opens, row.closes))
    calendar = work_calendar()
    return frozenset(outlet_id for outlet_id, hours in spans.items()
                     if is_past_closing(hours, at, calendar, CLOSING_GRACE))
