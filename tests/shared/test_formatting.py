"""Money, numbers, moments, working time and masks, as people read them."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils.translation import override

from shared import formatting
from shared.money import Money

FRIDAY = datetime(2026, 1, 16, 10, 0, tzinfo=UTC)  # 17:00 in Huế


@pytest.fixture(autouse=True)
def vietnamese() -> object:
    with override("vi"):
        yield


@pytest.mark.parametrize(("amount", "vietnamese_text", "english_text"), [
    (0, "0\u00a0đ", "0\u00a0VND"),
    (26_000, "26.000\u00a0đ", "26,000\u00a0VND"),
    (-15_000, "\u221215.000\u00a0đ", "\u221215,000\u00a0VND"),
    (13_783_267_000, "13.783.267.000\u00a0đ", "13,783,267,000\u00a0VND"),
])
def test_money_stays_on_one_line_with_its_unit(amount: int, vietnamese_text: str, english_text: str) -> None:
    assert formatting.money(amount) == vietnamese_text
    with override("en"):
        assert formatting.money(amount) == english_text


def test_templates_take_money_objects_and_leave_a_missing_amount_empty() -> None:
    page = Template("{% load wardpost %}{{ some|money }}|{{ some|amount }}|{{ none|money }}|{{ none|amount }}")
    assert page.render(Context({"some": Money(-30_000), "none": None})) == "\u221230.000\u00a0đ|\u221230.000||"


def test_a_percentage_has_a_comma_and_a_space_in_vietnamese_only() -> None:
    assert formatting.percent(29.8, 1) == "29,8\u00a0%"
    assert formatting.percent(-3) == "\u22123\u00a0%"
    with override("en"):
        assert formatting.percent(29.8, 1) == "29.8%"


def test_a_moment_names_the_weekday_in_local_time() -> None:
    assert formatting.moment(FRIDAY) == "Thứ\u00a0Sáu\u00a016/01, 17:00"
    with override("en"):
        assert formatting.moment(FRIDAY) == "Fri\u00a016/01, 17:00"


def test_a_late_evening_in_utc_is_already_tomorrow_here() -> None:
    assert formatting.full_day(datetime(2025, 12, 31, 17, 30, tzinfo=UTC)) == "01/01/2026"
    assert formatting.named_full_day(date(2026, 1, 4)) == "Chủ\u00a0Nhật\u00a004/01/2026"


def test_events_of_today_are_told_by_the_clock_and_those_of_another_year_with_the_year() -> None:
    assert formatting.stamp_from(FRIDAY, FRIDAY) == "Hôm nay 17:00"
    assert formatting.stamp_from(FRIDAY, datetime(2026, 2, 1, tzinfo=UTC)) == "16/01\u00a017:00"
    assert formatting.stamp_from(FRIDAY, datetime(2027, 2, 1, tzinfo=UTC)) == "16/01/2026\u00a017:00"


@pytest.mark.parametrize(("minutes", "words"), [
    (0, "0 phút"), (10, "10 phút"), (70, "1 giờ 10 phút"), (3 * 60, "3 giờ"), (8 * 60, "1 ngày làm việc"),
    (2 * 480 + 180, "2 ngày làm việc 3 giờ"), (2 * 480 + 185, "2 ngày làm việc 3 giờ"), (-5, "0 phút"),
])
def test_working_time_is_told_in_its_two_largest_units(minutes: int, words: str) -> None:
    assert formatting.working_time(minutes) == words


def test_english_counts_one_and_many() -> None:
    with override("en"):
        assert formatting.working_time(8 * 60) == "1 working day"
        assert formatting.working_time(16 * 60 + 60) == "2 working days 1 hour"


def test_a_masked_number_can_still_be_matched_to_the_card() -> None:
    assert formatting.mask_national_id("046192004127") == "046•••••4127"
    assert formatting.mask_national_id("123") == "•••"
    assert formatting.mask_national_id("") == ""


@pytest.mark.parametrize("typed", ["0914275268", "0914 275 268", "+84914275268", "+84 914 275 268"])
def test_a_phone_number_is_grouped_or_masked_however_it_was_typed(typed: str) -> None:
    assert formatting.phone(typed) == "0914\u00a0275\u00a0268"
    assert formatting.mask_phone(typed) == "0914\u00a0•••\u00a0268"


def test_a_short_phone_number_shows_nothing() -> None:
    assert formatting.mask_phone("1022") == "••••"


def test_a_digest_is_read_in_groups_of_four() -> None:
    assert formatting.short_digest("7c1e90ab4f22d1e0") == "7c1e\u00a090ab\u00a04f22"


@pytest.mark.parametrize(("name", "letters"), [("Nguyễn Thị Hạnh", "NH"), ("Đoàn Ân", "ĐÂ"), ("Hoa", "H"), ("  ", "")])
def test_a_face_shows_family_and_given_name(name: str, letters: str) -> None:
    assert formatting.initials(name) == letters
