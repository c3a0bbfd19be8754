"""Gives a house its tables before it opens, from a dump (`python -m tests.faults.prepared schema.sql`).

That an empty house migrates by itself is shown wherever a test database is made.
"""

import sys
from pathlib import Path

from bench.ground import restore
from config.runtime import environment

environment.fill()
with environment.engines():
    restore(Path(sys.argv[1]))
