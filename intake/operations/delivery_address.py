"""Where a result goes is written down, pinned and verified with the citizen, until its parcel is booked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from delivery import public as delivery
from intake.errors import DossierChanged, DossierNotFound, IllegalTransition
from intake.models.dossiers import Dossier
from intake.rules.catalogue import ResultChoice
from intake.rules.states import Handling, ResultState
from shared import audit
from shared.actors import Actor
from shared.transactions import operation

NOT_UNDER_WAY = frozenset({Handling.DRAFT, Handling.NOT_ACCEPTED, Handling.WITHDRAWN, Handling.STOPPED})
STILL_OPEN = frozenset({ResultState.NOT_READY, ResultState.CAME_BACK})


@dataclass(frozen=True, slots=True)
class AddressInput:
    """An address as it is said. `pin` is what was pasted from a map: decimal or in degrees; empty: none."""

    street: str
    commune_code: str
    former_commune_code: str = ""
    landmark: str = ""
    pin: str = ""
    is_verified: bool = False
    """The citizen was asked and said that it is right."""


@operation
def settle_delivery_address(typed: AddressInput, *, dossier_id: UUID, by: Actor, at: datetime,
                            version: int | None = None) -> Dossier:
    """Keep where the result of a dossier goes. What was on the dossier before stays in the audit as changed.

    Raises:
        DossierNotFound: unknown, or of another place.
        DossierChanged: somebody else changed it meanwhile.
        IllegalTransition: it does not go home by post, or its parcel is booked already.
        AddressRefused: what is wrong stands in its errors.
    """
    dossier = Dossier.objects.seen_by(by).select_for_update(of=("self",)).filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    if version is not None and version != dossier.version:
        raise DossierChanged
    must_be_open(dossier)
    address = delivery.write_address(
        street=typed.street, landmark=typed.landmark, commune_code=typed.commune_code,
        former_commune_code=typed.former_commune_code, pin=delivery.pin_in(typed.pin), is_verified=typed.is_verified,
        by=by, at=at)
    is_new = (dossier.delivery_street, dossier.delivery_commune_id) != (address.street, address.commune_id)
    dossier.delivery_street, dossier.delivery_commune_id = address.street, address.commune_id
    dossier.delivery_address_id = address.id
    dossier.version += 1
    dossier.save(update_fields=["delivery_street", "delivery_commune", "delivery_address_id", "version"])
    audit.record(actor=by, action="dossier.delivery_address", object_type="dossier", object_id=dossier.id, at=at,
                 after={"address": str(address.id), "is_new": is_new, "is_verified": typed.is_verified})
    return dossier


def must_be_open(dossier: Dossier) -> None:
    """Raises IllegalTransition unless the result's parcel is still to be booked."""
    if dossier.result_choice != ResultChoice.HOME:
        raise IllegalTransition(_("This result does not go home by post."), dossier_state=dossier.result)
    if dossier.result not in STILL_OPEN or dossier.handling in NOT_UNDER_WAY:
        raise IllegalTransition(_("Its parcel is booked; the citizen can have it redirected."),
                                dossier_state=dossier.result)
