"""`python -m bench [jobs] [--small] [--json FILE]`: run the jobs, print their ratios, CPU first."""

import argparse
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Final

from bench import ground, report, web
from bench.rounds import Fact, Result, as_data
from bench.sizes import FULL, SMALL, Sizes

BROKEN: Final = "broke off"
JOBS: Final = ("submit", "nearest", "pages", "worker", "carriers", "queues", "as_of", "settlement", "what_if",
                     "claims", "placement")
"""In this order: the last ones empty tables of their own."""


def main(arguments: list[str]) -> int:
    """Return 0 when every job ran to its end; what a ratio is worth is for people to judge."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("jobs", nargs="*", help=f"of {', '.join(JOBS)}; none: all")
    parser.add_argument("--small", action="store_true", help="tiny amounts, to see that everything works")
    parser.add_argument("--dossiers", type=int, nargs="+", metavar="N", help="of the job as_of, instead of its own")
    parser.add_argument("--schema", type=Path, metavar="FILE", help="a dump of a migrated database to begin with")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results there")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.jobs) - set(JOBS):
        parser.error(f"no such job: {', '.join(sorted(unknown))}")
    ground.prepare_environment()
    sizes = SMALL if asked.small else FULL
    if asked.dossiers:
        sizes = replace(sizes, board_dossiers=tuple(asked.dossiers))
    results = _run([job for job in JOBS if job in asked.jobs or not asked.jobs], sizes, asked.schema)
    sys.stdout.write(report.table(results))
    if asked.json:
        asked.json.write_text(json.dumps(_document(results, is_small=asked.small), indent=1, ensure_ascii=False))
    return 1 if any(isinstance(each, Fact) and each.name == BROKEN for each in results) else 0


def _run(jobs: list[str], sizes: Sizes, schema: Path | None) -> list[Result]:
    results: list[Result] = []
    with ground.house(schema) as seconds:
        results.append(Fact("seed", "empty database to all places and rules, seconds", round(seconds, 1), "seconds"))
        try:
            for job in jobs:
                started = time.perf_counter()
                results += _one(job, sizes)
                sys.stderr.write(f"  {job}: {time.perf_counter() - started:.1f} s\n")
        finally:
            web.stop_servers()
    return results


def _one(job: str, sizes: Sizes) -> list[Result]:
    """A job's results; one that breaks is said and does not take the others' figures with it."""
    run: Callable[[Sizes], list[Result]] = import_module(f"bench.{job}").run
    try:
        return run(sizes)
    except Exception as error:  # noqa: BLE001  # an hour of other figures hangs on it
        traceback.print_exc()
        return [Fact(job, BROKEN, f"{type(error).__name__}: {error}"[:200])]


def _document(results: list[Result], *, is_small: bool) -> dict[str, object]:
    return {"at": datetime.now(UTC).isoformat(timespec="seconds"), "cores": os.cpu_count(), "load": os.getloadavg(),
            "is_small": is_small, "results": [as_data(result) for result in results]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
