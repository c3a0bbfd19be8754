"""A procedure as a citizen needs it told: what to bring, cost, time, who decides, what an outlet may do."""

from dataclasses import dataclass
from datetime import date

from intake.models.procedures import Procedure
from intake.queries.catalogue import checklist, get_procedure
from intake.records import ChecklistItem, Fee, PlaceChoice, Route
from intake.routing import find_route
from intake.rules.catalogue import AgentMode, Channel, PlaceRule
from intake.rules.fees import FeeCase, fee_of
from intake.rules.terms import Term, TermUnit, term_of
from intake.rules.wording import Words
from shared.confidence import Confidence

CHANNEL_ORDER = (Channel.ONLINE, Channel.POST, Channel.DIRECT)
CHANNEL_NAMES = {
    Channel.ONLINE: Words("Trực tuyến, bằng tài khoản của bạn", "Online, with your own account"),
    Channel.POST: Words("Gửi giấy qua bưu chính", "Paper by post"),
    Channel.DIRECT: Words("Trực tiếp tại trung tâm", "In person at the centre"),
}
_UNITS = {TermUnit.WORKING_DAY: ("ngày làm việc", "working days"), TermUnit.DAY: ("ngày", "days"),
          TermUnit.HOUR: ("giờ làm việc", "working hours")}
PLACE_QUESTIONS = {
    PlaceRule.RESIDENCE: Words("Bạn cư trú ở đâu?", "Where do you live?"),
    PlaceRule.EVENT_PLACE: Words("Việc xảy ra ở đâu?", "Where did it happen?"),
    PlaceRule.LAND: Words("Đất ở đâu?", "Where is the land?"),
    PlaceRule.BUILDING: Words("Công trình ở đâu?", "Where is the building?"),
    PlaceRule.BUSINESS: Words("Nơi kinh doanh ở đâu?", "Where is the business?"),
    PlaceRule.REGISTER_HOLDER: Words("Trước đây đăng ký ở đâu?", "Where was it registered?"),
}


@dataclass(frozen=True, slots=True)
class GuideWay:
    """One way to file. `may_agent`: an outlet may do it."""

    channel: str
    name: Words
    may_agent: bool
    term: Words
    fee: Fee
    papers: tuple[ChecklistItem, ...]

    @property
    def to_bring(self) -> tuple[ChecklistItem, ...]:
        return tuple(paper for paper in self.papers if paper.is_required)

    @property
    def maybe(self) -> tuple[ChecklistItem, ...]:
        """What only some cases need."""
        return tuple(paper for paper in self.papers if not paper.is_required)


@dataclass(frozen=True, slots=True)
class Guide:
    procedure: Procedure
    name: Words
    ways: tuple[GuideWay, ...]
    refer_reason: Words
    note: Words
    place_question: Words
    route: Route | None
    """Who decides for the chosen place; None while no place is chosen."""

    @property
    def may_file(self) -> bool:
        return any(way.may_agent for way in self.ways)

    @property
    def is_refer_only(self) -> bool:
        return not self.may_file

    @property
    def is_assumed(self) -> bool:
        """Something here is derived or made up rather than read in a source."""
        marks = {self.procedure.confidence, *self.procedure.uncertain.values()}
        return Confidence.ASSUMED.value in marks

    def way(self, channel: str) -> GuideWay:
        """The way asked for, else the first that there is."""
        return next((way for way in self.ways if way.channel == channel), self.ways[0])


def procedure_guide(code: str, *, on: date, place: PlaceChoice | None = None) -> Guide:
    """The version in force on a day; raises ProcedureNotFound."""
    procedure = get_procedure(code, on)
    route = find_route(procedure=procedure, place=place, on=on) if place else None
    province = route.province_code if route is not None else ""
    ways = tuple(_way(procedure, channel, on, province) for channel in CHANNEL_ORDER if channel in procedure.channels)
    return Guide(
        procedure=procedure, name=Words(procedure.name_vi, procedure.name_en), ways=ways,
        refer_reason=Words(procedure.refer_reason_vi, procedure.refer_reason_en),
        note=Words(procedure.note_vi, procedure.note_en),
        place_question=PLACE_QUESTIONS.get(PlaceRule(procedure.place_rule), PLACE_QUESTIONS[PlaceRule.RESIDENCE]),
        route=route)


def _way(procedure: Procedure, channel: Channel, on: date, province_code: str) -> GuideWay:
    fee = fee_of(FeeCase(
        fee=procedure.fee, legal_basis=procedure.legal_basis,
        confidence=procedure.uncertain.get("fee", procedure.confidence), channel=channel, on=on,
        province_code=province_code, managed_by_city=procedure.managed_by_city))
    return GuideWay(channel.value, CHANNEL_NAMES[channel], _may_agent(procedure, channel, province_code),
                    term_words(term_of(procedure.terms, channel)), fee, checklist(procedure, channel))


def _may_agent(procedure: Procedure, channel: Channel, province_code: str) -> bool:
    if channel == Channel.ONLINE:
        return AgentMode.ONLINE in procedure.agent_modes
    is_forbidden = procedure.is_paper_forbidden or province_code in procedure.paper_forbidden_in
    return channel == Channel.POST and AgentMode.PAPER in procedure.agent_modes and not is_forbidden


def term_words(term: Term | None) -> Words:
    if term is None:
        return Words("Theo quy định của thủ tục", "As the procedure says")
    if term.unit == TermUnit.SAME_DAY:
        return Words("Trong ngày; nhận sau 15 giờ thì ngày làm việc sau",
                     "The same day; after 15:00 the next working day")
    vi, en = _UNITS[term.unit]
    return Words(f"{term.amount} {vi}", f"{term.amount} {en[:-1] if term.amount == 1 else en}")
