"""What people say at a counter leads to the procedure they mean: without accents, with slips, in their own words."""

import pytest

from config.reference_data.procedures import ProcedureRow, _columns
from intake.models.procedures import Procedure
from intake.queries.catalogue import asked_for, search_procedures
from tests.factories import catalogue
from tests.intake.moments import MONDAY_MORNING

pytestmark = pytest.mark.django_db
TODAY = MONDAY_MORNING.date()
SHOWN_FIRST = 3

PHRASES = [
    ("giấy khai sinh", "1.001193"), ("lam giay khai sinh cho con", "1.001193"), ("dang ky khai sinh", "1.001193"),
    ("giay khai sihn", "1.001193"), ("khai sinh cho bé mới đẻ", "1.001193"), ("sinh con", "1.001193"),
    ("trích lục khai sinh", "2.000635"), ("sao giay khai sinh", "2.000635"), ("bản sao khai sinh", "2.000635"),
    ("mất giấy khai sinh", "1.004884"), ("khai tu", "1.000656"), ("giay chung tu", "1.000656"),
    ("báo tử cho bố tôi", "1.000656"), ("đăng ký kết hôn", "1.000894"), ("giay ket hon", "1.000894"),
    ("xac nhan doc than", "1.004873"), ("tình trạng hôn nhân", "1.004873"), ("giấy độc thân", "1.004873"),
    ("sang tên sổ đỏ", "1.013831"), ("sang ten so do", "1.013831"), ("mua bán đất", "1.013831"),
    ("mua nha dat", "1.013831"), ("làm sổ đỏ lần đầu", "1.013978"), ("so do", "1.013978"), ("tách thửa", "1.012784"),
    ("chia đất cho con", "1.012784"), ("đổi sổ đỏ cũ", "1.012783"), ("tranh chap dat", "1.012812"),
    ("giấy phép xây dựng", "1.013225"), ("xin phép xây nhà", "1.013225"), ("sửa nhà", "1.013229"),
    ("mở quán ăn", "1.001612"), ("dang ky ho kinh doanh", "1.001612"), ("đóng cửa hàng", "1.001266"),
    ("tạm nghỉ bán hàng", "1.001570"), ("mất giấy phép kinh doanh", "2.000575"), ("nhập khẩu", "1.004222"),
    ("chuyển hộ khẩu", "1.004222"), ("đăng ký tạm trú", "1.004194"), ("tam tru cho nguoi thue nha", "1.004194"),
    ("tách khẩu", "1.010038"), ("giay xac nhan cu tru", "1.010041"), ("làm căn cước", "1.014061"),
    ("mat can cuoc", "1.014064"), ("can cuoc cho con", "1.014062"), ("vneid mức 2", "3.000228"),
    ("hộ chiếu", "1.001456"), ("lam passport", "1.001456"), ("lý lịch tư pháp", "3.000333"),
    ("ly lich tu phap", "3.000333"), ("hộ nghèo", "1.011606"), ("trợ cấp người già", "1.014027"),
    ("người khuyết tật", "1.001699"), ("sao y bản chính", "2.000815"), ("cong chung giay to", "2.000815"),
    ("di chúc", "2.001019"), ("đổi tên cho con", "1.004859"), ("sua ngay sinh", "1.004859"),
    ("bảo hiểm y tế cho bé", "2.002621"), ("tien mai tang", "1.001731"), ("2.000635", "2.000635"),
    ("birth registration", "1.001193"),
]


@pytest.fixture
def whole_catalogue(db):
    """All that is shipped."""
    Procedure.objects.bulk_create(
        Procedure(**_columns(ProcedureRow.model_validate(row))) for row in catalogue.rows().values())


def test_everyday_words_find_what_is_meant_among_the_first_three(whole_catalogue):
    missed = {}
    for phrase, code in PHRASES:
        found = [procedure.code for procedure in search_procedures(phrase, TODAY, limit=SHOWN_FIRST)]
        if code not in found:
            missed[phrase] = (code, found)

    assert len(PHRASES) >= 40
    assert missed == {}


def test_most_are_found_at_the_very_first_place(whole_catalogue):
    first = [search_procedures(phrase, TODAY, limit=1)[0].code == code for phrase, code in PHRASES]

    assert sum(first) >= 0.85 * len(PHRASES)


def test_letters_without_sense_find_nothing(whole_catalogue):
    assert search_procedures("zzqx wvk", TODAY) == []
    assert search_procedures("   ", TODAY) == []
    assert search_procedures("'; DROP TABLE %s", TODAY) == []


def test_what_every_question_begins_with_is_not_compared():
    assert asked_for("Cho tôi hỏi thủ tục sang tên sổ đỏ") == "sang ten so do"
    assert asked_for("thủ tục") == "thu tuc"


def test_a_search_is_one_question_to_the_database(whole_catalogue, django_assert_num_queries):
    with django_assert_num_queries(1):
        search_procedures("so do", TODAY)
