"""One log-in per role. The password is made up at the first run and kept beside the other secrets of this machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.hashers import make_password

from agents.models.organisations import Centre, Operator, Outlet
from agents.models.people import StaffAccount
from config.demo.hue_figures import PROVINCE as HUE
from config.demo.network import HANOI
from config.runtime import paths
from shared.actors import Actor
from shared.identifiers import spoken_code
from shared.roles import Role


@dataclass(frozen=True, slots=True)
class LogIn:
    """`place` is an outlet's code, a centre's commune code, an operator's code or a province's code, as `role` asks."""

    username: str
    display_name: str
    role: Role
    place: str
    try_first: str
    try_first_en: str
    """What a visitor should do."""


LOG_INS: Final = (
    LogIn(
        "quay.hue",
        "Nguyễn Thị Hạnh",
        Role.OUTLET_CLERK,
        "HUE-003",
        "nhận một hồ sơ của người dân xã Phong Chương cũ",
        "take a dossier for a citizen of former Phong Chương",
    ),
    LogIn(
        "quay2.hue",
        "Trần Thị Lài",
        Role.OUTLET_CLERK,
        "HUE-003",
        "đăng nhập sau quay.hue trên cùng máy, rồi đổi người bằng mã PIN 410326",
        "sign in after quay.hue on the same computer, then switch by the PIN 410326",
    ),
    LogIn("truong.hue", "Lê Minh Tuấn", Role.OUTLET_MANAGER, "HUE-003", "xem một ngày của quầy", "see a counter's day"),
    LogIn(
        "canbo.hue",
        "Trần Quốc Bảo",
        Role.CENTRE_OFFICER,
        "19831",
        "tiếp nhận và giải quyết hồ sơ ở phường Phong Dinh",
        "receive and resolve dossiers in Phong Dinh ward",
    ),
    LogIn(
        "truongtrungtam.hue",
        "Tôn Nữ Khánh Ngọc",
        Role.CENTRE_MANAGER,
        "19831",
        "mở bảng tình hình lúc 10:00 ngày 03/07/2025",
        "open the board as of 10:00 on 3 July 2025",
    ),
    LogIn(
        "quay.hanoi",
        "Phạm Thu Trang",
        Role.OUTLET_CLERK,
        "HNI-001",
        "xem hồ sơ và bưu gửi của quầy Hoàn Kiếm",
        "see the dossiers and parcels of the Hoàn Kiếm counter",
    ),
    LogIn(
        "quay.viettel",
        "Đỗ Văn Nam",
        Role.OUTLET_CLERK,
        "HNV-001",
        "xem quầy của doanh nghiệp thứ hai",
        "see the counter of the second operator",
    ),
    LogIn(
        "canbo.hanoi",
        "Hoàng Thị Mai",
        Role.CENTRE_OFFICER,
        "00070",
        "xem hộp đến của phường Hoàn Kiếm",
        "see the inbox of Hoàn Kiếm ward",
    ),
    LogIn(
        "dieuhanh.vnpost",
        "Lý Quang Sơn",
        Role.OPERATOR_HQ,
        "VNPOST",
        "xem mạng lưới và bảng kê của Bưu điện",
        "see the network and the statement of Vietnam Post",
    ),
    LogIn(
        "dieuhanh.viettel",
        "Mai Thanh Tùng",
        Role.OPERATOR_HQ,
        "VTPOST",
        "xem giữ hẹn và trả lời đề nghị hoàn cước của Viettel Post",
        "see promises kept, and answer the refunds asked of Viettel Post",
    ),
    LogIn(
        "xemxet.hanoi",
        "Vũ Hoàng Yến",
        Role.FINANCE_REVIEWER,
        HANOI,
        "mở tháng 01/2026, chọn một dòng và hỏi vì sao",
        "open January 2026, pick a line and ask why",
    ),
    LogIn(
        "duyet.hanoi",
        "Đỗ Quang Minh",
        Role.FINANCE_APPROVER,
        HANOI,
        "xem bảng kê tháng 01/2026",
        "see the statement of January 2026",
    ),
    LogIn(
        "chuongtrinh.hanoi",
        "Phan Thị Thu Hà",
        Role.PROGRAMME_OFFICER,
        HANOI,
        "chọn, uỷ quyền và đánh giá các điểm đại lý",
        "choose, authorise and evaluate the outlets",
    ),
    LogIn(
        "chuongtrinh2.hanoi",
        "Trịnh Quốc Hùng",
        Role.PROGRAMME_OFFICER,
        HANOI,
        "quyết định nơi mà đồng nghiệp đã khảo sát, ký quyết định mở giai đoạn",
        "decide on a place that the colleague surveyed, sign the decision on a phase",
    ),
    LogIn(
        "chuongtrinh.hue",
        "Hồ Thị Diệu Hiền",
        Role.PROGRAMME_OFFICER,
        HUE,
        "xem giấy phép của các điểm đại lý ở Huế",
        "see the licences of the outlets in Huế",
    ),
    LogIn(
        "truc.hue",
        "Nguyễn Khắc Tâm",
        Role.OPERATIONS_OFFICER,
        HUE,
        "xem sự cố sáng nay và bản giao ban đầu ngày",
        "see this morning’s incidents and the brief of the morning",
    ),
    LogIn(
        "kiemtoan.hanoi",
        "Ngô Đình Khoa",
        Role.AUDITOR,
        HANOI,
        "xem mọi con số mà không sửa được gì",
        "see every figure and change nothing",
    ),
    LogIn(
        "quantri.hanoi",
        "Đặng Thu Hà",
        Role.ADMINISTRATOR,
        HANOI,
        "xem tỷ trọng của hai doanh nghiệp ở Hà Nội",
        "see the two operators' shares in Hà Nội",
    ),
    LogIn(
        "quantri",
        "Dương Hữu Phước",
        Role.ADMINISTRATOR,
        HUE,
        "tài khoản, khoá máy, việc bị kẹt",
        "accounts, tokens, parked work",
    ),
)


def password() -> str:
    """The password of every log-in above, made up when first asked for and kept in this machine's run folder."""
    kept = paths.run_folder() / "demo-password"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(spoken_code(11).lower())
    return kept.read_text()


def open_accounts() -> None:
    """Create the log-ins above; existing ones are given today's password when it is another."""
    current = password()
    sealed = make_password(current)
    for log_in in LOG_INS:
        account, is_new = StaffAccount.objects.get_or_create(
            username=log_in.username,
            defaults={"display_name": log_in.display_name, "role": log_in.role, "password": sealed, **_place(log_in)},
        )
        if not is_new and not account.check_password(current):
            account.password = sealed
            account.save(update_fields=["password"])


def actor_of(username: str) -> Actor:
    """Who acts when the story is played under a log-in."""
    at_work = StaffAccount.objects.select_related("outlet__operator", "outlet__commune", "centre", "operator",
                                                  "province")
    return at_work.get(username=username).actor


def _place(log_in: LogIn) -> Mapping[str, object]:
    match log_in.role:
        case Role.OUTLET_CLERK | Role.OUTLET_MANAGER:
            return {"outlet": Outlet.objects.get(code=log_in.place)}
        case Role.CENTRE_OFFICER | Role.CENTRE_MANAGER:
            return {"centre": Centre.objects.get(commune_id=log_in.place)}
        case Role.OPERATOR_HQ:
            return {"operator": Operator.objects.get(code=log_in.place)}
        case Role.ADMINISTRATOR:
            return {"province_id": log_in.place, "is_staff": True}
        case _:
            return {"province_id": log_in.place}
