"""What nears or passes its deadline climbs the ladder: work with a named owner, and a step everybody reads.

A sweep: it may run at any time and any number of times. One rung of one deadline is climbed once; a deadline that moved
is another.
"""

from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Final
from uuid import UUID

from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat, Extract

from agents import public as agents
from intake.models.dossiers import Dossier, DossierStep
from intake.models.opinions import OpinionAddressee
from intake.models.routing import AuthorityQuestion
from intake.queries.deadlines import WHERE, past, since_expression
from intake.rules.clock import DAY_MINUTES
from intake.rules.duties import LADDERS, RULES, Duty, Rung
from shared import work
from shared.actors import Actor, job
from shared.models.oversight import WorkItem
from shared.roles import Role
from shared.transactions import operation
from shared.working_days import work_calendar

LADDER: Final = job("escalation")
CHUNK: Final = 1000
SETTLED: Final = "settled"


def kind_of(duty: Duty, rung: Rung) -> str:
    """The work item's kind, e.g. "late-decide-manager"."""
    return f"late-{duty}-{rung.code}"


@operation
def escalate(*, duty: Duty, at: datetime, by: Actor = LADDER) -> int:
    """Climb the ladder of one duty; returns how many rungs were climbed now."""
    climbed = 0
    for rung in LADDERS[RULES[duty].holder]:
        waiting = _waiting(duty, rung, at)
        _settle(duty, rung, waiting, at)
        climbed += _climb(duty, rung, waiting, by, at)
    return climbed


def _waiting(duty: Duty, rung: Rung, at: datetime) -> QuerySet[Any]:
    """Dossiers whose deadline is past by as much as the rung says, each with its reference: dossier and deadline."""
    base = Dossier.objects.filter(WHERE[duty]).annotate(since=since_expression(duty))
    due = Coalesce(F("due_at"), F("since")) if duty == Duty.DECIDE else F("since")
    stamp = Cast(Cast(Extract(due, "epoch"), BigIntegerField()), CharField())
    return base.filter(past(duty, at, rung.minutes, work_calendar())).annotate(
        reference=Concat(Cast("id", CharField()), Value(":"), stamp, output_field=CharField()))


def _settle(duty: Duty, rung: Rung, waiting: QuerySet[Any], at: datetime) -> None:
    over = WorkItem.objects.filter(kind=kind_of(duty, rung), closed_at=None).exclude(
        reference__in=waiting.values("reference"))
    over.update(closed_at=at, closed_by="sweep", outcome=SETTLED)


def _climb(duty: Duty, rung: Rung, waiting: QuerySet[Any], by: Actor, at: datetime) -> int:
    known = WorkItem.objects.filter(kind=kind_of(duty, rung), reference=OuterRef("reference"))
    new = waiting.filter(~Exists(known)).annotate(place=_place(rung)).values_list(
        "id", "reference", "handling", "place", "officer__display_name", "officer_id", "agent_ref", "province_code")
    climbed, tomorrow = 0, work_calendar().add_working_minutes(at, DAY_MINUTES)
    for chunk in batched(list(new), CHUNK, strict=False):
        owners = agents.who_answers(rung.role, [place for _id, _ref, _state, place, *_rest in chunk])
        items, steps = [], []
        for dossier_id, reference, handling, place, officer, officer_id, agent_ref, province in chunk:
            named = (officer, officer_id) if rung.code == "officer" and officer else owners.get(place, ("", None))
            items.append(WorkItem(
                kind=kind_of(duty, rung), reference=reference, owner_role=rung.role, owner_place=place, opened_at=at,
                due_at=tomorrow, detail=_detail(named, agent_ref, province, dossier_id)))
            steps.append(_step(dossier_id, handling, duty, rung, str(named[0]), by=by, at=at))
        WorkItem.objects.bulk_create(items, ignore_conflicts=True)
        DossierStep.objects.bulk_create(steps)
        climbed += len(items)
    return climbed


def _place(rung: Rung) -> Any:
    """The code of the place whose person is told."""
    centre = (F("authority_centre__agency_code"), F("receiving_centre__agency_code"), F("province_code"))
    match rung.role:
        case Role.OUTLET_MANAGER:
            return Coalesce(F("outlet__code"), *centre)
        case Role.OPERATOR_HQ:
            return Coalesce(F("operator__code"), F("province_code"))
        case Role.ADMINISTRATOR:
            return F("province_code")
        case _:
            return Coalesce(*centre)


def _detail(named: tuple[str, UUID | None], agent_ref: str, province: str, dossier_id: UUID) -> dict[str, str]:
    return {"dossier_id": str(dossier_id), "agent_ref": agent_ref, "province": province, "owner": named[0],
            "owner_id": str(named[1] or "")}


def _step(dossier_id: UUID, handling: int, duty: Duty, rung: Rung, owner: str, *, by: Actor,
          at: datetime) -> DossierStep:
    """Not a change of the dossier: its version stays, so nobody's open page is outdated by a reminder."""
    told = f"{RULES[duty].what.vi}: {rung.words.vi}{f' ({owner})' if owner else ''}"
    return DossierStep(
        dossier_id=dossier_id, machine="handling", action="escalate", from_state=str(handling), to_state=str(handling),
        at=at, actor_kind=by.kind, actor_id=by.id, actor_name=by.name, note=told[:500],
        data={"duty": str(duty), "rung": rung.code, "owner": owner})


# --- questions ------------------------------------------------------------------------------------------------------


@operation
def escalate_questions(*, at: datetime) -> int:
    """Questions of competence nobody answered in time go to the city; opinions that are late are asked for again."""
    late = AuthorityQuestion.objects.filter(answered_at=None, escalated_at=None, due_at__lt=at).select_for_update(
        of=("self",)).select_related("dossier")
    told = 0
    for question in late:
        work.open_item(
            kind="authority-late", reference=str(question.id), owner_role=Role.ADMINISTRATOR,
            owner_place=question.dossier.province_code, at=at, due_at=at + timedelta(days=1),
            detail={"agent_ref": question.dossier.agent_ref, "dossier_id": str(question.dossier_id)})
        told += 1
    AuthorityQuestion.objects.filter(id__in=[question.id for question in late]).update(escalated_at=at)
    answered = AuthorityQuestion.objects.exclude(answered_at=None).annotate(reference=Cast("id", CharField()))
    WorkItem.objects.filter(kind="authority-late", closed_at=None, reference__in=answered.values("reference")).update(
        closed_at=at, closed_by="sweep", outcome=SETTLED)
    return told + _remind(at)


def _remind(at: datetime) -> int:
    """Once, when the answer's time has passed: the asking centre goes after it."""
    silent = OpinionAddressee.objects.filter(
        Q(opinion__closed_at=None), answered_at=None, reminded_at=None, opinion__due_at__lt=at).select_related(
        "opinion__asked_by_centre")
    rows = list(silent.select_for_update(of=("self",)))
    for row in rows:
        centre = row.opinion.asked_by_centre
        work.open_item(
            kind="opinion-late", reference=str(row.id),
            owner_role=Role.CENTRE_MANAGER if centre else Role.ADMINISTRATOR,
            owner_place=centre.agency_code if centre else row.opinion.province_code, at=at,
            due_at=at + timedelta(days=1), detail={"opinion_id": str(row.opinion_id), "name": row.name})
    OpinionAddressee.objects.filter(id__in=[row.id for row in rows]).update(reminded_at=at)
    over = OpinionAddressee.objects.filter(Q(opinion__closed_at__isnull=False) | Q(answered_at__isnull=False))
    WorkItem.objects.filter(kind="opinion-late", closed_at=None, reference__in=over.annotate(
        reference=Cast("id", CharField())).values("reference")).update(
        closed_at=at, closed_by="sweep", outcome=SETTLED)
    return len(rows)
