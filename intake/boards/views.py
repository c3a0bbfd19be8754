"""The board's other pages: figures broken down, the dossiers behind one, two moments compared, communes on a map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agents import public as agents
from agents.auth import require_role
from intake.boards import exports, lists, pictures
from intake.boards.figures import Unit
from intake.boards.national import index_of
from intake.boards.reading import By, Line, lines_by
from intake.boards.rules.counts import MEANINGS, Counts
from intake.boards.rules.national import LEGAL_BASIS
from intake.boards.whose import Asked, as_read_by, provinces_for, unit_for
from intake.errors import BoardPlaceNotFound, NotYourProvince
from intake.rules.wording import Words
from intake.views.search import DOSSIER_PAGES
from shared.api import WardpostRequest
from shared.calendar import LOCAL_ZONE, local
from shared.places import province_name
from shared.roles import CENTRE_ROLES, FINANCE_ROLES, PROGRAMME_ROLES, Role

CITY_READERS: Final = tuple(sorted({
    *CENTRE_ROLES, *FINANCE_ROLES, *PROGRAMME_ROLES, Role.AUDITOR, Role.ADMINISTRATOR}))
READERS: Final = (*CITY_READERS, Role.OUTLET_MANAGER, Role.OPERATOR_HQ)
EARLIEST: Final = datetime(2020, 1, 1, tzinfo=LOCAL_ZONE)
NARROW: Final = (By.OUTLET, By.OPERATOR)
"""Of a whole city these are read by who answers for it; a centre reads its own."""
_FILES: Final = {"csv": ("text/csv; charset=utf-8", exports.as_csv),
                 "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", exports.as_workbook)}
BY_WORDS: Final = {By.CENTRE: Words("Trung tâm", "Centre"), By.OUTLET: Words("Điểm nhận", "Outlet"),
                   By.OPERATOR: Words("Doanh nghiệp", "Operator"), By.PROCEDURE: Words("Thủ tục", "Procedure")}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for; `problem` says what was wrong with the moment."""

    unit: Unit
    as_of: datetime
    typed: str
    problem: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The address's parameters, to go on from."""
        kept = {"tinh": self.unit.province_code, "trung-tam": self.unit.centre_id,
                "doanh-nghiep": self.unit.operator_id, "diem": self.unit.outlet_id,
                "luc": "" if self.problem else self.typed}
        return {name: str(value) for name, value in kept.items() if value}

    @property
    def shown(self) -> str:
        return self.typed or f"{local(self.as_of):%Y-%m-%dT%H:%M}"


@never_cache
@require_GET
@require_role(*READERS)
def figures(request: WardpostRequest) -> HttpResponse:
    """Every figure of a unit, broken down; `?tep=csv|xlsx` sends the table as a file."""
    chosen, by = _chosen(request), _by(request)
    unit = _narrowed(request, chosen.unit, by)
    with as_read_by(request.actor, unit):
        lines = lines_by(unit, chosen.as_of, by)
    if request.GET.get("tep") in _FILES:
        return _file(lines, by, chosen.as_of, request.GET["tep"])
    total = sum((line.count for line in lines), Counts())
    return render(request, "intake/boards/figures.html", {
        **_common(request, replace(chosen, unit=unit), "figures"), "lines": [
            (line, _down(chosen, unit, line, by, request)) for line in lines],
        "total": total, "by": by, "by_words": BY_WORDS[by], "ways": _ways(request, chosen, by),
        "cards": _cards(request, chosen, unit, total), "csv": _link("figures", chosen, theo=by, tep="csv"),
        "xlsx": _link("figures", chosen, theo=by, tep="xlsx")}, status=422 if chosen.problem else 200)


@never_cache
@require_GET
@require_role(*READERS)
def behind(request: WardpostRequest) -> HttpResponse:
    """The dossiers behind a figure, in the reader's own scope."""
    chosen, measure = _chosen(request), request.GET.get("so", "in_hand")
    if measure not in MEANINGS:
        raise Http404
    unit = _own(request, chosen.unit)
    number = int(typed) if (typed := request.GET.get("trang", "1")[:4]).isdecimal() and 0 < int(typed) <= 400 else 1
    procedure = request.GET.get("thu-tuc", "")[:20]
    page = lists.dossiers_behind(request.actor, unit, chosen.as_of, measure=measure, procedure_code=procedure,
                                 page=number)
    return render(request, "intake/boards/behind.html", {
        **_common(request, replace(chosen, unit=unit), "figures"), "page": page, "meaning": MEANINGS[measure],
        "measure": measure, "dossier_page": DOSSIER_PAGES.get(request.actor.role, ""),
        "next": _link("behind", chosen, so=measure, trang=number + 1, **_kept(procedure)) if page.has_more else "",
        "back": _link("figures", chosen)}, status=422 if chosen.problem else 200)


@never_cache
@require_GET
@require_role(*READERS)
def compare(request: WardpostRequest) -> HttpResponse:
    """Two moments: what came, what went, what stands there now and did not before."""
    chosen, by = _chosen(request), _by(request)
    unit = _narrowed(request, chosen.unit, by)
    before, problem = _moment(request.GET.get("tu", ""), chosen.as_of - timedelta(days=1))
    if not problem and before > chosen.as_of:
        problem = _("The first moment lies after the second one.")
    with as_read_by(request.actor, unit):
        first, second = (lines_by(unit, each, by) for each in (before, chosen.as_of))
    pairs = _pairs(first, second)
    return render(request, "intake/boards/compare.html", {
        **_common(request, replace(chosen, unit=unit), "compare"), "before": before,
        "typed_before": request.GET.get("tu") or f"{local(before):%Y-%m-%dT%H:%M}", "before_problem": problem,
        "pairs": pairs, "by": by, "by_words": BY_WORDS[by], "ways": _ways(request, chosen, by, "compare"),
        "total": sum((line.count for line in second), Counts()) - sum((line.count for line in first), Counts()),
        "chart": pictures.comparison(pairs, str(BY_WORDS[by]))},
        status=422 if chosen.problem or problem else 200)


@never_cache
@require_GET
@require_role(*READERS)
def on_map(request: WardpostRequest) -> HttpResponse:
    """Communes as symbols in the size of a figure; with their outlines where the house has them."""
    chosen, measure = _chosen(request), request.GET.get("so", "received")
    if measure not in MEANINGS:
        raise Http404
    with as_read_by(request.actor, chosen.unit):
        lines = lines_by(chosen.unit, chosen.as_of, By.CENTRE)
    return render(request, "intake/boards/map.html", {
        **_common(request, chosen, "map"), "map": pictures.commune_map(lines, measure, chosen.unit.province_code),
        "lines": [(line, getattr(line.count, measure)) for line in lines if line.commune_code],
        "measure": measure, "meaning": MEANINGS[measure],
        "measures": [(name, meaning.words) for name, meaning in MEANINGS.items()]},
        status=422 if chosen.problem else 200)


@never_cache
@require_GET
@require_role(*CITY_READERS)
def index(request: WardpostRequest) -> HttpResponse:
    """The groups of the national index: points where our data gives them, the reason where it does not."""
    chosen = _chosen(request)
    unit = _own(request, chosen.unit)
    return render(request, "intake/boards/index.html", {
        **_common(request, replace(chosen, unit=unit), "index"), "legal_basis": LEGAL_BASIS,
        "groups": index_of(request.actor, unit, chosen.as_of)}, status=422 if chosen.problem else 200)


# --- what the address says ------------------------------------------------------------------------------------------


def _chosen(request: WardpostRequest) -> Chosen:
    asked = Asked(request.GET.get("tinh", "")[:2], *(_id(request, name) for name in (
        "trung-tam", "doanh-nghiep", "diem")))
    try:
        unit = unit_for(request.actor, asked)
    except NotYourProvince:
        raise PermissionDenied from None
    except BoardPlaceNotFound:
        raise Http404 from None
    typed = request.GET.get("luc", "")
    moment, problem = _moment(typed, timezone.now())
    return Chosen(unit, moment, typed, problem)


def _id(request: WardpostRequest, name: str) -> UUID | None:
    try:
        return UUID(request.GET[name]) if request.GET.get(name) else None
    except ValueError:
        raise Http404 from None


def _moment(typed: str, otherwise: datetime) -> tuple[datetime, str]:
    """The moment that was typed (local when it says no zone) and what is wrong with it."""
    if not typed:
        return otherwise, ""
    try:
        moment = datetime.fromisoformat(typed)
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=LOCAL_ZONE)
        if not EARLIEST <= moment <= timezone.now():
            return otherwise, _("Choose a moment from 2020 until now.")
        return moment, ""
    except (ValueError, OverflowError):
        return otherwise, _("Choose a day and a time, such as 03/07/2025 10:00.")


def _by(request: WardpostRequest) -> By:
    asked = request.GET.get("theo", "")
    return By(asked) if asked in By else By.PROCEDURE if request.GET.get("trung-tam") else By.CENTRE


def _narrowed(request: WardpostRequest, unit: Unit, by: By) -> Unit:
    """A centre reads outlets and operators of its own dossiers only."""
    return _own(request, unit) if by in NARROW else unit


def _own(request: WardpostRequest, unit: Unit) -> Unit:
    is_centre = request.actor.role in CENTRE_ROLES
    return replace(unit, centre_id=request.actor.centre_id) if is_centre else unit


# --- for the templates ----------------------------------------------------------------------------------------------


def _common(request: WardpostRequest, chosen: Chosen, here: str) -> dict[str, Any]:
    provinces, is_of_city = provinces_for(request.actor), request.actor.role in CITY_READERS
    return {
        "here": here, "chosen": chosen, "path": _path(chosen), "provinces": provinces if len(provinces) > 1 else (),
        "is_now": not chosen.typed or bool(chosen.problem), "now": timezone.now(),
        "has_situation": is_of_city,
        "tabs": [(name, _link(name, chosen), title) for name, title in (
            ("figures", _("Figures")), ("compare", _("Two moments")), ("map", _("Map")),
            *([("index", _("National index"))] if is_of_city else []))]}


def _path(chosen: Chosen) -> Sequence[tuple[str, str]]:
    """Province, then centre or operator, then outlet: each a name and the address of its board."""
    unit, when = chosen.unit, {"luc": chosen.typed} if chosen.typed and not chosen.problem else {}
    base = reverse("intake:board-figures")
    found = [(province_name(unit.province_code), {"tinh": unit.province_code})]
    if unit.operator_id:
        names = {each.id: each.name for each in agents.operators()}
        found.append((names[unit.operator_id], found[-1][1] | {"doanh-nghiep": str(unit.operator_id)}))
    if unit.centre_id:
        found.append((agents.get_centre(unit.centre_id).name, found[-1][1] | {"trung-tam": str(unit.centre_id)}))
    if unit.outlet_id:
        found.append((agents.get_outlet(unit.outlet_id).name, found[-1][1] | {"diem": str(unit.outlet_id)}))
    return [(name, f"{base}?{urlencode(query | when)}") for name, query in found]


def _link(page: str, chosen: Chosen, **more: object) -> str:
    return f"{reverse(f'intake:board-{page}')}?{urlencode(chosen.query | {k: str(v) for k, v in more.items()})}"


def _kept(procedure: str) -> Mapping[str, str]:
    return {"thu-tuc": procedure} if procedure else {}


def _ways(request: WardpostRequest, chosen: Chosen, here: By, page: str = "figures") -> Sequence[tuple[str, str, bool]]:
    """The ways to break a unit down that say anything: an outlet has no outlets."""
    del request
    fixed = {By.OUTLET: chosen.unit.outlet_id, By.CENTRE: chosen.unit.centre_id,
             By.OPERATOR: chosen.unit.operator_id or chosen.unit.outlet_id}
    return [(_link(page, chosen, theo=by), str(BY_WORDS[by]), by is here)
            for by in By if not fixed.get(by) or by is here]


def _down(chosen: Chosen, unit: Unit, line: Line, by: By, request: WardpostRequest) -> str:
    """The board of a line's own place; a centre opens no other one, a procedure opens its dossiers."""
    if not line.key:
        return ""
    if by is By.PROCEDURE:
        return _link("behind", replace(chosen, unit=unit), so="received", **{"thu-tuc": line.key})
    if by is By.CENTRE and request.actor.role in CENTRE_ROLES and line.key != str(request.actor.centre_id):
        return ""
    return f"{reverse('intake:board-figures')}?{urlencode(replace(chosen, unit=unit).query | {by.value: line.key})}"


def _cards(request: WardpostRequest, chosen: Chosen, unit: Unit, total: Counts) -> Sequence[tuple[Any, int, str, str]]:
    """Each figure with what it is called and the list behind it; a centre's lists are of its own dossiers."""
    wide = request.actor.role in CENTRE_ROLES and not unit.places
    return [(meaning, getattr(total, name), "" if wide else _link("behind", replace(chosen, unit=unit), so=name), name)
            for name, meaning in MEANINGS.items()]


def _pairs(first: Sequence[Line], second: Sequence[Line]) -> Sequence[tuple[Line, Counts]]:
    """Each place with how much each figure has grown; the most changed first, without those where nothing did."""
    before = {line.key: line.count for line in first}
    changed = [(line, line.count - before.get(line.key, Counts())) for line in second]
    return [pair for pair in changed if pair[1]]


def _file(lines: Sequence[Line], by: By, as_of: datetime, kind: str) -> HttpResponse:
    content_type, write = _FILES[kind]
    answer = HttpResponse(write(exports.rows_of(lines, by=by, as_of=as_of.isoformat())), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="board-{local(as_of):%Y%m%d-%H%M}-{by.name.lower()}.{kind}"'
    return answer
