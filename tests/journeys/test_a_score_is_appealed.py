"""A manager finds a figure that is not right; an officer of the programme decides; anybody reads how it is counted."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agents.quality.models import Commendation, LaunchWatch, ScoreAppeal
from agents.room.models import Outage
from intake.complaints import operations as complaints
from tests.agents import quality_cases
from tests.agents.quality_cases import LATE_AT, LATER, MONTH, counted
from tests.factories import network, places
from tests.intake.moments import local
from tests.journeys.conftest import PHONE

REASON = "Bưu cục bị cắt điện cả buổi chiều, có biên bản của phường."


@pytest.fixture
def look():
    """Pictures of every page, in both languages and widths, when somebody wants to see them (LOOK_AT)."""
    folder = os.environ.get("LOOK_AT", "")

    def take(open_as, account, *paths):
        for path in paths if folder else ():
            for locale, viewport in (("vi", None), ("vi", PHONE), ("en", None)):
                page = open_as(path, account, locale=locale, **({"viewport": viewport} if viewport else {}))
                name = f"{path.strip('/').replace('/', '-').replace('?', '-')}-{locale}-{'390' if viewport else '1366'}"
                page.wait_for_timeout(400)
                page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
                page.close()

    return take


def month_of(outlet):
    """Eight dossiers, two late, one of them while the network was down."""
    quality_cases.load_formula()
    dossiers = [quality_cases.taken(outlet, answer=5 if number else 3, visits=1 if number else 2,
                                    forwarded=LATE_AT if number < 2 else quality_cases.OK_AT,
                                    moment="2026-01-13 09:30" if number else "2026-01-13 14:10") for number in range(8)]
    Outage.objects.create(place_id=outlet.id, province_code=places.HUE, outlet=outlet, operator=outlet.operator,
                          place_name=outlet.name, started_at=local("2026-01-14 10:00"),
                          ended_at=local("2026-01-14 10:10"), ended_by="contact")
    Outage.objects.create(place_id=outlet.id, province_code=places.HUE, outlet=outlet, operator=outlet.operator,
                          place_name=outlet.name, started_at=local("2026-01-13 09:10"),
                          ended_at=local("2026-01-13 11:40"), ended_by="contact")
    score = counted(outlet)
    score.appealable_until = timezone.localdate() + timedelta(days=3)
    score.save(update_fields=["appealable_until"])
    return score, dossiers


def test_a_manager_appeals_and_an_officer_decides(open_as, accessible, look):
    outlet = network.outlet()
    score, dossiers = month_of(outlet)
    manager, officer = network.outlet_manager(outlet), network.programme_officer(places.HUE)
    complaints.complain(dossier_id=dossiers[2].id, subject="waiting", text="Chờ gần một giờ.", at=LATER)
    LaunchWatch.objects.create(outlet=outlet, operator=outlet.operator, province_code=places.HUE, begun_on=MONTH,
                               until=MONTH + timedelta(weeks=8))
    Commendation.objects.create(outlet=outlet, operator=outlet.operator, province_code=places.HUE, month=MONTH,
                                praise="kind", score=score, proposed_at=LATER)

    page = open_as("/chat-luong/", manager)
    accessible(page)
    page.get_by_role("link", name="Chuyển đi đúng hạn").click()
    page.wait_for_load_state()
    accessible(page)
    look(open_as, manager, "/chat-luong/", f"/chat-luong/diem/{outlet.id}/2026-01/forward_time/")
    page.locator("input[name=case]").first.check()
    page.get_by_label("Vì sao chưa đúng?").fill(REASON)
    page.get_by_role("button", name="Gửi khiếu nại").click()
    expect(page.get_by_text("Khiếu nại điểm đã đến văn phòng chương trình.")).to_be_visible()

    look(open_as, officer, "/chat-luong/?month=2026-01", "/chat-luong/khieu-nai-diem/", "/phan-anh/danh-sach/",
         "/chat-luong/diem-moi/", f"/chat-luong/diem-moi/{LaunchWatch.objects.get().id}/", "/chat-luong/khen/",
         f"/chat-luong/so-sanh/?month=2026-01&o={outlet.id}", f"/chat-luong/diem/{outlet.id}/?month=2026-01")
    look(open_as, None, "/chat-luong/cach-tinh/")
    desk = open_as("/chat-luong/khieu-nai-diem/", officer)
    accessible(desk)
    desk.get_by_label("Lý do").fill("Biên bản đúng, trường hợp này không tính.")
    desk.get_by_role("button", name="Chấp nhận", exact=True).click()
    expect(desk.get_by_text("Đã quyết định khiếu nại; điểm số được tính lại.")).to_be_visible()
    assert ScoreAppeal.objects.get().state == "upheld"

    public = open_as("/chat-luong/cach-tinh/", viewport=PHONE)
    expect(public.get_by_role("heading", name="Ví dụ")).to_be_visible()
    accessible(public)
