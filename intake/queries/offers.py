"""Before the choice: each way to file, with its clock, due moment, cost, missing papers, and why it may be closed."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from agents import public as agents
from delivery import public as delivery
from intake.filing import TASKS, channel_faults
from intake.models.citizens import Citizen
from intake.models.procedures import Procedure
from intake.pricing import PricedFiling, former_home, place_of_centre, price
from intake.queries.catalogue import checklist, get_procedure
from intake.records import ChannelOption, PlaceChoice, Pricing, Route
from intake.routing import default_place, find_route
from intake.rules import terms
from intake.rules.catalogue import Channel, ResultChoice
from intake.rules.faults import Fault
from intake.rules.wording import Words
from intake.wording import both
from shared import places
from shared.calendar import MORNING, WorkCalendar, at_local, local

REFER: Final = "refer"
_CLOCK: Final = {
    Channel.ONLINE: Words(
        "Thời hạn tính từ khi trung tâm tiếp nhận hồ sơ hợp lệ trên hệ thống.",
        "The term starts when the centre receives the valid dossier in the system."),
    Channel.POST: Words(
        "Thời hạn tính từ khi bưu tá và trung tâm ký biên bản giao nhận, không phải từ quầy bưu cục "
        "(Điều 7 Quyết định 45/2016/QĐ-TTg).",
        "The term starts when postman and centre sign the hand-over minutes, not at this counter "
        "(Decision 45/2016/QĐ-TTg, Article 7)."),
    Channel.DIRECT: Words(
        "Thời hạn tính từ khi trung tâm tiếp nhận hồ sơ hợp lệ tại quầy.",
        "The term starts when the centre receives the valid dossier at its counter."),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the citizen wants, as far as the counter knows it."""

    citizen: Citizen
    procedure_code: str
    place: PlaceChoice = field(default_factory=PlaceChoice)
    home_commune_code: str = ""
    """Where the result goes; empty: to the citizen's residence."""
    home_former_code: str = ""
    """The former commune that this address still names."""
    result_choice: str = ResultChoice.HOME
    there: tuple[str, ...] = ()
    """Codes of papers already uploaded or shown."""
    copies: int = 1
    pages: int = 1
    priority_group: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    procedure: Procedure
    route: Route
    options: tuple[ChannelOption, ...]
    """online, post and refer, in this order."""


def filing_offer(wish: Wish, *, outlet: agents.OutletInfo, at: datetime,
                 receiving: agents.CentreInfo | None = None) -> Offer:
    """Everything the citizen should know before choosing.

    Raises:
        ProcedureNotFound: it is not in force.
        RouteRefused: the preferred receiving centre lies in another province.
    """
    on = local(at).date()
    procedure = get_procedure(wish.procedure_code, on)
    residence = PlaceChoice(wish.citizen.commune_id, wish.citizen.former_commune_id or "")
    place = wish.place or default_place(procedure, residence=residence, outlet_commune=outlet.commune_code)
    route = find_route(procedure=procedure, place=place, on=on, outlet=outlet, receiving=receiving)
    counter = _Counter(wish, procedure, route, outlet, at)
    return Offer(procedure, route, (counter.option(Channel.ONLINE), counter.option(Channel.POST), counter.referral()))


def channel_options(wish: Wish, *, outlet: agents.OutletInfo, at: datetime) -> tuple[ChannelOption, ...]:
    return filing_offer(wish, outlet=outlet, at=at).options


@dataclass(frozen=True, slots=True)
class _Counter:
    wish: Wish
    procedure: Procedure
    route: Route
    outlet: agents.OutletInfo
    at: datetime

    def option(self, channel: Channel) -> ChannelOption:
        closed = self._why_not(channel)
        starts_at = None if closed else self._clock_starts_at(channel)
        pricing = None if closed else self._price(channel, self.wish.result_choice)
        return self._described(channel, str(channel), closed, starts_at, pricing)

    def referral(self) -> ChannelOption:
        """Sending the citizen to the centre, where she files and collects herself."""
        closed = Words() if Channel.DIRECT in self.procedure.channels else both(Fault("channel-not-offered"))
        starts_at = None if closed else terms.next_opening(self.at, self._calendar(receiving=True))
        pricing = None if closed else self._price(Channel.DIRECT, ResultChoice.COLLECT)
        return self._described(Channel.DIRECT, REFER, closed, starts_at, pricing)

    def _described(self, channel: Channel, name: str, closed: Words, starts_at: datetime | None,
                   pricing: Pricing | None) -> ChannelOption:
        term = terms.term_of(self.procedure.terms, channel)
        due_at, reason = None, Words()
        if term is not None and starts_at is not None:
            counted = (term, starts_at, self.procedure.has_same_day_cutoff, self._calendar())
            due_at, reason = terms.due_moment(*counted), terms.due_reason(*counted)
        return ChannelOption(
            channel=name, is_allowed=not closed, why_not=closed, clock_start=_CLOCK[channel], clock_starts_at=starts_at,
            due_at=due_at, due_reason=reason, result_home_date=self._home_date(name, due_at), pricing=pricing,
            missing=tuple(item for item in checklist(self.procedure, channel, self.wish.there)
                          if item.is_required and not item.is_there),
            legal_basis=self.procedure.legal_basis, confidence=self._confidence())

    def _why_not(self, channel: Channel) -> Words:
        fault = next(channel_faults(self.procedure, channel, self.route.province_code), None)
        if fault is None and not agents.may_do(
                self.outlet, TASKS[channel], self.procedure.field, local(self.at).date()):
            fault = Fault("outlet-may-not")
        return both(fault) if fault is not None else Words()

    def _confidence(self) -> str:
        """Of the least sure of what an option is made of."""
        marks = {self.procedure.confidence,
                 *(self.procedure.uncertain.get(column) for column in ("agent_modes", "terms", "channels"))}
        return next((mark for mark in ("assumed", "known") if mark in marks), "verified")

    def _clock_starts_at(self, channel: Channel) -> datetime | None:
        calendar = self._calendar(receiving=True)
        if channel == Channel.ONLINE:
            return terms.next_opening(self.at, calendar)
        origin = places.get_place(self.outlet.commune_code)
        if self.route.receiving is None or origin is None:
            return None
        zone = delivery.zone_between(self.outlet.operator.code, origin, place_of_centre(self.route.receiving),
                                     local(self.at).date())
        arrives = delivery.promised_date("dossier", zone, local(self.at).date())
        return terms.next_opening(at_local(arrives, MORNING[0]), calendar)

    def _calendar(self, *, receiving: bool = False) -> WorkCalendar:
        """The deciding centre's own, which terms are counted on; the receiving one's for when papers are taken in."""
        centre = self.route.receiving if receiving else self.route.authority
        return agents.site_calendar(centre.id if centre is not None else None)

    def _home(self) -> places.Place | None:
        return places.get_place(self.wish.home_commune_code or self.wish.citizen.commune_id)

    def _former_home(self) -> str:
        home = self._home()
        own = former_home(self.wish.citizen, home.code) if home is not None else ""
        return self.wish.home_former_code or own

    def _home_date(self, name: str, due_at: datetime | None) -> date | None:
        home = self._home()
        if due_at is None or home is None or self.route.receiving is None or name == REFER:
            return None
        if self.wish.result_choice != ResultChoice.HOME:
            return None
        zone = delivery.zone_between(self.outlet.operator.code, place_of_centre(self.route.receiving), home,
                                     local(due_at).date(), former_commune_code=self._former_home())
        return delivery.promised_date("result", zone, local(due_at).date())

    def _price(self, channel: Channel, result_choice: str) -> Pricing:
        return price(PricedFiling(
            procedure=self.procedure, channel=channel, result_choice=result_choice, on=local(self.at).date(),
            province_code=self.route.province_code, outlet=self.outlet, receiving=self.route.receiving,
            home=self._home(), home_former=self._former_home(), copies=self.wish.copies, pages=self.wish.pages,
            beneficiary_class=self.wish.priority_group))
