"""The catalogue of procedures as it was in force on a day, found by everyday words."""

import re
import time
from collections.abc import Sequence
from copy import copy
from datetime import date
from typing import Final

from django.db.models import FloatField
from django.db.models.expressions import RawSQL

from intake.errors import ProcedureNotFound
from intake.models.procedures import Procedure
from intake.queries.procedures import in_force
from intake.records import ChecklistItem
from intake.rules.catalogue import Channel
from intake.rules.wording import Words
from shared.text import fold

MOST_RESULTS: Final = 30
FAINTEST: Final = 0.4
"""Below this a likeness of letters is chance."""
_SIGNS: Final = re.compile(r"[^\w. ]+")
_POLITE: Final = re.compile(
    r" (?:cho toi hoi|toi muon|toi can|em muon|minh muon|muon|lam the nao|o dau|can gi|can nhung gi|nhu the nao|thu tuc"
    r"|giup toi|xin hoi|hoi ve|di lam|bi)(?= )")
_SCORE: Final = """(
    SELECT max(CASE
        WHEN part = key THEN 4
        WHEN starts_with(part, key) THEN 2 + similarity(part, key)
        WHEN strpos(' ' || part || ' ', ' ' || key || ' ') > 0 THEN 1.5 + similarity(part, key)
        WHEN length(part) > 3 AND strpos(' ' || key || ' ', ' ' || part || ' ') > 0
            THEN 1.5 + similarity(part, key)
        WHEN part ~ '^[0-9.]+$' THEN 0
        ELSE 0.5 * similarity(part, key) + 0.5 * word_similarity(key, part) END)
    FROM (SELECT CAST(%s AS text) AS key) AS asked, unnest(string_to_array(search_key, ' | ')) AS part)"""
_PAPER_KINDS: Final = frozenset({"original", "certified_copy", "copy"})


# Procedures change by decision, weeks apart, so a process remembers those it was asked for.
_KEPT_SECONDS: Final = 60.0
_MOST_KEPT: Final = 2000
_kept: dict[tuple[str, date], tuple[float, Procedure]] = {}


def get_procedure(code: str, on: date) -> Procedure:
    """The version in force on a day, as it was at most a minute ago; raises ProcedureNotFound."""
    kept = _kept.get((code, on))
    if kept is not None and time.monotonic() - kept[0] < _KEPT_SECONDS:
        return copy(kept[1])
    found = in_force(on).filter(code=code).first()
    if found is None:
        raise ProcedureNotFound(procedure_code=code)
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[code, on] = (time.monotonic(), found)
    return copy(found)


def forget() -> None:
    """Drop the remembered procedures, after the catalogue was loaded anew."""
    _kept.clear()


def search_procedures(text: str, on: date, *, limit: int = MOST_RESULTS) -> list[Procedure]:
    """Procedures that everyday words ask for, best first: accents, word endings and typing slips do not matter.

    Each name and alias of a procedure is compared with what was typed: the same, its beginning, inside it or around
    it, else by shared trigrams ("giay khai sihn"). What stands before the matter ("tôi muốn làm") is not compared.
    """
    key = asked_for(text)
    if not key:
        return []
    scored = in_force(on).annotate(score=RawSQL(_SCORE, [key], output_field=FloatField()))  # noqa: S611  # bound
    return list(scored.filter(score__gt=FAINTEST).order_by("-score", "-is_essential", "code")[:limit])


def asked_for(text: str) -> str:
    """The matter in what was typed: folded, without signs and without the words that every question begins with."""
    key = _SIGNS.sub(" ", fold(text))[:100].strip()
    bare = " ".join(_POLITE.sub(" ", f" {key} ").split())
    return bare or key


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
