"""The handbook as it is read: search without accents, one entry with its history, what waits for somebody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import FETCH_RAISE, Q, QuerySet
from django.utils.translation import get_language

from agents.handbook.models import HandbookEntry, HandbookMiss, HandbookQuestion, HandbookVersion, HandbookVote
from agents.handbook.rules import FIELDS, Standing, standing, words_of
from shared.actors import Actor
from shared.text import clean, fold

MOST: Final = 30
FAINT: Final = 0.55
"""Below this likeness a word is another word, not a misspelt one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One version of an entry, in the reader's language where it is written in it."""

    id: UUID
    version_id: UUID
    number: int
    question: str
    answer: str
    legal_source: str
    procedure_code: str
    field: Any
    valid_from: date
    valid_until: date | None
    review_on: date
    review_because: str
    standing: Standing
    is_of_city: bool


@dataclass(frozen=True, slots=True)
class EntryPage:
    """An entry with all that was ever said in it."""

    entry: HandbookEntry
    current: Answer | None
    versions: tuple[HandbookVersion, ...]
    useful: int
    useless: int
    mine: bool | None
    """The reader's own vote."""


def in_force(versions: QuerySet[HandbookVersion], day: date) -> QuerySet[HandbookVersion]:
    """Those approved that hold on `day`."""
    return versions.filter(Q(valid_until=None) | Q(valid_until__gt=day), is_approved=True, superseded_at=None,
                           entry__withdrawn_at=None, valid_from__lte=day)


def search(text: str, actor: Actor, day: date, *, procedure: str = "", field: str = "") -> tuple[Answer, ...]:
    """Entries that hold all words of `text`, or, when none does, one that looks like them; valid ones first."""
    rows = _last_begun(actor, day)
    if procedure:
        rows = rows.filter(procedure_code=procedure)
    if field:
        rows = rows.filter(field_key=field)
    words = words_of(text)
    if clean(text) and not words:
        return ()
    if words:
        exact = rows.filter(reduce(and_, (Q(search_key__contains=word) for word in words)))
        found = _listed(exact)
        if not found:
            like = TrigramWordSimilarity(fold(" ".join(words)), "search_key")
            found = _listed(rows.annotate(likeness=like).filter(likeness__gte=FAINT))
    else:
        found = _listed(rows)
    answers = [_answer(version, day) for version in found]
    return tuple(sorted(answers, key=lambda each: (each.standing is Standing.EXPIRED, _rank(each, words))))


def _last_begun(actor: Actor, day: date) -> QuerySet[HandbookVersion]:
    """Of each entry the approved version that began last."""
    begun = HandbookVersion.objects.filter(
        is_approved=True, superseded_at=None, valid_from__lte=day,
        entry__in=HandbookEntry.objects.seen_by(actor).filter(withdrawn_at=None))
    last = begun.order_by("entry_id", "-valid_from", "-number").distinct("entry_id").values("id")
    return HandbookVersion.objects.filter(id__in=last)


def _listed(rows: QuerySet[HandbookVersion]) -> list[HandbookVersion]:
    return list(rows.select_related("entry").fetch_mode(FETCH_RAISE).order_by("question_vi", "id")[:MOST])


def _rank(answer: Answer, words: Iterable[str]) -> tuple[int, str]:
    """Words in the question count before words in the answer."""
    question = fold(answer.question)
    return -sum(word in question for word in words), question


def _answer(version: HandbookVersion, day: date) -> Answer:
    is_english = (get_language() or "vi").startswith("en")
    return Answer(
        version.entry_id, version.id, version.number,
        (is_english and version.question_en) or version.question_vi,
        (is_english and version.answer_en) or version.answer_vi, version.legal_source, version.procedure_code,
        FIELDS.get(version.field_key, ""), version.valid_from, version.valid_until, version.review_on,
        version.review_because, standing(valid_until=version.valid_until, review_on=version.review_on, day=day),
        bool(version.entry.province_code))


def entry_page(entry_id: UUID, actor: Actor, day: date) -> EntryPage | None:
    """One entry within sight; three queries."""
    entry = HandbookEntry.objects.seen_by(actor).filter(id=entry_id).first()
    if entry is None:
        return None
    versions = tuple(HandbookVersion.objects.filter(entry=entry).select_related("entry").order_by("-number"))
    begun = [each for each in versions if each.is_approved and each.superseded_at is None and each.valid_from <= day]
    last = max(begun, key=lambda each: (each.valid_from, each.number), default=None)
    votes = dict(HandbookVote.objects.filter(entry=entry).values_list("account_id", "is_useful"))
    mine = next((useful for account, useful in votes.items() if str(account) == actor.id), None)
    useful = sum(votes.values())
    return EntryPage(entry, _answer(last, day) if last else None, versions, useful, len(votes) - useful, mine)


def proposals(actor: Actor) -> list[HandbookVersion]:
    """What waits for approval, oldest first."""
    waiting = HandbookVersion.objects.filter(decided_at=None, entry__withdrawn_at=None,
                                             entry__in=HandbookEntry.objects.seen_by(actor))
    return list(waiting.select_related("entry").fetch_mode(FETCH_RAISE).order_by("proposed_at", "id")[:100])


def to_review(actor: Actor, day: date) -> list[Answer]:
    """Answers that somebody must look at again, those that hold no longer first."""
    stale = _last_begun(actor, day).filter(Q(review_on__lte=day) | Q(valid_until__lte=day))
    answers = [_answer(version, day) for version in _listed(stale)]
    return sorted(answers, key=lambda each: (each.standing is not Standing.EXPIRED, each.review_on))


def questions(actor: Actor, *, is_open: bool) -> list[HandbookQuestion]:
    """Those within sight: unanswered by due moment, answered ones newest first."""
    rows = HandbookQuestion.objects.seen_by(actor).fetch_mode(FETCH_RAISE)
    if is_open:
        return list(rows.filter(answered_at=None).order_by("due_at", "id")[:100])
    return list(rows.exclude(answered_at=None).order_by("-answered_at", "-id")[:30])


def misses(actor: Actor) -> list[HandbookMiss]:
    """What was looked for in vain, most often first."""
    rows = HandbookMiss.objects.filter(province_code=actor.province_code) if actor.province_code else (
        HandbookMiss.objects.all())
    return list(rows.order_by("-times", "-last_on", "words")[:50])


def waiting(actor: Actor) -> QuerySet[HandbookQuestion]:
    """Questions without an answer, for the rail."""
    found: QuerySet[HandbookQuestion] = HandbookQuestion.objects.seen_by(actor).filter(answered_at=None)
    return found
