"""The machines of the network."""

from typing import Final

from agents.accreditation import rules, wording
from agents.moves import rules as moves
from agents.moves import wording as move_words
from agents.people import rules as people
from agents.people import words as people_words
from agents.programme import rules as programme
from agents.programme import wording as words
from agents.quality import rules as quality
from agents.quality import wording as quality_words
from agents.roster import rules as roster
from agents.roster.words import SWAP_STATES
from agents.visits import rules as visits
from config.drawing.machines import Machine, Owner

MACHINES: Final = (
    Machine(
        "An accreditation", rules.State, rules.MOVES, rules.FINAL, wording.STATES,
        {state: Owner(str(watched.role), f"a work item, after {watched.within.days} days")
         for state, watched in rules.WATCHED.items()}
        | {rules.State.ACTIVE: Owner("programme_officer", "a work item 60 days before the licence ends, then expiry")},
        intro="From `agents/accreditation/rules.py`: who made the survey does not decide on it."),
    Machine(
        "A move of an outlet", moves.MoveState, moves.MOVES, moves.FINAL, move_words.STATES,
        {moves.MoveState.ASKED: Owner("programme_officer", "outlet-move-waiting; its day calls it off"),
         moves.MoveState.APPROVED: Owner("carry_out_moves", "carried out on its day")},
        intro="From `agents/moves/rules.py`: who asked, or surveyed the new place, does not decide."),
    Machine(
        "An invitation", people.InvitationState, people.INVITATION_MOVES, people.INVITATION_ENDS,
        people_words.INVITATION_STATES,
        {people.InvitationState.OPEN: Owner("who invited", "lapses after seven days"),
         people.InvitationState.LAPSED: Owner("who invited", "shown among the staff until sent again or taken back")},
        intro="From `agents/people/rules.py`: its link opens one account, once."),
    Machine(
        "A visit", visits.VisitState, visits.VISIT, visits.FINAL_VISIT, {s: s.label for s in visits.VisitState},
        {visits.VisitState.PLANNED: Owner("outlet_manager", "a work item, a day after its end")},
        intro="From `agents/visits/rules.py`."),
    Machine(
        "A swap of shifts", roster.SwapState, roster.SWAP_MOVES, roster.SWAP_ENDS, SWAP_STATES,
        {roster.SwapState.ASKED: Owner("the colleague who is asked", "lapses when the shift begins")},
        intro="From `agents/roster/rules.py`: until she says yes, the shift stays with who asked."),
    Machine(
        "A request to take off a second factor", people.ResetState, people.RESET_MOVES, people.RESET_ENDS,
        people_words.RESET_STATES,
        {people.ResetState.ASKED: Owner("who answers for the person", "lapses after a day")},
        intro="From `agents/people/rules.py`: who asks never confirms."),
    Machine(
        "A phase of a programme", programme.PhaseState, programme.PHASE_MOVES, programme.PHASE_FINAL,
        words.PHASE_STATES,
        {programme.PhaseState.PLANNED: Owner("programme_officer", "the list of phases; a proposed decision is work"),
         programme.PhaseState.RUNNING: Owner("programme_officer", "the list of phases")},
        intro="From `agents/programme/rules.py`: a phase opens by a decision that a second officer signs."),
    Machine(
        "A decision on a phase", programme.DecisionState, programme.DECISION_MOVES, programme.DECISION_FINAL,
        words.DECISION_STATES,
        {programme.DecisionState.PROPOSED: Owner(
            "programme_officer", f"a work item, after {programme.SIGNED_WITHIN.days} days")},
        intro="From `agents/programme/rules.py`: who proposed it neither signs nor refuses it."),
    Machine(
        "An operator in a programme", programme.OperatorState, programme.OPERATOR_MOVES, programme.OPERATOR_FINAL,
        words.OPERATOR_STATES,
        {state: Owner("programme_officer", f"a work item, after {within.days} days")
         for state, within in programme.WATCHED.items()}
        | {programme.OperatorState.ACTIVE: Owner("programme_officer", "a work item before its agreement ends")},
        intro="From `agents/programme/rules.py`: who recorded the evidence does not approve it."),
    Machine(
        "A month's score", quality.ScoreState, quality.SCORE_MOVES, frozenset({quality.ScoreState.FROZEN}),
        quality_words.SCORE_STATES,
        {quality.ScoreState.OPEN: Owner("programme_officer", "the nightly count, once its appeals are over")},
        intro="From `agents/quality/rules.py`."),
    Machine(
        "An appeal against a measure", quality.AppealState, quality.APPEAL_MOVES,
        frozenset(quality.AppealState) - {quality.AppealState.OPEN}, quality_words.APPEAL_STATES,
        {quality.AppealState.OPEN: Owner("programme_officer", "score-appeal, then score-appeal-overdue")},
        intro="From `agents/quality/rules.py`: while it waits nothing of it counts against the outlet."),
    Machine(
        "A launch watch", quality.WatchState, quality.WATCH_MOVES, frozenset({quality.WatchState.ENDED}),
        quality_words.WATCH_STATES,
        {quality.WatchState.RUNNING: Owner("programme_officer", "launch-watch-due")},
        intro="From `agents/quality/rules.py`."),
    Machine(
        "A commendation", quality.PraiseState, quality.PRAISE_MOVES,
        frozenset(quality.PraiseState) - {quality.PraiseState.PROPOSED}, quality_words.PRAISE_STATES,
        {quality.PraiseState.PROPOSED: Owner("programme_officer", "commendation")},
        intro="From `agents/quality/rules.py`: proposed by the published criteria, confirmed by a person."),
)
