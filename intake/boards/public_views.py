"""The published board: one page for everybody, and its table as a file."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from intake.boards import exports, pictures
from intake.boards.models import PublishedBoard
from intake.boards.published import published
from intake.boards.readers import MOST_A_MINUTE, count_reading
from intake.boards.reading import Line
from intake.boards.rules import published as rules
from intake.boards.rules.counts import MEANINGS, Counts
from intake.boards.rules.national import LEGAL_BASIS
from intake.boards.whose import board_provinces
from intake.rules.wording import Words
from shared import scope
from shared.api import WardpostRequest
from shared.callers import client_address
from shared.errors import NotFound
from shared.models.places import Province
from shared.problems import TooManyRequests
from shared.shell import LARGE_PRINT_COOKIE

PUBLIC_FOR: Final = "public, max-age=300"
IN_TIME: Final = Words("Giải quyết đúng hẹn", "Resolved in time")
SHOWN: Final[Mapping[str, tuple[Words, Words]]] = {
    "received": (MEANINGS["received"].words, MEANINGS["received"].told),
    "resolved": (MEANINGS["resolved"].words, MEANINGS["resolved"].told),
    "resolved_in_time": (IN_TIME, Words("số hồ sơ có kết quả không muộn hơn lúc hẹn trả",
                                        "dossiers decided no later than their due moment")),
    "in_hand": (MEANINGS["in_hand"].words, MEANINGS["in_hand"].told),
    "late": (MEANINGS["late"].words, MEANINGS["late"].told),
}
ON_THE_MAP: Final = ("received", "resolved", "in_hand", "late")
_HEAD: Final = ("day", "by", "code", "commune_code", "name_vi", "name_en", *rules.MEASURES, "in_time_percent")


type Reading = tuple[PublishedBoard, Sequence[Province]]
"""A board, and the provinces that have one."""


def reading_of(request: WardpostRequest, province: str, day: date | None, *, at: datetime) -> Reading:
    """What `request` may read, after it was counted.

    Raises:
        TooManyRequests: this address reads too often.
        NotFound: a province in which nothing was ever counted.
    """
    count_reading(client_address(request), at=at)
    with scope.everything():
        known = board_provinces()
    if not known or (province and province not in {each.code for each in known}):
        raise NotFound
    return published(province or known[0].code, rules.asked_day(day, at), now=at), known


@require_safe
def board(request: WardpostRequest) -> HttpResponse:
    """A city's figures as anybody may read them, with what each of them counts."""
    now, (day, problem) = timezone.now(), _day(request.GET.get("ngay", ""))
    measure = request.GET.get("so", "received")
    if measure not in ON_THE_MAP:
        raise Http404
    try:
        found, provinces = reading_of(request, request.GET.get("tinh", ""), day, at=now)
    except TooManyRequests as error:
        answer = _page(request, {"is_too_often": True, "most": MOST_A_MINUTE}, status=429)
        answer["Retry-After"] = str(error.retry_after_seconds)
        return answer
    except NotFound:
        if request.GET.get("tinh"):
            raise Http404 from None
        return _page(request, {"is_empty": True})
    content = _context(found.data, provinces, measure, now)
    answer = _page(request, content | {"problem": problem}, status=422 if problem else 200)
    return answer if problem else _with_tag(request, answer, found)


@require_safe
def table(request: WardpostRequest) -> HttpResponse:
    """Centres and procedures, one row each; an empty cell is a number that is not told."""
    day, problem = _day(request.GET.get("ngay", ""))
    if problem:
        raise Http404
    try:
        found, _provinces = reading_of(request, request.GET.get("tinh", ""), day, at=timezone.now())
    except NotFound:
        raise Http404 from None
    except TooManyRequests as error:
        return HttpResponse(str(error.title), status=429, content_type="text/plain; charset=utf-8",
                            headers={"Retry-After": str(error.retry_after_seconds)})
    answer = exports.answered(request, exports.as_csv(_rows(found.data)), content_type="text/csv; charset=utf-8",
                              cache=PUBLIC_FOR, modified=found.made_at)
    name = f"board-{found.data['province_code']}-{found.data['day']}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _rows(data: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [_HEAD]
    for by, lines in (("city", [data["total"]]), ("centre", data["centres"]), ("procedure", data["procedures"])):
        rows += [(data["day"], by, *(line.get(name, "") for name in _HEAD[2:])) for line in lines]
    return rows


def _day(typed: str) -> tuple[date | None, str]:
    """The day of the address and what is wrong with it."""
    try:
        return (date.fromisoformat(typed) if typed else None), ""
    except ValueError:
        return None, _("Choose a day, such as 03/07/2025.")


def _context(data: Mapping[str, Any], provinces: Sequence[Province], measure: str, now: datetime) -> dict[str, Any]:
    query = urlencode({"tinh": data["province_code"], "ngay": data["day"]})
    words = {line["code"]: Words(line["name_vi"], line["name_en"]) for line in (*data["centres"], *data["procedures"])}
    lines = [Line(line["code"], words[line["code"]], line["code"], Counts(**{measure: line[measure] or 0}),
                  line["commune_code"]) for line in data["centres"]]
    return {
        "data": data, "day": date.fromisoformat(data["day"]), "as_of": datetime.fromisoformat(data["as_of"]),
        "first": rules.FIRST_DAY, "last": rules.last_day(now), "province": next(each for each in provinces
                                                      if each.code == data["province_code"]),
        "provinces": provinces if len(provinces) > 1 else (), "measure": measure, "meaning": SHOWN[measure],
        "measures": [(name, SHOWN[name][0]) for name in ON_THE_MAP], "shown": SHOWN.items(),
        "cards": [(SHOWN[name], data["total"][name]) for name in SHOWN],
        "centres": [(words[line["code"]], line) for line in data["centres"]],
        "procedures": [(words[line["code"]], line) for line in data["procedures"]],
        "groups": [(Words(each["name_vi"], each["name_en"]), each) for each in data["index"]],
        "legal_basis": LEGAL_BASIS, "map": pictures.commune_map(lines, measure, data["province_code"]),
        "query": query, "fewest": rules.FEWEST, "step": rules.STEP, "share_from": rules.SHARE_FROM,
        "delay_hours": int(rules.DELAY.total_seconds() // 3600)}


def _page(request: WardpostRequest, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, "intake/boards/public.html", context, status=status)


def _with_tag(request: WardpostRequest, page: HttpResponse, found: PublishedBoard) -> HttpResponse:
    """Weak: the frame around the figures has a key of each visitor's own, so only her browser keeps it."""
    told = orjson.dumps((get_language(), request.get_full_path(), request.COOKIES.get(LARGE_PRINT_COOKIE), found.data),
                        option=orjson.OPT_SORT_KEYS)
    return exports.unless_known(request, page, tag=f'W/"{sha256(told).hexdigest()[:32]}"',
                                cache="private, no-cache", modified=found.made_at)
