"""Claim files as they come: every encoding, every kind of damage; nothing is guessed and nothing is half taken."""

import codecs
import io
import unicodedata
import zipfile

import pytest
import xlsxwriter

from billing.claims.files.reading import MOST_FAULTS_KEPT, Reading, claimed_rows, read_whole

TITLES = "Số hiệu bưu gửi;Mã hồ sơ;Chiều;Số tiền;Ngày phát"
ROW = "EH602511079VN;H26.15.08-260115-0412;về;30.000 đ;19/01/2026"
TEXT = f"{TITLES}\n{ROW}\n"
NUMBER = "EH602511079VN"


def rows(content):
    reading = Reading()
    return list(claimed_rows(content, reading)), reading


def codes(content):
    return [(fault.row, fault.code) for fault in read_whole(content).faults]


def workbook(*lines, sheets=("Tháng 1",), **options):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, **options})
    for name in sheets:
        sheet = book.add_worksheet(name)
        for at, cells in enumerate(lines):
            for column, value in enumerate(cells):
                (sheet.write_formula if str(value).startswith("=") else sheet.write)(at, column, value)
    book.close()
    return file.getvalue()


# --- encodings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("content", "name"), [
    (TEXT.encode(), "UTF-8"), (TEXT.encode("utf-8-sig"), "UTF-8"), (TEXT.encode("utf-16"), "UTF-16"),
    (TEXT.encode("utf-16-le"), "UTF-16"), (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "UTF-16"),
    (TEXT.replace("\n", "\r\n").encode(), "UTF-8"), (TEXT.replace("\n", "\r").encode(), "UTF-8"),
    (TEXT.replace(";", "\t").encode(), "UTF-8"), (TEXT.replace(";", "|").encode(), "UTF-8"),
    ("Số hiệu;Số tiền\nEH602511079VN;30000\n".encode(), "UTF-8"),
])
def test_every_encoding_and_separator_is_read_alike(content, name):
    found, reading = rows(content)

    assert [(row.parcel_number, row.claimed) for row in found] == [(NUMBER, 30_000)]
    assert (reading.fault_count, reading.facts["encoding"]) == (0, name)


def test_letters_that_are_composed_of_several_are_the_same_letters():
    found, reading = rows(unicodedata.normalize("NFD", TEXT).encode())
    assert (found[0].direction, reading.fault_count) == ("result", 0)


def test_an_old_one_byte_encoding_is_guessed_with_a_score():
    text = "Sè hiÖu b\xadu göi;Sè tiÒn;Ghi chó\nEH602511079VN;30000;§· ph¸t\n"
    found, reading = rows(text.encode("latin-1"))

    assert (reading.facts["encoding"], found[0].claimed, found[0].note) == ("TCVN3", 30_000, "Đã phát")
    assert 50 < int(reading.facts["score"]) < 100


def test_bytes_that_are_not_of_the_encoding_are_named_by_row_column_and_bytes():
    reading = read_whole(f"{TEXT}".encode() + b"EH602511083VN;H26.15.08-260115-0413;v\xff\xfe;30000;19/01/2026\n")

    (fault,) = reading.faults
    assert (fault.row, fault.column, fault.code, fault.shown) == (3, "Chiều", "undecodable", "[FF FE]")


# --- what people do to files ----------------------------------------------------------------------------------------


def test_columns_may_stand_in_any_order_under_other_words_and_below_a_title():
    text = 'BẢNG KÊ THÁNG 1\n\nThành tiền (VND),Ghi chú,Mã E1,STT\n"30,000",x,eh 602511079 vn,1\n'
    found, reading = rows(text.encode())

    assert (found[0].parcel_number, found[0].claimed, reading.header_row) == (NUMBER, 30_000, 3)
    assert reading.ignored == ["STT"]


@pytest.mark.parametrize(("cell", "amount"), [
    ("30000", 30_000), ("30.000", 30_000), ("30,000", 30_000), ("30 000", 30_000), ("30\u00a0000 đ", 30_000),
    ("30.000,00", 30_000), ("30000 VND", 30_000), ("\uff13\uff10000", 30_000)])
def test_an_amount_is_read_as_people_write_it(cell, amount):
    found, _reading = rows(f"Số hiệu\tSố tiền\n{NUMBER}\t{cell}\n".encode())
    assert found[0].claimed == amount


@pytest.mark.parametrize(("cell", "code"), [
    ("", "amount-missing"), ("0", "not-above-zero"), ("-30000", "not-above-zero"), ("(30000)", "not-above-zero"),
    ("ba mươi nghìn", "not-an-amount"), ("3E+4", "not-an-amount"), ("NaN", "not-an-amount"),
    ("30000,5", "not-an-amount"),
    ("100000001", "too-much"), ("=30000", "not-an-amount"), ("+30000", "not-an-amount")])
def test_an_amount_that_cannot_be_is_named(cell, code):
    assert codes(f"Số hiệu\tSố tiền\n{NUMBER}\t{cell}\n".encode()) == [(2, code)]


@pytest.mark.parametrize(("line", "code"), [
    ("EH602511079VN;;lên;30000;", "unknown-direction"), ("EH602511079VN;;về;30000;31/02/2026", "not-a-date"),
    ("EH602511079VN;;về;30000;19/01/0226", "not-a-date"), (";;về;30000;", "nothing-to-pay-for"),
    ("=HYPERLINK(\"x\");;về;30000;", "wrong-form"), ("\uff1dcmd;;về;30000;", "wrong-form"),
    ("EH602511079VN;;về;30000;19/01/2026;thừa", "too-many-cells")])
def test_each_faulty_cell_has_its_word(line, code):
    assert codes(f"{TITLES}\n{line}\n".encode()) == [(2, code)]


@pytest.mark.parametrize(("content", "code"), [
    (b"", "empty-file"), (b"\r\n\r\n", "empty-file"), (b"\x00" * 50, "empty-file"), (b"%PDF-1.7\n", "not-a-table"),
    (b"\xd0\xcf\x11\xe0" + b"\x00" * 90, "old-workbook"), (b"PK\x03\x04 broken", "broken-workbook"),
    (b"a;b\n1;2\n", "no-header"), (TITLES.encode(), "no-rows"),
    (f'{TITLES}\n"EH602511079VN;x;y\n'.encode(), "broken-quotes"),
    ("Số hiệu;Số tiền;Số tiền\nA;1;2\n".encode(), "column-twice")])
def test_a_file_that_is_none_says_what_it_is(content, code):
    assert code in [found for _row, found in codes(content)]


def test_a_total_row_must_agree_with_the_rows_above_it():
    assert read_whole(f"{TEXT}Tổng cộng;;;30.000;\n".encode()).control_total == 30_000
    assert codes(f"{TEXT}Tổng cộng;;;31.000;\n".encode()) == [(3, "total-differs")]


def test_faults_are_all_counted_and_the_first_thousand_kept():
    reading = read_whole((TITLES + "\n" + ";;về;x;\n" * (MOST_FAULTS_KEPT + 50)).encode())

    assert reading.fault_count >= MOST_FAULTS_KEPT + 50
    assert len(reading.faults) == MOST_FAULTS_KEPT
    assert (reading.rows, reading.claimed) == (0, 0)


# --- workbooks ------------------------------------------------------------------------------------------------------


HEAD = ("Số hiệu bưu gửi", "Mã hồ sơ", "Số tiền")


def test_a_workbook_gives_the_values_of_its_first_sheet_and_runs_nothing():
    content = workbook(HEAD, (NUMBER, "H26.15.08-260115-0412", 30000), sheets=("Tháng 1", "Nháp"))
    found, reading = rows(content)

    assert [(row.parcel_number, row.claimed) for row in found] == [(NUMBER, 30_000)]
    assert (reading.format, reading.facts["other_sheets"], reading.facts["has_macros"]) == ("xlsx", 1, False)
    # A formula is what its program wrote beside it: nothing, if nobody ever opened the file.
    assert codes(workbook(HEAD, (NUMBER, "", "=1+1"))) in ([(2, "not-above-zero")], [(2, "amount-missing")])


def test_a_number_in_a_code_column_is_refused_because_zeros_may_be_lost():
    assert codes(workbook(HEAD, (602511079, "", 30000))) == [(2, "number-in-code-column")]
    assert codes(workbook((*HEAD, "Ngày phát"), (NUMBER, "", 30000, 46041))) == [(2, "number-as-date")]
    assert codes(workbook(HEAD, (NUMBER, "", 30000.5))) == [(2, "not-whole-dong")]


def _tampered(change):
    source, file = zipfile.ZipFile(io.BytesIO(workbook(HEAD, (NUMBER, "", 30000)))), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for each in source.infolist():
            packed.writestr(each.filename, change(each.filename, source.read(each.filename)))
    return file.getvalue()


def test_a_bomb_and_an_entity_are_never_opened():
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]>'
    assert codes(_tampered(lambda name, content: entity + content if name.endswith("sheet1.xml") else content)) == [
        (0, "bomb")]

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(257):
                part.write(b"0" * 1024 * 1024)
    assert codes(file.getvalue()) == [(0, "bomb")]
    assert codes(_tampered(lambda name, content: b"<broken" if name.endswith("workbook.xml") else content)) == [
        (0, "broken-workbook")]
