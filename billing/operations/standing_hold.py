"""Whoever changes what stands for lines of a city does so alone.

A decision of a dispute, the correction of a known error, a rule that writes lines anew and a single line taken back all
look at what stands and add what is missing to it. Two of them at once would each add the whole.
"""

from hashlib import blake2b

from django.db import connection


def hold_standing(province_code: str) -> None:
    """Wait for the others; held until the caller's transaction ends.

    Taken after the rows that a person acts on, before months (billing.operations.periods).
    """
    _lock("pg_advisory_xact_lock", "billing-standing", province_code)


def hold_taking_back(province_code: str) -> None:
    """Wait until no dispute is being raised: a line is taken back, or disputed, and each sees the other."""
    _lock("pg_advisory_xact_lock", "billing-taking-back", province_code)


def hold_disputing(province_code: str) -> None:
    """Wait until no single line is being taken back; many raise disputes beside each other, whatever rules do."""
    _lock("pg_advisory_xact_lock_shared", "billing-taking-back", province_code)


def _lock(function: str, what: str, province_code: str) -> None:
    digest = blake2b(f"{what}|{province_code}".encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [int.from_bytes(digest, signed=True)])
