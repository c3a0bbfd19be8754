"""The machines of delivery. A parcel's is no table of moves: its state is a function of the set of its events."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from config.drawing.machines import Machine, Owner, label, table
from delivery import carrier_words, wording
from delivery.dispatch import rules as dispatch
from delivery.dispatch import wording as dispatch_words
from delivery.indemnities import rules as indemnities
from delivery.indemnities import words as indemnity_words
from delivery.rules import FINAL_PARCEL_STATES, ParcelState
from delivery.rules import carrier_requests as requests
from delivery.rules.codes import EVENT_CODES, Phase
from delivery.searches import rules as searches
from delivery.searches import words as search_words
from delivery.shares import rules as shares
from delivery.shares.views import WORDS as SHARE_WORDS

_PARCEL: Final = """# States of a parcel

From `delivery/rules/codes.py` and `delivery/rules/standing.py`. Nobody moves a parcel: its state is a pure function of
the *set* of its events. A later phase wins whatever the carriers' clocks say, within a phase time does; order and
repeats make no difference. Events that cannot all be true lead to *needs a check* from anywhere, and a person's word
(`X-SET`) leads out of it. What we asked to cancel (`X-CASK`), the carrier cancelled (`X-CANC`) and nothing moved, is
*called off*.
"""
_WATCHED: Final = Owner("operator_hq", "watch_parcels, watch_searches")
PARCEL: Final = Machine(
    "A parcel", ParcelState, {}, FINAL_PARCEL_STATES, wording.FACES,
    {state: Owner("operator_hq", "a work item from its first moment") if state is ParcelState.NEEDS_REVIEW else _WATCHED
     for state in set(ParcelState) - FINAL_PARCEL_STATES})


def parcel_chapter() -> str:
    """Phases as boxes, the codes that lead into each state inside them."""
    return "\n".join([_PARCEL, *_phases(), "", *table(PARCEL), ""])


def _phases() -> list[str]:
    states = list(ParcelState)
    lines = ["```mermaid", "stateDiagram-v2", "    direction LR",
             *(f'    state "{label(state, wording.FACES)}" as {state.name}' for state in states)]
    moving = [phase for phase in Phase if phase is not Phase.NOTE]
    for phase in moving:
        lines += [f"    state {phase.name} {{", *(f"        {each}" for each in _inside(phase)), "    }"]
    lines += ["    [*] --> BOOKED", f"    BOOKED --> {moving[0].name}"]
    lines += [f"    {before.name} --> {after.name}" for before, after in pairwise(moving)]
    return [*lines, "    BOOKED --> CANCELLED: X-CASK and X-CANC", f"    {Phase.END.name} --> [*]",
            "    CANCELLED --> [*]", "    NEEDS_REVIEW --> [*]: X-SET", "```"]


def _inside(phase: Phase) -> list[str]:
    """The states of a phase, each with the codes that lead there; a state of two phases stands in the first."""
    told: dict[ParcelState, list[str]] = {}
    for code in EVENT_CODES.values():
        if code.phase is phase and code.state is not None:
            told.setdefault(code.state, []).append(code.code)
    first = _first_phases()
    return [f"{state.name} : {', '.join(codes)}" for state, codes in told.items() if first[state] is phase]


def _first_phases() -> Mapping[ParcelState, Phase]:
    first: dict[ParcelState, Phase] = {}
    for code in EVENT_CODES.values():
        if code.state is not None:
            first[code.state] = min(first.get(code.state, code.phase), code.phase)
    return first


def _owners(watched: Mapping[Any, Any]) -> dict[Any, Owner]:
    return {state: Owner(str(watch.owner_role), watch.sweep) for state, watch in watched.items()}


_R, _D, _P = requests.RequestState, dispatch.DispatchState, shares.ProposalState
MACHINES: Final = (
    Machine(
        "A request to a carrier", _R, requests.REQUEST_MOVES, requests.FINAL_REQUEST_STATES,
        carrier_words.REQUEST_FACES, dict.fromkeys(
            set(_R) - requests.FINAL_REQUEST_STATES, Owner("operator_hq", "send_waiting_requests")),
        intro="From `delivery/rules/carrier_requests.py`: cancel, bring elsewhere, another day, bring back."),
    Machine(
        "A collector's list", _D, dispatch.DISPATCH, dispatch.FINAL_DISPATCH, dispatch_words.FACES,
        {_D.OPEN: Owner("outlet_manager or centre_manager", "watch_cut_offs"),
         _D.CLOSED: Owner("operator_hq", "watch_cut_offs")},
        intro="From `delivery/dispatch/rules.py`."),
    Machine(
        "A search", searches.SearchState, searches.TRANSITIONS, searches.FINAL_SEARCH, search_words.FACES,
        _owners(searches.WATCHED),
        intro="From `delivery/searches/rules.py`: a parcel that is silent, overdue or missed is looked for until it is"
              " found or given\nup as lost; the sweeps are in `delivery/searches/sweeps.py`."),
    Machine(
        "An indemnity", indemnities.IndemnityState, indemnities.TRANSITIONS, indemnities.FINAL_INDEMNITY,
        indemnity_words.FACES, _owners(indemnities.WATCHED),
        intro="From `delivery/indemnities/rules.py`: what an operator owes for a late or lost parcel. While it is"
              " objected to or\nunanswered the city's finance decides, asked by a work item."),
    Machine(
        "A shift of carriers' shares", _P,
        {(_P.PROPOSED, "confirm"): _P.CONFIRMED, (_P.PROPOSED, "decline"): _P.DECLINED},
        frozenset({_P.CONFIRMED, _P.DECLINED}), SHARE_WORDS,
        {_P.PROPOSED: Owner("administrator", "a work item from its proposal on")},
        intro="From `delivery/shares/rules.py`: nothing shifts before a person has confirmed it."),
)
