"""Names as they are typed in Vietnam: which are names, which are slips, and what is said about a slip."""

import csv
import unicodedata

import pytest

from config.runtime.paths import PROJECT
from intake.rules import names
from intake.rules.faults import Fault
from intake.wording import words_of


@pytest.mark.parametrize("typed", [
    "Nguyễn Thị Hạnh", "NGUYỄN VĂN LÊ", "ĐÈO VĂN LONG", "Y Blôk Niê", "H'Hen Niê", "Siu H’Ling", "Ý", "Hoà", "Hòa",
    "Kpă Thoá", "Jean-Paul Trần", "Nguyễn Thuỳ Uyên", "ÊBAN", "Ayŭn Niê", "Rơ Ô Bhung", "Lò Thị É", "Phạm Hoàng Oanh",
])
def test_these_are_names(typed):
    assert names.check_name(typed) == typed


@pytest.mark.parametrize(("typed", "code"), [
    ("", "required"), ("   ", "required"), ("'", "required"), ("-", "required"),
    ("A" * 121, "too-long"), ("Nguyễn " * 60, "too-long"),
    ("Nguyễn 4n", "digits"), ("Nguyễn Ⅳ", "strange-character"), ("Trần ٣", "digits"),
    ("Nguyễn 😀", "strange-character"), ("<script>", "strange-character"), ("'; DROP TABLE", "strange-character"),
    ("Nguyễn\u200bHạnh", "hidden-character"), ("Nguyễn\u202eHạnh", "hidden-character"),
    ("Nguyễn\u0000Hạnh", "hidden-character"), ("Ngu\u200dyễn", "hidden-character"),
    ("Нguyễn", "strange-character"), ("Αnh", "strange-character"),
    ("NguyÔn", "wrong-font"), ("Nguyeãn", "wrong-font"), ("TrÇn ThÞ", "wrong-font"), ("Lª V¨n", "wrong-font"),
    ("Traàn Vaên", "wrong-font"), ("Leâ Hoaøng", "wrong-font"), ("§oµn", "wrong-font"), ("Ñoàn", "wrong-font"),
])
def test_these_are_refused_with_a_sentence_that_says_what_to_do(typed, code):
    found = names.check_name(typed)

    assert isinstance(found, Fault)
    assert found.code == code
    assert str(words_of(found))


def test_a_hidden_character_is_named_by_its_position():
    found = names.check_name("Lê\u200bAn")

    assert isinstance(found, Fault)
    assert found.facts == {"position": 3}


@pytest.mark.parametrize("typed", ["  Lê   Văn\tA ", "Lê Văn\u00a0A", "Lê\nVăn A"])
def test_spaces_of_every_kind_become_one(typed):
    assert names.check_name(typed) == "Lê Văn A"


@pytest.mark.parametrize("name", ["Nguyễn Thị Hạnh", "Đỗ Ngọc Ửng", "Lý Thuỵ Vỹ"])
def test_every_unicode_form_of_a_name_becomes_one(name):
    mixed = unicodedata.normalize("NFD", name[:5]) + unicodedata.normalize("NFC", name[5:])

    assert {names.check_name(unicodedata.normalize(form, name)) for form in ("NFC", "NFD")} == {name}
    assert names.check_name(mixed) == name


def test_no_place_name_of_the_country_is_taken_for_a_broken_font():
    with (PROJECT / "reference_data/places/former_communes.csv").open(encoding="utf-8", newline="") as file:
        found = [row["name"] for row in csv.DictReader(file)]

    refused = [name for name in found for written in (name, name.upper(), name.lower())
               if isinstance(names.check_text(written, 200), Fault)]

    assert len(found) > 10_000
    assert refused == []


@pytest.mark.parametrize(("typed", "kept"), [
    ("CCCD 046192004127 của bà Hạnh", "CCCD 046•••••4127 của bà Hạnh"),
    ("046 192 004 127", "046•••••4127"), ("046.192.004.127!", "046•••••4127!"),
    ("gọi 0914275268", "gọi 0914275268"), ("mã 1234567890123", "mã 1234567890123"),
    ("dòng một\r\ndòng hai", "dòng một\ndòng hai"),
])
def test_a_national_id_number_in_a_note_is_masked(typed, kept):
    assert names.check_note(typed) == kept


def test_a_note_has_a_limit():
    assert isinstance(names.check_note("a" * 2001), Fault)
    assert names.check_note("a" * 2000) == "a" * 2000
