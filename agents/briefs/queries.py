"""A brief as its page and its paper show it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import get_language

from agents.briefs.errors import BriefNotFound
from agents.briefs.models import Brief
from agents.briefs.operations import actions_of
from agents.briefs.rules import ActionState, BriefState
from shared.actors import Actor


@dataclass(frozen=True, slots=True)
class ActionShown:
    id: str
    text: str
    owner_name: str
    due_at: datetime
    state: str
    carried: int
    outcome: str

    def is_late(self, now: datetime) -> bool:
        return self.state == ActionState.OPEN and self.due_at < now


def briefs(actor: Actor) -> QuerySet[Brief]:
    """Those within sight, the newest first, without what they say."""
    return Brief.objects.seen_by(actor).defer("sections", "agreed").order_by("-as_of", "-id")


def find_brief(brief_id: UUID, actor: Actor) -> Brief:
    """Raises BriefNotFound."""
    found = Brief.objects.seen_by(actor).filter(id=brief_id).first()
    if found is None:
        raise BriefNotFound
    return found


def shown_actions(brief: Brief) -> list[ActionShown]:
    """As they were at its release; of a draft, as they stand."""
    if brief.state == BriefState.RELEASED:
        return [ActionShown(**(each | {"due_at": datetime.fromisoformat(each["due_at"])})) for each in brief.agreed]
    return [ActionShown(str(each.id), each.text, each.owner_name, each.due_at, each.state, each.carried, each.outcome)
            for each in actions_of(brief)]


def told(brief: Brief, language: str = "") -> list[dict[str, Any]]:
    """Its sections in one language."""
    tongue = "en" if (language or get_language() or "vi").startswith("en") else "vi"
    return [{
        "code": each["code"], "title": each["title"][tongue], "more": each["more"],
        "figures": [{"label": figure["label"][tongue], "value": figure["value"]} for figure in each["figures"]],
        "rows": [{"name": _named(row["name"], tongue), "said": row["said"][tongue], "is_late": row["is_late"]}
                 for row in each["rows"]],
    } for each in brief.sections]


def _named(name: str | dict[str, str], tongue: str) -> str:
    """A place has one name, a kind of thing one in each language."""
    return name if isinstance(name, str) else name[tongue]
