"""What the states, steps, measures and items of a programme are called."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agents.programme.rules import DecisionState, OperatorState, OperatorStep, PhaseKind, PhaseState, Verdict
from shared.errors import Text

KINDS: Final[Mapping[str, Text]] = {
    PhaseKind.PILOT: _("pilot"), PhaseKind.EXTENDED: _("extended pilot"), PhaseKind.CITY_WIDE: _("city-wide")}
PHASE_STATES: Final[Mapping[str, Text]] = {
    PhaseState.PLANNED: pgettext_lazy("programme", "Planned"),
    PhaseState.RUNNING: pgettext_lazy("programme", "Running"),
    PhaseState.ENDED: pgettext_lazy("programme", "Ended"), PhaseState.DROPPED: pgettext_lazy("programme", "Dropped")}
PHASE_FACES: Final[Mapping[str, tuple[str, str]]] = {
    PhaseState.PLANNED: ("calendar", "soon"), PhaseState.RUNNING: ("circle-check", "ok"),
    PhaseState.ENDED: ("check", ""), PhaseState.DROPPED: ("x", "")}
VERDICTS: Final[Mapping[str, Text]] = {
    Verdict.GO: pgettext_lazy("programme", "Go"), Verdict.WITH_CONDITIONS: pgettext_lazy("programme",
                                                                                        "Go with conditions"),
    Verdict.NO_GO: pgettext_lazy("programme", "No-go")}
DECISION_STATES: Final[Mapping[str, Text]] = {
    DecisionState.PROPOSED: pgettext_lazy("programme", "Waits for a signature"),
    DecisionState.SIGNED: pgettext_lazy("programme", "Signed"),
    DecisionState.REFUSED: pgettext_lazy("programme", "Refused"),
    DecisionState.WITHDRAWN: pgettext_lazy("programme", "Withdrawn")}
DECISION_FACES: Final[Mapping[str, tuple[str, str]]] = {
    DecisionState.PROPOSED: ("hourglass", "soon"), DecisionState.SIGNED: ("stamp", "ok"),
    DecisionState.REFUSED: ("undo-2", "late"), DecisionState.WITHDRAWN: ("x", "")}
OPERATOR_STATES: Final[Mapping[str, Text]] = {
    OperatorState.CANDIDATE: pgettext_lazy("programme", "Candidate"),
    OperatorState.SUBMITTED: pgettext_lazy("programme", "Waits for approval"),
    OperatorState.ACTIVE: pgettext_lazy("programme", "Takes part"),
    OperatorState.SUSPENDED: pgettext_lazy("programme", "Suspended"),
    OperatorState.ENDED: pgettext_lazy("programme", "Ended")}
OPERATOR_FACES: Final[Mapping[str, tuple[str, str]]] = {
    OperatorState.CANDIDATE: ("hourglass", "soon"), OperatorState.SUBMITTED: ("clipboard-check", "soon"),
    OperatorState.ACTIVE: ("badge-check", "ok"), OperatorState.SUSPENDED: ("circle-pause", "pause"),
    OperatorState.ENDED: ("x", "")}
OPERATOR_STEPS: Final[Mapping[str, Text]] = {
    OperatorStep.SUBMIT: _("Hand in for approval"), OperatorStep.RETURN: _("Return to the candidate"),
    OperatorStep.APPROVE: _("Approve the operator"), OperatorStep.SUSPEND: _("Suspend the operator"),
    OperatorStep.RESUME: _("Let it work again"), OperatorStep.END: _("End its part for good")}
DONE: Final[Mapping[str, Text]] = {
    "plan": _("Phase planned"), "change": _("Plan changed"), "set_gates": _("Gates set"),
    "propose_decision": _("Decision proposed"), "sign_decision": _("Decision signed"),
    "refuse_decision": _("Decision refused"), "withdraw_decision": _("Decision withdrawn"),
    "open": _("Phase opened"), "drop": _("Phase dropped"),
    "enter": _("Became a candidate"), "record_evidence": _("Evidence recorded"),
    "keep_agreement": _("Agreement kept"), "give_notice": _("Notice given"), "delegate": _("Task delegated"),
    "end_delegation": _("Delegation ended"), "submit": _("Handed in for approval"),
    "return": _("Returned to the candidate"), "approve": _("Operator approved"),
    "suspend": _("Operator suspended"), "resume": _("Suspension lifted"), "end": pgettext_lazy("programme", "Ended")}
ITEMS: Final[Mapping[str, tuple[Text, Text]]] = {
    "licence": (_("Postal licence or notice"),
                _("Its number, or why none is needed (Postal Law 49/2010/QH12, Decree 47/2011/NĐ-CP).")),
    "contacts": (_("Contacts for every hour"), _("Duty line, incident contact, contact for personal data.")),
    "insurance": (_("Cover for damage"), _("Policy number and sum, or the guarantee that stands in for it.")),
    "pledge": (_("Pledge on secrecy and against brokers"), _("Signed for all who work at its outlets.")),
    "data_agreement": (_("Agreement on personal data"),
                       _("Who processes what for whom, and for how long; kept with the city's own record.")),
    "data_walls": (_("Data walls tested"), _("Log-ins and tokens of its own see nothing of other operators.")),
    "tracking": (_("Tracking contract passed"),
                 _("Its carrier passed every test of the carrier contract: repeats, lost answers, any order.")),
    "numbers": (_("Numbers for parcels allotted"), _("Its range of item numbers.")),
    "claim_file": (_("Claim file accepted"), _("A trial file of its month was read without a fault.")),
    "accounts": (_("Named accounts"), _("Each person has her own, with a second factor where the city asks.")),
    "training": (_("People trained"), _("Certificates of the people who will begin.")),
    "incident_drill": (_("Rehearsal of an outage"), _("A day without connection was rehearsed: slips, receipts, later "
                                                      "entry.")),
    "price_list": (_("Price list put up"), _("As in the agreement; 0 đ where the service is free.")),
}
"""Item → what it is called, and what counts as evidence."""
NOT_NOW: Final[Mapping[str, Text]] = {
    "operator-not-admitted": _("The operator does not take part in the city's programme yet."),
    "agreement-not-in-force": _("The operator has no agreement in force with the city."),
    "not-in-a-running-phase": _("No running phase of the city's programme includes this commune and operator."),
    "task-not-delegated": _("This task is not delegated to the operator."),
}
"""Why the programme does not let an outlet work."""
