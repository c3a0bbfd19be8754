"""Prepares a running house for a day of faults, and prints what the day needs as one JSON object.

Run as a process of its own (`python -m tests.faults.ground 12`), because it works on that house's database.
"""

import json
import os
import sys
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.utils import timezone

from agents.models.organisations import Centre, Outlet
from agents.operations import tokens
from agents.records import Workplace
from agents.tokens import find_token
from config.demo import cast, network
from config.demo.citizens import PURPOSES, as_typed, registered
from config.demo.people import people
from delivery.operations import numbers
from intake.operations import sessions
from shared.actors import Actor, job

NOW = timezone.now()
OFFICE = job("fault-test")


def token_of(name: str, scope: str, place: Workplace) -> tuple[str, Actor]:
    issued = tokens.issue_token(
        name=name, scopes=frozenset({scope}), place=place, expires_at=NOW + timedelta(days=1), by=OFFICE, at=NOW)
    key = find_token(issued.clear, NOW)
    assert key is not None
    return issued.clear, key.actor


def main(dossiers: int) -> None:
    network.lay_network()
    cast.hire()
    numbers.allot_numbers(operator_code="VNPOST", first_serial=90_000_000, last_serial=90_000_999, by=OFFICE, at=NOW)
    outlet, centre = Outlet.objects.get(code="HUE-003"), Centre.objects.get(commune_id="19831")
    outlet_token, machine = token_of("counter", "dossiers:write", Workplace(outlet_id=outlet.id))
    centre_token, _ = token_of("centre", "centre:write", Workplace(centre_id=centre.id))
    crowd = people("faults", "046")
    filings = []
    for _n in range(dossiers):
        citizen_id = registered(as_typed(next(crowd), outlet.commune_id), machine, NOW)
        session = sessions.open_session(citizen_id=citizen_id, purposes=PURPOSES, by=machine, at=NOW)
        filings.append({"citizen_id": str(citizen_id), "session_id": str(session.id)})
    print(json.dumps({"outlet_token": outlet_token, "centre_token": centre_token, "filings": filings}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
