"""Whoever takes a dossier has passed the test of its procedure group, where her city asks for it."""

from datetime import date
from uuid import UUID

from agents import public as agents
from intake.errors import CertificateMissing, GroupNotYours
from shared.actors import Actor, ActorKind
from shared.roles import OUTLET_ROLES


def admission_of(field: str, *, by: Actor, on: date) -> agents.Admission:
    """Machines and everybody who works at no outlet are not asked."""
    if by.kind is not ActorKind.PERSON or by.role not in OUTLET_ROLES:
        return agents.Admission()
    return agents.may_take(UUID(by.id), field, on)


def must_be_admitted(field: str, *, by: Actor, on: date) -> None:
    """Drafts are not asked, so nothing that was entered is lost.

    Raises:
        GroupNotYours: her reach ends before this group.
        CertificateMissing: her city asks for a test that she has not passed.
    """
    if not by.may_take_group(field):
        raise GroupNotYours(group=field)
    admission = admission_of(field, by=by, on=on)
    if not admission.is_open:
        raise CertificateMissing(", ".join(lack.title for lack in admission.lacks),
                                 courses=[lack.course_code for lack in admission.lacks])
