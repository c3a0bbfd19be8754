"""The three ways to file as columns of one table: same rows, so that they can be compared before the choice."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents import public as agents
from billing.records import Quote
from intake.models.citizens import Citizen
from intake.queries.offers import Offer
from intake.records import ChannelOption, Pricing
from intake.rules.calling import called
from intake.views.take_entries import Entries, number
from shared import formatting
from shared.calendar import local
from shared.confidence import Confidence

COUNTDOWN_MINUTES: Final = 120
"""From when on the 15:00 mark is worth a thought."""
KEYS: Final = {"online": "1", "post": "2", "refer": "3"}


@dataclass(frozen=True, slots=True)
class Way:
    """One column. Amounts in đồng; None is "not known"."""

    channel: str
    key: str
    title: str
    subtitle: str
    option: ChannelOption
    is_chosen: bool
    starts: str
    due: str
    result: str
    fee: int | None
    trips: str
    postage: int | None
    reduction: int
    subsidy: int
    subsidy_note: str
    is_subsidy_assumed: bool
    total: int
    is_complete: bool
    lack: str


def chosen_channel(offer: Offer, entries: Entries) -> str:
    """What the form says, else the first way that is open."""
    allowed = [option.channel for option in offer.options if option.is_allowed]
    if entries.channel:
        return entries.channel
    return allowed[0] if allowed else offer.options[-1].channel


def ways_of(offer: Offer, entries: Entries, citizen: Citizen, outlet: agents.OutletInfo, *, chosen: str,
            distance_km: float | None, now: datetime) -> list[Way]:
    who = str(called(citizen.full_name, citizen.sex))
    titles = {
        "online": (_("Online"), _("%(who)s’s own VNeID") % {"who": who}),
        "post": (_("Paper by post"), _("Public postal service") if outlet.operator.is_public_post
                 else outlet.operator.name),
        "refer": (_("Refer"), _("%(who)s goes there") % {"who": who}),
    }
    return [_way(option, *titles[option.channel], is_chosen=option.channel == chosen, entries=entries,
                 distance_km=distance_km, now=now) for option in offer.options]


def _way(option: ChannelOption, title: str, subtitle: str, *, is_chosen: bool, entries: Entries,
         distance_km: float | None, now: datetime) -> Way:
    pricing = option.pricing
    quotes = pricing.quotes if pricing is not None else ()
    return Way(
        channel=option.channel, key=KEYS[option.channel], title=title, subtitle=subtitle, option=option,
        is_chosen=is_chosen, starts=_starts(option, now), due=_moment(option.due_at, now) if option.due_at else "",
        result=_result(option, entries, distance_km), fee=_fee(pricing), trips=_trips(pricing),
        postage=None if pricing is None or pricing.unknown else int(pricing.postage),
        reduction=-int(pricing.reduction) if pricing else 0, subsidy=-int(pricing.subsidy) if pricing else 0,
        subsidy_note=_subsidy_note(quotes), is_subsidy_assumed=_is_subsidy_assumed(quotes),
        total=int(pricing.citizen_total) if pricing else 0, is_complete=pricing is not None and pricing.is_complete,
        lack=_lack(option))


def _day(day: date, now: datetime) -> str:
    return _("today") if day == local(now).date() else formatting.day(day)


def _starts(option: ChannelOption, now: datetime) -> str:
    """Short; the whole sentence with its law is one key away."""
    if option.channel == "refer":
        return _("On receipt there")
    if option.clock_starts_at is None:
        return "–"
    day = _day(local(option.clock_starts_at).date(), now)
    if option.channel == "post":
        return _("At hand-over, %(day)s") % {"day": day}
    return _("On receipt, %(day)s") % {"day": day}


def _moment(at: datetime, now: datetime) -> str:
    if local(at).date() == local(now).date():
        return _("Today, %(clock)s") % {"clock": formatting.clock(at)}
    return formatting.moment(at)


def _result(option: ChannelOption, entries: Entries, distance_km: float | None) -> str:
    if option.channel == "refer":
        if distance_km is None or distance_km < 1:
            return _("Collected there")
        return _("Collected there, %(km)s km") % {"km": formatting.number(round(distance_km))}
    if entries.result_choice == "electronic":
        return _("Electronic")
    if entries.result_choice == "collect":
        return _("Collected at the centre")
    return formatting.named_day(option.result_home_date) if option.result_home_date else "–"


def _fee(pricing: Pricing | None) -> int | None:
    return int(pricing.fee.amount) if pricing is not None and pricing.fee.amount is not None else None


def _trips(pricing: Pricing | None) -> str:
    if pricing is None or not pricing.quotes:
        return ""
    if pricing.postage_out is not None and pricing.postage_home is not None:
        return _("both ways")
    return _("way home") if pricing.postage_home is not None else _("way out")


def _subsidies(quotes: tuple[Quote, ...]) -> list[tuple[int, str]]:
    return [(int(step.amount), step.confidence) for quote in quotes for step in quote.steps
            if step.kind == "city_subsidy"]


def _subsidy_note(quotes: tuple[Quote, ...]) -> str:
    paid = any(amount for amount, _confidence in _subsidies(quotes))
    return "" if paid or not quotes else _("no subsidy")


def _is_subsidy_assumed(quotes: tuple[Quote, ...]) -> bool:
    return any(amount and confidence == Confidence.ASSUMED for amount, confidence in _subsidies(quotes))


def _lack(option: ChannelOption) -> str:
    if not option.missing:
        return ""
    count = len(option.missing)
    return ngettext("%(n)s paper missing", "%(n)s papers missing", count) % {"n": count}


def fee_label(ways: list[Way], entries: Entries) -> str:
    """`Fee, 2 × 8.000` where it goes by copies."""
    copies = number(entries.copies)
    fee = next((way.fee for way in ways if way.fee), 0) or 0
    if copies > 1 and fee and fee % copies == 0:
        return _("Fee, %(copies)s × %(each)s") % {"copies": copies, "each": formatting.number(fee // copies)}
    return _("Fee")


def cutoff_note(offer: Offer, now: datetime, *, is_working_day: bool) -> str:
    """How long a same-day result can still be had; empty when that is no question."""
    clock = local(now)
    minutes = 15 * 60 - clock.hour * 60 - clock.minute
    if not offer.procedure.has_same_day_cutoff or not is_working_day or not 0 < minutes <= COUNTDOWN_MINUTES:
        return ""
    return ngettext("%(n)s minute left until 15:00 for a result today",
                    "%(n)s minutes left until 15:00 for a result today", minutes) % {"n": minutes}
