"""A quote as the short column that the drawer shows."""

from dataclasses import dataclass

from billing.records import Quote, Step
from intake.rules.wording import Words
from shared.confidence import Confidence


@dataclass(frozen=True, slots=True)
class Row:
    """A row of components/arithmetic.html."""

    label: str
    amount: int
    basis: str
    guess: bool
    kind: str = ""
    guess_url: str = ""


@dataclass(frozen=True, slots=True)
class Trip:
    title: str
    rows: tuple[Row, ...]


def trip_of(title: str, quote: Quote) -> Trip:
    return Trip(title, tuple(_row(step) for step in quote.steps))


def _row(step: Step) -> Row:
    reason, label = Words(step.reason_vi, step.reason_en), Words(step.label_vi, step.label_en)
    basis = " · ".join(part for part in (str(reason) if reason else "", step.legal_basis) if part)
    return Row(str(label), int(step.amount), basis, step.confidence == Confidence.ASSUMED,
               "eq" if step.kind == "citizen_share" else "")
