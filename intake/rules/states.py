"""The four state machines of a dossier, as data. docs/states.md is drawn from these tables.

Handling uses the national status codes 1–10; code 0 (draft) is ours, before anything was filed. Money, delivery and
synchronisation are separate machines: a dossier may be resolved and unpaid, or returned and not yet synchronised.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final


class Handling(IntEnum):
    """National synchronisation codes of handling, as four portal integrations use them alike."""

    DRAFT = 0
    REGISTERED = 1
    RECEIVED = 2
    NOT_ACCEPTED = 3
    IN_PROGRESS = 4
    SUPPLEMENT_ASKED = 5
    PAYMENT_ASKED = 6
    WITHDRAWN = 7
    STOPPED = 8
    RESOLVED = 9
    RETURNED = 10


class HandlingAction(StrEnum):
    SUBMIT = "submit"
    FORWARD = "forward"
    RECEIVE = "receive"
    REFUSE = "refuse"
    START = "start"
    ASK_SUPPLEMENT = "ask_supplement"
    ANSWER_SUPPLEMENT = "answer_supplement"
    ASK_PAYMENT = "ask_payment"
    RECORD_PAYMENT = "record_payment"
    WITHDRAW = "withdraw"
    STOP = "stop"
    RESUME = "resume"
    RESOLVE = "resolve"
    RETURN = "return"
    REOPEN = "reopen"
    """Only as an audited correction that a second person approved."""


H, A = Handling, HandlingAction
HANDLING: Final[Mapping[tuple[Handling, HandlingAction], Handling]] = MappingProxyType({
    (H.DRAFT, A.SUBMIT): H.REGISTERED,
    (H.REGISTERED, A.FORWARD): H.REGISTERED,
    (H.REGISTERED, A.RECEIVE): H.RECEIVED,
    (H.REGISTERED, A.REFUSE): H.NOT_ACCEPTED,
    (H.REGISTERED, A.WITHDRAW): H.WITHDRAWN,
    (H.RECEIVED, A.START): H.IN_PROGRESS,
    (H.RECEIVED, A.ASK_SUPPLEMENT): H.SUPPLEMENT_ASKED,
    (H.RECEIVED, A.ASK_PAYMENT): H.PAYMENT_ASKED,
    (H.RECEIVED, A.WITHDRAW): H.WITHDRAWN,
    (H.RECEIVED, A.STOP): H.STOPPED,
    (H.IN_PROGRESS, A.ASK_SUPPLEMENT): H.SUPPLEMENT_ASKED,
    (H.IN_PROGRESS, A.ASK_PAYMENT): H.PAYMENT_ASKED,
    (H.IN_PROGRESS, A.WITHDRAW): H.WITHDRAWN,
    (H.IN_PROGRESS, A.STOP): H.STOPPED,
    (H.IN_PROGRESS, A.RESOLVE): H.RESOLVED,
    (H.SUPPLEMENT_ASKED, A.ANSWER_SUPPLEMENT): H.IN_PROGRESS,
    (H.SUPPLEMENT_ASKED, A.WITHDRAW): H.WITHDRAWN,
    (H.SUPPLEMENT_ASKED, A.STOP): H.STOPPED,
    (H.PAYMENT_ASKED, A.RECORD_PAYMENT): H.IN_PROGRESS,
    (H.PAYMENT_ASKED, A.WITHDRAW): H.WITHDRAWN,
    (H.PAYMENT_ASKED, A.STOP): H.STOPPED,
    (H.STOPPED, A.RESUME): H.IN_PROGRESS,
    (H.STOPPED, A.RETURN): H.RETURNED,
    (H.RESOLVED, A.RETURN): H.RETURNED,
    (H.RETURNED, A.REOPEN): H.RESOLVED,
})

FINAL_HANDLING: Final = frozenset({H.NOT_ACCEPTED, H.WITHDRAWN, H.RETURNED})
"""No action leaves these but an audited correction."""

PAUSED: Final = frozenset({H.SUPPLEMENT_ASKED, H.PAYMENT_ASKED, H.STOPPED})
"""The statutory clock stands still here."""

RUNNING: Final = frozenset({H.RECEIVED, H.IN_PROGRESS})


class MoneyState(StrEnum):
    """What the citizen owes for this dossier: fee, charge and own share of postage."""

    NOTHING_DUE = "nothing_due"
    DUE = "due"
    PAID = "paid"
    REFUNDED = "refunded"


class MoneyAction(StrEnum):
    CHARGE = "charge"
    PAY = "pay"
    REVERSE = "reverse"
    REFUND = "refund"


MONEY: Final[Mapping[tuple[MoneyState, MoneyAction], MoneyState]] = MappingProxyType({
    (MoneyState.NOTHING_DUE, MoneyAction.CHARGE): MoneyState.DUE,
    (MoneyState.DUE, MoneyAction.PAY): MoneyState.PAID,
    # Its receipt was voided: the money was not collected after all.
    (MoneyState.PAID, MoneyAction.REVERSE): MoneyState.DUE,
    (MoneyState.PAID, MoneyAction.REFUND): MoneyState.REFUNDED,
})
FINAL_MONEY: Final = frozenset({MoneyState.NOTHING_DUE, MoneyState.PAID, MoneyState.REFUNDED})


class ResultState(StrEnum):
    """Where the result is on its way home (the delivery machine of a dossier; parcels have their own)."""

    NOT_READY = "not_ready"
    TO_SEND = "to_send"
    ON_THE_WAY = "on_the_way"
    DELIVERED = "delivered"
    CAME_BACK = "came_back"
    NOT_BY_POST = "not_by_post"


class ResultAction(StrEnum):
    BOOK = "book"
    DISPATCH = "dispatch"
    DELIVER = "deliver"
    BRING_BACK = "bring_back"
    KEEP = "keep"


R, RA = ResultState, ResultAction
RESULT: Final[Mapping[tuple[ResultState, ResultAction], ResultState]] = MappingProxyType({
    (R.NOT_READY, RA.BOOK): R.TO_SEND,
    (R.NOT_READY, RA.KEEP): R.NOT_BY_POST,
    (R.TO_SEND, RA.DISPATCH): R.ON_THE_WAY,
    (R.TO_SEND, RA.DELIVER): R.DELIVERED,
    (R.TO_SEND, RA.BRING_BACK): R.CAME_BACK,
    (R.ON_THE_WAY, RA.DELIVER): R.DELIVERED,
    (R.ON_THE_WAY, RA.BRING_BACK): R.CAME_BACK,
    (R.CAME_BACK, RA.BOOK): R.TO_SEND,
    (R.CAME_BACK, RA.KEEP): R.NOT_BY_POST,
    (R.DELIVERED, RA.BRING_BACK): R.CAME_BACK,
})
FINAL_RESULT: Final = frozenset({R.DELIVERED, R.NOT_BY_POST})


class SyncState(StrEnum):
    """Whether the national portal knows what we know."""

    NOT_CONNECTED = "not_connected"
    PENDING = "pending"
    SYNCED = "synced"
    PARKED = "parked"


class SyncAction(StrEnum):
    CHANGE = "change"
    CONFIRM = "confirm"
    PARK = "park"
    RELEASE = "release"


S, SA = SyncState, SyncAction
SYNC: Final[Mapping[tuple[SyncState, SyncAction], SyncState]] = MappingProxyType({
    (S.NOT_CONNECTED, SA.CHANGE): S.PENDING,
    (S.SYNCED, SA.CHANGE): S.PENDING,
    (S.PENDING, SA.CHANGE): S.PENDING,
    (S.PENDING, SA.CONFIRM): S.SYNCED,
    (S.PENDING, SA.PARK): S.PARKED,
    (S.PARKED, SA.RELEASE): S.PENDING,
})
FINAL_SYNC: Final = frozenset({S.NOT_CONNECTED, S.SYNCED})


@dataclass(frozen=True, slots=True)
class Watch:
    """Who answers for a dossier that stays in a state, and which sweep notices that it does."""

    owner_role: str
    sweep: str


WATCHED: Final[Mapping[IntEnum | StrEnum, Watch]] = MappingProxyType({
    H.DRAFT: Watch("outlet_clerk", "drafts left lying"),
    H.REGISTERED: Watch("outlet_clerk", "not forwarded, or forwarded and not received"),
    H.RECEIVED: Watch("centre_officer", "due moments"),
    H.IN_PROGRESS: Watch("centre_officer", "due moments"),
    H.SUPPLEMENT_ASKED: Watch("outlet_clerk", "supplements not answered"),
    H.PAYMENT_ASKED: Watch("outlet_clerk", "supplements not answered"),
    H.STOPPED: Watch("centre_manager", "due moments"),
    H.RESOLVED: Watch("centre_officer", "results not home"),
    MoneyState.DUE: Watch("outlet_clerk", "payments due"),
    R.NOT_READY: Watch("centre_officer", "due moments"),
    R.TO_SEND: Watch("centre_officer", "results not home"),
    R.ON_THE_WAY: Watch("operator_hq", "results not home"),
    R.CAME_BACK: Watch("centre_officer", "results not home"),
    S.PENDING: Watch("administrator", "unsynchronised"),
    S.PARKED: Watch("administrator", "unsynchronised"),
})


class IllegalStep(ValueError):
    """The table has no such transition; operations translate it into the refusal a person reads."""

    def __init__(self, state: IntEnum | StrEnum, action: StrEnum) -> None:
        super().__init__(f"{state!r} does not allow {action!r}")
        self.state = state
        self.action = action


def next_state[State: (IntEnum, StrEnum), Action: StrEnum](
        table: Mapping[tuple[State, Action], State], state: State, action: Action) -> State:
    """The state that `action` leads to; raises IllegalStep."""
    try:
        return table[state, action]
    except KeyError:
        raise IllegalStep(state, action) from None
