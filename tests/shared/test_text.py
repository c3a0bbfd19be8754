import csv
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.runtime.paths import PROJECT
from shared.text import clean, clean_lines, fold, hidden_character, looks_like_wrong_font


def names_of_every_place():
    found = set()
    for file in ("provinces", "communes", "former_communes"):
        with (PROJECT / "reference_data" / "places" / f"{file}.csv").open(encoding="utf-8") as rows:
            found |= {value for row in csv.DictReader(rows) for key, value in row.items() if "name" in key}
    return found


ORDINARY = [
    "Nguyễn Thị Hạnh", "NGUYỄN THỊ HẠNH", "Y Blôk Niê", "H'Hen Niê", "H’Wơn Byă", "Y Thuế Ênuôl", "Thuế", "Huế", "Yên",
    "Ngoë", "Ê Đê", "Ơ", "Ưng Hoàng Phúc", "Rơ Châm Pyang", "K'sor Phước", "Đoàn Văn Ơn", "Trương Thị Ỷ", "Êban",
    "Phùng Thị Èn", "PHÙNG THỊ ÈN", "Lò Thị Phấu", "Giàng A Sùng", "Hoà", "Hòa", "Khoẻ", "Thuý", "Thúy", "Quỳnh", "Quý",
    "Nguyên", "Ý", "Ôn", "Âu", "Võ Thị Bé", "Vũ", "Huỳnh", "Khuyên", "Xuân", "Thoại", "Khoái", "Bữu Ý", "Út", "Đỗ Ước",
    "Trần Đình Trọng", "Lê Oánh", "Toản", "Luyến", "Tuyết", "Nguyệt", "Hườn", "Thuở", "Ngô Ngoạn",
]
BROKEN = [
    "NguyÔn V¨n An", "Nguyeãn Vaên An", "NGUYEÃN VAÊN AN", "TrÇn ThÞ Hµ", "Traàn Thò Haø", "§oµn", "Ñoaøn", "Leâ",
    "Phaïm", "Vuõ Thò Höông", "Bïi ThÞ H»ng", "Buøi Thò Haèng", "Hoµng", "Hoaøng", "®Æng", "Ñaëng", "TÊn", "Taán",
    "NguyÖt", "Nguyeät", "HuÕ", "Bình Thuaän", "Phöôùc", "Ph­íc", "Löông",
]


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_name_is_never_taken_for_a_broken_font(name):
    assert not looks_like_wrong_font(name)
    assert not looks_like_wrong_font(unicodedata.normalize("NFD", name))


def test_no_place_of_the_country_is_taken_for_a_broken_font():
    names = names_of_every_place()

    assert len(names) > 8000
    assert [name for name in names if looks_like_wrong_font(name) or looks_like_wrong_font(name.upper())] == []


@pytest.mark.parametrize("name", BROKEN)
def test_text_of_the_old_fonts_is_noticed(name):
    assert looks_like_wrong_font(name)


@pytest.mark.parametrize(("typed", "kept"), [
    ("  Nguyễn \t Thị\n Hạnh ", "Nguyễn Thị Hạnh"), ("Nguye\u0302\u0303n", "Nguyễn"), ("Hoà", "Hoà"), ("Hòa", "Hòa"),
    ("\u00a0An\u3000Bình\u2003", "An Bình"), ("", ""), (" ", ""),
])
def test_cleaning_gives_one_form_and_keeps_the_letters(typed, kept):
    assert clean(typed) == kept


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    assert clean(clean(text)) == clean(text)
    assert clean_lines(clean_lines(text)) == clean_lines(text)
    assert unicodedata.is_normalized("NFC", clean(text))


@pytest.mark.parametrize(("one", "other"), [
    ("Đoàn", "doan"), ("HOÀ", "hòa"), ("Thừa Thiên – Huế", "thua thien – hue"), ("Ưng", "ung"),
    ("Nguye\u0302\u0303n", "nguyễn"), ("Y Blôk Niê", "y blok nie"),
])
def test_search_folds_marks_case_and_forms(one, other):
    assert fold(one) == fold(other)


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(("text", "position"), [
    ("An", None), ("H'Hen Niê", None), ("A\u200bn", 1), ("\u202eAn", 0), ("An\u0000", 2), ("A\u200dn", 1),
    ("\ufeffAn", 0), ("A\ud800", 1), ("A\ue000", 1),
])
def test_a_hidden_character_is_found_by_its_position(text, position):
    assert hidden_character(text) == position
