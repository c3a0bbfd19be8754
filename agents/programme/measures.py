"""What a gate may measure. Each measure names itself here; those about dossiers are registered by the house above."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agents.accreditation.models import OutletReport, Survey
from agents.accreditation.rules import State
from agents.models.organisations import Outlet, OutletStatus
from agents.models.people import StaffAccount
from agents.training.models import Certificate
from shared.calendar import local
from shared.errors import Text
from shared.models.places import Commune
from shared.roles import OUTLET_ROLES


@dataclass(frozen=True, slots=True)
class Within:
    """What is measured: a city's communes, operators (codes) and procedure groups in a time; empty: all of them."""

    province_code: str
    communes: tuple[str, ...]
    operators: tuple[str, ...]
    groups: tuple[str, ...]
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """`value` in percent or pieces to one decimal, None where there is nothing to measure; `sample`: of how many."""

    value: Decimal | None
    sample: int


type Reader = Callable[[Within], Reading]


@dataclass(frozen=True, slots=True)
class Measure:
    code: str
    label: Text
    is_percent: bool
    read: Reader


MEASURES: Final[dict[str, Measure]] = {}


def register(code: str, label: Text, read: Reader, *, is_percent: bool = True) -> None:
    """Make a measure known; a second registration of a code replaces the first."""
    MEASURES[code] = Measure(code, label, is_percent, read)


def known() -> Mapping[str, Measure]:
    return MEASURES


def read(code: str, within: Within) -> Reading:
    """A measure that is not registered any more reads as nothing, so that its gate fails."""
    measure = MEASURES.get(code)
    return measure.read(within) if measure is not None else Reading(None, 0)


def share(part: int, whole: int) -> Reading:
    """Percent, rounded down to a tenth: 89.96 does not pass for 90."""
    return Reading(Decimal(part * 1000 // whole) / 10 if whole else None, whole)


def pieces(count: int) -> Reading:
    return Reading(Decimal(count), count)


def outlets_within(within: Within) -> QuerySet[Outlet]:
    """Outlets of the part that is measured, whatever their state."""
    rows = Outlet.objects.filter(commune__province_id=within.province_code)
    if within.communes:
        rows = rows.filter(commune__in=within.communes)
    return rows.filter(operator__code__in=within.operators) if within.operators else rows


def _working(within: Within) -> QuerySet[Outlet]:
    return outlets_within(within).filter(status=OutletStatus.ACTIVE)


def _licensed(within: Within) -> Reading:
    day = local(within.until).date()
    return pieces(_working(within).filter(accreditation__state=State.ACTIVE,
                                          accreditation__licensed_until__gt=day).count())


def _covered(within: Within) -> Reading:
    communes = Commune.objects.filter(province_id=within.province_code)
    if within.communes:
        communes = communes.filter(code__in=within.communes)
    with_one = _working(within).values("commune").distinct().count()
    return share(with_one, communes.count())


def _certified(within: Within) -> Reading:
    staff = StaffAccount.objects.filter(role__in=sorted(OUTLET_ROLES), is_active=True, outlet__in=_working(within))
    day = local(within.until).date()
    held = Certificate.objects.filter(account=OuterRef("pk"), valid_until__gt=day)
    found: Mapping[str, Any] = staff.aggregate(all=Count("id"), held=Count("id", filter=Q(Exists(held))))
    return share(found["held"], found["all"])


def _readiness(within: Within) -> Reading:
    later = Survey.objects.filter(accreditation=OuterRef("accreditation"), finished_at__gt=OuterRef("finished_at"))
    last = Survey.objects.filter(accreditation__outlet__in=_working(within)).exclude(finished_at=None)
    found = last.exclude(Exists(later)).aggregate(mean=Avg("percent"), count=Count("id"))
    mean = found["mean"]
    return Reading(None if mean is None else Decimal(int(mean * 10)) / 10, found["count"])


def _answered(within: Within) -> Reading:
    told = OutletReport.objects.filter(accreditation__outlet__in=outlets_within(within), at__gte=within.since,
                                       at__lt=within.until)
    return share(told.exclude(settled_at=None).count(), told.count())


register("licensed_outlets", _("Outlets that work under a licence"), _licensed, is_percent=False)
register("communes_covered", _("Communes with an outlet that works"), _covered)
register("staff_certified", _("People at outlets who hold a certificate"), _certified)
register("readiness", _("Mean readiness at the last survey"), _readiness)
register("reports_answered", pgettext_lazy("programme", "Reports by citizens that were answered"), _answered)
