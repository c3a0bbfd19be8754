"""One client_ref is one dossier, for ever: requests that carry the same one come one after the other."""

from uuid import UUID

from django.db import connection


def hold(client_ref: UUID) -> None:
    """Wait for any other request with this reference, and keep it waiting until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(client_ref)])
