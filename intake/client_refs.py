"""One client_ref is one dossier, for ever: requests that carry the same one come one after the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, connection

from intake.errors import ClientRefReused
from intake.models.dossiers import Dossier
from shared.actors import Actor


def hold(client_ref: UUID) -> None:
    """Wait for any other request with this reference, and keep it waiting until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(client_ref)])


def kept_dossier(client_ref: UUID, by: Actor) -> Dossier | None:
    """The dossier of a client_ref, locked; somebody else's is nobody's business."""
    hold(client_ref)
    if not Dossier.objects.filter(client_ref=client_ref).exists():
        return None
    kept = Dossier.objects.select_for_update(of=("self",)).filter(client_ref=client_ref).first()
    if kept is not None and (by.outlet_id is None or kept.outlet_id != by.outlet_id):
        raise ClientRefReused
    return kept


@contextmanager
def one_client_ref() -> Iterator[None]:
    """Refuse a client_ref of another outlet, which this actor's connection does not even see."""
    try:
        yield
    except IntegrityError as error:
        if "client_ref" in str(error):
            raise ClientRefReused from None
        raise
