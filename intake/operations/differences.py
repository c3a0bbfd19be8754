"""A difference is explained: what was missing is found or lost, what was too much belongs somewhere."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake import custody
from intake.errors import DifferenceNotFound, ManifestRefused
from intake.models.decisions import Forwarding
from intake.models.dossiers import Dossier, DossierStep
from intake.models.manifests import Manifest, ManifestDifference
from intake.operations import forwarding
from intake.operations.manifest_counts import DIFFERENCE
from intake.operations.manifests import locked, step
from intake.rules.manifests import OUTCOMES, DifferenceOutcome, ManifestAction
from shared import audit, work
from shared.actors import Actor
from shared.calendar import MINUTES_A_DAY
from shared.errors import ErrorCollector
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role
from shared.text import clean
from shared.transactions import operation
from shared.working_days import work_calendar

LOST: Final = "papers-lost"
SAID_BY: Final = {
    DifferenceOutcome.ARRIVED_LATER: CENTRE_ROLES, DifferenceOutcome.AT_THE_OUTLET: OUTLET_ROLES,
    DifferenceOutcome.LOST: frozenset({Role.OUTLET_MANAGER, Role.OPERATOR_HQ}),
    DifferenceOutcome.ACCEPTED: CENTRE_ROLES | {Role.OUTLET_MANAGER, Role.OPERATOR_HQ},
    DifferenceOutcome.SENT_ON: CENTRE_ROLES | {Role.OUTLET_MANAGER, Role.OPERATOR_HQ},
}
"""Only who has the thing in hand can say where it is."""


@operation
def settle(*, difference_id: UUID, outcome: str, explanation: str, by: Actor, at: datetime) -> ManifestDifference:
    """Say how a difference ended. The last one settled reconciles the manifest; settled again, nothing changes.

    Raises:
        DifferenceNotFound: unknown, or of another place.
        ManifestRefused: the outcome does not fit, is not the actor's to say, or nothing explains it.
    """
    manifest, difference = _locked(difference_id, by)
    if difference.settled_at is not None:
        return difference
    words = clean(explanation)
    _check(difference, outcome, words, by)
    _follow(manifest, difference, DifferenceOutcome(outcome), by, at)
    difference.outcome, difference.explanation = outcome, words[:500]
    difference.settled_at, difference.settled_by_name = at, by.name
    difference.save(update_fields=["outcome", "explanation", "settled_at", "settled_by_name"])
    audit.record(actor=by, action="difference.settle", object_type="difference", object_id=difference.id, at=at,
                 after={"outcome": outcome}, reason=words)
    work.close_item(kind=DIFFERENCE, reference=str(difference.id), by=by.id, at=at, outcome=outcome)
    if not manifest.differences.filter(settled_at=None).exists():
        step(manifest, ManifestAction.SETTLE, by=by, at=at)
    return difference


def _locked(difference_id: UUID, by: Actor) -> tuple[Manifest, ManifestDifference]:
    difference = ManifestDifference.objects.filter(
        id=difference_id, manifest__in=Manifest.objects.seen_by(by)).first()
    if difference is None:
        raise DifferenceNotFound
    manifest = locked(difference.manifest_id, by)
    return manifest, ManifestDifference.objects.select_for_update().get(id=difference_id)


def _check(difference: ManifestDifference, outcome: str, words: str, by: Actor) -> None:
    wrong = ErrorCollector()
    if outcome not in OUTCOMES[difference.kind]:
        wrong.add("/outcome", "unknown", _("Choose how it ended."))
    elif not _may_say(by, DifferenceOutcome(outcome)):
        wrong.add("/outcome", "not-yours", _("Only who has it in hand can say so."))
    if len(words) < 5:
        wrong.add("/explanation", "missing", _("Explain in a sentence what happened."))
    wrong.raise_if_any(ManifestRefused)


def _may_say(by: Actor, outcome: DifferenceOutcome) -> bool:
    """A machine speaks for its place."""
    if by.role:
        return by.role in SAID_BY[outcome]
    place = CENTRE_ROLES if by.centre_id is not None else OUTLET_ROLES if by.outlet_id is not None else frozenset()
    return bool(SAID_BY[outcome] & place)


def _follow(manifest: Manifest, difference: ManifestDifference, outcome: DifferenceOutcome, by: Actor,
            at: datetime) -> None:
    item = difference.item
    if item is None or item.dossier_id is None:
        return
    item.is_live = False
    item.save(update_fields=["is_live"])
    dossier = Dossier.objects.select_for_update(of=("self",)).get(id=item.dossier_id)
    match outcome:
        case DifferenceOutcome.ARRIVED_LATER:
            forwarding.hand_over(dossier, by=by, at=at)
            custody.arrive([dossier.id], manifest.centre_id, agents.get_centre(manifest.centre_id).name, by=by, at=at,
                           carrier=manifest.carrier)
        case DifferenceOutcome.AT_THE_OUTLET:
            _send_again(manifest, dossier, by, at)
        case DifferenceOutcome.LOST:
            _search(manifest, dossier, at)


def _send_again(manifest: Manifest, dossier: Dossier, by: Actor, at: datetime) -> None:
    """It never left: it waits at the outlet again, for the next bag."""
    Forwarding.objects.filter(dossier=dossier, parcel_number=manifest.parcel_number).delete()
    dossier.forwarded_at = None
    dossier.version += 1
    dossier.save(update_fields=["forwarded_at", "version"])
    DossierStep.objects.create(
        dossier=dossier, machine="handling", action="forward_undone", from_state=str(dossier.handling),
        to_state=str(dossier.handling), at=at, actor_kind=by.kind, actor_id=by.id, actor_name=by.name)
    outlet = agents.get_outlet(manifest.outlet_id)
    custody.bring_back([dossier.id], outlet.id, outlet.name, by=by, at=at)


def _search(manifest: Manifest, dossier: Dossier, at: datetime) -> None:
    """The operator searches, and answers for it: re-issue of a lost original is at its cost."""
    operator = agents.get_outlet(manifest.outlet_id).operator
    work.open_item(kind=LOST, reference=str(dossier.id), owner_role=Role.OPERATOR_HQ, owner_place=operator.code, at=at,
                   due_at=work_calendar().add_working_minutes(at, 2 * MINUTES_A_DAY),
                   detail={"manifest": manifest.code, "carrier": manifest.carrier, "parcel": manifest.parcel_number})

