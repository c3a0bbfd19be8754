"""The machines of a dossier, its papers and its bags."""

from collections.abc import Mapping
from typing import Any, Final

from config.drawing.machines import Machine, Owner
from intake.brokers import rules as broker_rules
from intake.brokers import words as broker_words
from intake.complaints import rules as complaints
from intake.rules import account_help, account_help_words, custody, document_states, manifests, receipts, states
from intake.rules.state_words import STATE_WORDS

HEAD: Final = """# States of a dossier

Handling uses the national status codes 1 to 10 (0, the draft, is ours). Money, result and synchronisation move on
their own: a dossier may be resolved and unpaid, or returned and not yet synchronised. From `intake/rules/states.py`.
"""


def _owners(watched: Mapping[Any, states.Watch]) -> dict[Any, Owner]:
    return {state: Owner(watch.owner_role, watch.sweep) for state, watch in watched.items()}


def _of_dossier(title: str, kind: Any, moves: Any, final: Any) -> Machine:
    owners = {state: owner for state, owner in _owners(states.WATCHED).items() if isinstance(state, kind)}
    return Machine(title, kind, moves, final, STATE_WORDS, owners, states.PAUSED)


DOSSIER: Final = (
    _of_dossier("Handling", states.Handling, states.HANDLING, states.FINAL_HANDLING),
    _of_dossier("Money", states.MoneyState, states.MONEY, states.FINAL_MONEY),
    _of_dossier("Result", states.ResultState, states.RESULT, states.FINAL_RESULT),
    _of_dossier("Synchronisation", states.SyncState, states.SYNC, states.FINAL_SYNC),
)
_HELPER: Final = Owner("outlet_clerk", "her own list; nothing waits for it")
AROUND: Final = (
    Machine(
        "A paper", document_states.DocumentState, document_states.DOCUMENT, document_states.FINAL_DOCUMENT,
        document_states.DOCUMENT_WORDS, _owners(document_states.WATCHED_DOCUMENTS),
        intro="From `intake/rules/document_states.py`. A dossier never waits for this machine, only the opening of a"
              " paper does. A\nlater verdict of the antivirus or a lost file moves even what was clean; the sweeps are"
              " in `intake/document_sweeps.py`."),
    Machine(
        "A bag between outlet and centre", manifests.ManifestState, manifests.MANIFEST, manifests.FINAL_MANIFEST,
        manifests.MANIFEST_WORDS, {
            manifests.ManifestState.OPEN: Owner("outlet_clerk", "bag-not-handed-over"),
            manifests.ManifestState.SEALED: Owner("outlet_clerk", "bag-not-handed-over"),
            manifests.ManifestState.WITH_CARRIER: Owner("operator_hq", "bag-not-arrived"),
            manifests.ManifestState.ARRIVED: Owner("centre_officer", "bag-not-counted"),
            manifests.ManifestState.WITH_DIFFERENCES: Owner("outlet_manager", "a work item from the count on")},
        intro="From `intake/rules/manifests.py`; the sweeps are in `intake/hand_over_sweeps.py`."),
    Machine(
        "An original in somebody's hand", custody.Holder, custody.CUSTODY, custody.AT_REST, custody.HOLDER_WORDS, {
            custody.Holder.OUTLET: Owner("outlet_clerk", "original-overdue"),
            custody.Holder.PARCEL: Owner("outlet_clerk", "original-overdue"),
            custody.Holder.CARRIER: Owner("operator_hq", "original-overdue"),
            custody.Holder.CENTRE: Owner("centre_officer", "original-overdue")},
        intro="From `intake/rules/custody.py`."),
    Machine(
        "A receipt", receipts.ReceiptState, receipts.RECEIPTS, frozenset(receipts.ReceiptState),
        receipts.RECEIPT_WORDS, intro="From `intake/rules/receipts.py`; voided by a second person."),
    Machine(
        "Help with an account", account_help.HelpState, account_help.ACCOUNT_HELP, account_help.FINAL_HELP,
        account_help_words.STATE_WORDS, dict.fromkeys(set(account_help.HelpState) - account_help.FINAL_HELP, _HELPER),
        intro="From `intake/rules/account_help.py`."),
    Machine(
        "A citizen's complaint", complaints.ComplaintState, complaints.COMPLAINT, complaints.FINAL_COMPLAINT,
        complaints.COMPLAINT_WORDS, {complaints.ComplaintState.OPEN: Owner("programme_officer", "complaint")},
        intro="From `intake/complaints/rules.py`: only what is found right counts in a score."),
    Machine(
        "A case about brokers", broker_rules.CaseState, broker_rules.MOVES, broker_rules.FINAL, broker_words.STATES,
        {state: Owner("programme_officer", f"broker-case-late, after {days} working days")
         for state, days in broker_rules.WITHIN_DAYS.items()},
        intro="From `intake/brokers/rules.py`: a person looks into a signal or a report; who proposed does not confirm."
              " No step of it\nkeeps a dossier waiting or moves a score."),
    Machine(
        "A call back to a citizen", broker_rules.Call, broker_rules.CALLS, broker_rules.FINAL_CALLS,
        broker_words.CALL_STATES, {broker_rules.Call.WAITING: Owner("programme_officer", "its case's clock")},
        intro="From `intake/brokers/rules.py`; the third try without an answer ends as not reached."),
)
