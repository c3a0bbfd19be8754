"""Dossiers in every state an outlet brings them to, reached through the operations that a counter uses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from agents.models.organisations import Centre, Outlet
from agents.models.people import StaffAccount
from intake.models.citizens import Citizen
from intake.models.dossiers import Dossier
from intake.operations import forwarding, sessions, submission
from intake.records import DocumentRef, SubmissionInput
from shared.actors import Actor
from shared.ids import uuid7
from tests.factories import catalogue, network, places
from tests.factories import citizens as people
from tests.factories.parcels import number_pool
from tests.intake.moments import MONDAY_MORNING

SHOWN = (DocumentRef("to_khai"), DocumentRef("giay_chung_sinh"))
"""The papers that a birth registration always needs, shown at the counter."""
SHOWN_BY_POST = (*SHOWN, DocumentRef("ban_sao_chung_thuc"))


@dataclass
class Counter:
    """A clerk at an outlet in Phong Dinh, acting for a citizen who agreed to everything."""

    outlet: Outlet
    clerk: StaffAccount
    by: Actor
    citizen: Citizen
    centre: Centre

    def filing(self, **changes: Any) -> SubmissionInput:
        """A birth registration online, with everything it needs; result home."""
        fields: dict[str, Any] = {
            "client_ref": uuid7(), "citizen_id": self.citizen.id, "procedure_code": catalogue.BIRTH,
            "channel": "online", "result_choice": "home",
            "documents": SHOWN_BY_POST if changes.get("channel") == "post" else SHOWN}
        return SubmissionInput(**fields | changes)

    def submit(self, at: datetime = MONDAY_MORNING, **changes: Any) -> Dossier:
        return submission.submit_dossier(self.filing(**changes), by=self.by, at=at)


def counter(commune_code: str = places.PHONG_DINH, **citizen: Any) -> Counter:
    """A counter whose citizen lives in the outlet's commune, which has a centre; the birth procedure is in force."""
    outlet = network.outlet(commune_code)
    clerk = network.clerk(outlet)
    by = network.acting(clerk)
    centre = network.centre(commune_code)
    catalogue.procedure()
    who = people.citizen(by, **{"commune_code": commune_code} | citizen)
    people.session(who, clerk)
    return Counter(outlet, clerk, by, who, centre)


def next_citizen(at: Counter, **changes: Any) -> Citizen:
    """The clerk closes the session and acts for somebody else."""
    session = at_session(at)
    sessions.close_session(session_id=session, by=at.by, at=MONDAY_MORNING)
    at.citizen = people.citizen(at.by, **{"commune_code": at.outlet.commune_id} | changes)
    people.session(at.citizen, at.clerk)
    return at.citizen


def at_session(at: Counter) -> UUID:
    from intake.queries.sessions import open_session_of

    session = open_session_of(at.by)
    assert session is not None
    return session.id


def submitted(at: Counter | None = None, **changes: Any) -> Dossier:
    return (at or counter()).submit(**changes)


def forwarded(at: Counter | None = None, **changes: Any) -> Dossier:
    """Online in the centre's inbox, or on paper in a parcel."""
    at = at or counter()
    dossier = at.submit(**changes)
    if dossier.channel == "post":
        number_pool(at.outlet.operator.code)
        forwarding.forward_on_paper(dossier_ids=[dossier.id], by=at.by, at=MONDAY_MORNING)
    else:
        forwarding.forward_electronically(dossier_id=dossier.id, at=MONDAY_MORNING)
    dossier.refresh_from_db()
    return dossier
