"""What a desk shows beside the papers: the course of the dossier and who pays what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from billing.records import Quote
from intake.queries.desk import Desk, TrailStep
from intake.rules.states import FINAL_HANDLING, Handling
from shared.formatting import clock, day, speaks_vietnamese, stamp_from

LAST_TURNS: Final = 4


@dataclass(frozen=True, slots=True)
class CourseItem:
    """One point of the timeline: "done", "now" or "next"."""

    state: str
    at: str
    what: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One line of the arithmetic; `amount` in đồng, None when it is not known to us."""

    label: str
    amount: int | None
    basis: str = ""
    guess: bool = False
    kind: str = ""


def course(desk: Desk, now: datetime) -> Sequence[CourseItem]:
    """The last few turns of its handling, where it stands, and what comes next; all of it stands in `full_course`."""
    turns = [step for step in desk.trail if step.machine == "handling"]
    done = [_done(step, now) for step in turns[-LAST_TURNS:]]
    if desk.handling in FINAL_HANDLING or not desk.trail:
        return done
    standing = CourseItem("now", stamp_from(now, now), str(desk.state), desk.officer_name)
    return [*done, standing, *_next(desk)]


def full_course(desk: Desk, now: datetime) -> Sequence[CourseItem]:
    """Every step that was traced, money and result among them."""
    return [_done(step, now) for step in desk.trail]


def _done(step: TrailStep, now: datetime) -> CourseItem:
    return CourseItem("done", stamp_from(step.at, now), str(step.what), step.who)


def _next(desk: Desk) -> Iterable[CourseItem]:
    if desk.handling == Handling.RESOLVED:
        yield CourseItem("next", "", _("Result handed over"), "")
    elif desk.due_at is not None and desk.deadline.look != "pause":
        yield CourseItem("next", f"{day(desk.due_at)} {clock(desk.due_at)}", _("Due moment"), desk.authority_name)
    elif desk.deadline.look == "pause":
        yield CourseItem("next", "", _("The clock runs again"), "")


def money_rows(desk: Desk) -> Sequence[MoneyRow]:
    """Fee and postage as they were shown before the citizen chose; empty when nothing was priced."""
    if desk.pricing is None:
        return ()
    fee = desk.pricing.fee
    rows = [MoneyRow(_("Fee of the procedure"), fee.amount.amount if fee.amount is not None else None, str(fee.words),
                     fee.confidence == "assumed")]
    for label, quote in ((_("Papers to the centre"), desk.pricing.postage_out),
                         (_("Result home"), desk.pricing.postage_home)):
        rows += _postage(label, quote) if quote is not None else ()
    total = desk.pricing.citizen_total.amount if fee.is_known else None
    basis = "" if fee.is_known else _("the postage above, and the fee once it is known")
    return [*rows, MoneyRow(_("The citizen pays"), total, basis, kind="eq")]


def _postage(label: str, quote: Quote) -> Iterable[MoneyRow]:
    yield MoneyRow(label, quote.gross.amount, _basis(quote, "tariff"))
    if quote.national_reduction:
        yield MoneyRow(_("National reduction"), -quote.national_reduction.amount, _basis(quote, "national_reduction"))
    if quote.city_subsidy:
        yield MoneyRow(_("The city pays"), -quote.city_subsidy.amount, _basis(quote, "city_subsidy"))


def _basis(quote: Quote, kind: str) -> str:
    step = next((step for step in quote.steps if step.kind == kind), None)
    if step is None:
        return ""
    return step.label_vi if speaks_vietnamese() else step.label_en
