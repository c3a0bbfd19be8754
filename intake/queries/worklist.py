"""A centre's work as a page: whose, in which state, how urgent; stable pages and counts that stay quick."""

import base64
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from django.db.models import Exists, F, OuterRef, Q

from intake.covering import covered_by
from intake.models.corrections import Correction
from intake.models.dossiers import Dossier
from intake.models.procedures import Procedure
from intake.queries.centre import CHANNEL_WORDS, QueueRow, named, queue_row
from intake.queries.open_work import in_order, most_urgent
from intake.rules import clock
from intake.rules.catalogue import Channel
from intake.rules.short_names import short_words
from intake.rules.states import PAUSED, RUNNING
from intake.rules.wording import Words
from shared.actors import Actor, ActorKind
from shared.calendar import local
from shared.working_days import work_calendar

PAGE: Final = 50
COUNTED: Final = 2000
"""Counts look at this many of the most urgent; beyond that they say "and more"."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the page; empty ones do not narrow. `whose`: "mine", "team" or "nobody" ("" is the team's).

    `state`: "" (running), "paused" or "all". `pace`: "near" or "late". `officer` is an account's id.
    """

    whose: str = ""
    state: str = ""
    pace: str = ""
    procedure: str = ""
    channel: str = ""
    officer: UUID | None = None
    after: str = ""
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One dossier of the list. `covers_for` names the absent officer for whom the reader stands in."""

    row: QueueRow
    version: int
    officer_id: UUID | None
    channel: Words
    covers_for: str
    apology: str
    """Form 04: `drafted`, `sent` or empty."""
    has_correction: bool


@dataclass(frozen=True, slots=True)
class Worklist:
    rows: tuple[WorkRow, ...]
    next: str
    """Send it as `after`; empty: this was the last page."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the running dossiers, but for `paused`. `is_cut`: there are more than were counted."""

    team: int
    mine: int
    nobody: int
    near: int
    late: int
    paused: int
    is_cut: bool
    procedures: Mapping[str, Words]


def worklist(actor: Actor, asked: Asked, *, now: datetime) -> Worklist:
    """One page, most urgent first; three statements however long the list is.

    Raises:
        ValueError: `after` is none of ours.
    """
    found = list(most_urgent(actor, _narrow(actor, asked, now), most=asked.limit + 1, after=_decoded(asked.after)))
    shown = found[: asked.limit]
    absent = set(_covered(actor, now))
    rows = named(Dossier.objects.filter(id__in=[each for each, _due in shown])).annotate(
        apology_drafted=F("extension__drafted_at"), apology_sent=F("extension__sent_at"),
        has_correction=Exists(Correction.objects.filter(dossier=OuterRef("pk"), state="proposed")))
    by_id = {dossier.id: _row(dossier, actor, now, absent) for dossier in rows}
    following = _encoded(*shown[-1]) if len(found) > asked.limit else ""
    return Worklist(tuple(in_order([each for each, _due in shown], by_id)), following)


def _narrow(actor: Actor, asked: Asked, now: datetime) -> Q:
    narrow = {"paused": Q(handling__in=PAUSED), "all": Q()}.get(asked.state, Q(handling__in=RUNNING))
    if asked.whose == "mine":
        narrow &= Q(officer_id__in=[_person(actor), *_covered(actor, now)])
    elif asked.whose == "nobody":
        narrow &= Q(officer_id=None)
    if asked.pace == "late":
        narrow &= Q(due_at__lt=now)
    elif asked.pace == "near":
        narrow &= Q(due_at__gte=now, due_at__lte=clock.nearing_from(now, work_calendar()))
    if asked.procedure:
        narrow &= Q(procedure_code=asked.procedure)
    if asked.channel:
        narrow &= Q(channel=asked.channel)
    return narrow & Q(officer_id=asked.officer) if asked.officer is not None else narrow


def _person(actor: Actor) -> UUID | None:
    return UUID(actor.id) if actor.kind == ActorKind.PERSON else None


def _covered(actor: Actor, now: datetime) -> list[UUID]:
    person = _person(actor)
    return list(covered_by(person, local(now).date())) if person is not None else []


def _row(dossier: Any, actor: Actor, now: datetime, absent: set[UUID]) -> WorkRow:
    covers_for = dossier.officer_name if dossier.officer_id in absent else ""
    apology = "sent" if dossier.apology_sent else "drafted" if dossier.apology_drafted else ""
    return WorkRow(queue_row(dossier, actor, now), dossier.version, dossier.officer_id,
                   CHANNEL_WORDS[Channel(dossier.channel)], covers_for, apology, dossier.has_correction)


def counts(actor: Actor, *, now: datetime) -> Counts:
    """How much there is, and of which procedures; two or three statements."""
    near_until = clock.nearing_from(now, work_calendar())
    ids = [each for each, _due in most_urgent(actor, Q(), most=COUNTED + 1)]
    rows = Dossier.objects.filter(id__in=ids).values_list("handling", "officer_id", "due_at", "procedure_code")
    mine, tally, procedures = {_person(actor), *_covered(actor, now)} - {None}, Counter[str](), set()
    for handling, officer_id, due_at, code in rows:
        procedures.add(code)
        if handling in PAUSED:
            tally["paused"] += 1
            continue
        tally["team"] += 1
        tally["mine"] += officer_id in mine
        tally["nobody"] += officer_id is None
        tally["late"] += due_at is not None and due_at < now
        tally["near"] += due_at is not None and now <= due_at <= near_until
    return Counts(tally["team"], tally["mine"], tally["nobody"], tally["near"], tally["late"], tally["paused"],
                  len(ids) > COUNTED, _names(procedures))


def _names(codes: set[str]) -> dict[str, Words]:
    """The short names of procedures by code, in their alphabetical order."""
    found = Procedure.objects.filter(code__in=codes).values_list("code", "name_vi", "name_en")
    words = {code: short_words(vi, en) for code, vi, en in found}
    return dict(sorted(words.items(), key=lambda each: str(each[1])))


def _encoded(last: UUID, due_at: datetime | None) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([last, due_at])).decode().rstrip("=")


def _decoded(after: str) -> tuple[datetime | None, UUID] | None:
    if not after:
        return None
    last, due_at = orjson.loads(base64.b64decode(after + "=" * (-len(after) % 4), altchars=b"-_", validate=True))
    moment = None if due_at is None else datetime.fromisoformat(str(due_at))
    if moment is not None and moment.tzinfo is None:
        raise ValueError("a moment without its zone")
    return moment, UUID(str(last))
