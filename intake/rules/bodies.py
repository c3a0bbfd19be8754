"""Which body decides at a centre when it is not the people's committee: police, land office, a ministry's own line.

A dated table. What a procedure publishes as its authority tells the body; the place gives it its name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from intake.rules.catalogue import ProcedureLevel


@dataclass(frozen=True, slots=True)
class Body:
    """`begins` is how the published authority begins; `name` may speak of {commune}, {province} and {published}."""

    code: str
    level: ProcedureLevel
    begins: str
    name: str
    valid_from: date
    valid_to: date | None
    legal_basis: str

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


_SINCE: Final = date(2025, 7, 1)
_POLICE: Final = "Luật Cư trú 68/2020/QH14; Luật Căn cước 26/2023/QH15"
BODIES: Final[Sequence[Body]] = (
    Body("police-commune", ProcedureLevel.COMMUNE, "Công an cấp xã", "Công an {commune}", _SINCE, None, _POLICE),
    Body("police-province", ProcedureLevel.PROVINCE, "Công an cấp tỉnh", "Công an {province}", _SINCE, None, _POLICE),
    Body("immigration", ProcedureLevel.PROVINCE, "Phòng Quản lý xuất nhập cảnh",
         "Phòng Quản lý xuất nhập cảnh, Công an {province}", _SINCE, None,
         "Luật Xuất cảnh, nhập cảnh của công dân Việt Nam 49/2019/QH14"),
    Body("land-office", ProcedureLevel.PROVINCE, "Văn phòng đăng ký đất đai", "Văn phòng đăng ký đất đai {province}",
         _SINCE, None, "Luật Đất đai 31/2024/QH15"),
    Body("ministry", ProcedureLevel.MINISTRY, "", "{published}", _SINCE, None, "Nghị định 118/2025/NĐ-CP"),
)
"""The land office is one for each province; which of its branches works on a dossier is its own business."""


def body_of(level: str, published: str, on: date) -> Body | None:
    """The body that decides instead of the people's committee; None: the committee does."""
    return next((body for body in BODIES
                 if body.level == level and published.startswith(body.begins) and body.is_in_force(on)), None)


def body_name(body: Body, *, commune: str, province: str, published: str) -> str:
    """`commune` and `province` in Vietnamese with their kind: "phường Phong Dinh", "thành phố Huế"."""
    return body.name.format(commune=commune, province=province, published=published)
