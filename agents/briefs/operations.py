"""A brief is made by a worker, edited and released by the operations room; its actions live until they are done."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from agents.briefs import sections
from agents.briefs.errors import BriefActionEnded, BriefActionNotFound, BriefNotFound, BriefRefused, BriefReleased
from agents.briefs.models import Brief, BriefAction
from agents.briefs.rules import (
    ACTION,
    BRIEF,
    LONGEST_ACTION,
    LONGEST_REMARKS,
    MADE_AT,
    RELEASED_WITHIN,
    ActionState,
    ActionStep,
    BriefState,
    BriefStep,
    Half,
    due_briefs,
    looks_back_to,
)
from agents.models.people import StaffAccount
from shared import audit, work
from shared.actors import Actor, job
from shared.calendar import at_local
from shared.errors import FieldError
from shared.roles import Role
from shared.text import clean, clean_lines
from shared.transactions import operation
from shared.working_days import work_calendar

KIND: Final = "brief-to-release"
ACTION_KIND: Final = "brief-action"
WORKER: Final = job("briefs")


def make_due_briefs(*, at: datetime) -> int:
    """Make what is due and missing, for every city with an operations room; returns how many. Safe to run again."""
    due = due_briefs(at, work_calendar())
    if not due:
        return 0
    room = StaffAccount.objects.filter(role=Role.OPERATIONS_OFFICER, is_active=True, province__isnull=False)
    cities = room.order_by("province_id").values_list("province_id", flat=True).distinct()
    known = set(Brief.objects.filter(day=due[0][0]).values_list("province_code", "half"))
    missing = [(city, day, half, moment) for city in cities if city for day, half, moment in due
               if (city, half) not in known]
    for city, day, half, moment in missing:
        make_brief(province_code=city, day=day, half=half, as_of=moment, at=at)
    return len(missing)


@operation
def make_brief(*, province_code: str, day: date, half: Half, at: datetime, as_of: datetime | None = None) -> Brief:
    """Draw up a brief from data, with the actions still open carried over; made already: as it is."""
    moment = as_of or at_local(day, MADE_AT[half])
    since = looks_back_to(day, half, work_calendar())
    found = sections.made(sections.Asked(province_code, since, moment))
    brief, is_new = Brief.objects.get_or_create(province_code=province_code, day=day, half=half, defaults={
        "since": since, "as_of": moment, "sections": found, "made_at": at})
    if not is_new:
        return brief
    carried_over = BriefAction.objects.filter(province_code=province_code, state=ActionState.OPEN)
    carried_over.update(carried=F("carried") + 1)
    work.open_item(kind=KIND, reference=str(brief.id), owner_role=Role.OPERATIONS_OFFICER, owner_place=province_code,
                   at=at, due_at=max(at, moment + RELEASED_WITHIN), detail={"province": province_code, "half": half})
    audit.record(actor=WORKER, action="brief.make", object_type="brief", object_id=brief.id, at=at)
    return brief


@operation
def refresh_brief(brief_id: UUID, *, by: Actor, at: datetime) -> Brief:
    """Draw up its figures anew, as of now. Raises BriefNotFound, BriefReleased."""
    brief = _draft(brief_id, by)
    brief.as_of = max(at, brief.since)
    brief.sections = sections.made(sections.Asked(brief.province_code, brief.since, brief.as_of))
    brief.save(update_fields=["as_of", "sections"])
    audit.record(actor=by, action="brief.refresh", object_type="brief", object_id=brief.id, at=at)
    return brief


@operation
def write_remarks(brief_id: UUID, *, text: str, by: Actor, at: datetime) -> Brief:
    """What figures do not say. Raises BriefNotFound, BriefReleased, BriefRefused (too long)."""
    brief, told = _draft(brief_id, by), clean_lines(text)
    if len(told) > LONGEST_REMARKS:
        raise _refused("/remarks", _("At most 2,000 characters: a brief is one page."))
    brief.remarks = told
    brief.save(update_fields=["remarks"])
    audit.record(actor=by, action="brief.remark", object_type="brief", object_id=brief.id, at=at)
    return brief


@operation
def agree_action(brief_id: UUID, *, text: str, owner_name: str, due_at: datetime, by: Actor,
                 at: datetime) -> BriefAction:
    """Something is to be done, by somebody, until then. Raises BriefNotFound, BriefReleased, BriefRefused."""
    brief, what, who = _draft(brief_id, by), clean(text), clean(owner_name)
    if not 3 <= len(what) <= LONGEST_ACTION:
        raise _refused("/text", _("Say what is to be done, in 3 to 300 characters."))
    if not 2 <= len(who) <= 120:
        raise _refused("/owner_name", _("Name one person or office that does it."))
    if due_at <= brief.since:
        raise _refused("/due_at", _("Choose a moment that lies ahead."))
    action = BriefAction.objects.create(brief=brief, province_code=brief.province_code, text=what, owner_name=who,
                                        due_at=due_at, made_at=at)
    work.open_item(kind=ACTION_KIND, reference=str(action.id), owner_role=Role.OPERATIONS_OFFICER,
                   owner_place=brief.province_code, at=at, due_at=due_at, detail={"province": brief.province_code})
    audit.record(actor=by, action="brief_action.agree", object_type="brief_action", object_id=action.id, at=at)
    return action


@operation
def end_action(action_id: UUID, step: ActionStep, *, by: Actor, at: datetime, outcome: str = "") -> BriefAction:
    """Done, or dropped with a reason. Raises BriefActionNotFound, BriefActionEnded, BriefRefused (no reason)."""
    action = BriefAction.objects.select_for_update().filter(id=action_id, province_code=by.province_code).first()
    if action is None:
        raise BriefActionNotFound
    following, told = ACTION.get((ActionState(action.state), step)), clean(outcome)
    if following is None:
        raise BriefActionEnded
    if (step is ActionStep.DROP and not told) or len(told) > LONGEST_ACTION:
        raise _refused("/outcome", _("Say in a sentence why it is dropped."))
    action.state, action.outcome, action.ended_at, action.ended_by_name = following, told, at, by.name
    action.save()
    work.close_item(kind=ACTION_KIND, reference=str(action.id), by=by.id, at=at, outcome=following)
    audit.record(actor=by, action=f"brief_action.{step}", object_type="brief_action", object_id=action.id, at=at,
                 before={"state": ActionState.OPEN}, after={"state": following})
    return action


@operation
def release_brief(brief_id: UUID, *, by: Actor, at: datetime) -> Brief:
    """Let everybody read it; figures, remarks and actions stay as they are now. Raises BriefNotFound, BriefReleased."""
    brief = _draft(brief_id, by)
    brief.state = BRIEF[BriefState(brief.state), BriefStep.RELEASE]
    brief.agreed = [_as_data(each) for each in actions_of(brief)]
    brief.released_at, brief.released_by_name = at, by.name
    brief.save(update_fields=["state", "agreed", "released_at", "released_by_name"])
    work.close_item(kind=KIND, reference=str(brief.id), by=by.id, at=at, outcome="released")
    audit.record(actor=by, action="brief.release", object_type="brief", object_id=brief.id, at=at,
                 before={"state": BriefState.DRAFT}, after={"state": brief.state})
    return brief


def actions_of(brief: Brief) -> list[BriefAction]:
    """Those carried over and its own, by due moment; what has ended since the last brief is shown once more."""
    rows = BriefAction.objects.filter(province_code=brief.province_code)
    shown = rows.filter(state=ActionState.OPEN) | rows.filter(ended_at__gt=brief.since) | rows.filter(brief=brief)
    return list(shown.distinct().order_by("due_at", "id"))


def _as_data(action: BriefAction) -> dict[str, object]:
    return {"id": str(action.id), "text": action.text, "owner_name": action.owner_name,
            "due_at": action.due_at.isoformat(), "state": action.state, "carried": action.carried,
            "outcome": action.outcome}


def _draft(brief_id: UUID, by: Actor) -> Brief:
    brief = Brief.objects.seen_by(by).select_for_update().filter(id=brief_id).first()
    if brief is None:
        raise BriefNotFound
    if brief.state != BriefState.DRAFT:
        raise BriefReleased
    return brief


def _refused(pointer: str, message: object) -> BriefRefused:
    return BriefRefused(errors=(FieldError(pointer, "invalid", str(message)),))
