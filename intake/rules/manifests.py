"""A bag on its way: what it passes through, what can be wrong with it, and how a difference ends."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from intake.rules.wording import Words


class ManifestState(StrEnum):
    OPEN = "open"
    SEALED = "sealed"
    WITH_CARRIER = "with_carrier"
    ARRIVED = "arrived"
    WITH_DIFFERENCES = "with_differences"
    RECONCILED = "reconciled"


class ManifestAction(StrEnum):
    SCAN = "scan"
    TAKE_OUT = "take_out"
    SEAL = "seal"
    PICK_UP = "pick_up"
    ARRIVE = "arrive"
    COUNT = "count"
    COUNT_WITH_DIFFERENCES = "count_with_differences"
    SETTLE = "settle"


S, A = ManifestState, ManifestAction
MANIFEST: Final[Mapping[tuple[ManifestState, ManifestAction], ManifestState]] = MappingProxyType({
    (S.OPEN, A.SCAN): S.OPEN,
    (S.OPEN, A.TAKE_OUT): S.OPEN,
    (S.OPEN, A.SEAL): S.SEALED,
    (S.SEALED, A.PICK_UP): S.WITH_CARRIER,
    # The carrier's own events may be ahead of what was written down at the counter.
    (S.SEALED, A.ARRIVE): S.ARRIVED,
    (S.WITH_CARRIER, A.ARRIVE): S.ARRIVED,
    (S.SEALED, A.COUNT): S.RECONCILED,
    (S.SEALED, A.COUNT_WITH_DIFFERENCES): S.WITH_DIFFERENCES,
    (S.WITH_CARRIER, A.COUNT): S.RECONCILED,
    (S.WITH_CARRIER, A.COUNT_WITH_DIFFERENCES): S.WITH_DIFFERENCES,
    (S.ARRIVED, A.COUNT): S.RECONCILED,
    (S.ARRIVED, A.COUNT_WITH_DIFFERENCES): S.WITH_DIFFERENCES,
    (S.WITH_DIFFERENCES, A.SETTLE): S.RECONCILED,
})
FINAL_MANIFEST: Final = frozenset({S.RECONCILED})
TO_COUNT: Final = frozenset({S.SEALED, S.WITH_CARRIER, S.ARRIVED})

MANIFEST_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    S.OPEN: Words("Đang gom", "Open"),
    S.SEALED: Words("Đã niêm phong", "Sealed"),
    S.WITH_CARRIER: Words("Đã giao vận chuyển", "With the carrier"),
    S.ARRIVED: Words("Đã đến trung tâm", "At the centre"),
    S.WITH_DIFFERENCES: Words("Có chênh lệch", "With differences"),
    S.RECONCILED: Words("Đã đối chiếu khớp", "Reconciled"),
})
MANIFEST_ICONS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    S.OPEN: ("package-open", "act"), S.SEALED: ("lock-keyhole", "act"), S.WITH_CARRIER: ("truck", ""),
    S.ARRIVED: ("inbox", "soon"), S.WITH_DIFFERENCES: ("triangle-alert", "late"), S.RECONCILED: ("check", "ok"),
})
"""Icon and kind of the badge."""


class ManifestVerdict(StrEnum):
    """What was found of one line of the manifest."""

    EXPECTED = "expected"
    THERE = "there"
    DAMAGED = "damaged"
    MISSING = "missing"
    SURPLUS = "surplus"


VERDICT_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    ManifestVerdict.EXPECTED: Words("Chưa kiểm", "Not counted yet"),
    ManifestVerdict.THERE: Words("Có đủ", "There"),
    ManifestVerdict.DAMAGED: Words("Hư hỏng", "Damaged"),
    ManifestVerdict.MISSING: Words("Thiếu", "Missing"),
    ManifestVerdict.SURPLUS: Words("Thừa", "Surplus"),
})


class DifferenceKind(StrEnum):
    MISSING = "missing"
    SURPLUS = "surplus"
    DAMAGED = "damaged"
    SEAL_BROKEN = "seal_broken"
    SEAL_DIFFERS = "seal_differs"


DIFFERENCE_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    DifferenceKind.MISSING: Words("Thiếu hồ sơ", "Dossier missing"),
    DifferenceKind.SURPLUS: Words("Thừa hồ sơ ngoài bảng kê", "Dossier not on the manifest"),
    DifferenceKind.DAMAGED: Words("Hồ sơ hư hỏng", "Dossier damaged"),
    DifferenceKind.SEAL_BROKEN: Words("Niêm phong rách, vỡ", "Seal broken"),
    DifferenceKind.SEAL_DIFFERS: Words("Số niêm phong không khớp", "Seal number differs"),
})


class DifferenceOutcome(StrEnum):
    """How a difference ended."""

    ARRIVED_LATER = "arrived_later"
    AT_THE_OUTLET = "at_the_outlet"
    LOST = "lost"
    ACCEPTED = "accepted"
    SENT_ON = "sent_on"


OUTCOME_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    DifferenceOutcome.ARRIVED_LATER: Words("Đến trung tâm sau", "Reached the centre later"),
    DifferenceOutcome.AT_THE_OUTLET: Words("Còn tại điểm phục vụ", "Still at the outlet"),
    DifferenceOutcome.LOST: Words("Thất lạc, đơn vị vận chuyển chịu trách nhiệm", "Lost; the carrier is answerable"),
    DifferenceOutcome.ACCEPTED: Words("Chấp nhận như thực tế", "Accepted as it is"),
    DifferenceOutcome.SENT_ON: Words("Chuyển tiếp đúng nơi nhận", "Sent on to where it belongs"),
})
OUTCOMES: Final[Mapping[str, tuple[DifferenceOutcome, ...]]] = MappingProxyType({
    DifferenceKind.MISSING: (DifferenceOutcome.ARRIVED_LATER, DifferenceOutcome.AT_THE_OUTLET, DifferenceOutcome.LOST),
    DifferenceKind.SURPLUS: (DifferenceOutcome.ACCEPTED, DifferenceOutcome.SENT_ON),
    DifferenceKind.DAMAGED: (DifferenceOutcome.ACCEPTED,),
    DifferenceKind.SEAL_BROKEN: (DifferenceOutcome.ACCEPTED,),
    DifferenceKind.SEAL_DIFFERS: (DifferenceOutcome.ACCEPTED,),
})
"""Which outcomes each kind may have."""


class Occasion(StrEnum):
    """When two people sign jointly."""

    PICK_UP = "pick_up"
    ARRIVAL = "arrival"


class IllegalManifestStep(ValueError):
    """The table has no such step."""


def next_state(state: ManifestState, action: ManifestAction) -> ManifestState:
    """The state that `action` leads to; raises IllegalManifestStep."""
    try:
        return MANIFEST[state, action]
    except KeyError:
        raise IllegalManifestStep(f"{state} does not allow {action}") from None
