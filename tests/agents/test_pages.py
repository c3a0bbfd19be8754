import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.models.organisations import Outlet, OutletStatus
from agents.models.people import ApiToken, StaffAccount
from agents.tokens import digest_of
from shared.roles import Role
from tests.agents.factories import make_commune, make_operator, make_outlet, make_province, opens, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def headquarters(client):
    client.account = staff(Role.OPERATOR_HQ)
    client.force_login(client.account)
    return client


@pytest.fixture
def administrator(client):
    client.account = staff(Role.ADMINISTRATOR, province=make_province(), is_staff=True)
    client.force_login(client.account)
    return client


def text(answer):
    return answer.content.decode()


def test_the_network_shows_ones_own_outlets_with_state_hours_and_tasks(headquarters):
    opens(make_outlet(code="HUE-001", name="Bưu cục Phú Xuân", tasks=["file_online"]))
    make_outlet(code="HUE-002", status=OutletStatus.SUSPENDED)
    make_outlet(code="HNV-001", operator=make_operator("VTPOST", name="Viettel Post"))

    page = text(headquarters.get("/mang-luoi/"))

    assert "HUE-001" in page
    assert "Bưu cục Phú Xuân" in page
    assert "hỗ trợ nộp trực tuyến" in page
    assert "tạm ngừng" in page
    assert "HNV-001" not in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"q": "xuân"}, {"A-1"}),
        ({"q": "A-2"}, {"A-2"}),
        ({"status": "closed"}, {"A-3"}),
        ({"status": "nonsense"}, {"A-1", "A-2", "A-3"}),
        ({"q": "%' OR 1=1"}, set()),
        ({"page": "999"}, {"A-1", "A-2", "A-3"}),
        ({"page": "-1"}, {"A-1", "A-2", "A-3"}),
    ],
)
def test_the_list_is_filtered_by_text_and_state(asked, shown, headquarters):
    make_outlet(code="A-1", name="Bưu cục Phú Xuân")
    make_outlet(code="A-2")
    make_outlet(code="A-3", status=OutletStatus.CLOSED)

    page = text(headquarters.get("/mang-luoi/", asked))

    assert {code for code in ("A-1", "A-2", "A-3") if f">{code}<" in page} == shown


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_costs_the_same_however_long(number, headquarters):
    commune = make_commune()
    for _ in range(number):
        opens(make_outlet(commune=commune))
    headquarters.get("/mang-luoi/")

    with CaptureQueriesContext(connection) as asked:
        headquarters.get("/mang-luoi/")

    assert len([query for query in asked.captured_queries if " FROM " in query["sql"]]) == 5


def test_an_outlet_is_opened_and_then_given_its_hours(headquarters):
    commune = make_commune(latitude=16.46, longitude=107.59)
    entered = {
        "operator": headquarters.account.operator_id,
        "code": "HUE-009",
        "name": "Bưu cục Kim Long",
        "commune": commune.code,
        "address": "3 Kim Long",
        "latitude": "16.46",
        "longitude": "107.58",
        "phone": "",
        "tasks": ["file_online", "advise"],
        "phase": "pilot",
        "agreement_from": "2025-07-01",
        "agreement_until": "",
    }

    opened = headquarters.post("/mang-luoi/mo/", entered)
    outlet = Outlet.objects.get(code="HUE-009")
    assert opened["Location"] == f"/mang-luoi/{outlet.id}/"

    hours = headquarters.post(f"/mang-luoi/{outlet.id}/gio-mo-cua/", {"opens_0_0": "07:30", "closes_0_0": "11:30"})
    assert hours.status_code == 302
    assert outlet.opening_hours.count() == 1


@pytest.mark.parametrize(
    ("typed", "status"), [("Kim Long", 302), ("kim long", 302), ("phú xuân", 422), ("Nowhere", 422)]
)
def test_a_commune_is_named_or_asked_back_with_its_codes(typed, status, headquarters):
    make_commune(name="Kim Long", latitude=16.46, longitude=107.59)
    twins = [make_commune(name="Phú Xuân", latitude=16.46, longitude=107.59) for _ in range(2)]
    entered = {
        "operator": headquarters.account.operator_id,
        "code": "HUE-009",
        "name": "Bưu cục Kim Long",
        "commune": typed,
        "address": "3 Kim Long",
        "latitude": "16.46",
        "longitude": "107.58",
        "tasks": ["advise"],
        "phase": "pilot",
        "agreement_from": "2025-07-01",
    }

    answer = headquarters.post("/mang-luoi/mo/", entered)

    assert answer.status_code == status
    if typed == "phú xuân":
        assert all(twin.code in text(answer) for twin in twins)


@pytest.mark.parametrize("typed", ["7:30", "07:30", "7h30", "7.30"])
def test_hours_are_taken_as_people_write_them(typed, headquarters):
    outlet = make_outlet()

    headquarters.post(f"/mang-luoi/{outlet.id}/gio-mo-cua/", {"opens_0_0": typed, "closes_0_0": "11h"})

    span = outlet.opening_hours.get()
    assert (span.opens.isoformat(), span.closes.isoformat()) == ("07:30:00", "11:00:00")


def test_what_was_typed_stays_when_an_entry_is_wrong(headquarters):
    answer = headquarters.post("/mang-luoi/mo/", {"code": "sai mã", "name": "Bưu cục Kim Long", "latitude": "200"})

    assert answer.status_code == 422
    assert 'value="sai mã"' in text(answer)
    assert 'value="Bưu cục Kim Long"' in text(answer)
    assert "data-error-summary" in text(answer)


def test_a_refusal_of_the_rules_stands_beside_its_field(headquarters):
    commune = make_commune(latitude=16.46, longitude=107.59)
    entered = {
        "operator": headquarters.account.operator_id,
        "code": "sai mã",
        "name": "Bưu cục Kim Long",
        "commune": commune.code,
        "address": "3 Kim Long",
        "latitude": "21.0",
        "longitude": "105.8",
        "tasks": ["advise"],
        "phase": "pilot",
        "agreement_from": "2025-07-01",
    }

    page = text(headquarters.post("/mang-luoi/mo/", entered))

    assert "id_code_error" in page
    assert "id_latitude_error" in page


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        ({"opens_0_0": "07:30"}, "closes_0_0"),
        ({"opens_2_1": "25:00", "closes_2_1": "26:00"}, "opens_2_1"),
    ],
)
def test_half_a_span_is_asked_back(hours, field, headquarters):
    outlet = make_outlet()

    answer = headquarters.post(f"/mang-luoi/{outlet.id}/gio-mo-cua/", hours)

    assert answer.status_code == 422
    assert f'href="#id_{field}"' in text(answer)


def test_an_outlet_is_suspended_with_a_reason_and_resumed(headquarters):
    outlet = make_outlet()
    assert headquarters.post(f"/mang-luoi/{outlet.id}/suspend/", {"reason": ""}).status_code == 422

    headquarters.post(f"/mang-luoi/{outlet.id}/suspend/", {"reason": "sửa chữa"})
    outlet.refresh_from_db()
    assert outlet.status == OutletStatus.SUSPENDED

    assert headquarters.post(f"/mang-luoi/{outlet.id}/suspend/", {"reason": "sửa chữa"}).status_code == 422
    headquarters.post(f"/mang-luoi/{outlet.id}/resume/", {"reason": "xong"})
    outlet.refresh_from_db()
    assert outlet.status == OutletStatus.ACTIVE
    assert headquarters.post(f"/mang-luoi/{outlet.id}/explode/", {"reason": "x"}).status_code == 404


def test_another_operators_outlet_is_not_there(headquarters):
    foreign = make_outlet(operator=make_operator("VTPOST", name="Viettel Post"))

    assert headquarters.get(f"/mang-luoi/{foreign.id}/").status_code == 404
    assert headquarters.post(f"/mang-luoi/{foreign.id}/suspend/", {"reason": "phá"}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.status == OutletStatus.ACTIVE


def test_a_manager_enrols_a_clerk_in_one_sitting(client):
    manager = staff(Role.OUTLET_MANAGER)
    client.force_login(manager)
    assert "administrator" not in text(client.get("/nhan-su/moi/"))

    client.post(
        "/nhan-su/moi/",
        {
            "display_name": "Trần Thị Mới",
            "username": "moi.tran",
            "role": "outlet_clerk",
            "place": f"outlet:{manager.outlet_id}",
            "password": "mot-cau-that-dai-2025",
        },
    )

    client.logout()
    arrived = client.post("/dang-nhap/", {"username": "moi.tran", "password": "mot-cau-that-dai-2025"})
    assert arrived.status_code == 302
    assert StaffAccount.objects.get(username="moi.tran").outlet_id == manager.outlet_id


@pytest.mark.parametrize(
    "changed",
    [
        {"role": "administrator"},
        {"role": "operator_hq"},
        {"place": "province:46"},
        {"place": "outlet:nonsense"},
        {"password": "ngan"},
        {"username": "Có Dấu"},
    ],
)
def test_a_manager_gets_no_more_than_she_may_give_and_the_password_does_not_come_back(changed, client):
    manager = staff(Role.OUTLET_MANAGER)
    client.force_login(manager)
    entered = {
        "display_name": "Trần Thị Mới",
        "username": "moi.tran",
        "role": "outlet_clerk",
        "place": f"outlet:{manager.outlet_id}",
        "password": "mot-cau-that-dai-2025",
    } | changed

    answer = client.post("/nhan-su/moi/", entered)

    assert answer.status_code == 422
    assert 'value="Trần Thị Mới"' in text(answer)
    assert entered["password"] not in text(answer)
    assert StaffAccount.objects.count() == 1


def test_an_account_is_shut_opened_and_given_a_new_password(client):
    manager = staff(Role.OUTLET_MANAGER)
    clerk = staff(Role.OUTLET_CLERK, outlet=manager.outlet)
    client.force_login(manager)

    client.post(f"/nhan-su/{clerk.id}/deactivate/", {"reason": "nghỉ việc"})
    assert not StaffAccount.objects.get(id=clerk.id).is_active
    client.post(f"/nhan-su/{clerk.id}/reactivate/", {"reason": "trở lại"})
    client.post(f"/nhan-su/{clerk.id}/mat-khau/", {"password": "cau-moi-cua-toi-2025"})

    clerk.refresh_from_db()
    assert clerk.is_active
    assert clerk.check_password("cau-moi-cua-toi-2025")
    assert client.post(f"/nhan-su/{manager.id}/deactivate/", {"reason": "thử"}).status_code == 403


def test_a_key_is_shown_on_the_answer_that_issues_it_and_never_again(administrator):
    outlet = make_outlet()

    issued = text(
        administrator.post(
            "/khoa-may/", {"name": "Kiosk", "place": f"outlet:{outlet.id}", "days": "30", "scopes": ["dossiers:write"]}
        )
    )

    (clear,) = set(re.findall(r"wp_[A-Za-z0-9_-]{43}", issued))
    assert bytes(ApiToken.objects.get().digest) == digest_of(clear)
    assert clear not in text(administrator.get("/khoa-may/"))

    administrator.post(f"/khoa-may/{ApiToken.objects.get().id}/thu-hoi/")
    assert ApiToken.objects.get().revoked_at is not None


@pytest.mark.parametrize(
    "url", ["/mang-luoi/", "/mang-luoi/mo/", "/nhan-su/", "/nhan-su/moi/", "/khoa-may/", "/tai-khoan/"]
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_pages_speak_both_languages_and_carry_no_inline_style_or_script(url, language, administrator):
    make_outlet(agreement_until=date(2030, 1, 1))
    administrator.cookies["wardpost_language"] = language

    page = administrator.get(url)

    assert page.status_code == 200
    assert f'<html lang="{language}"' in text(page)
    assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son[a-z]+=", text(page))
