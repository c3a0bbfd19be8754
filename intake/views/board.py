"""The board: a province as of any moment, the same whenever it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agents.auth import require_role
from intake.boards.figures import Unit
from intake.boards.reading import board_as_of
from intake.boards.whose import as_read_by, board_provinces, province_for
from intake.errors import NotYourProvince
from intake.queries.board_work import open_work
from intake.views import board_parts as parts
from shared.api import WardpostRequest
from shared.calendar import LOCAL_ZONE, local
from shared.models.places import Province
from shared.places import province_name
from shared.roles import CENTRE_ROLES, FINANCE_ROLES, PROGRAMME_ROLES, Role

READERS: Final = tuple(sorted({*CENTRE_ROLES, *FINANCE_ROLES, *PROGRAMME_ROLES, Role.AUDITOR, Role.ADMINISTRATOR}))
EARLIEST: Final = datetime(2020, 1, 1, tzinfo=LOCAL_ZONE)
MOST_WORK: Final = 6
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The chosen moment; `problem` says what was wrong with what was typed."""

    moment: datetime
    typed: str
    problem: str = ""

    @property
    def shown(self) -> str:
        """What stands in the field: what was typed, or the moment itself."""
        return self.typed or f"{local(self.moment):%Y-%m-%dT%H:%M}"


@never_cache
@require_GET
@require_role(*READERS)
def board(request: WardpostRequest) -> HttpResponse:
    """Counts and ranks as of `?luc=` (local, "2025-07-03T10:00"), now when left out."""
    try:
        province = province_for(request.actor, request.GET.get("tinh", ""))
    except NotYourProvince:
        raise PermissionDenied from None
    now = timezone.now()
    chosen = _chosen(request.GET.get("luc", ""), now)
    with as_read_by(request.actor, Unit(province)):
        found = board_as_of(province, chosen.moment)
    places = parts.names_of(found)
    received, resolved = (parts.tops(found, by, places) for by in ("received", "resolved"))
    return render(request, "intake/centre/board.html", {
        "board": found, "province": province_name(province), "as_of": chosen, "is_now": not chosen.typed,
        "earlier": _link(province, request, chosen.moment - HOUR), "later": _later(province, request, chosen, now),
        "received": received, "resolved": resolved,
        "tie_received": parts.tie_words(received), "tie_resolved": parts.tie_words(resolved),
        "map": parts.tile_map(found, places), "rows": parts.table_rows(found, places),
        "bars": parts.hour_bars(found), "procedures": parts.procedure_bars(found),
        "work": open_work(province, now)[:MOST_WORK] if not chosen.typed else (), "now": now,
        "boards": [("intake:board-figures", _("Figures")), ("intake:board-compare", _("Two moments")),
                   ("intake:board-map", _("Map")), ("intake:board-index", _("National index"))],
        "tinh": request.GET.get("tinh", ""), "provinces": _provinces(request), "province_code": province,
    }, status=422 if chosen.problem else 200)


def _provinces(request: WardpostRequest) -> Sequence[Province]:
    """What to choose from, for those who have no province of their own."""
    return () if request.actor.province_code else board_provinces()


def _chosen(typed: str, now: datetime) -> AsOf:
    if not typed:
        return AsOf(now, "")
    try:
        moment = datetime.fromisoformat(typed)
        _an_hour_on = local(moment) + HOUR  # the last hours that a datetime knows have none after them
    except (ValueError, OverflowError):
        return AsOf(now, typed, _("Choose a day and a time, such as 03/07/2025 10:00."))
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=LOCAL_ZONE)
    if not moment >= EARLIEST:
        return AsOf(now, typed, _("The board begins in 2020."))
    return AsOf(moment, f"{local(moment):%Y-%m-%dT%H:%M}")


def _later(province: str, request: WardpostRequest, chosen: AsOf, now: datetime) -> str:
    """An hour on; empty when that lies in the future."""
    return _link(province, request, chosen.moment + HOUR) if chosen.moment + HOUR <= now else ""


def _link(province: str, request: WardpostRequest, moment: datetime) -> str:
    whole = local(moment).replace(second=0, microsecond=0)
    kept = f"&tinh={province}" if request.GET.get("tinh") else ""
    return f"{reverse('intake:board')}?luc={whole:%Y-%m-%dT%H:%M}{kept}"
