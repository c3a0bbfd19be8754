"""One log-in per role. The password is made up at the first run and kept beside the other secrets of this machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.hashers import make_password

from agents.models.organisations import Centre, Operator, Outlet
from agents.models.people import StaffAccount
from config.demo.hue_figures import PROVINCE as HUE
from config.demo.network import HANOI
from shared.roles import Role


@dataclass(frozen=True, slots=True)
class LogIn:
    """`place` is an outlet's code, a centre's commune code, an operator's code or a province's code, as `role` asks."""

    username: str
    display_name: str
    role: Role
    place: str
    try_first: str
    """What a visitor should do, in Vietnamese."""


LOG_INS: Final = (
    LogIn(
        "quay.hue", "Nguyễn Thị Hạnh", Role.OUTLET_CLERK, "HUE-003", "nhận một hồ sơ của người dân xã Phong Chương cũ"
    ),
    LogIn("truong.hue", "Lê Minh Tuấn", Role.OUTLET_MANAGER, "HUE-003", "xem một ngày của quầy"),
    LogIn(
        "canbo.hue", "Trần Quốc Bảo", Role.CENTRE_OFFICER, "19831", "tiếp nhận và giải quyết hồ sơ ở phường Phong Dinh"
    ),
    LogIn(
        "truongtrungtam.hue",
        "Tôn Nữ Khánh Ngọc",
        Role.CENTRE_MANAGER,
        "19831",
        "mở bảng tình hình lúc 10:00 ngày 03/07/2025",
    ),
    LogIn("quay.hanoi", "Phạm Thu Trang", Role.OUTLET_CLERK, "HNI-001", "xem hồ sơ và bưu gửi của quầy Hoàn Kiếm"),
    LogIn("quay.viettel", "Đỗ Văn Nam", Role.OUTLET_CLERK, "HNV-001", "xem quầy của doanh nghiệp thứ hai"),
    LogIn("canbo.hanoi", "Hoàng Thị Mai", Role.CENTRE_OFFICER, "00070", "xem hộp đến của phường Hoàn Kiếm"),
    LogIn("dieuhanh.vnpost", "Lý Quang Sơn", Role.OPERATOR_HQ, "VNPOST", "xem mạng lưới và bảng kê của Bưu điện"),
    LogIn(
        "xemxet.hanoi", "Vũ Hoàng Yến", Role.FINANCE_REVIEWER, HANOI, "mở tháng 01/2026, chọn một dòng và hỏi vì sao"
    ),
    LogIn("duyet.hanoi", "Đỗ Quang Minh", Role.FINANCE_APPROVER, HANOI, "xem bảng kê tháng 01/2026"),
    LogIn("kiemtoan.hanoi", "Ngô Đình Khoa", Role.AUDITOR, HANOI, "xem mọi con số mà không sửa được gì"),
    LogIn("quantri", "Dương Hữu Phước", Role.ADMINISTRATOR, HUE, "tài khoản, khoá máy, việc bị kẹt"),
)


def open_accounts(password: str) -> None:
    """Create the log-ins above; existing ones keep their password unless it differs from `password`."""
    sealed = make_password(password)
    for log_in in LOG_INS:
        account, is_new = StaffAccount.objects.get_or_create(
            username=log_in.username,
            defaults={"display_name": log_in.display_name, "role": log_in.role, "password": sealed, **_place(log_in)},
        )
        if not is_new and not account.check_password(password):
            account.password = sealed
            account.save(update_fields=["password"])


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
