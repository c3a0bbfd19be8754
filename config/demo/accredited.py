"""Licences of the outlets there are, and places on their way to one, one in each state. All of them are invented."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from agents.accreditation import proposals, steps, surveying
from agents.accreditation.models import Accreditation
from agents.accreditation.proposals import Licence
from agents.accreditation.rules import CHECKLIST, Mark, State, Step, licensed_until
from agents.accreditation.steps import Proposal
from agents.accreditation.surveying import Marked
from agents.models.organisations import Phase, Task
from agents.moves import operations as moves
from agents.moves.models import OutletMove
from agents.moves.operations import NewPlace
from agents.moves.rules import MoveStep
from agents.opening import Span
from agents.operations import outlets
from agents.operations.outlets import Site
from agents.quality import launch
from config.demo import sheets
from config.demo.accounts import actor_of
from shared.actors import Actor
from shared.calendar import local
from shared.models.places import Commune

_BASIS: Final = "Quyết định công nhận điểm đại lý (minh hoạ)"
# officer, beginning of the outlets' codes, days since the licence began: two years hold, so that some end soon
_LICENCES: Final = (
    ("chuongtrinh.hanoi", "HNI-", 300),
    ("chuongtrinh.hanoi", "HNV-", 690),
    ("chuongtrinh.hue", "HUE-", 210),
)


@dataclass(frozen=True, slots=True)
class _Way:
    """A proposed place and how far it has come; `marks`: items that were not fully met."""

    code: str
    operator: str
    what: str
    commune: str
    days_ago: int
    goes_to: State
    marks: tuple[tuple[str, Mark, str], ...] = ()


_WAYS: Final = (
    _Way("HNI-101", "dieuhanh.vnpost", "Bưu cục", "00229", 3, State.CANDIDATE),
    _Way("HNV-101", "dieuhanh.viettel", "Điểm Viettel Post", "00118", 6, State.SURVEYED,
         (("seats", Mark.PARTLY, "Bốn ghế, cần thêm hai (minh hoạ)"), ("ups", Mark.MISSING, ""))),
    _Way("HNI-102", "dieuhanh.vnpost", "Bưu cục", "00637", 12, State.APPROVED,
         (("camera", Mark.PARTLY, "Một góc khuất (minh hoạ)"),)),
    _Way("HNI-104", "dieuhanh.vnpost", "Bưu cục", "00160", 24, State.ACTIVE),
    _Way("HNI-103", "dieuhanh.vnpost", "Bưu cục", "09694", 15, State.RETURNED,
         (("privacy", Mark.MISSING, "Quầy sát cửa, chưa có vách ngăn (minh hoạ)"),)),
)
_FIRST: Final = "chuongtrinh.hanoi"
_SECOND: Final = "chuongtrinh2.hanoi"
_DECIDED: Final = {
    State.APPROVED: (Step.APPROVE, ""),
    State.ACTIVE: (Step.APPROVE, ""),
    State.RETURNED: (Step.RETURN, "Cần vách ngăn cho người nộp hồ sơ trước khi khảo sát lại (minh hoạ)."),
}


def tell(now: datetime) -> None:
    """Licences first, then the places; what was done before is left as it is."""
    for officer, codes, days in _LICENCES:
        _license(actor_of(officer), codes, now - timedelta(days=days), now)
    for way in _WAYS:
        _go(way, now - timedelta(days=way.days_ago))
    _move(now)
    launch.begin_watches(at=now)


def _license(officer: Actor, codes: str, since: datetime, now: datetime) -> None:
    """The outlets that work already, as a city takes them over that licensed them before."""
    rows = [row.code for row in proposals.without_accreditation(officer) if row.code.startswith(codes)]
    first = local(since).date()
    if rows:
        licence = Licence(first, licensed_until(first), _BASIS)
        proposals.take_over(codes=rows, licence=licence, by=officer, at=now - timedelta(days=20))


def _go(way: _Way, at: datetime) -> None:
    """As far as it goes, from where a story that was cut short left it."""
    known: Accreditation | None = Accreditation.objects.filter(code=way.code).first()
    found = known or _propose(way, at)
    if found.state == State.CANDIDATE and way.goes_to is not State.CANDIDATE:
        found = _survey(found, way, at + timedelta(days=1))
    if found.state == State.SURVEYED and way.goes_to in _DECIDED:
        step, reason = _DECIDED[way.goes_to]
        found = steps.take_step(accreditation_id=found.id, step=step, by=actor_of(_SECOND), at=at + timedelta(days=3),
                                reason=reason)
    if found.state == State.APPROVED and way.goes_to is State.ACTIVE:
        _open(found, actor_of(way.operator), at + timedelta(days=4))


def _open(found: Accreditation, by: Actor, at: datetime) -> None:
    """A new outlet: it works since three weeks, under launch watch."""
    opened = steps.take_step(accreditation_id=found.id, step=Step.ACTIVATE, by=by, at=at)
    assert opened.outlet_id is not None  # noqa: S101  # it is open now
    week = [Span(day, *half) for day in range(6) for half in ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))]
    outlets.set_opening_hours(outlet_id=opened.outlet_id, hours=week, by=by, at=at)


def _propose(way: _Way, at: datetime) -> Accreditation:
    by, commune = actor_of(way.operator), Commune.objects.get(code=way.commune)
    site = Site(commune.code, "Số 8 đường trung tâm (minh hoạ)", commune.latitude, commune.longitude)
    proposal = Proposal(way.code, f"{way.what} {commune.name} (minh hoạ)", site, frozenset(Task.values),
                        Phase.CITY_WIDE)
    assert by.operator_id is not None  # noqa: S101  # as the log-ins are made
    return steps.propose(operator_id=by.operator_id, proposal=proposal, by=by, at=at)


def _survey(found: Accreditation, way: _Way, at: datetime) -> Accreditation:
    """On the spot: a photo where one is wanted, and every item of the list."""
    marks = {item.code: Marked(Mark.MET) for item in CHECKLIST}
    marks |= {code: Marked(mark, note) for code, mark, note in way.marks}
    return _look(found, (found.latitude, found.longitude), marks, at)


def _look(found: Accreditation, point: tuple[float, float], marks: dict[str, Marked], at: datetime) -> Accreditation:
    officer = actor_of(_FIRST)
    for item in CHECKLIST:
        if item.wants_photo:
            surveying.add_photo(accreditation_id=found.id, item=item.code, by=officer, at=at,
                                content=sheets.photo_of_a_sheet("Ảnh khảo sát (minh hoạ)", found.name))
    return surveying.finish_survey(
        accreditation_id=found.id, latitude=point[0], longitude=point[1], by=officer,
        at=at + timedelta(hours=1), marks=marks, note="Khảo sát cùng trưởng bưu cục khu vực (minh hoạ).")


def _move(now: datetime) -> None:
    """One outlet moves down its street in two weeks: asked for, surveyed there, decided by the second officer."""
    paper = Accreditation.objects.select_related("outlet", "commune").filter(
        state=State.ACTIVE, code__startswith="HNI-").order_by("code").first()
    if paper is None or paper.outlet is None or OutletMove.objects.filter(outlet=paper.outlet).exists():
        return
    outlet, at = paper.outlet, now - timedelta(hours=5)
    site = Site(outlet.commune_id, "Số 25 đường trung tâm (minh hoạ)", outlet.latitude + 0.003, outlet.longitude)
    move = moves.ask_move(
        outlet_id=outlet.id, by=actor_of("dieuhanh.vnpost"), at=at, reason="Hết hạn thuê nhà (minh hoạ)",
        place=NewPlace(site, local(now).date() + timedelta(days=14)))
    _look(paper, (site.latitude, site.longitude), {item.code: Marked(Mark.MET) for item in CHECKLIST},
          at + timedelta(hours=1))
    moves.decide_move(move_id=move.id, step=MoveStep.APPROVE, by=actor_of(_SECOND), at=at + timedelta(hours=4),
                      decision="Công văn đồng ý chuyển địa điểm (minh hoạ)")
