"""The decisions that a desk offers: which, under which key, why one is not possible, and what follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.queries.desk import Desk
from intake.rules.catalogue import ResultChoice
from intake.rules.states import FINAL_HANDLING, Handling, ResultState
from shared.actors import Actor
from shared.formatting import clock, day, named_day, working_time

H = Handling
RUNS: Final = frozenset({H.RECEIVED, H.IN_PROGRESS})
CLAIM_KEY: Final = "9"
"""Beside the officer's name, not among the decisions."""
OPEN: Final = RUNS | {H.SUPPLEMENT_ASKED, H.PAYMENT_ASKED, H.STOPPED}


@dataclass(frozen=True, slots=True)
class Act:
    """One decision. `button` says in words what pressing it does."""

    code: str
    key: str
    label: str | Promise
    icon: str
    button: str | Promise
    states: frozenset[Handling]
    needs_authority: bool = True
    is_refusal: bool = False
    is_more: bool = False
    """Rarely taken: a small link below the six."""


ACTS: Final[Mapping[str, Act]] = MappingProxyType({act.code: act for act in (
    Act("receive", "1", gettext_lazy("Receive"), "check", gettext_lazy("Receive for handling"),
        frozenset({H.REGISTERED}), needs_authority=False),
    Act("supplement", "2", gettext_lazy("More papers"), "file-plus", gettext_lazy("Send the request"), RUNS,
        needs_authority=False),
    Act("answer", "2", gettext_lazy("Papers here"), "file-check", gettext_lazy("The papers are here"),
        frozenset({H.SUPPLEMENT_ASKED}), needs_authority=False),
    Act("refuse", "3", gettext_lazy("Refuse"), "circle-x", gettext_lazy("Refuse to receive"),
        frozenset({H.REGISTERED}), needs_authority=False, is_refusal=True),
    Act("start", "4", gettext_lazy("Begin"), "user-check", gettext_lazy("Begin handling"),
        frozenset({H.RECEIVED})),
    Act("ask-payment", "4", gettext_lazy("Payment"), "banknote", gettext_lazy("Ask for payment"),
        frozenset({H.IN_PROGRESS})),
    Act("record-payment", "4", gettext_lazy("Paid"), "hand-coins", gettext_lazy("Paid, go on"),
        frozenset({H.PAYMENT_ASKED}), needs_authority=False),
    Act("resume", "4", gettext_lazy("Go on"), "history", gettext_lazy("Go on with it"), frozenset({H.STOPPED})),
    Act("apology", "5", gettext_lazy("Apology"), "calendar-clock", gettext_lazy("Send the apology"), RUNS),
    Act("send-again", "5", gettext_lazy("Send again"), "truck", gettext_lazy("Send the result home again"),
        frozenset({H.RESOLVED}), needs_authority=False),
    Act("resolve", "6", gettext_lazy("Decide"), "stamp", gettext_lazy("Record the decision"), RUNS),
    Act("hand-over", "6", gettext_lazy("Hand over"), "hand-helping", gettext_lazy("Hand over the result"),
        frozenset({H.RESOLVED}), needs_authority=False),
    Act("give-back", "6", gettext_lazy("Papers back"), "undo-2", gettext_lazy("Papers given back, end it"),
        frozenset({H.STOPPED})),
    Act("withdraw", "7", gettext_lazy("Taken back by the citizen"), "undo-2", gettext_lazy("Record the withdrawal"),
        frozenset({H.REGISTERED, H.RECEIVED, H.IN_PROGRESS, H.SUPPLEMENT_ASKED, H.PAYMENT_ASKED}),
        needs_authority=False, is_more=True),
    Act("stop", "8", gettext_lazy("Stop"), "circle-pause", gettext_lazy("Stop handling"), OPEN - {H.STOPPED},
        is_more=True),
    Act("hand-on", "n", gettext_lazy("Next step"), "chevron-right", gettext_lazy("Begin this step"), RUNS,
        is_more=True),
    Act("pass-on", "0", gettext_lazy("To a colleague"), "user", gettext_lazy("Hand it to the colleague"), OPEN,
        needs_authority=False, is_more=True),
    Act("release", "r", gettext_lazy("Back to the team"), "inbox", gettext_lazy("Put it back into the team's queue"),
        OPEN, needs_authority=False, is_more=True),
    Act("correct", "c", gettext_lazy("Correct"), "pen", gettext_lazy("Propose the correction"),
        OPEN | {H.RESOLVED, H.RETURNED}, needs_authority=False, is_more=True),
    Act("claim", CLAIM_KEY, gettext_lazy("Take over"), "user-check", gettext_lazy("Take over"), OPEN,
        needs_authority=False),
)})

# What the next step is, when the officer has not said otherwise.
_DEFAULT: Final[Mapping[Handling, str]] = MappingProxyType({
    H.REGISTERED: "receive", H.RECEIVED: "start", H.IN_PROGRESS: "resolve", H.SUPPLEMENT_ASKED: "answer",
    H.PAYMENT_ASKED: "record-payment", H.STOPPED: "resume", H.RESOLVED: "hand-over",
})


@dataclass(frozen=True, slots=True)
class Offer:
    """A decision as the panel shows it; `why_not` is empty when it can be taken."""

    act: Act
    why_not: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Consequence:
    icon: str
    text: str


def offers(desk: Desk, actor: Actor, chosen: str) -> Sequence[Offer]:
    """One decision for each key, in their order: the one that fits the state, or the usual one with why it does not."""
    shown: dict[str, Act] = {}
    for act in ACTS.values():
        if act.key == CLAIM_KEY:
            continue
        if act.key not in shown or desk.handling in act.states:
            shown[act.key] = act
    return [Offer(act, why_not(act, desk, actor), act.code == chosen) for _, act in sorted(shown.items())]


def chosen_act(desk: Desk, actor: Actor, wished: str) -> Act | None:
    """The wished decision if it can be taken now, else the next step, else none."""
    for code in (wished, _DEFAULT.get(desk.handling, "")):
        act = ACTS.get(code)
        if act is not None and not why_not(act, desk, actor):
            return act
    return None


def why_not(act: Act, desk: Desk, actor: Actor) -> str:
    """Why the decision cannot be taken now; empty when it can."""
    if desk.handling not in act.states:
        return _state_reason(act, desk)
    if act.code in {"receive", "refuse", "send-again"} and actor.centre_id != desk.receiving_id:
        return _("The receiving centre does this")
    if act.code == "receive" and desk.forwarded_at is None:
        return _("The outlet has not sent it yet")
    if act.needs_authority and actor.centre_id != desk.deciding_id:
        return _("The competent authority does this")
    return _result_reason(act, desk) or _work_reason(act, desk, actor)


def _result_reason(act: Act, desk: Desk) -> str:
    if act.code == "hand-over" and desk.result not in {ResultState.NOT_BY_POST, ResultState.CAME_BACK}:
        return _("The result goes home by post")
    if act.code == "send-again" and desk.result != ResultState.CAME_BACK:
        return _("It did not come back by post")
    return ""


def _work_reason(act: Act, desk: Desk, actor: Actor) -> str:
    if act.code in {"pass-on", "release"} and not desk.is_held_by(actor):
        return _("Another officer has it")
    if act.code == "apology" and desk.latest_due is None:
        return desk.why_no_extension
    if act.code == "correct" and desk.has_open_correction:
        return _("A correction waits for its approval")
    return ""


def _state_reason(act: Act, desk: Desk) -> str:
    if desk.handling in FINAL_HANDLING:
        return _("The dossier is closed")
    if desk.handling == H.REGISTERED:
        return _("Receive it first")
    if act.code == "refuse":
        return _("It was received already")
    return _("Not in this state: %(state)s") % {"state": desk.state}


def consequences(act: Act, desk: Desk, *, due_if_received: datetime | None) -> Sequence[Consequence]:
    """What pressing the button brings about, said before it is pressed."""
    found = _CONSEQUENCES.get(act.code)
    lines = list(found(desk, due_if_received)) if found is not None else []
    if desk.outlet_name and act.code in {"receive", "supplement", "refuse", "resolve", "stop", "apology"}:
        lines.append(Consequence("send", _("%(outlet)s sees it at once and tells the citizen") % {
            "outlet": desk.outlet_name}))
    return lines


def _when(moment: datetime) -> str:
    return _("%(clock)s on %(day)s") % {"clock": clock(moment), "day": named_day(moment)}


def _receive(desk: Desk, due: datetime | None) -> Sequence[Consequence]:
    started = desk.handed_over_at
    start = _("The clock has run since the hand-over at %(when)s") % {
        "when": _when(started)} if started is not None else _("The clock starts now")
    lines = [Consequence("hourglass", start)]
    if due is not None:
        lines.append(Consequence("calendar-clock", _("Due at %(when)s") % {"when": _when(due)}))
    return [*lines, Consequence("printer", _("A dossier code is issued; print form 01, Circular 03/2025"))]


def _supplement(desk: Desk, due: datetime | None) -> Sequence[Consequence]:
    left = desk.minutes_left
    pause = _("The clock stops; with all papers here %(left)s remain to decide") % {
        "left": working_time(left)} if left > 0 else _("The clock stops where it stands, past the due moment")
    return [Consequence("circle-pause", pause), Consequence("printer", _("Print form 02, Circular 03/2025"))]


def _run_again(desk: Desk, due: datetime | None) -> Sequence[Consequence]:
    left = max(desk.minutes_left, 0)
    return [Consequence("hourglass", _("The clock runs again, %(left)s remain") % {"left": working_time(left)})]


def _refuse(desk: Desk, due: datetime | None) -> Sequence[Consequence]:
    return [Consequence("circle-x", _("The dossier is closed, no code is issued")),
            Consequence("printer", _("Print form 03, Circular 03/2025"))]


def _resolve(desk: Desk, due: datetime | None) -> Sequence[Consequence]:
    lines = [Consequence("check", _("The clock ends"))]
    if desk.result_choice == ResultChoice.HOME:
        text = _("A parcel is booked: the result goes home to %(name)s") % {"name": desk.citizen.full_name}
        return [*lines, Consequence("truck", text)]
    return [*lines, Consequence("user", _("The result waits here for %(name)s") % {"name": desk.citizen.full_name})]


def _stop(desk: Desk, due: datetime | None) -> Sequence[Consequence]:
    return [Consequence("circle-pause", _("The clock stands still until it goes on")),
            Consequence("printer", _("Print form 05, Circular 03/2025"))]


def _withdraw(desk: Desk, due: datetime | None) -> Sequence[Consequence]:
    return [Consequence("undo-2", _("The dossier is closed; the papers go back to the citizen"))]


def _start(desk: Desk, due: datetime | None) -> Sequence[Consequence]:
    return [Consequence("user-check", _("You become its officer")),
            Consequence("hourglass", _("The clock goes on running"))]


def _hand_over(desk: Desk, due: datetime | None) -> Sequence[Consequence]:
    return [Consequence("check", _("The dossier is closed (status 10)")),
            Consequence("printer", _("Print the return receipt for both to sign"))]


def _send_again(desk: Desk, due: datetime | None) -> Sequence[Consequence]:
    return [Consequence("truck", _("Another parcel is booked to %(address)s") % {"address": desk.delivery_line}),
            Consequence("map-pin", _("Check the address with the citizen first; it can still be changed"))]


def _apology(desk: Desk, due: datetime | None) -> Sequence[Consequence]:
    lines = [Consequence("calendar-clock", _("The term is longer; it is extended once only"))]
    if desk.send_by is not None:
        lines.append(Consequence("clock", _("It has to be out by %(when)s; after that the system sends the draft") % {
            "when": _when(desk.send_by)}))
    return [*lines, Consequence("printer", _("Print form 04, Circular 03/2025"))]


def _give_back(desk: Desk, due: datetime | None) -> Sequence[Consequence]:
    return [Consequence("undo-2", _("The papers go back to the citizen, the dossier is closed (status 10)"))]


def _correct(desk: Desk, due: datetime | None) -> Sequence[Consequence]:
    return [Consequence("user-check", _("Nothing changes until another person of the centre approves")),
            Consequence("history", _("Before and after stay on record"))]


def _pass_on(desk: Desk, due: datetime | None) -> Sequence[Consequence]:
    return [Consequence("user-check", _("The colleague becomes its officer and sees your note"))]


def _release(desk: Desk, due: datetime | None) -> Sequence[Consequence]:
    return [Consequence("inbox", _("Everybody of the centre sees it; the manager answers for it until it is taken"))]


def _hand_on(desk: Desk, due: datetime | None) -> Sequence[Consequence]:
    return [Consequence("printer", _("It becomes a row of the control slip (form 06)"))]


_CONSEQUENCES: Final = MappingProxyType({
    "receive": _receive, "supplement": _supplement, "ask-payment": _supplement, "answer": _run_again,
    "record-payment": _run_again, "resume": _run_again, "refuse": _refuse, "resolve": _resolve, "stop": _stop,
    "withdraw": _withdraw, "hand-over": _hand_over, "send-again": _send_again, "start": _start, "apology": _apology,
    "give-back": _give_back,
    "correct": _correct, "pass-on": _pass_on, "release": _release, "hand-on": _hand_on,
})


def may_claim(desk: Desk, actor: Actor) -> bool:
    """Whether it is open and somebody else's, or nobody's."""
    return not why_not(ACTS["claim"], desk, actor) and str(desk.officer_id) != actor.id


def received_on(desk: Desk) -> str:
    """The day of reception for the button that is done, e.g. "08/01"; empty before."""
    return day(desk.received_at) if desk.received_at is not None else ""
