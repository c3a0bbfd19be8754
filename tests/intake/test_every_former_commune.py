"""All former communes of the country: each resolves to the centre of its successor, or waits for an answer."""

from datetime import date

import pytest
from django.db import connection

from agents.models.organisations import Centre, CentreLevel
from config.reference_data import places as place_files
from config.runtime.paths import PROJECT
from intake.records import PlaceChoice
from intake.routing import find_route
from shared.models.places import Commune, FormerCommune, Succession
from tests.factories import catalogue

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 12)

_DECIDED = """
    SELECT f.code, count(s.id), min(c.id::text), count(c.id)
    FROM shared_formercommune f
    LEFT JOIN shared_succession s ON s.former_id = f.code
    LEFT JOIN agents_centre c ON c.commune_id = s.commune_id
    GROUP BY f.code
"""


@pytest.fixture
def country():
    """Every place of the country, with one centre in every commune."""
    place_files.read(PROJECT / "reference_data")()
    Centre.objects.bulk_create([
        Centre(agency_code=f"X{each.code}", name=f"Trung tâm {each.name}", authority_name=f"UBND {each.full_name}",
               level=CentreLevel.COMMUNE, province_id=each.province_id, commune=each, latitude=each.latitude,
               longitude=each.longitude, open_from=TODAY) for each in Commune.objects.all()])


def test_every_former_commune_resolves_or_waits_in_the_queue(country):
    with connection.cursor() as cursor:
        cursor.execute(_DECIDED)
        rows = cursor.fetchall()

    whole = [row for row in rows if row[1] == 1]
    split = [row for row in rows if row[1] > 1]
    assert len(rows) == FormerCommune.objects.count() >= 10_000
    assert len(whole) + len(split) == len(rows), "a former commune without any successor"
    assert all(centres == 1 for _code, _parts, _centre, centres in whole)
    assert 0 < len(split) < len(whole)


def test_the_route_of_a_sample_from_every_province_says_what_the_tables_say(country):
    procedure = catalogue.procedure()
    former = FormerCommune.objects.order_by("province_code", "code").distinct("province_code")
    split = Succession.objects.filter(is_default=False).order_by("former_id").distinct("former_id")

    for code in [*former.values_list("code", flat=True), *split.values_list("former_id", flat=True)[:40]]:
        successors = list(Succession.objects.filter(former_id=code).values_list("commune_id", flat=True))
        route = find_route(procedure=procedure, place=PlaceChoice(former_commune_code=code), on=TODAY)
        if len(successors) == 1:
            assert route.authority is not None
            assert (route.authority.commune_code, route.cause) == (successors[0], "")
        else:
            assert (route.authority, route.cause) == (None, "split-unit")
            assert {each.commune_code for each in route.candidates} == set(successors)
