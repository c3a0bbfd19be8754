"""The catalogue of procedures as it was in force on a day, found by everyday words."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db.models import Case, IntegerField, Q, Value, When

from intake.errors import ProcedureNotFound
from intake.models.procedures import Procedure
from intake.queries.procedures import in_force
from intake.records import ChecklistItem
from intake.rules.catalogue import Channel
from intake.rules.wording import Words
from shared.text import fold

MOST_RESULTS: Final = 30
_PAPER_KINDS: Final = frozenset({"original", "certified_copy", "copy"})


def get_procedure(code: str, on: date) -> Procedure:
    """The version in force on a day; raises ProcedureNotFound."""
    found = in_force(on).filter(code=code).first()
    if found is None:
        raise ProcedureNotFound(procedure_code=code)
    return found


def search_procedures(text: str, on: date, *, limit: int = MOST_RESULTS) -> list[Procedure]:
    """Procedures that everyday words ask for, accents ignored: "so do" finds the red book. Code and name first."""
    key = fold(text)
    words = key.split()
    if not words:
        return []
    every_word = Q()
    for word in words[:12]:
        every_word &= Q(search_key__contains=word)
    rank = Case(When(code=key, then=Value(0)), When(search_key__contains=f"| {key}", then=Value(1)),
                When(search_key__contains=key, then=Value(2)), default=Value(3), output_field=IntegerField())
    found = in_force(on).filter(every_word).annotate(rank=rank)
    return list(found.order_by("rank", "-is_essential", "code")[:limit])


def checklist(procedure: Procedure, channel: str, there: Sequence[str] = ()) -> tuple[ChecklistItem, ...]:
    """The papers of the published list for one channel; `there` names those already uploaded or shown.

    Papers asked for "by post" stand in for what would be shown at a counter, so only the post channel lists them.
    """
    listed = (paper for paper in procedure.documents if paper["required"] != "by_post" or channel == Channel.POST)
    return tuple(_item(paper, channel, there) for paper in listed)


def _item(paper: dict[str, str], channel: str, there: Sequence[str]) -> ChecklistItem:
    is_required = paper["required"] == "always" or (paper["required"] == "by_post" and channel == Channel.POST)
    condition = Words(paper.get("note_vi") or "", paper.get("note_en") or "")
    return ChecklistItem(paper["code"], Words(paper["name_vi"], paper["name_en"]), paper["kind"], is_required,
                         condition, is_there=paper["code"] in there)


def has_paper(procedure: Procedure) -> bool:
    """Whether anything in the list is a paper that can be asked for."""
    return any(paper["kind"] in _PAPER_KINDS for paper in procedure.documents)
