"""Questions that an authority is asked once: what they are about, and what an answer may say."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from intake.rules.wording import Words


class Subject(StrEnum):
    """What an opinion is asked for."""

    AUTHORITY = "authority"
    SUBSTANCE = "substance"
    COORDINATION = "coordination"


class QuestionKey(StrEnum):
    """The same key, procedure and place is the same question; `other` is never the same as another."""

    COMPETENT_AUTHORITY = "competent-authority"
    PERMIT_NEEDED = "permit-needed"
    PAPER_NEEDED = "paper-needed"
    MAY_BE_FILED = "may-be-filed"
    OTHER = "other"


class OpinionVerdict(StrEnum):
    AUTHORITY = "authority"
    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"


SUBJECT_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    Subject.AUTHORITY: Words("Thẩm quyền", "Competence"),
    Subject.SUBSTANCE: Words("Nội dung chuyên môn", "Substance"),
    Subject.COORDINATION: Words("Phối hợp giải quyết", "Co-ordination"),
})
KEY_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    QuestionKey.COMPETENT_AUTHORITY: Words("Cơ quan nào có thẩm quyền?", "Which authority is competent?"),
    QuestionKey.PERMIT_NEEDED: Words("Có phải xin giấy phép không?", "Is a permit needed?"),
    QuestionKey.PAPER_NEEDED: Words("Có cần giấy tờ này không?", "Is this paper needed?"),
    QuestionKey.MAY_BE_FILED: Words("Có nộp thủ tục này ở đây được không?", "May this be filed here?"),
    QuestionKey.OTHER: Words("Câu hỏi khác", "Another question"),
})
VERDICT_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    OpinionVerdict.AUTHORITY: Words("Cơ quan có thẩm quyền", "The competent authority"),
    OpinionVerdict.YES: Words("Có", "Yes"),
    OpinionVerdict.NO: Words("Không", "No"),
    OpinionVerdict.CONDITIONAL: Words("Tuỳ trường hợp", "It depends"),
})

ANY_PROCEDURE: Final = "*"
"""In a precedent's scope: whatever the procedure."""
MOST_DAYS: Final = 15
"""Working days that an opinion may be asked for; Decree 118/2025/NĐ-CP wants co-ordination within the term."""


def verdicts_for(key: str) -> Sequence[OpinionVerdict]:
    """What an answer to such a question may say."""
    if key == QuestionKey.COMPETENT_AUTHORITY:
        return (OpinionVerdict.AUTHORITY,)
    return (OpinionVerdict.YES, OpinionVerdict.NO, OpinionVerdict.CONDITIONAL)


def is_repeatable(key: str, procedure_code: str, place_code: str) -> bool:
    """Whether the next same question could be recognised."""
    return key != QuestionKey.OTHER and bool(procedure_code) and bool(place_code)


def agreed[Answer](answers: Sequence[Answer]) -> Answer | None:
    """The one answer that all gave; None when there is none yet or they differ."""
    return answers[0] if answers and all(each == answers[0] for each in answers) else None
