"""The catalogue and places through the API: everyday words, old names, the version of a day."""

from datetime import date

import pytest

from tests.factories import catalogue, network, places
from tests.factories.browsers import Api, body_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]


@pytest.fixture
def api():
    return Api(person=network.clerk())


@pytest.mark.parametrize(("words", "code"), [
    ("so do", catalogue.RED_BOOK), ("sổ đỏ", catalogue.RED_BOOK), ("khai sinh", catalogue.BIRTH),
    ("KHAI SINH", catalogue.BIRTH), ("giay phep xay dung", catalogue.PERMIT), (catalogue.BIRTH, catalogue.BIRTH),
    ("birth registration", catalogue.BIRTH), ("giấy chứng tử", catalogue.DEATH), ("mở quán", catalogue.BUSINESS),
])
def test_everyday_words_find_the_procedure(api, words, code):
    for each in (catalogue.RED_BOOK, catalogue.BIRTH, catalogue.PERMIT, catalogue.DEATH, catalogue.BUSINESS,
                 catalogue.EXTRACT):
        catalogue.procedure(each)

    assert body_of(api.get("/procedures", q=words))["items"][0]["code"] == code


@pytest.mark.parametrize("words", ["zzz", "%", "_", "'; drop table", "\\"])
def test_what_means_nothing_finds_nothing(api, words):
    catalogue.procedure()

    assert body_of(api.get("/procedures", q=words)) == {"items": [], "next": ""}


def test_a_procedure_is_shown_in_the_version_of_the_day(api):
    catalogue.procedure(valid_to=date(2026, 3, 1))
    catalogue.procedure(valid_from=date(2026, 3, 1), name_vi="Đăng ký khai sinh (mới)")

    before = body_of(api.get(f"/procedures/{catalogue.BIRTH}", on="2026-02-28"))
    after = body_of(api.get(f"/procedures/{catalogue.BIRTH}", on="2026-03-01"))

    assert (before["name"]["vi"], after["name"]["vi"]) == ("Đăng ký khai sinh", "Đăng ký khai sinh (mới)")
    assert api.get(f"/procedures/{catalogue.BIRTH}", on="2020-01-01").status_code == 404


def test_papers_asked_for_by_post_are_listed_for_the_post_only(api):
    catalogue.procedure()

    papers = body_of(api.get(f"/procedures/{catalogue.BIRTH}"))["papers"]

    assert "ban_sao_chung_thuc" not in {paper["code"] for paper in papers["online"]}
    assert {each["code"]: each["is_required"] for each in papers["post"]}["ban_sao_chung_thuc"] is True


def test_pages_of_procedures_hold_each_once(api):
    for code in (catalogue.BIRTH, catalogue.DEATH, catalogue.MARRIAGE):
        catalogue.procedure(code)

    first = body_of(api.get("/procedures", limit=2))
    rest = body_of(api.get("/procedures", limit=2, cursor=first["next"]))

    codes = [each["code"] for each in first["items"] + rest["items"]]
    assert codes == sorted({catalogue.BIRTH, catalogue.DEATH, catalogue.MARRIAGE})
    assert rest["next"] == ""


def test_an_old_name_finds_what_became_of_it(api):
    places.former_commune(places.PHONG_CHUONG)
    places.former_commune(places.CONG_VI)

    found = body_of(api.get("/places", q="phong chuong"))["former"][0]
    split = body_of(api.get(f"/former-places/{places.CONG_VI}"))

    assert [each["place"]["code"] for each in found["successors"]] == [places.PHONG_DINH]
    assert (split["is_split"], len(split["successors"])) == (True, 2)
    assert body_of(api.get(f"/places/{places.PHONG_DINH}"))["name"] == "phường Phong Dinh"


@pytest.mark.parametrize("path", ["/places/99999", "/former-places/99999", "/procedures/9.999999", "/places/%00"])
def test_what_does_not_exist_is_not_found(api, path):
    assert api.get(path).status_code == 404


@pytest.mark.parametrize("query", [{"q": ""}, {"q": "a", "limit": 0}, {"q": "a", "limit": 51}, {"q": "a", "x": 1},
                                   {"q": "a", "province_code": "Huế"}, {"q": "a\x00b"}])
def test_a_malformed_question_is_refused(api, query):
    assert api.get("/places", **query).status_code == 422


def test_the_nearest_outlets_that_may_do_it_come_first(api):
    far, near = network.outlet(places.PHU_XUAN), network.outlet(places.PHONG_DINH)
    network.outlet(places.PHONG_DINH, tasks=["advise"])
    catalogue.procedure()
    here = near.commune

    found = body_of(api.get("/outlets/nearest", latitude=here.latitude, longitude=here.longitude,
                            procedure_code=catalogue.BIRTH, limit=20))

    codes = [each["code"] for each in found["items"]]
    assert codes.index(near.code) < codes.index(far.code)
    assert len([each for each in found["items"] if each["commune"] == "phường Phong Dinh"]) == 2
    assert found["refer"] is False


def test_for_what_is_filed_in_person_outlets_only_advise(api):
    catalogue.procedure(catalogue.CERTIFIED_COPY)

    assert body_of(api.get("/outlets/nearest", latitude=16.6, longitude=107.4,
                           procedure_code=catalogue.CERTIFIED_COPY))["refer"] is True


def test_a_route_is_explained_with_its_reasons(api):
    network.centre()
    places.former_commune(places.PHONG_CHUONG)
    catalogue.procedure()

    route = body_of(api.post("/routes", {
        "procedure_code": catalogue.BIRTH, "place": {"former_commune_code": places.PHONG_CHUONG}, "on": "2026-01-12"}))

    assert route["authority"]["authority_name"] == "UBND phường Phong Dinh"
    assert any("nay thuộc phường Phong Dinh từ 01/07/2025" in step["words"]["vi"] for step in route["steps"])
    assert (route["rule"], route["is_clear"]) == ("commune-residence", True)
