"""Into whose hands a parcel may be given: said by whoever books it, in the same transaction."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from delivery.door.models import Release
from delivery.door.rules import ReleaseRule

_STRICTNESS: Final = (ReleaseRule.IN_PERSON, ReleaseRule.CERTIFIED, ReleaseRule.AUTHORISED)


def set_release(parcel_id: UUID, *, rule: str, legal_basis: str = "",
                collects: Sequence[tuple[UUID, str, str]] = ()) -> Release:
    """Say who may receive a parcel and which originals (dossier, code, name) are taken back in exchange.

    Several results in one parcel: the strictest rule holds, and all their originals are due.
    """
    new = ReleaseRule(rule)
    due = [{"dossier_id": str(dossier_id), "code": code, "name": name[:200]} for dossier_id, code, name in collects]
    release = Release.objects.select_for_update().filter(parcel_id=parcel_id).first()
    if release is None:
        return Release.objects.create(parcel_id=parcel_id, rule=new, collects=due, legal_basis=legal_basis[:300])
    release.rule = min(new, ReleaseRule(release.rule), key=_STRICTNESS.index)
    if release.rule == new:
        release.legal_basis = legal_basis[:300]
    release.collects = [*release.collects, *(each for each in due if each not in release.collects)]
    release.save(update_fields=["rule", "collects", "legal_basis"])
    return release


def release_of(parcel_id: UUID) -> tuple[ReleaseRule, list[dict[str, str]]]:
    """The rule and the originals due; a parcel for which nothing was said goes by authorisation, as the law has it."""
    release = Release.objects.filter(parcel_id=parcel_id).first()
    return (ReleaseRule.AUTHORISED, []) if release is None else (ReleaseRule(release.rule), list(release.collects))
