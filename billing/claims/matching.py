"""A confirmed claim is compared with our books and with what carriers and centres say, in a few statements.

Every line gets its verdict and reason; clean lines are drawn for call-backs by risk. Nothing is compared before the
month's statement is prepared, so what a claim is compared with never moves again.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from billing.claims import matching_sql as sql
from billing.claims.files.reading import Reading, claimed_rows
from billing.claims.files.rows import POSTAGE
from billing.claims.states import move, move_item
from billing.events import ClaimMatched
from billing.models.claims import CallBack, Claim, ClaimFile, ClaimLine
from billing.models.statements import Statement, StatementState
from billing.rules.claims import ClaimAction, ClaimState
from billing.rules.sampling import sample_size
from shared import work
from shared.actors import job
from shared.calendar import CLOSING, LOCAL_ZONE, at_local, local
from shared.money import Money
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.transactions import operation
from shared.working_days import work_calendar

MATCHING: Final = job("match_claim")
CALL_BACKS: Final = "claim-call-backs"
"""Work item of a centre: citizens to be asked whether their parcels came."""
CALL_WITHIN_WORKING_DAYS: Final = 3

type Evidence = Callable[[CursorWrapper], None]
"""Fills billing_claim_parcel and billing_claim_dossier for what stands in billing_claimed."""


@operation
def match_claim(*, claim_id: UUID, evidence: Evidence, at: datetime) -> bool:
    """Compare the claim if it waits for that and its month is prepared; says whether it did."""
    claim = Claim.objects.select_for_update().filter(id=claim_id, state=ClaimState.CONFIRMED).first()
    if claim is None or not _is_prepared(claim):
        return False
    facts = {"claim": claim.id, "province": claim.province_id, "operator": claim.operator_code, "period": claim.period,
             "zone": LOCAL_ZONE.key}
    has_work = _compare(claim, evidence, facts)
    _note_unclaimed(claim, facts | {"has_work": has_work})
    _draw(claim, at=at)
    move(claim, ClaimAction.MATCH, by=MATCHING, at=at)
    claim.save(update_fields=["unclaimed_lines", "unclaimed", "state", "state_at"])
    move_item(claim, at=at, due=None)
    publish(ClaimMatched(claim.id, at))
    return True


def waiting_claims(*, province_code: str, operator_code: str, period: date) -> list[UUID]:
    """Confirmed claims of a month, which may now be compared."""
    return list(Claim.objects.filter(province_id=province_code, operator_code=operator_code, period=period,
                                     state=ClaimState.CONFIRMED).values_list("id", flat=True))


def _is_prepared(claim: Claim) -> bool:
    return Statement.objects.filter(
        province_id=claim.province_id, operator_code=claim.operator_code, period=claim.period,
        state=StatementState.PREPARED).exists()


def _compare(claim: Claim, evidence: Evidence, facts: dict[str, Any]) -> bool:
    """Write the lines; says whether any of them claims agents' work."""
    content = bytes(ClaimFile.objects.get(claim=claim).content)
    has_work, reading = False, Reading()
    with connection.cursor() as cursor:
        cursor.execute(sql.EMPTY)
        cursor.execute(sql.TABLES)
        with cursor.copy(sql.COPY) as copy:
            for row in claimed_rows(content, reading):
                has_work = has_work or row.item != POSTAGE
                copy.write_row(row)
        if (reading.rows, reading.claimed, reading.fault_count) != (claim.rows, claim.claimed.amount, 0):
            raise RuntimeError(f"Claim {claim.id} reads otherwise than when it was confirmed.")
        evidence(cursor)
        cursor.execute(sql.ANALYSE)
        cursor.execute(sql.BOOK, facts)
        cursor.execute(sql.SAID, facts)
        cursor.execute(sql.LINES, facts)
        cursor.execute(sql.EMPTY)
        cursor.execute("ANALYZE billing_claimline")
    return has_work


def _note_unclaimed(claim: Claim, facts: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.UNCLAIMED, facts)
        lines, owed = cursor.fetchone()
    claim.unclaimed_lines, claim.unclaimed = int(lines), Money(int(owed))


# --- who is called back ---------------------------------------------------------------------------------------------


def _draw(claim: Claim, *, at: datetime) -> None:
    clean = ClaimLine.objects.filter(claim=claim, verdict="admitted", reason_code="", item=POSTAGE).count()
    with connection.cursor() as cursor:
        cursor.execute(sql.DRAWN, {"claim": claim.id, "seed": claim.sha256, "size": sample_size(clean)})
        drawn = [row_id for (row_id,) in cursor.fetchall()]
    ClaimLine.objects.filter(id__in=drawn).update(is_sampled=True)
    due_at = at_local(work_calendar().due_date(local(at).date(), CALL_WITHIN_WORKING_DAYS), CLOSING)
    calls = [call for line in ClaimLine.objects.filter(id__in=drawn) if (call := _call(claim, line, at, due_at))]
    CallBack.objects.bulk_create(calls)
    for centre_id in {call.centre_id for call in calls}:
        work.open_item(kind=CALL_BACKS, reference=f"{claim.id}:{centre_id}", owner_role=Role.CENTRE_OFFICER,
                       owner_place=str(centre_id), at=at, due_at=due_at, detail={"claim": str(claim.id)})


def _call(claim: Claim, line: ClaimLine, at: datetime, due_at: datetime) -> CallBack | None:
    said = line.facts.get("said") or {}
    if not said.get("centre_id"):
        return None
    return CallBack(line=line, claim=claim, province_code=claim.province_id, centre_id=said["centre_id"],
                    dossier_code=(said.get("dossiers") or [line.dossier_code])[0], parcel_number=line.parcel_number,
                    delivered_at=datetime.fromisoformat(said["delivered_at"]), relation=said.get("relation", ""),
                    opened_at=at, due_at=due_at)


