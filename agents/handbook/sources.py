"""What an answer rests on has changed: a law that an officer names, or a procedure of the catalogue by itself."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agents.handbook.errors import InvalidEntry, MayNotEdit
from agents.handbook.models import HandbookEntry, HandbookVersion
from agents.handbook.operations import STALE
from agents.handbook.rules import EDITORS, covered
from shared import audit, work
from shared.actors import Actor, job
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.roles import Role
from shared.text import fold
from shared.transactions import operation
from shared.working_days import work_calendar

REVIEW_MINUTES: Final = 2 * 8 * 60
"""Working minutes to look at an answer whose source has changed: two days."""
SHORTEST: Final = 5

type Began = Callable[[Collection[str], date], Mapping[str, date]]
"""Procedure codes and a day → since when each one's version of that day holds."""
_procedures: Final[list[Began]] = []


def register(began: Began) -> None:
    """Let the app that knows the procedures say since when they hold as they do."""
    if began not in _procedures:
        _procedures.append(began)


@operation
def source_changed(*, source: str, because: str, by: Actor, at: datetime) -> int:
    """A law, decree or resolution was changed: flag each answer that names it. Returns how many.

    `source` is its number as legal sources write it, e.g. "118/2025/NĐ-CP"; accents and case do not matter.

    Raises:
        MayNotEdit: neither operations room nor programme office.
        InvalidEntry: nothing named, or no reason.
    """
    if by.role not in EDITORS:
        raise MayNotEdit
    named, said = covered(source)[:100], covered(because)[:200]
    wrong = ErrorCollector()
    if len(named) < SHORTEST:
        wrong.add("/source", "missing", _("Give the number of the document, e.g. 118/2025/NĐ-CP."))
    if not said:
        wrong.add("/because", "missing", _("Say what has changed."))
    wrong.raise_if_any(InvalidEntry)
    entries = HandbookEntry.objects.seen_by(by)
    resting = [each for each in _answering(local(at).date()).filter(entry__in=entries).select_for_update(of=("self",))
               if fold(named) in fold(each.legal_source)]
    for version in resting:
        _flag(version, f"{named}: {said}"[:200], by, at)
    return len(resting)


@operation
def notice_changed_procedures(*, at: datetime) -> int:
    """Flag answers about a procedure that holds in another version since somebody last looked; returns how many."""
    today = local(at).date()
    about = list(_answering(today).exclude(procedure_code="").filter(review_on__gt=today)
                 .select_for_update(of=("self",), skip_locked=True))
    codes = {version.procedure_code for version in about}
    began = {code: day for each in _procedures for code, day in each(codes, today).items()}
    changed = [version for version in about if _looked_on(version) < began.get(version.procedure_code, date.min)]
    for version in changed:
        since = began[version.procedure_code]
        _flag(version, f"{version.procedure_code}: {since:%d/%m/%Y}", job("handbook"), at)
    return len(changed)


def _answering(day: date) -> QuerySet[HandbookVersion]:
    return HandbookVersion.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=day), is_approved=True, superseded_at=None,
        entry__withdrawn_at=None).select_related("entry").order_by("id")


def _looked_on(version: HandbookVersion) -> date:
    looked_at = version.looked_at or version.decided_at
    return local(looked_at).date() if looked_at else version.valid_from


def _flag(version: HandbookVersion, because: str, by: Actor, at: datetime) -> None:
    version.review_on = min(version.review_on, max(local(at).date(), version.valid_from))
    version.review_because = because
    version.save(update_fields=["review_on", "review_because"])
    work.open_item(kind=STALE, reference=str(version.entry_id), owner_role=Role.OPERATIONS_OFFICER,
                   owner_place=version.entry.province_code, at=at,
                   due_at=work_calendar().add_working_minutes(at, REVIEW_MINUTES),
                   detail={"question": version.question_vi, "because": because})
    audit.record(actor=by, action="handbook.source_changed", object_type="handbook_entry", object_id=version.entry_id,
                 at=at, after={"version": version.number, "because": because})
