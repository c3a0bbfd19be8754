"""Writing an error down, looking back over all outlets, telling them, and saying what became of it."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b
from itertools import batched
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, Sum
from django.utils.translation import gettext_lazy as _

from billing.disputes.rules import Cause, due
from billing.errors import KnownErrorNotFound, KnownErrorRefused
from billing.events import KnownErrorFound
from billing.known_errors import rules
from billing.known_errors.finding import Found, affected
from billing.known_errors.models import AffectedLine, ErrorNotice, KnownError, LookBack
from billing.known_errors.rules import OWNERS, ErrorAction, ErrorState, Question
from shared import audit, work
from shared.actors import Actor
from shared.calendar import local
from shared.errors import FieldError
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.text import clean, clean_lines
from shared.transactions import operation
from shared.working_days import work_calendar

KIND: Final = "known-error-"
_CHUNK: Final = 1000


@operation
def register(*, title_vi: str, title_en: str, description: str, question: Question, by: Actor,
             at: datetime) -> KnownError:
    """Write an error down as suspected and look back over all outlets at once: what it touches is on hold from now.

    Raises:
        KnownErrorRefused: what is missing stands in its errors.
    """
    title = clean(title_vi)[:200]
    wrong = [FieldError("/title_vi", "required", _("Give it a name that an outlet understands."))] if not title else []
    if question.fault:
        wrong.append(FieldError(f"/question/{question.fault}", "required", _("Say which lines it touches.")))
    if wrong:
        raise KnownErrorRefused(errors=tuple(wrong))
    return write_error(title_vi=title, title_en=clean(title_en)[:200] or title, description=description,
                       question=question, by=by, at=at, province_code=by.province_code)


def write_error(*, title_vi: str, title_en: str, description: str, question: Question, by: Actor, at: datetime,
                province_code: str, signature: str = "") -> KnownError:
    """As `register`, inside the caller's operation."""
    error = KnownError.objects.create(
        number=_next_number(province_code, at), province_code=province_code, title_vi=title_vi[:200],
        title_en=title_en[:200], description=clean_lines(description)[:2000], question=question.as_data,
        signature=signature[:200], state_at=at, due_at=due(at, rules.SETTLE_WORKING_DAYS, work_calendar()),
        found_by=f"{by.kind}:{by.id}", found_by_name=by.name or by.id, found_at=at)
    _hand_on(error, before="", at=at)
    audit.record(actor=by, action="register_error", object_type="known_error", object_id=error.id, at=at,
                 after={"number": error.number, "question": error.question})
    publish(KnownErrorFound(error.id, error.number, error.province_code, found_at=at))
    look(error, by=by, at=at)
    return error


@operation
def look_back(*, error_id: UUID, by: Actor, at: datetime) -> LookBack:
    """Ask the ledger again: lines that came since are added, put on hold, and their outlets told.

    Raises:
        KnownErrorNotFound.
        ErrorStateForbids: it is closed or was ruled out.
    """
    error = locked(error_id, by)
    if not error.is_open:
        error.move(ErrorAction.CONFIRM)
    return look(error, by=by, at=at)


def look(error: KnownError, *, by: Actor, at: datetime) -> LookBack:
    """As `look_back`, inside the caller's operation."""
    lines, before = 0, error.affected.count()
    outlets: set[UUID | None] = set()
    for chunk in batched(affected(error.province_code, error.asks), _CHUNK, strict=False):
        lines += len(chunk)
        outlets.update(found.charge.outlet_id for found in chunk)
        _add(error, chunk, at)
    _tell(error, at)
    return LookBack.objects.create(error=error, question=error.question, lines=lines, outlets=len(outlets),
                                   new_lines=error.affected.count() - before, looked_by=f"{by.kind}:{by.id}",
                                   looked_at=at)


def _add(error: KnownError, chunk: Iterable[Found], at: datetime) -> None:
    is_held = not error.asks.disputed
    AffectedLine.objects.bulk_create(
        [AffectedLine(error=error, charge=each.charge, province_code=each.charge.province_code,
                      operator_code=each.charge.operator_code, outlet_id=each.charge.outlet_id,
                      amount=each.charge.city_owes, right=each.right, found_at=at, is_open=is_held)
         for each in chunk],
        ignore_conflicts=True)


def _tell(error: KnownError, at: datetime) -> None:
    """A notice for every outlet that an error touches; when it was told first stays."""
    rows = error.affected.values("operator_code", "outlet_id").annotate(lines=Count("id"), total=Sum("amount"))
    known = {(each.operator_code, each.outlet_id): each for each in error.notices.all()}
    new, changed = [], []
    for row in rows:
        notice = known.get((row["operator_code"], row["outlet_id"]))
        if notice is None:
            new.append(ErrorNotice(error=error, province_code=error.province_code, operator_code=row["operator_code"],
                                   outlet_id=row["outlet_id"], lines=row["lines"], amount=row["total"], told_at=at))
        elif notice.lines != row["lines"]:
            notice.lines, notice.amount = row["lines"], row["total"]
            changed.append(notice)
    ErrorNotice.objects.bulk_create(new, ignore_conflicts=True)
    ErrorNotice.objects.bulk_update(changed, ["lines", "amount"])


@operation
def confirm(*, error_id: UUID, cause: Cause, text: str, by: Actor, at: datetime) -> KnownError:
    """It is one; its cause is named, or stays unknown."""
    error = locked(error_id, by)
    error.cause, error.confirmed_by = cause, by.id
    return _step(error, ErrorAction.CONFIRM, text, by=by, at=at)


@operation
def rule_out(*, error_id: UUID, text: str, by: Actor, at: datetime) -> KnownError:
    """It is none, and why; its lines are on hold no longer."""
    return _step(locked(error_id, by), ErrorAction.RULE_OUT, _said(text), by=by, at=at)


@operation
def fix(*, error_id: UUID, release: str, text: str, by: Actor, at: datetime) -> KnownError:
    """The fault itself is gone: no new line is made wrong. What it has done is put right next."""
    error = locked(error_id, by)
    error.release = clean(release)[:60]
    return _step(error, ErrorAction.FIX, _said(text), by=by, at=at)


@operation
def close(*, error_id: UUID, text: str, by: Actor, at: datetime) -> KnownError:
    """Everything is put right, or stands with a reason: the holds end."""
    return _step(locked(error_id, by), ErrorAction.CLOSE, _said(text), by=by, at=at)


def _said(text: str) -> str:
    said = clean_lines(text)
    if not said:
        raise KnownErrorRefused(errors=(FieldError("/text", "required", _("Say it in a sentence: outlets read it.")),))
    return said


def _step(error: KnownError, action: ErrorAction, text: str, *, by: Actor, at: datetime) -> KnownError:
    before = error.state
    error.move(action)
    error.state_at, error.due_at = at, due(at, rules.SETTLE_WORKING_DAYS, work_calendar())
    error.conclusion = (clean_lines(text) or error.conclusion)[:1000]
    if not error.is_open:
        error.closed_at = at
        error.affected.filter(is_open=True).update(is_open=False)
    error.save()
    _hand_on(error, before=before, at=at)
    audit.record(actor=by, action=f"error_{action}", object_type="known_error", object_id=error.id, at=at,
                 before={"state": before}, after={"state": error.state})
    return error


def _hand_on(error: KnownError, *, before: str, at: datetime) -> None:
    work.close_item(kind=KIND + before, reference=error.number, by="known-errors", at=at, outcome=error.state)
    if owner := OWNERS.get(ErrorState(error.state)):
        work.open_item(kind=KIND + error.state, reference=error.number, owner_role=Role(owner[0]),
                       owner_place=error.province_code, at=at, due_at=error.due_at, detail={"error": str(error.id)})


def locked(error_id: UUID, by: Actor) -> KnownError:
    """Raises KnownErrorNotFound."""
    error = KnownError.objects.seen_by(by).select_for_update().filter(id=error_id).first()
    if error is None:
        raise KnownErrorNotFound
    return error


def _next_number(province_code: str, at: datetime) -> str:
    year = local(at).year
    key = blake2b(f"known-error-number|{province_code}|{year}".encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(key, signed=True)])
    prefix = rules.number_of(province_code, year, 0)[:-3]
    last = KnownError.objects.filter(number__startswith=prefix).aggregate(last=Max("number"))["last"]
    return rules.number_of(province_code, year, int(last[-3:]) + 1 if last else 1)


@operation
def note_read(*, error_id: UUID, by: Actor, at: datetime) -> bool:
    """Somebody of an outlet has the error on her screen; says whether it was the first time."""
    mine = ErrorNotice.objects.filter(error_id=error_id, outlet_id=by.outlet_id, read_at=None)
    return bool(by.outlet_id and mine.update(read_at=at, read_by_name=by.name[:120]))
