"""The board as of any moment: bench.board's figures, and a scan of every step that must give the same answer."""

import time
from datetime import datetime, timedelta
from statistics import median
from typing import Final
from uuid import UUID

from django.db import connection

from bench import board
from bench.rounds import Fact, Result, facts_of
from bench.sizes import Sizes

JOB: Final = "board"
_SCAN: Final = """
    SELECT d.receiving_centre_id, d.procedure_code, count(*) FILTER (WHERE s.action = 'receive'),
           count(*) FILTER (WHERE s.action = 'resolve'),
           count(*) FILTER (WHERE s.action = 'resolve' AND s.due_at < s.at)
    FROM intake_dossierstep s JOIN intake_dossier d ON d.id = s.dossier_id
    WHERE s.machine = 'handling' AND s.action IN ('receive', 'resolve') AND s.at <= %s AND d.province_code = %s
    GROUP BY 1, 2
"""


def run(sizes: Sizes) -> list[Result]:
    """Fill, ask at random moments, then compare pair by pair with the scan, late in the year when it is dearest."""
    figures = board.as_of_board(sizes.board_dossiers, sizes.rounds, sizes.moments)
    moments = [board.LAST - timedelta(days=number, minutes=77) for number in range(3)]
    scans = [_timed_scan(moment) for moment in moments]
    same = sum(_found(moment) == pairs for moment, (pairs, _) in zip(moments, scans, strict=True))
    scan_ms = median(taken for _, taken in scans)
    p50 = float(str(figures["p50_ms"]))
    return [*facts_of(JOB, figures, {"ratio": "≤ 2", "is_exact": "True"}),
            Fact(JOB, "full scan of all steps, ms", round(scan_ms, 1)),
            Fact(JOB, "times faster than the full scan", round(scan_ms / p50, 1), "≥ 100"),
            Fact(JOB, f"answers equal to the scan pair by pair, of {len(moments)}", same, str(len(moments)))]


def _found(moment: datetime) -> dict[tuple[UUID, str], tuple[int, int, int]]:
    return {pair: (each.received, each.resolved, each.resolved_late) for pair, each in board.pairs(moment).items()}


def _timed_scan(moment: datetime) -> tuple[dict[tuple[UUID, str], tuple[int, int, int]], float]:
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_SCAN, [moment, board.PROVINCE])
        rows = cursor.fetchall()
    return ({(centre, code): (received, resolved, late) for centre, code, received, resolved, late in rows},
            (time.perf_counter() - started) * 1000)
