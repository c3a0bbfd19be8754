"""How official papers write days, moments, terms and amounts: always in Vietnamese."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from intake.models.citizens import Citizen
from intake.rules.terms import Term, TermUnit
from shared import formatting, places
from shared.calendar import local
from shared.money import Money
from shared.places import Place

type Fact = dict[str, Any]


def fact(label: str, value: str, *, heavy: bool = False) -> Fact:
    """A line of a paper; left out when `value` is empty."""
    return {"label": label, "value": value, "heavy": heavy}


def moment(at: datetime | None) -> str:
    """`14 giờ 05 phút, ngày 14/01/2026`; empty for a moment that is not known."""
    return "" if at is None else f"{local(at):%H} giờ {local(at):%M} phút, ngày {local(at):%d/%m/%Y}"


def place_and_day(place: str, day: date) -> str:
    return f"{place}, ngày {day:%d} tháng {day:%m} năm {day:%Y}"


def amount(money: Money) -> str:
    return formatting.money(money.amount)


def term_words(term: Term | None) -> str:
    if term is None:
        return "theo quy định của thủ tục"
    units = {TermUnit.WORKING_DAY: "ngày làm việc", TermUnit.DAY: "ngày", TermUnit.HOUR: "giờ làm việc"}
    return "trong ngày làm việc" if term.unit == TermUnit.SAME_DAY else f"{term.amount} {units[term.unit]}"


def address(street: str, place: Place | None) -> str:
    parts: Iterable[str] = (street, place.full_name, place.province_name) if place is not None else (street,)
    return ", ".join(part for part in parts if part)


def home_of(citizen: Citizen) -> str:
    return address(citizen.street, places.get_place(citizen.commune_id))
