"""The states of a paper on its way from an upload to something that may be shown. docs/states.md is drawn from here."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from intake.rules.states import Watch
from intake.rules.wording import Words


class DocumentState(StrEnum):
    """`QUARANTINED`: nobody has looked inside. `SAFE`: rebuilt by us, the antivirus has not spoken yet."""

    QUARANTINED = "quarantined"
    SAFE = "safe"
    CLEAN = "clean"
    INFECTED = "infected"
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"


class DocumentAction(StrEnum):
    """`RELEASE`: a later verdict takes back an earlier one. `RESTORE`: the file is there again, as it was sent."""

    REBUILD = "rebuild"
    GIVE_UP = "give_up"
    CLEAR = "clear"
    CATCH = "catch"
    RELEASE = "release"
    FIND_DAMAGED = "find_damaged"
    RESTORE = "restore"


S, A = DocumentState, DocumentAction
DOCUMENT: Final[Mapping[tuple[DocumentState, DocumentAction], DocumentState]] = MappingProxyType({
    (S.QUARANTINED, A.REBUILD): S.SAFE,
    (S.QUARANTINED, A.GIVE_UP): S.UNREADABLE,
    (S.QUARANTINED, A.CATCH): S.INFECTED,
    (S.QUARANTINED, A.FIND_DAMAGED): S.DAMAGED,
    (S.SAFE, A.CLEAR): S.CLEAN,
    (S.SAFE, A.CATCH): S.INFECTED,
    (S.SAFE, A.FIND_DAMAGED): S.DAMAGED,
    (S.CLEAN, A.CATCH): S.INFECTED,
    (S.CLEAN, A.FIND_DAMAGED): S.DAMAGED,
    (S.INFECTED, A.RELEASE): S.QUARANTINED,
    (S.DAMAGED, A.RESTORE): S.QUARANTINED,
})

FINAL_DOCUMENT: Final = frozenset({S.CLEAN, S.UNREADABLE})
"""Nothing waits here; a later verdict or a lost file may still move what was clean."""

WATCHED_DOCUMENTS: Final[Mapping[DocumentState, Watch]] = MappingProxyType({
    S.QUARANTINED: Watch("administrator", "papers left in quarantine"),
    S.SAFE: Watch("administrator", "papers without a verdict"),
    S.INFECTED: Watch("outlet_manager", "infected papers"),
    S.DAMAGED: Watch("administrator", "damaged papers"),
})
"""Who answers for a paper that stays in a state, and which sweep of intake/document_sweeps.py notices."""

DOCUMENT_WORDS: Final[Mapping[DocumentState, Words]] = MappingProxyType({
    S.QUARANTINED: Words("Đang kiểm tra", "Being checked"),
    S.SAFE: Words("Chưa quét vi-rút", "Not yet checked for viruses"),
    S.CLEAN: Words("Đã kiểm tra, an toàn", "Checked and clean"),
    S.INFECTED: Words("Có vi-rút, đã cách ly", "Infected, kept apart"),
    S.UNREADABLE: Words("Không đọc được tệp", "Cannot be read"),
    S.DAMAGED: Words("Tệp lưu bị hỏng hoặc mất", "Stored file damaged or lost"),
})
