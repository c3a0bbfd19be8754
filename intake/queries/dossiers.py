"""Dossiers within an actor's sight, with what one answer needs and not a query more."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import FETCH_RAISE, QuerySet

from intake.errors import DossierNotFound
from intake.models.dossiers import Dossier, DossierStep
from shared.actors import Actor
from shared.calendar import MORNING, at_local
from shared.roles import FINANCE_ROLES, Role

MASKED_FOR = FINANCE_ROLES | {Role.AUDITOR, Role.OPERATOR_HQ}
"""These see the dossier, its money and its steps, and nothing that names the citizen."""


def dossiers_seen_by(actor: Actor) -> QuerySet[Dossier]:
    """Each with its citizen, procedure and outlet; anything else loaded lazily is an error."""
    loaded = Dossier.objects.seen_by(actor).select_related("citizen", "procedure", "outlet", "receiving_centre",
                                                           "authority_centre")
    return loaded.fetch_mode(FETCH_RAISE)


def get_dossier(dossier_id: UUID, actor: Actor) -> Dossier:
    """Raises DossierNotFound, also for another place's."""
    dossier = dossiers_seen_by(actor).filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    return dossier


def filtered(rows: QuerySet[Dossier], **wanted: Any) -> QuerySet[Dossier]:
    """Only what `wanted` names: handling, channel, procedure_code, citizen_id, reference, created_from, created_to."""
    plain = {name: wanted[name] for name in ("handling", "channel", "procedure_code", "citizen_id")
             if wanted.get(name) not in {None, ""}}
    rows = rows.filter(**plain)
    if reference := wanted.get("reference"):
        rows = rows.filter(code=reference) if "-" in reference else rows.filter(agent_ref=reference.upper())
    if wanted.get("created_from"):
        rows = rows.filter(created_at__gte=_day(wanted["created_from"]))
    if wanted.get("created_to"):
        rows = rows.filter(created_at__lt=_day(wanted["created_to"] + timedelta(days=1)))
    return rows


def _day(day: date) -> Any:
    return at_local(day, MORNING[0].replace(hour=0))


def steps_of(dossier_id: UUID, actor: Actor) -> QuerySet[DossierStep]:
    """The trace of a dossier, oldest first; raises DossierNotFound."""
    if not Dossier.objects.seen_by(actor).filter(id=dossier_id).exists():
        raise DossierNotFound
    return DossierStep.objects.filter(dossier_id=dossier_id)


def is_masked_for(actor: Actor) -> bool:
    return actor.role in MASKED_FOR or (not actor.role and actor.outlet_id is None and actor.centre_id is None)
