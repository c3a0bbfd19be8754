"""What stands beside the decision on a desk, one collapsible section for each matter.

A matter that belongs on the desk adds itself here: a template of its own and a function that reads what it shows. A
section whose function answers None is left out. Each costs a constant number of queries.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from intake.messages.queries import open_here
from intake.queries.desk import Desk
from intake.queries.originals import chain_of
from intake.views.desk_parts import full_course, money_rows
from intake.views.desk_work_sections import corrections_section, steps_section
from shared.api import WardpostRequest

type Facts = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Section:
    """`template` is included with `desk`, `facts` (what `read` answered), `section` and `csrf_token`, and no more."""

    code: str
    title: str | Promise
    template: str
    read: Callable[[Desk, WardpostRequest, datetime], Facts]


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section with its facts. `is_open` when it concerns the officer now; `hint` stands behind its title."""

    code: str
    title: str | Promise
    template: str
    facts: Mapping[str, Any]

    @property
    def is_open(self) -> bool:
        return bool(self.facts.get("is_open"))

    @property
    def hint(self) -> Any:
        return self.facts.get("hint", "")


def _always(desk: Desk, request: WardpostRequest, now: datetime) -> Facts:
    return {}


def _everything(desk: Desk, request: WardpostRequest, now: datetime) -> Facts:
    return {"money": money_rows(desk), "full_course": full_course(desk, now)}


def questions_section(desk: Desk, request: WardpostRequest, now: datetime) -> Facts:
    """Open while the outlet waits for an answer."""
    waiting = open_here(desk.id)
    return {"is_open": waiting > 0, "hint": _("the outlet waits") if waiting else ""}


def originals_section(desk: Desk, request: WardpostRequest, now: datetime) -> Facts:
    chains = chain_of(desk.id, actor=request.actor, now=now)
    return {"chains": chains, "hint": len(chains)} if chains else None


SECTIONS: Final[tuple[Section, ...]] = (
    Section("corrections", _("Corrections"), "intake/centre/section_corrections.html", corrections_section),
    Section("steps", _("Steps inside"), "intake/centre/section_steps.html", steps_section),
    Section("questions", _("Questions and answers"), "intake/messages/section.html", questions_section),
    # Opinions stand before what is looked up rarely.
    Section("originals", _("Originals"), "intake/hand_over/desk.html", originals_section),
    Section("more", _("Papers to print, route, money, parcel"), "intake/centre/more.html", _everything),
    Section("told", _("What citizen and portal were told"), "intake/messages/told_section.html", _always),
)


def shown_sections(desk: Desk, request: WardpostRequest, now: datetime) -> list[ShownSection]:
    """The sections that have something to show for this dossier and this reader, in their order."""
    found = ((section, section.read(desk, request, now)) for section in SECTIONS)
    return [ShownSection(section.code, section.title, section.template, facts)
            for section, facts in found if facts is not None]
