"""The operators' tables of zones, as far as they are known: Đà Nẵng's former districts."""

from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from django.db import transaction

from config.reference_data import zones as rows
from config.reference_data.problems import ReferenceDataRefused
from delivery.addresses import zones
from delivery.addresses.models import ZoneEntry
from shared.places import Place, get_place
from tests.factories import places

FOLDER = Path(__file__).parents[2] / "reference_data"
ON = date(2026, 1, 15)

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    places.commune(places.PHONG_DINH)
    found = get_place(places.PHONG_DINH)
    assert found is not None
    with transaction.atomic():
        rows.read(FOLDER)()
    yield found
    zones.forget()


def lying_in(town: Place, code: str, *districts: str) -> Place:
    return replace(town, code=code, province_code="48", former_district_codes=districts)


@pytest.mark.parametrize(("here", "there", "zone"), [
    (("492",), ("492",), "intra_district"), (("492",), ("493",), "intra_province"),
    (("497",), ("490",), "intra_province"),
    # Parts of both lay in Sơn Trà.
    (("492", "493"), ("493", "494"), "intra_district"),
])
def test_between_former_districts_the_table_says_the_zone_and_its_source(town, here, there, zone):
    found, line = zones.explain_zone("VNPOST", lying_in(town, "20194", *here), lying_in(town, "20195", *there), ON)

    assert found.zone == zone
    assert line is not None
    assert "20/4/2021" in line.legal_basis


def test_elsewhere_and_for_others_the_rule_of_the_tariff_stays(town):
    for operator, districts in (("VTPOST", ("492",)), ("VNPOST", ("474",))):
        assert zones.explain_zone(operator, lying_in(town, "20194", *districts), lying_in(town, "20195", "492"),
                                  ON)[1] is None


def test_the_table_is_whole_and_loading_it_again_changes_nothing(town):
    known = set(ZoneEntry.objects.values_list("origin_code", "destination_code"))
    districts = {code for pair in known for code in pair}

    assert known == {(a, b) for a, b in product(districts, districts) if a <= b}
    with transaction.atomic():
        rows.read(FOLDER)()
    assert ZoneEntry.objects.count() == len(known)


def test_a_line_the_wrong_way_round_or_with_foreign_codes_is_refused(tmp_path):
    text = (FOLDER / "zones.json").read_text()
    for wrong in (text.replace('"origin_code": "490"', '"origin_code": "498"', 1),
                  text.replace('"former_district"', '"commune"', 1)):
        (tmp_path / "zones.json").write_text(wrong)
        with pytest.raises(ReferenceDataRefused):
            rows.read(tmp_path)
