"""`make bench` runs, whatever its figures are on this machine: a tiny run of every job, in a house of its own."""

import json
import os
import subprocess
import sys

import pytest

from config.runtime.paths import PROJECT

OURS = ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "WARDPOST_LOCAL", "WARDPOST_MODE", "WARDPOST_PROCESS")


@pytest.mark.django_db  # whose tables the schema is a dump of
def test_every_job_of_the_bench_runs_to_its_end_and_prints_ratios(tmp_path, schema):
    variables = {name: value for name, value in os.environ.items() if name not in OURS}
    kept = tmp_path / "figures.json"

    done = subprocess.run(
        [sys.executable, "-m", "bench", "--small", "--schema", str(schema), "--json", str(kept)], cwd=PROJECT,
        capture_output=True, text=True, check=False,
        env=variables | {"WARDPOST_RUN_DIR": str(tmp_path), "WARDPOST_LOCAL_SECRETS": "1"})

    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(kept.read_text())
    assert {each["job"] for each in told["results"]} >= {
        "seed", "submit", "nearest", "pages", "worker", "webhook", "carrier file", "queues", "board", "settlement"}
    measured = [each for each in told["results"] if "cpu_us" in each]
    assert {each["job"].partition(",")[0] for each in measured} == {"submit", "nearest", "board"}
    assert all(each["cpu_us"] > 0 and each["floor_cpu_us"] > 0 for each in measured)
    exact = {each["name"]: (str(each["value"]), each["goal"])
             for each in told["results"] if "equal to" in each.get("name", "")}
    assert exact
    assert all(value == wanted for value, wanted in exact.values()), exact
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines() if "|" in line]
    assert any(row[0] == "submit" and row[1].startswith("web server, one statement") for row in rows), done.stdout
