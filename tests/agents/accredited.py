"""Accreditations in their later states, reached through operations."""

from dataclasses import dataclass
from typing import Any

from agents.accreditation import steps, surveying
from agents.accreditation.models import Accreditation
from agents.accreditation.rules import CHECKLIST, Mark, Step
from agents.accreditation.surveying import Marked
from agents.operations.outlets import Site
from shared.actors import Actor
from shared.models.places import Commune
from shared.roles import Role
from tests.agents.factories import make_commune, make_province, moment, staff

NOON = moment("2025-07-03 12:00")
JPEG = b"\xff\xd8\xff\xe0" + b"a picture of the sign" * 20
POINT = (16.46, 107.59)


@dataclass(frozen=True)
class People:
    operator: Actor
    first: Actor
    second: Actor


def people(**who: Any) -> People:
    return People(staff(Role.OPERATOR_HQ).actor, *(
        staff(Role.PROGRAMME_OFFICER, province=make_province(), display_name=name).actor
        for name in ("Phan Thị Thu Hà", "Lê Văn Bình")))


def proposal(code: str = "HUE-009") -> steps.Proposal:
    commune = Commune.objects.filter(name="Kim Long").first() or make_commune(name="Kim Long")
    return steps.Proposal(code, "Bưu cục Kim Long", Site(commune.code, "3 Kim Long", *POINT),
                          frozenset({"advise", "file_online"}), "pilot", "02343123456")


def proposed(who: People) -> Accreditation:
    assert who.operator.operator_id is not None
    return steps.propose(operator_id=who.operator.operator_id, proposal=proposal(), by=who.operator, at=NOON)


def marks(**other: Marked) -> dict[str, Marked]:
    return {item.code: other.get(item.code, Marked(Mark.MET)) for item in CHECKLIST}


def finished(who: People, *, found: Accreditation | None = None, at=NOON, **other: Marked) -> Accreditation:
    """A survey by the first officer with everything met, but for what is named."""
    found = found or proposed(who)
    for item in CHECKLIST:
        if item.wants_photo:
            surveying.add_photo(accreditation_id=found.id, item=item.code, content=JPEG, by=who.first, at=at)
    return surveying.finish_survey(accreditation_id=found.id, latitude=POINT[0], longitude=POINT[1], note="",
                                   by=who.first, at=at, marks=marks(**other))


def licensed(who: People) -> Accreditation:
    found = finished(who)
    steps.take_step(accreditation_id=found.id, step=Step.APPROVE, by=who.second, at=NOON)
    return steps.take_step(accreditation_id=found.id, step=Step.ACTIVATE, by=who.operator, at=NOON)
