"""The machines of the network."""

from typing import Final

from agents.accreditation import rules, wording
from config.drawing.machines import Machine, Owner

MACHINES: Final = (
    Machine(
        "An accreditation", rules.State, rules.MOVES, rules.FINAL, wording.STATES,
        {state: Owner(str(watched.role), f"a work item, after {watched.within.days} days")
         for state, watched in rules.WATCHED.items()}
        | {rules.State.ACTIVE: Owner("programme_officer", "a work item 60 days before the licence ends, then expiry")},
        intro="From `agents/accreditation/rules.py`: who made the survey does not decide on it."),
)
