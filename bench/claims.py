"""A claim of one month: read, compared with the books, drawn and shown. No floor: rows a second, memory, growth.

What carriers and centres say comes from the bench's own parcels in one statement, as config tells it in two; the books
are a settled January. The same month is claimed at a tenth and in full, so that time and memory can be seen to grow no
faster than the rows.
"""

import resource
import time
from datetime import UTC, date, datetime
from typing import Final

from django.db import connection
from django.db.backends.utils import CursorWrapper

from agents.models.organisations import Operator
from bench import billing as books
from bench.rounds import Result, facts_of
from bench.sizes import Sizes
from billing.claims.importing import confirm_claim, read_claim, receive_claim
from billing.claims.matching import match_claim
from billing.claims.reading_lines import page_of_claim, sums_by_reason
from billing.models.claims import Claim, ClaimLine
from billing.operations.statements import prepare_statement
from shared.actors import Actor, ActorKind, job
from shared.roles import Role

NOW: Final = datetime(2026, 2, 3, 2, tzinfo=UTC)
JANUARY: Final = date(2026, 1, 1)
_YEN: Final = Actor(ActorKind.PERSON, "yen", "Yến", Role.FINANCE_REVIEWER, province_code="01")
_PAGES: Final = 20
# The bench numbers its parcels in a row, which no check digit survives.
_NUMBERED: Final = "UPDATE bench_parcel SET parcel_number = 'BG-' || substr(parcel_number, 3, 9)"
_ROWS: Final = """
    SELECT p.parcel_number || ';' || p.dossier_code || ';' || CASE p.direction WHEN 'result' THEN 'về' ELSE 'đi' END
           || ';' || greatest(c.city_subsidy + CASE WHEN random() < 0.01 THEN 1000 ELSE 0 END, 1) || ';'
           || to_char(p.delivered_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'DD/MM/YYYY')
    FROM bench_parcel p JOIN billing_charge c ON c.source_type = 'parcel' AND c.source_id = p.parcel_id
    WHERE p.operator_code = 'VNPOST' AND c.period = '2026-01-01' ORDER BY p.parcel_number LIMIT %s
"""
_TOLD: Final = """
    INSERT INTO billing_claim_parcel
    SELECT p.parcel_number, p.parcel_id, p.operator_code, p.province_code, p.direction, p.weight_grams, p.channel,
           p.beneficiary_class, NULL, NULL, p.delivered_at - interval '1 day', p.delivered_at, 'otp', p.relation, false,
           md5(p.parcel_number), ARRAY[p.dossier_code], NULL, NULL
    FROM (SELECT DISTINCT parcel_number FROM billing_claimed) asked JOIN bench_parcel p USING (parcel_number)
"""


def run(sizes: Sizes) -> list[Result]:
    """A tenth of the rows, then all of them."""
    Operator.objects.get_or_create(code="VNPOST", defaults={
        "name": "Vietnam Post", "operator_class": "public_post", "carrier_code": "vnpost"})
    few, many = _one(sizes.claim_rows // 10), _one(sizes.claim_rows)
    growth = {"growth of seconds a row": round(many["seconds a row, µs"] / few["seconds a row, µs"], 2)}
    return facts_of("claims", many | growth, {"growth of seconds a row": "≤ 1.3", "a page of exceptions, ms": "≤ 100"})


def _one(rows: int) -> dict[str, float]:
    books.fill(rows * 2, before=_number)
    content = _file(rows)
    headquarters = Actor(ActorKind.PERSON, "hq", "Bưu Điện", Role.OPERATOR_HQ,
                         operator_id=Operator.objects.get(code="VNPOST").id)
    before, started = _memory(), time.perf_counter()
    claim = receive_claim(province_code="01", period=JANUARY, file_name="thang-1.csv", content=content,
                          by=headquarters, at=NOW)
    read_claim(claim_id=claim.id, by=job("read_claim"), at=NOW)
    read = time.perf_counter() - started
    confirm_claim(claim_id=claim.id, by=headquarters, at=NOW)
    prepare_statement(province_code="01", operator_code="VNPOST", period=JANUARY, by=_YEN, at=NOW)
    started = time.perf_counter()
    match_claim(claim_id=claim.id, evidence=_tell, at=NOW)
    compared = time.perf_counter() - started
    if ClaimLine.objects.filter(claim=claim).count() != rows:
        raise AssertionError("Not every row of the claim has its verdict.")
    return {"rows": rows, "megabytes in the file": round(len(content) / 1e6, 1), "seconds to read": round(read, 2),
            "seconds to compare": round(compared, 2), "rows a second": round(rows / (read + compared)),
            "seconds a row, µs": round((read + compared) / rows * 1e6, 1),
            "megabytes of memory more": round((_memory() - before) / 1024, 1),
            "a page of exceptions, ms": _page(Claim.objects.get(id=claim.id))}


def _number() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERED)


def _tell(cursor: CursorWrapper) -> None:
    cursor.execute(_TOLD)


def _file(rows: int) -> bytes:
    """One per cent of the rows ask for a little too much."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [rows])
        lines = [line for (line,) in cursor.fetchall()]
    if len(lines) != rows:
        raise AssertionError("The month has fewer lines than the claim wants.")
    return "\n".join(["Số hiệu bưu gửi;Mã hồ sơ;Chiều;Số tiền;Ngày phát", *lines]).encode("utf-8-sig")


def _memory() -> int:
    """The most kilobytes that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _page(claim: Claim) -> float:
    """The median of reading a page of exceptions with the sums by reason."""
    times = []
    for _ in range(_PAGES):
        started = time.perf_counter()
        sums_by_reason(claim)
        page_of_claim(claim, view="exceptions", find="", cursor="", limit=40)
        times.append(time.perf_counter() - started)
    return round(sorted(times)[_PAGES // 2] * 1000, 1)
