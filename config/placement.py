"""What the placement planner asks of the house: our own dossiers by commune, and where former communes lay."""

import csv
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from django.db import connection

from agents.placement import ports
from config.reference_data.places import FORMER
from config.runtime.paths import PROJECT
from shared.models.places import VIETNAMESE_KIND, Commune

_DOSSIERS = """
    SELECT c.commune_id, count(*), count(*) FILTER (WHERE d.channel = 'online')
    FROM intake_dossier d JOIN intake_citizen c ON c.id = d.citizen_id
    WHERE d.province_code = %s AND d.submitted_at >= %s AND d.submitted_at < %s GROUP BY 1 ORDER BY 1
"""


def dossiers_by_commune(province_code: str, since: datetime, until: datetime) -> Sequence[ports.CommuneHistory]:
    """Submitted dossiers by the citizens' communes; one statement, no citizen leaves it."""
    with connection.cursor() as cursor:
        cursor.execute(_DOSSIERS, [province_code, since, until])
        return [ports.CommuneHistory(*row) for row in cursor.fetchall()]


def former_points(province_code: str) -> Sequence[ports.FormerPoint]:
    """Former communes whose greater part lies in the province today; a district without communes has no point."""
    present = set(Commune.objects.filter(province_id=province_code).values_list("code", flat=True))
    return [each for each in _points() if each.commune_code in present]


@cache
def _points() -> tuple[ports.FormerPoint, ...]:
    with (PROJECT / "reference_data" / FORMER).open(encoding="utf-8", newline="") as file:
        return tuple(
            ports.FormerPoint(row["code"], f"{VIETNAMESE_KIND[row['kind']]} {row['name']}, {row['district_name']}",
                              float(row["lat"]), float(row["lon"]), row["default_successor"])
            for row in csv.DictReader(file) if row["lat"] and row["lon"])


ports.register_history(dossiers_by_commune)
ports.register_former_points(former_points)
