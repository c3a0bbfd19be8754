"""Loading the reference data: what arrives, what is refused, what a second run does."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg import sql

from billing.models.rates import NormItem, Reduction, SubsidyRuleSet, Tariff, TariffRate
from intake.models.procedures import Procedure
from shared import working_days
from shared.calendar import SAME_DAY_CUTOFF
from shared.models.calendar import CalendarDay
from shared.models.places import Commune, FormerCommune, Province, Succession
from shared.money import Money
from shared.places import search_places

FILES = Path(settings.BASE_DIR) / "reference_data"

type Edit = Callable[[str, Callable[[list[dict[str, Any]]], None]], Path]

pytestmark = pytest.mark.django_db


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    """Copies the files and changes the rows of one of them; answers with the folder of the copies."""
    folder = tmp_path / "reference_data"
    shutil.copytree(FILES, folder)

    def change(file: str, how: Callable[[list[dict[str, Any]]], None]) -> Path:
        content = json.loads((folder / file).read_text(encoding="utf-8"))
        how(content["rows"])
        (folder / file).write_text(json.dumps(content), encoding="utf-8")
        return folder

    return change


@pytest.fixture
def loaded() -> Iterator[None]:
    """The committed files, in the database of this test."""
    call_command("load_reference_data")
    yield
    working_days.forget()


def refusal(folder: Path, **options: bool) -> str:
    """The whole text with which loading `folder` is refused."""
    with pytest.raises(CommandError) as refused:
        call_command("load_reference_data", folder=folder, **options)
    return str(refused.value)


@pytest.mark.usefixtures("loaded")
def test_all_places_arrive_with_what_became_of_them() -> None:
    assert (Province.objects.count(), Commune.objects.count()) == (34, 3_321)
    assert FormerCommune.objects.count() == 10_040
    assert Succession.objects.filter(is_default=True).count() == 10_040
    assert Commune.objects.filter(province_id="01").count() == 126
    assert Commune.objects.filter(province_id="46").count() == 40


@pytest.mark.usefixtures("loaded")
def test_the_communes_of_hue_have_the_codes_in_force() -> None:
    wards = Commune.objects.filter(province_id="46", kind="phuong").values_list("code", "name")

    assert {("19753", "Phú Xuân"), ("19774", "Kim Long"), ("19804", "Hương An")} <= set(wards)


@pytest.mark.usefixtures("loaded")
def test_a_merged_commune_leads_to_one_successor() -> None:
    merged = {
        unit.name: [(successor.place.full_name, successor.is_default) for successor in unit.successors]
        for unit in search_places("Phong", province_code="46", limit=100).former
    }

    assert merged["Phong Chương"] == merged["Phong Bình"] == merged["Phong Hòa"] == [("phường Phong Dinh", True)]


@pytest.mark.usefixtures("loaded")
def test_a_split_commune_offers_its_default_first() -> None:
    (unit,) = (unit for unit in search_places("Cổ Bi", province_code="01").former if unit.name == "Cổ Bi")

    assert unit.is_split
    assert [s.is_default for s in unit.successors] == [True, False, False]


@pytest.mark.usefixtures("loaded")
def test_namesakes_of_merged_provinces_do_not_share_successors() -> None:
    sa_dec = Succession.objects.filter(former_id="29902").values_list("commune__name", flat=True)

    assert list(sa_dec) == ["Sa Đéc"]  # and not Cao Lãnh, which has a "Phường 3" of its own


@pytest.mark.usefixtures("loaded")
def test_terms_fall_due_on_the_day_the_law_gives() -> None:
    expected = {
        ("2026-11-20", 3): "2026-11-26",
        ("2026-08-17", 10): "2026-08-28",
        ("2025-04-25", 3): "2025-04-29",
        ("2026-02-10", 5): "2026-02-24",
        ("2025-12-31", 5): "2026-01-09",
        ("2026-04-24", 2): "2026-04-29",
    }
    due_date = working_days.work_calendar().due_date

    found = {(day, term): due_date(date.fromisoformat(day), term).isoformat() for day, term in expected}

    assert found == expected


@pytest.mark.usefixtures("loaded")
def test_a_same_day_item_received_after_three_skips_culture_day() -> None:
    received = datetime.fromisoformat("2026-11-23T15:05")

    assert received.time() > SAME_DAY_CUTOFF
    assert working_days.work_calendar().next_working(received.date()) == date(2026, 11, 25)


@pytest.mark.usefixtures("loaded")
def test_the_catalogue_says_what_an_outlet_may_do() -> None:
    assert Procedure.objects.count() == 70
    certified_copy = Procedure.objects.get(code="2.000815")
    assert (certified_copy.channels, certified_copy.agent_modes) == (["direct"], ["REFER"])
    assert certified_copy.refer_reason_vi
    assert certified_copy.has_same_day_cutoff
    assert certified_copy.fee["max_per_copy_vnd"] == 200_000
    red_book = Procedure.objects.get(search_key__contains="so do", code="1.013978")
    assert red_book.terms["post"] == {"amount": 20, "unit": "working_day"}
    assert not Procedure.objects.get(code="1.004222").managed_by_city  # residence is the police's


@pytest.mark.usefixtures("loaded")
def test_every_price_of_the_applied_tariff_arrives() -> None:
    result = Tariff.objects.get(code="VNPOST-2021-APPLIED", direction="result")
    far = TariffRate.objects.filter(tariff=result, zone="inter_far_region").order_by("is_further_step", "up_to_grams")

    assert [(rate.up_to_grams, rate.price.amount) for rate in far] == [
        (100, 31_000), (250, 35_000), (500, 40_000), (500, 6_300)]
    assert TariffRate.objects.count() == 4 * 4 * 4
    assert set(Tariff.objects.values_list("vat", "confidence")) == {("unknown", "assumed")}


@pytest.mark.usefixtures("loaded")
def test_the_rules_of_money_arrive_with_their_periods() -> None:
    resolutions = SubsidyRuleSet.objects.order_by("valid_from").values_list(
        "code", "valid_from", "valid_to", "cap_per_trip", "channels")
    assert list(resolutions) == [
        ("NQ39-2024", date(2024, 12, 10), date(2026, 1, 1), Money(26_000), ["online"]),
        ("NQ77-2025", date(2026, 1, 1), None, None, ["online"]),
    ]
    assert set(Reduction.objects.values_list("beneficiary_class", "numerator", "denominator")) >= {
        ("heroic_mother", 1, 1), ("war_invalid", 1, 2), ("poor_household", 1, 2)}
    assert set(NormItem.objects.filter(norm__code="PILOT-0").values_list("amount", flat=True)) == {Money(0)}


@pytest.mark.usefixtures("loaded")
def test_a_second_run_changes_nothing_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    before = _row_versions()
    capsys.readouterr()

    call_command("load_reference_data")

    told = capsys.readouterr().err
    assert told.count("không có gì thay đổi") == 17
    assert _row_versions() == before
    print(told)


def test_the_number_of_queries_does_not_grow_with_the_rows() -> None:
    with CaptureQueriesContext(connection) as queries:
        call_command("load_reference_data")

    assert len(queries) < 215


def test_checking_leaves_the_database_alone() -> None:
    call_command("load_reference_data", check=True)

    assert not Commune.objects.exists()


@pytest.mark.usefixtures("loaded")
def test_a_new_version_ends_the_one_before(edit: Edit) -> None:
    def from_july(rows: list[dict[str, Any]]) -> None:
        rows[1]["valid_to"] = "2027-07-01"
        rows.append(rows[1] | {"code": "NQ-NEW", "valid_from": "2027-07-01", "valid_to": None})

    call_command("load_reference_data", folder=edit("subsidies.json", from_july))

    assert list(SubsidyRuleSet.objects.order_by("valid_from").values_list("code", "valid_to")) == [
        ("NQ39-2024", date(2026, 1, 1)), ("NQ77-2025", date(2027, 7, 1)), ("NQ-NEW", None)]


def test_overlapping_versions_are_refused(edit: Edit) -> None:
    folder = edit("subsidies.json", lambda rows: rows[0].update(valid_to="2026-02-01"))

    text = refusal(folder)

    assert "subsidies.json, dòng 2" in text
    assert "valid_to 2026-01-01" in text  # what to write instead
    assert not Commune.objects.exists()  # nothing of any kind was loaded


def test_a_version_that_never_ends_is_in_the_way_of_the_next(edit: Edit) -> None:
    text = refusal(edit("norms.json", lambda rows: rows[0].update(valid_to=None)))

    assert "norms.json, dòng 2" in text
    assert "null" in text


def test_days_without_a_version_are_refused(edit: Edit) -> None:
    text = refusal(edit("subsidies.json", lambda rows: rows[0].update(valid_to="2025-12-31")))

    assert "subsidies.json, dòng 2" in text
    assert "2025-12-31" in text
    assert "2026-01-01" in text


@pytest.mark.parametrize("file", [
    "subsidies.json", "reductions.json", "calendar_days.json", "procedures/land.json", "tariffs/vnpost.json",
    "tariffs/province_regions.json", "norms.json",
])
def test_an_unknown_field_is_refused(edit: Edit, file: str) -> None:
    text = refusal(edit(file, lambda rows: rows[1].update(colour="red")), check=True)

    assert f"{file}, dòng 2: colour: " in text
    assert "không có trong quy ước" in text


@pytest.mark.parametrize("amount", [26_000.0, 26_000.5, "26000", True])
def test_money_is_whole_dong_or_refused(edit: Edit, amount: object) -> None:
    text = refusal(edit("subsidies.json", lambda rows: rows[0].update(cap_per_trip_vnd=amount)), check=True)

    assert "subsidies.json, dòng 1: cap_per_trip_vnd: " in text
    assert "số nguyên" in text


def test_a_float_deep_inside_a_tariff_is_refused(edit: Edit) -> None:
    def spoil(rows: list[dict[str, Any]]) -> None:
        rows[0]["rates"]["intra_province"]["steps"][1]["amount_vnd"] = 30_000.0

    text = refusal(edit("tariffs/vnpost.json", spoil), check=True)

    assert "rates.intra_province.steps.1.amount_vnd" in text


@pytest.mark.parametrize("basis", ["", "   ", "TT 22"])
@pytest.mark.parametrize("file", ["reductions.json", "calendar_days.json", "procedures/land.json", "norms.json"])
def test_a_rule_without_its_legal_basis_is_refused(edit: Edit, file: str, basis: str) -> None:
    text = refusal(edit(file, lambda rows: rows[0].update(legal_basis=basis)), check=True)

    assert f"{file}, dòng 1: legal_basis: " in text


def test_a_missing_legal_basis_is_refused(edit: Edit) -> None:
    text = refusal(edit("reductions.json", lambda rows: rows[0].pop("legal_basis")), check=True)

    assert "reductions.json, dòng 1: legal_basis: thiếu" in text


def test_all_problems_are_told_at_once(edit: Edit) -> None:
    edit("reductions.json", lambda rows: rows[0].update(numerator=2))
    folder = edit("norms.json", lambda rows: rows[0]["items_vnd"].update(accepted_online=-1))

    text = refusal(folder, check=True)

    assert "reductions.json, dòng 1" in text
    assert "norms.json, dòng 1: items_vnd.accepted_online" in text


def test_other_figures_for_a_loaded_version_are_refused(edit: Edit, loaded: None) -> None:
    def dearer(rows: list[dict[str, Any]]) -> None:
        rows[0]["rates"]["intra_district"]["steps"][0]["amount_vnd"] = 25_000

    folder = edit("tariffs/vnpost.json", dearer)

    assert "--correct" in refusal(folder)
    assert not TariffRate.objects.filter(price=25_000).exists()
    call_command("load_reference_data", folder=folder, correct=True)
    assert TariffRate.objects.filter(price=25_000).count() == 1


def test_a_day_that_is_no_deviation_is_refused(edit: Edit) -> None:
    text = refusal(edit("calendar_days.json", lambda rows: rows[0].update(date="2024-01-06")), check=True)

    assert "calendar_days.json, dòng 1: date: 2024-01-06" in text


def test_a_successor_that_does_not_exist_is_refused(edit: Edit) -> None:
    folder = edit("norms.json", lambda rows: None)
    file = folder / "places/former_communes.csv"
    file.write_text(file.read_text("utf-8").replace(",00097,", ",99999,", 1), encoding="utf-8")

    assert "places/former_communes.csv, dòng 1: default_successor" in refusal(folder, check=True)


def test_a_file_that_is_no_json_is_refused(edit: Edit) -> None:
    folder = edit("norms.json", lambda rows: None)
    (folder / "norms.json").write_text('{"version": ', encoding="utf-8")

    assert "norms.json: " in refusal(folder, check=True)


def test_a_field_given_twice_is_refused(edit: Edit) -> None:
    folder = edit("norms.json", lambda rows: None)
    file = folder / "norms.json"
    file.write_text(file.read_text("utf-8").replace('"code":', '"code": "X-1", "code":', 1), encoding="utf-8")

    assert "norms.json: " in refusal(folder, check=True)


@pytest.mark.parametrize("change", [
    {"terms": {"online": {"amount": 3, "unit": "working_day"}}},
    {"agent_modes": ["ONLINE"], "refer_reason_vi": "", "refer_reason_en": ""},
    {"refer_reason_vi": "", "refer_reason_en": ""},
    {"online_level": "full"},
    {"has_same_day_cutoff": False},
    {"uncertain": {"colour": "assumed"}},
    {"fee": {"kind": "per_case", "amounts_vnd": {"online": 1}}},
    {"channels": ["direct", "fax"]},
])
def test_a_procedure_that_contradicts_itself_is_refused(edit: Edit, change: dict[str, Any]) -> None:
    text = refusal(edit("procedures/certification.json", lambda rows: rows[0].update(change)), check=True)

    assert "procedures/certification.json, dòng 1: " in text


def _row_versions() -> list[Any]:
    """Where each row stands in its table: a row that is written again moves."""
    places = "SELECT count(*), md5(string_agg(ctid::text, ',' ORDER BY ctid)) FROM {}"
    with connection.cursor() as cursor:
        return [
            cursor.execute(sql.SQL(places).format(sql.Identifier(model._meta.db_table))).fetchone()
            for model in (Commune, FormerCommune, Succession, CalendarDay, Procedure, TariffRate)
        ]
