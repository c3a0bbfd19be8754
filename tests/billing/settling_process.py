"""A process that settles the same parcels as every other one of its kind, and may kill itself on the way.

`python -m tests.billing.settling_process DATABASE PARCELS CHUNK [STAGE]`: at the second chunk's STAGE it sends itself
SIGKILL, as a machine without power would.
"""

import os
import signal
import sys
from unittest.mock import patch
from uuid import UUID


def parcels(count):
    """Equal in every process; some of nothing owed, some of a month of its own."""
    from datetime import timedelta

    from tests.billing.events import DELIVERED, delivered

    for n in range(count):
        yield delivered(parcel_id=UUID(int=n + 1), number=f"EH{n:09d}VN", channel="post" if n % 5 == 0 else "online",
                        operator_code="VTPOST" if n % 3 == 0 else "VNPOST", weight_grams=50 + n * 37 % 2000,
                        beneficiary_class="war_invalid" if n % 7 == 0 else "",
                        delivered_at=DELIVERED - timedelta(days=n % 40))


def _settle(database, count, chunk, stage):
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database
    from billing.settlement import bulk
    from tests.billing.events import NOW

    with patch.object(bulk, "CHUNK", chunk), connection.execute_wrapper(_Killer(stage)):
        sys.stdout.write(f"{bulk.post_many(parcels(count), at=NOW)}\n")


class _Killer:
    """Sends SIGKILL before the second chunk's statement that begins `stage`, or before the third chunk's first."""

    def __init__(self, stage):
        from billing.settlement import statements

        self._at = {"lines": statements.GROUPS, "legs": statements.UNPRICED,
                    "committed": statements.DELIVERED}.get(stage, "")
        self._left = 3 if stage == "committed" else 2

    def __call__(self, execute, sql, params, many, context):
        if sql == self._at:
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


if __name__ == "__main__":
    _settle(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), (sys.argv[4:] or [""])[0])
